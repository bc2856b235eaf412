"""Where a clip lies inside another video: which seconds of the one are which seconds of the other, at which speed.

Two videos that share a piece have frames that match along a straight line: `query time = start + rate × bank time`.
Frames that match by chance lie anywhere. So lines are voted for, as in Douze, Jégou, Schmid and Pérez, "Compact video
description for copy detection with precise temporal alignment" (ECCV 2010), here over rates as well as starts, and a
still picture, all of whose frames match all others, has no more votes than it has seconds.

1. Each pair of frames votes for one start at each rate. A frame votes once for a line, however many frames it matches.
2. The line with most votes is cut where nothing matches for a while; its best piece is fitted to its own pairs.
3. What lies in those seconds of the query is explained; the rest is voted on again.
"""

from dataclasses import dataclass
from math import ceil, log2

import numpy as np
from numpy.typing import NDArray

SLOWEST, FASTEST = 0.5, 2.0
_MOST_RATES = 257
_MOST_IN_VAIN = 64
"""After so many lines that were no piece, the rest, which have fewer votes still, are not looked at: hits that lie
anywhere, made to keep us busy, would have thousands."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of frames within the radius: seconds in the query, and seconds in the bank's clip. Three equal lengths."""

    query_at: NDArray[np.float64]
    bank_at: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.query_at.shape != self.bank_at.shape or self.query_at.ndim != 1:
            raise ValueError("Give as many query times as bank times, one of each for a pair.")

    def __len__(self) -> int:
        return len(self.query_at)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Pairs":
        """Return those that are chosen, by a mask or by their places."""
        return Pairs(self.query_at[chosen], self.bank_at[chosen])


@dataclass(frozen=True)
class Sampling:
    """How many seconds lie between two frames that were taken of the query and of the bank's clip."""

    query_every: float
    bank_every: float


@dataclass(frozen=True)
class Rule:
    """What counts as a shared piece. `gap_seconds`: so long may nothing match inside one, in seconds of the query.

    `least_votes`: so many frames of both must match; with fewer, a title card that many videos have would be a clip.
    `least_density`: and such a share of those between its ends.
    """

    least_votes: int = 4
    least_density: float = 0.25
    gap_seconds: float = 3.0


RULE = Rule()


@dataclass(frozen=True)
class Piece:
    """Seconds of the query that show seconds of the bank's clip. `speed` 2: twice as fast as in the bank."""

    query_from: float
    query_to: float
    bank_from: float
    bank_to: float
    speed: float
    votes: int


@dataclass(frozen=True)
class _Line:
    start: float
    rate: float


def pieces(pairs: Pairs, sampling: Sampling, rule: Rule = RULE) -> list[Piece]:
    """Return each piece of the query that shows the clip, in the order of the query. No second of it is in two."""
    found, left, in_vain = list[Piece](), pairs, 0
    while len(left) >= rule.least_votes and in_vain < _MOST_IN_VAIN:
        line, votes = _most_voted(left, sampling)
        if votes < rule.least_votes:
            break
        near = _longest_run(left, _near(left, line, sampling), rule)
        fitted = _fit(left.where(near), line, sampling)
        near = _longest_run(left, _near(left, fitted, sampling), rule)
        piece = _piece(left.where(near), fitted, sampling)
        if piece.votes >= rule.least_votes and _density(piece, sampling) >= rule.least_density:
            found.append(piece)
            near |= (left.query_at >= piece.query_from) & (left.query_at < piece.query_to)
        else:
            in_vain += 1
        left = left.where(~near)
    return sorted(found, key=lambda each: each.query_from)


