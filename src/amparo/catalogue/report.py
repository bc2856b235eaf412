"""The list of files with which something is wrong: one JSON object a line, for its owner's eyes only.

It names files and subjects, so it goes to no log. A run that goes on adds to it; one that was killed may have its last
line twice.
"""

import json
import os
import stat
from pathlib import Path

from amparo.catalogue.item import Item
from amparo.catalogue.tally import Outcome


class NoReport:
    """For a run of which nobody wants a list."""

    def add(self, item: Item, outcome: Outcome) -> None:
        """Nobody asked for a list."""


class FileReport:
    """Adds to a file; each line is on disk before the run notes that it went on."""

    def __init__(self, path: Path) -> None:
        """Raise OSError for what cannot be written to."""
        # Not to wait for somebody to read from a pipe; once there is somebody, for their pace.
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
        os.set_blocking(self._file, True)
        self._is_on_disk = stat.S_ISREG(os.fstat(self._file).st_mode)

    def add(self, item: Item, outcome: Outcome) -> None:
        """Write a line. Raises OSError where the disk is full. Repeating it writes it twice."""
        line = {"file": item.name, "fate": outcome.fate.value, "why": outcome.why, "says": outcome.says}
        left = json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n"
        while left:
            left = left[os.write(self._file, left) :]
        if self._is_on_disk:
            os.fsync(self._file)

    def close(self) -> None:
        """Write no more. Every line is written already."""
        os.close(self._file)
