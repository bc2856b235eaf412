"""Every hash within a distance, among many parts that are searched as one: none missed, none too far, none capped.

An index is some **parts** that never change, the newest hashes in a memtable, and the owners that were buried. A hash
belongs to an **owner** (a file, or an item of a bank) and is found as a **posting**, which says whose it is, which
frame and which turn. The numbers of owners are the caller's. All hashes of an owner go in at once, never change, and
its number is never used again: whether a part holds an owner is then all that ever needs to be asked.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from amparo import _kernel
from amparo.matching.postings import PACKED_BYTES, PackedPostings, Postings, owners, pack

_QUERIES_AT_ONCE = 256
_ROWS_AT_ONCE = 65_536
_MAGIC, _HEADER = b"AMPPART1", 64

Hashes = NDArray[np.uint8]


def any_near(ones: Hashes, others: Hashes, distance: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which of the ones are near any of the others, and which of the others are near any of the ones."""
    has_other, has_one = np.zeros(len(ones), np.bool_), np.zeros(len(others), np.bool_)
    columns = _kernel.columns(np.ascontiguousarray(others))
    for begin in range(0, len(ones), _QUERIES_AT_ONCE):
        asked = np.ascontiguousarray(ones[begin : begin + _QUERIES_AT_ONCE])
        limits, rows, _ = _kernel.join(columns, asked, distance)
        has_other[begin : begin + len(asked)] = np.diff(limits) > 0
        has_one[rows] = True
    return has_other, has_one


