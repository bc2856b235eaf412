"""What goes in and out of the sandbox, byte by byte. Both sides import this; nothing here decodes or starts anything.

Whatever comes out was written by a process that a hostile file may have taken over. So it is numbers in fixed places
and pixels, and never a text, a name, a path or a format that would need a parser:

    answer  := header frame* (end | refused)
    record  := kind (1 byte) · length of what follows (4 bytes) · that many bytes
"""

import struct
from dataclasses import dataclass
from enum import IntEnum


class Depth(IntEnum):
    """How much of what moves is looked at. A picture that does not move is the same in both."""

    KEY_FRAMES = 1
    FULL = 2


class Kind(IntEnum):
    PICTURE = 1
    ANIMATION = 2
    VIDEO = 3


class Format(IntEnum):
    """The formats that are opened. A file is taken for what its first bytes say, never for what its name says."""

    JPEG = 1
    PNG = 2
    GIF = 3
    WEBP = 4
    AVIF = 5
    BMP = 6
    MP4 = 7
    MATROSKA = 8


class Reason(IntEnum):
    """Why a file is not decoded. Numbers, because a text from inside is not to be believed or shown."""

    UNKNOWN_FORMAT = 1
    TOO_MANY_BYTES = 2
    TOO_MANY_PIXELS = 3
    TOO_MANY_FRAMES = 4
    TOO_LONG = 5
    TOO_MUCH_MEMORY = 6
    DAMAGED = 7
    NO_PICTURE = 8
    CRASHED = 9
    FORBIDDEN_ACT = 10
    WRONG_ANSWER = 11


@dataclass(frozen=True)
class Limits:
    """What one file may use. `seconds` of waiting and as many of processor time; `pixels` of one picture or frame.

    The memory is address space, of which Python and the decoders take a part before the file is opened.
    """

    seconds: int = 15
    memory_bytes: int = 2 * 1024**3
    pixels: int = 100_000_000
    frames: int = 4_096
    file_bytes: int = 2 * 1024**3
    answer_bytes: int = 16 * 1024**3


# A whole decode of an hour of 1080p takes some eight minutes of one core.
FULL_DECODE = Limits(seconds=900, frames=65_536, answer_bytes=256 * 1024**3)


@dataclass(frozen=True)
class Job:
    """What is asked of one process. Frames of what moves are at least `apart_ms` apart; 0 is every one."""

    depth: Depth
    apart_ms: int
    limits: Limits

    _FORM = struct.Struct("<BIIQQQQQ")

    def pack(self) -> bytes:
        most = self.limits
        return self._FORM.pack(
            self.depth, self.apart_ms, most.seconds, most.memory_bytes, most.pixels, most.frames, most.file_bytes,
            most.answer_bytes,
        )  # fmt: skip

    @classmethod
    def unpack(cls, packed: bytes) -> "Job":
        depth, apart, *limits = cls._FORM.unpack(packed)
        return cls(Depth(depth), apart, Limits(*limits))


@dataclass(frozen=True)
class Header:
    """What a file says it is. `orientation` is Exif's, 1 to 8: how to turn the pixels, which are not turned.

    `frames` and `duration_ms` are what the file claims, 0 where it does not say. Nothing rests on either.
    """

    kind: Kind
    format: Format
    width: int
    height: int
    orientation: int = 1
    has_alpha: bool = False
    frames: int = 0
    duration_ms: int = 0

    _FORM = struct.Struct("<BBBBIIIQ")

    def pack(self) -> bytes:
        return self._FORM.pack(
            self.kind, self.format, self.orientation, self.has_alpha, self.width, self.height, self.frames,
            self.duration_ms,
        )  # fmt: skip

    @classmethod
    def unpack(cls, packed: bytes | bytearray) -> "Header":
        """Raises ValueError or struct.error for what no header can be."""
        kind, form, orientation, alpha, width, height, frames, duration = cls._FORM.unpack(packed)
        if not 1 <= orientation <= 8 or alpha not in (0, 1):
            raise ValueError("no header")
        return cls(Kind(kind), Format(form), width, height, orientation, bool(alpha), frames, duration)


@dataclass(frozen=True)
class Frame:
    """A picture: `height` rows of `stride` bytes, the first `width * channels` of each pixels. 3 are RGB, 1 is grey.

    The grey of a video is its luma as it is coded, in the range in which it is coded. `at_us` is its time in the video.
    """

    index: int
    at_us: int
    width: int
    height: int
    stride: int
    channels: int
    pixels: bytes | bytearray

    FORM = struct.Struct("<IqIIIB")

    def head(self) -> bytes:
        return self.FORM.pack(self.index, self.at_us, self.width, self.height, self.stride, self.channels)


RECORD = struct.Struct("<BI")
HEADER, FRAME, END, REFUSED, LOOK = (ord(letter) for letter in "HFERL")


@dataclass(frozen=True)
class Look:
    """What a process in the sandbox sees of itself before it opens anything: the proof that the sandbox is there."""

    user: int
    process: int
    has_filter: bool
    has_no_new_rights: bool
    sees_machine: bool

    _FORM = struct.Struct("<II???")

    def pack(self) -> bytes:
        return self._FORM.pack(self.user, self.process, self.has_filter, self.has_no_new_rights, self.sees_machine)

    @classmethod
    def unpack(cls, packed: bytes | bytearray) -> "Look":
        return cls(*cls._FORM.unpack(packed))


@dataclass(frozen=True)
class Ended:
    """How a process ended, by the warden's word: `signal` is 0 where it ended by itself."""

    code: int
    signal: int
    most_memory_kb: int
    processor_ms: int

    _FORM = struct.Struct("<iiQQ")

    def pack(self) -> bytes:
        return self._FORM.pack(self.code, self.signal, self.most_memory_kb, self.processor_ms)

    @classmethod
    def unpack(cls, packed: bytes) -> "Ended":
        return cls(*cls._FORM.unpack(packed))


READY = b"ready"
LOOK_AROUND = b"look"
NOT_LOCKED = 2
"""The code with which a process ends that could not lock itself in. It has opened nothing."""
