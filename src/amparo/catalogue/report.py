"""The list of files with which something is wrong: one JSON object a line, for its owner's eyes only.

It names files and subjects, so it goes to no log. A run that goes on adds to it; one that was killed may have its last
line twice.
"""

import json
import os
from pathlib import Path

from amparo.catalogue.item import Item
from amparo.catalogue.tally import Outcome


class NoReport:
    def add(self, item: Item, outcome: Outcome) -> None:
        """Nobody asked for a list."""


class FileReport:
    """Adds to a file; each line is on disk before the run notes that it went on."""

    def __init__(self, path: Path) -> None:
        """Raise OSError for what cannot be written to."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def add(self, item: Item, outcome: Outcome) -> None:
        """Write a line. Raises OSError where the disk is full."""
        line = {"file": item.name, "fate": outcome.fate.value, "why": outcome.why, "says": outcome.says}
        left = json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n"
        while left:
            left = left[os.write(self._file, left) :]
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)