@dataclass(frozen=True)
class Found:
    """Some of the hits: query number, posting, distance. Three equal lengths."""

    query: NDArray[np.uint32]
    posting: Postings
    distance: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.query)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Found":
        """Return those that are chosen, by a mask or by their places."""
        return Found(self.query[chosen], self.posting[chosen], self.distance[chosen])

    @classmethod
    def together(cls, some: Sequence["Found"]) -> "Found":
        """Return all of them as one."""
        if not some:
            return cls(np.empty(0, np.uint32), np.empty(0, np.uint64), np.empty(0, np.uint16))
        columns = zip(*((each.query, each.posting, each.distance) for each in some), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


def part_bytes(hashes: Hashes, of: Postings) -> NDArray[np.uint8]:
    """Return the bytes of a part: a header, the kernel's segment, in which equal hashes are one, and the postings.

    Raises ValueError for two lengths, and for owners whose numbers lie further apart than 32 bits say.
    """
    if len(hashes) != len(of):
        raise ValueError("Give as many postings as hashes.")
    order = np.argsort(of, kind="stable")
    draft = _kernel.Draft(np.ascontiguousarray(hashes[order]))
    packed, first_owner = pack(of[order])
    postings_at = _HEADER + _aligned(draft.size)
    whole = np.zeros(postings_at + len(packed), np.uint8)
    whole[: len(_MAGIC)] = np.frombuffer(_MAGIC, np.uint8)
    whole[8:32] = np.array([draft.size, len(of), first_owner], np.uint64).view(np.uint8)
    draft.write(whole[_HEADER : _HEADER + draft.size])
    whole[postings_at:] = packed
    return whole


def _aligned(size: int) -> int:
    return -(-size // 64) * 64


class Part:
    """What `part_bytes` gave, searched where it lies: a mapped file that many processes share, or memory.

    Raises ValueError for bytes that are no part. Bytes that were changed may answer wrongly and never crash: whoever
    keeps them compares digests.
    """

    def __init__(self, whole: NDArray[np.uint8]) -> None:
        if len(whole) < _HEADER or whole[: len(_MAGIC)].tobytes() != _MAGIC:
            raise ValueError("These bytes are no part of an index.")
        size, count, first_owner = (int(number) for number in whole[8:32].view(np.uint64))
        postings_at = _HEADER + _aligned(size)
        if postings_at + PACKED_BYTES * count != len(whole):
            raise ValueError("This part of an index is longer or shorter than it says.")
        self._segment = _kernel.Segment(whole[_HEADER : _HEADER + size])
        self._postings = PackedPostings(whole[postings_at:], first_owner)
        if self._segment.items_in_all != count:
            raise ValueError("This part of an index has more hashes than postings, or fewer.")

    def __len__(self) -> int:
        return len(self._postings)

    def covers(self, asked: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these owners have hashes here."""
        return self._postings.covers(asked)

    def owners(self) -> NDArray[np.int64]:
        """Return every owner here, once, in order."""
        return self._postings.owners()

    def search(self, queries: Hashes, distance: int) -> Iterator[Found]:
        """Yield every hit of these queries, some at a time."""
        limits, rows, distances = self._segment.search(queries, distance)
        number = np.repeat(np.arange(len(queries), dtype=np.uint32), np.diff(limits).astype(np.int64))
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            here = slice(begin, begin + _ROWS_AT_ONCE)
            starts, items = self._segment.items(rows[here])
            each = np.diff(starts).astype(np.int64)
            yield Found(np.repeat(number[here], each), self._postings[items], np.repeat(distances[here], each))

    def hashes(self) -> tuple[Hashes, Postings]:
        """Return a copy of every hash with its posting, as they went in."""
        rows = np.arange(self._segment.rows, dtype=np.uint32)
        starts, items = self._segment.items(rows)
        every = np.empty((len(self), 32), np.uint8)
        every[items] = np.repeat(self._segment.hashes, np.diff(starts).astype(np.int64), axis=0)
        return every, self._postings[:]


class _Newest:
    """The newest hashes, compared one by one. One thread at a time adds; any number search meanwhile."""

    def __init__(self) -> None:
        self._table = _kernel.Memtable()
        self._hashes, self._postings = np.empty((1024, 32), np.uint8), np.empty(1024, np.uint64)
        self.owners: set[int] = set()

    def __len__(self) -> int:
        return len(self._table)

    def add(self, hashes: Hashes, of: Postings) -> None:
        begin, end = len(self), len(self) + len(of)
        if end > len(self._postings):
            room = max(end, 2 * len(self._postings))
            self._hashes = np.concatenate([self._hashes[:begin], np.empty((room - begin, 32), np.uint8)])
            self._postings = np.concatenate([self._postings[:begin], np.empty(room - begin, np.uint64)])
        self._hashes[begin:end], self._postings[begin:end] = hashes, of
        # The postings stand there before the table finds a hash, so whoever finds one finds its posting.
        self._table.add(hashes)
        self.owners.update(owners(of).tolist())

    def search(self, queries: Hashes, distance: int) -> Found:
        limits, rows, distances = self._table.search(queries, distance)
        number = np.repeat(np.arange(len(queries), dtype=np.uint32), np.diff(limits).astype(np.int64))
        return Found(number, self._postings[rows], distances)

    def hashes(self) -> tuple[Hashes, Postings]:
        return self._hashes[: len(self)], self._postings[: len(self)]


@dataclass(frozen=True)
class _View:
    """What a search sees from beginning to end, whatever is replaced meanwhile."""

    parts: tuple[Part, ...]
    newest: _Newest
    buried: NDArray[np.int64]


class Index:
    """Parts, the newest hashes and the buried, as one. Any number of threads may search while one adds or replaces.

    A search finds everything that `add` or `replace` had taken when it began, and no owner that was buried by then.
    """

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self._view = _View(tuple(parts), _Newest(), np.empty(0, np.int64))
        self._changing = threading.Lock()

    def __len__(self) -> int:
        """How many hashes there are, those of the buried counted in."""
        view = self._view
        return sum(map(len, view.parts)) + len(view.newest)

    @property
    def newest(self) -> int:
        """How many hashes are in no part yet."""
        return len(self._view.newest)

    def add(self, hashes: Hashes, of: Postings) -> None:
        """Add whole owners that are not in yet. Raises ValueError for arrays that do not fit each other."""
        if hashes.shape != (len(of), 32) or hashes.dtype != np.uint8 or of.dtype != np.uint64:
            raise ValueError("Give as many hashes of 32 bytes as postings.")
        with self._changing:
            self._view.newest.add(np.ascontiguousarray(hashes), of)

    def bury(self, gone: Sequence[int]) -> None:
        """Never find these owners again."""
        with self._changing:
            view = self._view
            buried = np.union1d(view.buried, np.array(gone, np.int64))
            self._view = _View(view.parts, view.newest, buried)

    def replace(self, parts: Sequence[Part], more: Sequence[tuple[Hashes, Postings]] = ()) -> None:
        """Search these parts from now on, the newest hashes whose owners are in none of them, and `more`: at once."""
        with self._changing:
            view, newest = self._view, _Newest()
            for hashes, of in (view.newest.hashes(), *more):
                is_left = ~_covered(parts, owners(of))
                newest.add(np.ascontiguousarray(hashes[is_left]), of[is_left])
            self._view = _View(tuple(parts), newest, view.buried)

    def covers(self, asked: NDArray[np.int64], parts: Sequence[Part] | None = None) -> NDArray[np.bool_]:
        """Return which of these owners are in, or would be with these parts in place of its own."""
        view = self._view
        newest = np.fromiter((owner in view.newest.owners for owner in asked.tolist()), np.bool_, len(asked))
        return newest | _covered(view.parts if parts is None else parts, asked)

    def search(self, queries: Hashes, distance: int) -> Iterator[Found]:
        """Yield every hit, some at a time; all hits of one owner and one batch of queries come of one part.

        Raises ValueError for queries that are no hashes.
        """
        view = self._view
        for begin in range(0, len(queries), _QUERIES_AT_ONCE):
            asked = np.ascontiguousarray(queries[begin : begin + _QUERIES_AT_ONCE])
            # The newest first: a hash cannot move into a part that is not in this view.
            of_parts = (part.search(asked, distance) for part in view.parts)
            for found in chain([view.newest.search(asked, distance)], chain.from_iterable(of_parts)):
                alive = found if not len(view.buried) else found.where(~np.isin(owners(found.posting), view.buried))
                if len(alive):
                    yield Found(alive.query + np.uint32(begin), alive.posting, alive.distance)


def _covered(parts: Sequence[Part], asked: NDArray[np.int64]) -> NDArray[np.bool_]:
    found = np.zeros(len(asked), np.bool_)
    for part in parts:
        found |= part.covers(asked)
    return found
