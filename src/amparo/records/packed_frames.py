"""The frames of a file or of a bank's item as one value of a row, and back.

4 bytes "AMF1" | turns, 1 byte | frames, 4 bytes | for each its time in ms, 4 bytes each, low byte first
| qualities, 1 byte each | trimmed or not, 1 byte each | hashes, 32 bytes for each turn of each frame
| CRC-32 of all before
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amparo.matching import postings
from amparo.matching.fingerprint import LEAST_QUALITY, Frames

_MAGIC = b"AMF1"
_EDGES = len(_MAGIC) + 1 + 4 + 4


class BrokenFrames(ValueError):
    """The bytes of a row are not what was packed."""


@dataclass(frozen=True)
class Packed:
    """Frames of which only the first `hashes.shape[1]` turns are kept: all eight, or the plain hash alone."""

    at_ms: NDArray[np.uint32]
    hashes: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    is_trimmed: NDArray[np.bool_]

    @property
    def is_searchable(self) -> NDArray[np.bool_]:
        """Which frames say enough to be found again."""
        return np.asarray(self.qualities >= LEAST_QUALITY)

    def postings(self, owner: int) -> tuple[NDArray[np.uint8], NDArray[np.uint64]]:
        """Return the hashes that are searched for an owner, and where each belongs."""
        chosen = np.flatnonzero(self.is_searchable)
        hashes = self.hashes[chosen].reshape(-1, 32)
        return hashes, postings.postings(owner, chosen.astype(np.int64), self.hashes.shape[1])

    def frames(self) -> Frames:
        """Return them as frames in eight turns. Turns that were not kept are the plain hash: nothing searches them."""
        turns = self.hashes
        if turns.shape[1] == 1:
            turns = np.broadcast_to(turns, (len(turns), 8, 32))
        return Frames(self.at_ms, turns, self.qualities, self.is_trimmed)


def pack(frames: Frames, turns: int) -> bytes:
    """Return the frames as one value, in all eight turns or as they are (1)."""
    whole = b"".join(
        (
            _MAGIC,
            bytes([turns]),
            len(frames).to_bytes(4, "little"),
            frames.at_ms.astype("<u4").tobytes(),
            frames.qualities.tobytes(),
            frames.is_trimmed.astype(np.uint8).tobytes(),
            np.ascontiguousarray(frames.turns[:, :turns]).tobytes(),
        )
    )
    return whole + zlib.crc32(whole).to_bytes(4, "little")


def unpack(value: bytes) -> Packed:
    """Return what was packed. Raises BrokenFrames with a sentence that repeats nothing of it."""
    if len(value) < _EDGES or value[:4] != _MAGIC or value[4] not in (1, 8):
        raise BrokenFrames("They do not begin as packed frames do.")
    turns, count = value[4], int.from_bytes(value[5:9], "little")
    if len(value) != _EDGES + count * (6 + 32 * turns):
        raise BrokenFrames("They are longer or shorter than they say.")
    if zlib.crc32(value[:-4]) != int.from_bytes(value[-4:], "little"):
        raise BrokenFrames("Their checksum does not fit them.")
    every = np.frombuffer(value, np.uint8)
    times, qualities, trimmed, hashes = np.split(every[9:-4], np.cumsum([4 * count, count, count]))
    return Packed(
        times.view("<u4").astype(np.uint32),
        hashes.reshape(count, turns, 32),
        qualities,
        trimmed.astype(np.bool_),
    )


def is_sound(value: bytes | memoryview, *, turns: int, searchable: int) -> bool:
    """Whether the frames of a row can be read, and are what the row says of them: an index finds no others."""
    try:
        packed = unpack(bytes(value))
    except BrokenFrames:
        return False
    return packed.hashes.shape[1] == turns and int(packed.is_searchable.sum()) == searchable
