"""Whether a file shows what a known file shows: the whole of it, or seconds of it."""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from amparo import _kernel
from amparo.matching.align import Pairs, Piece, Rule, Sampling, pieces
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint, MediaKind

RADIUS = 31
"""The greatest Hamming distance of two PDQ hashes of a picture; ThreatExchange's own, for qualities of 50 and more."""
RULE = Rule(least_votes=6, least_density=0.25, gap_seconds=2.0)
"""Six of four frames a second, fewer match by chance; of a video that has hardly more, three quarters."""
STILL_SECONDS = 8.0
"""So long has to be shown what does not move, unless it is half of either video. Title cards are gone sooner."""
_HALF = 0.5
_MOST_OF_IT = 0.75
_GAP_FRAMES = 3
_MOST_PAIRS = 20_000


@dataclass(frozen=True)
class Hits:
    """Frames of a work, in one of their eight turns, within the radius of frames of an item. Four equal lengths."""

    work_frame: NDArray[np.uint32]
    turn: NDArray[np.uint8]
    item_frame: NDArray[np.uint32]
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.distance)

    def where(self, chosen: NDArray[np.bool_]) -> "Hits":
        """Return those that are chosen."""
        return Hits(self.work_frame[chosen], self.turn[chosen], self.item_frame[chosen], self.distance[chosen])


@dataclass(frozen=True)
class Match:
    """An item shows a work. `is_exact`: the bytes of both files are equal. `distance`: the least of any two frames.

    `turn`: in which of its eight turns the work is shown, for the most part (`_kernel.pdq_turns` has their order).
    `pieces`: which seconds of the item (`query_from`, `query_to`) show which of the work (`bank_…`); empty between
    two pictures. A picture within a video is a piece of the video with `bank_from` and `bank_to` 0, and a frame of a
    video that was posted as a picture is one with `query_from` and `query_to` 0.
    """

    is_exact: bool
    distance: int
    turn: int
    pieces: tuple[Piece, ...] = ()


def compare(work: Fingerprint, item: Fingerprint, hits: Hits) -> Match | None:
    """Return how the item shows the work, by the hits between these two; None where it does not.

    `hits`: all pairs within RADIUS of a frame of the work, in any of its turns, and one of the item as it is. Where
    the work is of a list that has no turns, search the item's turns instead and give theirs: `turn` is then how the
    item has to be turned. Frames of poor quality are left out here, in case the index has not.

    Two videos share seconds only if frames of both run alike (`align`), and what stands still only if it is shown for
    `STILL_SECONDS` or is half of either. An item of which only key frames were looked at has too few for that: there
    each run of hits is a piece, and the match no more than a reason to look at the whole of it.
    """
    if work.sha256 == item.sha256:
        return Match(True, 0, 0, _from_end_to_end(work, item))
    good = (work.frames.qualities >= LEAST_QUALITY)[hits.work_frame]
    good &= (item.frames.qualities >= LEAST_QUALITY)[hits.item_frame] & (hits.distance <= RADIUS)
    hits = hits.where(good)
    if len(hits) == 0:
        return None
    if {work.kind, item.kind} == {MediaKind.PICTURE}:
        return _match(hits, int(hits.turn[hits.distance.argmin()]), ())
    are_videos = work.kind is item.kind
    found = _voted(work, item, hits) if are_videos and item.is_whole else _runs(work, item, hits)
    if not found:
        return None
    _, turn = max(found, key=lambda each: each[0].votes)
    return _match(hits, turn, tuple(sorted((piece for piece, _ in found), key=lambda each: each.query_from)))


