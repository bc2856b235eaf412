"""Writes what was found in a file: the only place where anything leaves the sandbox.

A frame's pixels go out here as they are. A job that is to tell only hashes would hash them here instead.
"""

import os
from collections.abc import Iterable
from typing import Any

from amparo.media.wire import END, FRAME, HEADER, RECORD, REFUSED, Frame, Header, Reason


class Stop(Exception):
    """The file is not decoded any further."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class Answer:
    """The records of one job, written as they come."""

    def __init__(self, file: int, frames: int) -> None:
        self._file = file
        self._frames_left = frames
        self._index = 0

    def header(self, header: Header) -> None:
        self._write(HEADER, header.pack())

    def frame(self, rows: Iterable[Any], *, at_us: int, width: int, height: int, stride: int, channels: int) -> None:
        """Write one frame, whose rows come in one buffer or several. Raises Stop where there have been enough."""
        if self._frames_left == 0:
            raise Stop(Reason.TOO_MANY_FRAMES)
        head, left = Frame(self._index, at_us, width, height, stride, channels, b"").head(), stride * height
        self._all(memoryview(RECORD.pack(FRAME, len(head) + left) + head))
        for part in rows:
            view = memoryview(part).cast("B")[:left]
            self._all(view)
            left -= len(view)
        self._frames_left -= 1
        self._index += 1

    def end(self) -> None:
        self._write(END)

    def refuse(self, reason: Reason) -> None:
        self._write(REFUSED, bytes([reason]))

    def _write(self, kind: int, what: bytes = b"") -> None:
        self._all(memoryview(RECORD.pack(kind, len(what)) + what))

    def _all(self, rest: memoryview) -> None:
        while rest:
            rest = rest[os.write(self._file, rest) :]
