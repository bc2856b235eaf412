"""Reads what comes out of the sandbox, and believes none of it: every number is checked before it is used.

A record is read only as far as its kind allows, so a flood or a lie costs no more memory than one good frame. Waiting
counts against the job's time; what the caller does between two frames does not.
"""

import os
import select
import struct
import time

from amparo.media.errors import Refused, SandboxFailed
from amparo.media.wire import END, FRAME, HEADER, LOOK, RECORD, REFUSED, Frame, Header, Limits, Look, Reason

_LONGEST_HEADER = 64
_LONGEST_LOOK = 64
_PIECE = 1024**2
# The padding of a row: decoders round it up for the sake of their vector instructions.
_MOST_PADDING = 1024


class Silence(Exception):
    """The answer broke off: the process ended, or did not go on in time (`is_late`)."""

    def __init__(self, *, is_late: bool) -> None:
        super().__init__("late" if is_late else "broken off")
        self.is_late = is_late


class Answers:
    """The answer of one job, record by record."""

    def __init__(self, file: int, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._seconds_left = float(limits.seconds)
        self._bytes_left = limits.answer_bytes
        self._frames = 0

    def header(self) -> Header:
        """Return the first record. Raises Refused, or Silence."""
        kind, length = self._record()
        if kind == REFUSED:
            raise self._refusal(length)
        if kind != HEADER or length > _LONGEST_HEADER:
            raise Refused(Reason.WRONG_ANSWER)
        try:
            return Header.unpack(self._exactly(length))
        except (ValueError, struct.error):
            raise Refused(Reason.WRONG_ANSWER) from None

    def next_frame(self) -> Frame | None:
        """Return the next frame, or None at the end. Raises Refused, or Silence."""
        kind, length = self._record()
        if kind == END and length == 0:
            return None
        if kind == REFUSED:
            raise self._refusal(length)
        if kind != FRAME or self._frames >= self._limits.frames:
            raise Refused(Reason.WRONG_ANSWER)
        form = Frame.FORM
        if length < form.size:
            raise Refused(Reason.WRONG_ANSWER)
        index, at_us, width, height, stride, channels = form.unpack(self._exactly(form.size))
        is_right = (
            index == self._frames
            and channels in (1, 3)
            and 0 < width * height <= self._limits.pixels
            and width * channels <= stride <= width * channels + _MOST_PADDING
            and stride * height <= self._limits.pixels * 3
            and length == form.size + stride * height
        )
        if not is_right:
            raise Refused(Reason.WRONG_ANSWER)
        self._frames += 1
        return Frame(index, at_us, width, height, stride, channels, self._exactly(stride * height))

    def look(self) -> Look:
        """Return the only record of a look around. Raises SandboxFailed, or Silence."""
        kind, length = self._record()
        if kind != LOOK or length > _LONGEST_LOOK:
            raise SandboxFailed("The media sandbox does not say what it sees.")
        return Look.unpack(self._exactly(length))

    def _refusal(self, length: int) -> Refused:
        try:
            (reason,) = self._exactly(1) if length == 1 else b"\0"
            return Refused(Reason(reason))
        except ValueError:
            return Refused(Reason.WRONG_ANSWER)

    def _record(self) -> tuple[int, int]:
        kind, length = RECORD.unpack(self._exactly(RECORD.size))
        self._bytes_left -= length
        if self._bytes_left < 0:
            raise Refused(Reason.WRONG_ANSWER)
        return kind, length

    def _exactly(self, length: int) -> bytearray:
        pieces = bytearray(length)
        view = memoryview(pieces)
        while view:
            self._wait()
            got = os.readv(self._file, [view[:_PIECE]])
            if got == 0:
                raise Silence(is_late=False)
            view = view[got:]
        return pieces

    def _wait(self) -> None:
        started = time.monotonic()
        ready = select.poll()
        ready.register(self._file, select.POLLIN)
        if not ready.poll(max(self._seconds_left, 0) * 1000):
            raise Silence(is_late=True)
        self._seconds_left -= time.monotonic() - started
        if self._seconds_left <= 0:
            raise Silence(is_late=True)
