"""Postings: one 64-bit number says whose a hash is, which of its frames, and in which turn.

    owner 40 bits | frame 21 bits | turn 3 bits

In a part of the index a posting takes 7 bytes: how far its owner's number lies behind the first owner's (32 bits),
and frame and turn as they are (24 bits).
"""

import numpy as np
from numpy.typing import NDArray

TURN_BITS, FRAME_BITS = 3, 21
_OWNER_AT = FRAME_BITS + TURN_BITS
MOST_FRAMES = 1 << FRAME_BITS
MOST_OWNERS = 1 << (64 - _OWNER_AT)
PACKED_BYTES = 7
_MOST_BEHIND = 1 << 32

Postings = NDArray[np.uint64]


def postings(owner: int, frames: NDArray[np.int64], turns: int) -> Postings:
    """Return the postings of an owner's frames, each in that many turns, frame by frame. Raises ValueError."""
    if not 0 < owner < MOST_OWNERS or (len(frames) and int(frames.max()) >= MOST_FRAMES):
        raise ValueError(f"An owner is a number below {MOST_OWNERS}, and has at most {MOST_FRAMES} frames.")
    each = (frames.astype(np.uint64)[:, None] << np.uint64(TURN_BITS)) | np.arange(turns, dtype=np.uint64)[None]
    return each.ravel() | np.uint64(owner << _OWNER_AT)


def owners(found: Postings) -> NDArray[np.int64]:
    """Return whose each posting is."""
    return (found >> np.uint64(_OWNER_AT)).astype(np.int64)


def frames(found: Postings) -> NDArray[np.uint32]:
    """Return which frame of its owner each posting is."""
    return ((found >> np.uint64(TURN_BITS)) & np.uint64(MOST_FRAMES - 1)).astype(np.uint32)


def turns(found: Postings) -> NDArray[np.uint8]:
    """Return the turn in which its frame each posting is."""
    return (found & np.uint64((1 << TURN_BITS) - 1)).astype(np.uint8)


class PackedPostings:
    """Postings in order, read where they lie: the owners' numbers first, then frames and turns.

    `first` is the number of the first owner. Raises ValueError for bytes that are not 7 for each posting.
    """

    def __init__(self, packed: NDArray[np.uint8], first: int) -> None:
        if len(packed) % PACKED_BYTES:
            raise ValueError("These postings are cut short.")
        count = len(packed) // PACKED_BYTES
        self._first = first
        self._behind = packed[: 4 * count].view(np.uint32)
        self._within = packed[4 * count :].reshape(count, 3)

    def __len__(self) -> int:
        return len(self._behind)

    def __getitem__(self, places: NDArray[np.uint32] | slice) -> Postings:
        """Return the postings at these places."""
        low, middle, high = (self._within[places, byte].astype(np.uint64) for byte in range(3))
        owner = self._behind[places].astype(np.uint64) + np.uint64(self._first)
        return np.asarray((owner << np.uint64(_OWNER_AT)) | high << np.uint64(16) | middle << np.uint64(8) | low)

    def covers(self, asked: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these owners have postings here."""
        behind = asked - self._first
        if not len(self):
            return np.zeros(len(asked), np.bool_)
        at = np.searchsorted(self._behind, np.clip(behind, 0, _MOST_BEHIND - 1).astype(np.uint32))
        return np.asarray(self._behind[np.minimum(at, len(self) - 1)] == behind)

    def owners(self) -> NDArray[np.int64]:
        """Return every owner here, once, in order."""
        return np.unique(self._behind).astype(np.int64) + self._first


def pack(of: Postings) -> tuple[NDArray[np.uint8], int]:
    """Return the bytes of postings that are in order, and the number of the first owner. Raises ValueError."""
    if not len(of):
        return np.empty(0, np.uint8), 0
    whose = owners(of)
    first = int(whose[0])
    if int(whose[-1]) - first >= _MOST_BEHIND:
        raise ValueError(f"The owners of one part lie at most {_MOST_BEHIND} numbers apart: write several parts.")
    behind = (whose - first).astype("<u4").view(np.uint8)
    within = of.astype("<u8").view(np.uint8).reshape(len(of), 8)[:, :3]
    return np.concatenate([behind, np.ascontiguousarray(within).ravel()]), first