def _rates(pairs: Pairs, sampling: Sampling) -> NDArray[np.float64]:
    """Return rates so close to each other that a clip drifts by less than a frame between two of them; 1 first."""
    seconds = float(np.ptp(pairs.bank_at)) + sampling.bank_every
    step = max(sampling.query_every, sampling.bank_every) / seconds
    each_way = min(ceil(1 / log2(1 + step)), _MOST_RATES // 2)
    spread = np.exp2(np.arange(1, each_way + 1) / each_way)
    return np.concatenate(([1.0], np.column_stack((spread, 1 / spread)).ravel()))


def _most_voted(pairs: Pairs, sampling: Sampling) -> tuple[_Line, int]:
    """Return the line with most votes, the rate nearest to 1 among equals, and its votes."""
    best, most = _Line(0.0, 1.0), 0
    queries, banks = _numbered(pairs.query_at), _numbered(pairs.bank_at)
    for rate in _rates(pairs, sampling):
        width = _width(float(rate), sampling)
        bins = np.floor((pairs.query_at - rate * pairs.bank_at) / width).astype(np.int64)
        bins -= bins.min() - 1
        # Bins of double width that overlap by half: a line on the border of two is not cut in two.
        both = np.concatenate((bins, bins - 1))
        votes = np.minimum(_distinct(both, np.tile(banks, 2)), _distinct(both, np.tile(queries, 2)))
        top = int(votes.argmax())
        if votes[top] > most:
            lowest = np.floor(((pairs.query_at - rate * pairs.bank_at) / width).min())
            best, most = _Line(float((lowest + top) * width), float(rate)), int(votes[top])
    return best, most


def _width(rate: float, sampling: Sampling) -> float:
    return max(sampling.query_every, rate * sampling.bank_every)


def _numbered(times: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.unique(times, return_inverse=True)[1].astype(np.int64)


def _distinct(bins: NDArray[np.int64], frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many different frames voted for each bin."""
    count = int(frames.max()) + 1
    return np.bincount(np.unique(bins * count + frames) // count, minlength=int(bins.max()) + 1)


def _near(pairs: Pairs, line: _Line, sampling: Sampling) -> NDArray[np.bool_]:
    """Return which pairs lie on a line, to a frame."""
    away = np.abs(pairs.query_at - line.rate * pairs.bank_at - line.start)
    return np.asarray(away <= _width(line.rate, sampling) * 1.001)


def _longest_run(pairs: Pairs, near: NDArray[np.bool_], rule: Rule) -> NDArray[np.bool_]:
    """Return those of the near pairs that have most frames without a gap in between."""
    times = np.unique(pairs.query_at[near])
    if len(times) == 0:
        return near
    ends = np.flatnonzero(np.diff(times) > rule.gap_seconds)
    runs = np.split(times, ends + 1)
    longest = max(runs, key=len)
    return np.asarray(near & (pairs.query_at >= longest[0]) & (pairs.query_at <= longest[-1]))


def _fit(pairs: Pairs, line: _Line, sampling: Sampling) -> _Line:
    """Return the line that fits the pairs best, each frame of the clip by the pair nearest to the line."""
    away = np.abs(pairs.query_at - line.rate * pairs.bank_at - line.start)
    order = np.lexsort((away, pairs.bank_at))
    _, first = np.unique(pairs.bank_at[order], return_index=True)
    nearest = pairs.where(order[first].astype(np.int64))
    if len(nearest) < 3 or np.ptp(nearest.query_at) == 0:
        return line
    rate, start = np.polyfit(nearest.bank_at, nearest.query_at, 1)
    if not SLOWEST * 0.95 <= rate <= FASTEST * 1.05:
        return line
    fitted = _Line(float(start), float(rate))
    # A fit that loses votes was drawn away by frames that look alike.
    return fitted if _votes(pairs, fitted, sampling) >= _votes(pairs, line, sampling) else line


def _votes(pairs: Pairs, line: _Line, sampling: Sampling) -> int:
    near = pairs.where(_near(pairs, line, sampling))
    return min(len(np.unique(near.query_at)), len(np.unique(near.bank_at)))


def _piece(pairs: Pairs, line: _Line, sampling: Sampling) -> Piece:
    """Return the piece that these pairs make. A frame stands for the seconds until the next one is taken."""
    if len(pairs) == 0:
        return Piece(0, 0, 0, 0, 1, 0)
    return Piece(
        query_from=float(pairs.query_at.min()),
        query_to=float(pairs.query_at.max()) + sampling.query_every,
        bank_from=float(pairs.bank_at.min()),
        bank_to=float(pairs.bank_at.max()) + sampling.bank_every,
        speed=1 / line.rate,
        votes=min(len(np.unique(pairs.query_at)), len(np.unique(pairs.bank_at))),
    )


def _density(piece: Piece, sampling: Sampling) -> float:
    """Return which share of the frames between its ends matched, of whichever video has fewer of them there."""
    queries = (piece.query_to - piece.query_from) / sampling.query_every
    banks = (piece.bank_to - piece.bank_from) / sampling.bank_every
    return piece.votes / max(min(queries, banks), 1.0)