def hits_between(work: Fingerprint, item: Fingerprint) -> Hits:
    """Return all hits between two files, by comparing all with all. For one pair, not for a search."""
    limits, rows, distances = _kernel.join(
        _kernel.columns(item.frames.hashes), np.ascontiguousarray(work.frames.turns.reshape(-1, 32)), RADIUS
    )
    queries = np.repeat(np.arange(len(work.frames) * 8), (limits[1:] - limits[:-1]).astype(np.int64))
    return Hits((queries // 8).astype(np.uint32), (queries % 8).astype(np.uint8), rows, distances)


def _match(hits: Hits, turn: int, found: tuple[Piece, ...]) -> Match:
    return Match(False, int(hits.distance[hits.turn == turn].min()), turn, found)


def _from_end_to_end(work: Fingerprint, item: Fingerprint) -> tuple[Piece, ...]:
    if item.kind is MediaKind.PICTURE:
        return ()
    seconds = item.duration_ms / 1000
    return (Piece(0.0, seconds, 0.0, seconds, 1.0, len(np.unique(item.frames.at_ms))),)


def _voted(work: Fingerprint, item: Fingerprint, hits: Hits) -> list[tuple[Piece, int]]:
    """Return the pieces that two videos share, with the turn of each, no second of the item in two.

    Each turn is voted on apart: a copy is turned in one way, and chance hits are in all of them.
    """
    every = Sampling(item.every_ms / 1000, work.every_ms / 1000)
    shorter = min(len(np.unique(work.frames.at_ms)), len(np.unique(item.frames.at_ms)))
    least = min(RULE.least_votes, ceil(_MOST_OF_IT * shorter))
    found = list[tuple[Piece, int]]()
    for turn in np.unique(hits.turn):
        of_turn = hits.where(hits.turn == turn)
        pairs, thinned = _few(_pairs(work, item, of_turn), every)
        # A gap is of several frames, however far apart they are.
        rule = replace(RULE, least_votes=least, gap_seconds=max(RULE.gap_seconds, _GAP_FRAMES * thinned.query_every))
        found += [(piece, int(turn)) for piece in pieces(pairs, thinned, rule)]
    found = [(piece, turn) for piece, turn in found if _is_telling(work, item, piece)]
    kept = list[tuple[Piece, int]]()
    for piece, turn in sorted(found, key=lambda each: -each[0].votes):
        if all(piece.query_to <= other.query_from or other.query_to <= piece.query_from for other, _ in kept):
            kept.append((piece, turn))
    return kept


def _pairs(work: Fingerprint, item: Fingerprint, hits: Hits) -> Pairs:
    """Return each pair of moments once, though whole frames and their parts may all be near each other."""
    both = np.unique(_milliseconds(item)[hits.item_frame] << 32 | _milliseconds(work)[hits.work_frame])
    return Pairs((both >> 32) / 1000, (both & 0xFFFFFFFF) / 1000)


def _milliseconds(made: Fingerprint) -> NDArray[np.int64]:
    return made.frames.at_ms.astype(np.int64)


def _few(pairs: Pairs, every: Sampling) -> tuple[Pairs, Sampling]:
    """Return the pairs, and of very many those between every second moment, as often as is needed.

    Two long videos in which nothing moves have millions, all frames matching all.
    """
    while len(pairs) > _MOST_PAIRS:
        queries = np.unique(pairs.query_at, return_inverse=True)[1]
        banks = np.unique(pairs.bank_at, return_inverse=True)[1]
        pairs = pairs.where((queries % 2 == 0) & (banks % 2 == 0))
        every = Sampling(every.query_every * 2, every.bank_every * 2)
    return pairs, every


def _is_telling(work: Fingerprint, item: Fingerprint, piece: Piece) -> bool:
    """Whether a piece is more than a card that stands still for some seconds."""
    lasts, is_shown = piece.bank_to - piece.bank_from, piece.query_to - piece.query_from
    if (
        lasts >= STILL_SECONDS
        or 1000 * lasts >= _HALF * work.duration_ms
        or 1000 * is_shown >= _HALF * item.duration_ms
    ):
        return True
    times = work.frames.at_ms / 1000
    of_piece = (times >= piece.bank_from) & (times < piece.bank_to) & (work.frames.qualities >= LEAST_QUALITY)
    shown = work.frames.hashes[of_piece & ~work.frames.is_trimmed]
    return len(shown) > 0 and bool((np.bitwise_count(shown ^ shown[len(shown) // 2]).sum(axis=1) > RADIUS).any())


def _runs(work: Fingerprint, item: Fingerprint, hits: Hits) -> list[tuple[Piece, int]]:
    """Return each run of frames of the item, none far from the next, that show something of the work."""
    pairs = Pairs(item.frames.at_ms[hits.item_frame] / 1000, work.frames.at_ms[hits.work_frame] / 1000)
    order = np.argsort(pairs.query_at, kind="stable")
    cuts = np.flatnonzero(np.diff(pairs.query_at[order]) > max(RULE.gap_seconds, item.every_ms / 1000)) + 1
    return [(_run(work, item, pairs.where(run)), _best_turn(hits, run)) for run in np.split(order, cuts)]


def _run(work: Fingerprint, item: Fingerprint, pairs: Pairs) -> Piece:
    queries, banks = np.unique(pairs.query_at), np.unique(pairs.bank_at)
    return Piece(
        query_from=float(queries[0]),
        query_to=float(queries[-1]) + item.every_ms / 1000,
        bank_from=float(banks[0]),
        bank_to=float(banks[-1]) + work.every_ms / 1000,
        speed=1.0,
        votes=len(queries),
    )


def _best_turn(hits: Hits, run: NDArray[np.int64]) -> int:
    return int(hits.turn[run[hits.distance[run].argmin()]])
