"""Whether a file shows what a known file shows: the whole of it, or seconds of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amparo.matching.align import Piece

RADIUS = 31
"""The greatest distance of two PDQ hashes of one picture; ThreatExchange's own, for qualities of 50 and more."""


@dataclass(frozen=True)
class Hits:
    """Frames of a work, in one of their eight turns, within the radius of frames of an item. Four equal lengths."""

    work_frame: NDArray[np.uint32]
    turn: NDArray[np.uint8]
    item_frame: NDArray[np.uint32]
    distance: NDArray[np.uint16]


@dataclass(frozen=True)
class Match:
    """An item shows a work. `is_exact`: the bytes of both files are equal. `distance`: the least of any two frames.

    `pieces`: which seconds of the item (`query_from`, `query_to`) show which of the work (`bank_…`); empty between
    two pictures. A picture within a video is a piece of the video with `bank_from` and `bank_to` 0.
    """

    is_exact: bool
    distance: int
    turn: int
    pieces: tuple[Piece, ...] = ()
