"""What we keep of a file instead of the file: its digests, and the hashes of what it shows."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

PIPELINE = "pdq-full-1"
"""Names how hashes here are made: every pixel as decoded, PDQ's own luma and blur. Hashes of two pipelines differ."""
LEAST_QUALITY = 50
"""Below this a PDQ hash says too little of the picture; ThreatExchange, pdq/README.md, drops such, too."""


class MediaKind(Enum):
    """A moving picture without sound is a video, too."""

    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True)
class Frames:
    """Hashed pictures, n in all, in the order of their times: one of a picture, samples of a video.

    `at_ms` uint32 (n), `turns` uint8 (n, 8, 32) with the hash of the picture as it is in front, `qualities` uint8 (n).
    `is_trimmed` bool (n): a border was cut off first. Such a frame stands beside the whole one of the same time.
    """

    at_ms: NDArray[np.uint32]
    turns: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    is_trimmed: NDArray[np.bool_]

    def __post_init__(self) -> None:
        count = len(self.at_ms)
        if self.turns.shape != (count, 8, 32) or {len(self.qualities), len(self.is_trimmed)} != {count}:
            raise ValueError("Give a time, eight hashes, a quality and a mark for each frame.")

    def __len__(self) -> int:
        return len(self.at_ms)

    @property
    def hashes(self) -> NDArray[np.uint8]:
        """The hashes of the pictures as they are, (n, 32)."""
        return np.ascontiguousarray(self.turns[:, 0])


def no_frames() -> Frames:
    """Return the frames of what could not be looked at."""
    none = np.empty(0, np.uint32)
    return Frames(none, np.empty((0, 8, 32), np.uint8), none.astype(np.uint8), none.astype(np.bool_))


@dataclass(frozen=True)
class Fingerprint:
    """One file. `every_ms`: how far apart frames were taken, 0 for a picture; `is_whole`: not from key frames alone."""

    sha256: str
    md5: str
    kind: MediaKind
    duration_ms: int
    every_ms: int
    is_whole: bool
    frames: Frames
    pipeline: str = PIPELINE

    @property
    def is_hashable(self) -> bool:
        """Whether any frame says enough to be found again. If none does, only equal bytes can be recognised."""
        return bool((self.frames.qualities >= LEAST_QUALITY).any())
