"""The indexes that are measured beside each other, each with the same few acts."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import faiss
import numpy as np
import numpy.typing as npt
from threatexchange.signal_type.pdq.pdq_faiss_matcher import PDQMultiHashIndex

from amparo import _kernel
from amparo.matching.postings import pack
from benchmarks.crowds import Hashes

DISTANCE = 31
# Every pair found, as (query, place in the input, distance), in order.
Found = npt.NDArray[np.int64]


class Index(Protocol):
    """One way of finding all hashes within 31 bits, on one thread."""

    name: str
    build_seconds: float
    bytes_each: float

    def batch(self, queries: Hashes) -> Any:
        """Look all of them up at once."""

    def one(self, query: Hashes) -> Any:
        """Look up an array of one, as a program does that has one picture."""

    def add(self, query: Hashes) -> float:
        """Return the seconds from having a new hash until it is found."""


class Ours:
    """A segment, with a memtable of 100,000 beside it for what is new."""

    name = "amparo"

    def __init__(self, hashes: Hashes, instructions: str) -> None:
        _kernel.use_instructions(instructions)
        begun = time.perf_counter()
        draft = _kernel.Draft(hashes)
        memory = np.empty(draft.size, np.uint8)
        draft.write(memory)
        # As a part of the index has them: whose each hash is belongs to what it takes to find it.
        packed, _ = pack(np.arange(1, len(hashes) + 1, dtype=np.uint64) << np.uint64(24))
        self.build_seconds = time.perf_counter() - begun
        self.bytes_each = (draft.size + len(packed)) / len(hashes)
        self.segment = _kernel.Segment(memory)
        self.memtable = _kernel.Memtable()
        self.memtable.add(np.random.default_rng(0).integers(0, 256, (100_000, 32), dtype=np.uint8))

    def batch(self, queries: Hashes) -> Any:
        return self.segment.search(queries, DISTANCE)

    def one(self, query: Hashes) -> Any:
        return self.segment.search(query, DISTANCE)

    def add(self, query: Hashes) -> float:
        begun = time.perf_counter()
        row = self.memtable.add(query)
        self.segment.search(query, DISTANCE)
        _, rows, _ = self.memtable.search(query, DISTANCE)
        took = time.perf_counter() - begun
        assert row in rows, "A hash that was added was not found."  # noqa: S101 - a figure without it would be a lie
        return took

    def found(self, queries: Hashes) -> Found:
        limits, rows, distances = self.segment.search(queries, DISTANCE)
        starts, items = self.segment.items(rows)
        each = np.diff(starts).astype(np.int64)
        query = np.repeat(np.arange(len(queries)), np.diff(limits).astype(np.int64))
        return _in_order(np.repeat(query, each), items, np.repeat(distances, each))


class Hma:
    """threatexchange's PDQ index, which HMA uses: faiss multi-index hashing with 16 tables, one flip, ids."""

    name = "threatexchange"

    def __init__(self, hashes: Hashes) -> None:
        faiss.omp_set_num_threads(1)
        before = _resident_bytes()
        begun = time.perf_counter()
        self.index = cast(Any, PDQMultiHashIndex())
        # What its `add` does, without a Python object for each of millions of hashes.
        self.index.faiss_index.add_with_ids(hashes, np.arange(len(hashes), dtype=np.int64))
        self.index.index_rev_map = None  # Ids are places, so it needs no map to name a hash.
        self.build_seconds = time.perf_counter() - begun
        self.bytes_each = (_resident_bytes() - before) / len(hashes)
        self.index.mih_index.nflip = DISTANCE // self.index.mih_index.nhash
        self.size = len(hashes)

    def batch(self, queries: Hashes) -> Any:
        return self.index.faiss_index.range_search(queries, DISTANCE + 1)

    def one(self, query: Hashes) -> Any:
        return self.index.search_with_distance_in_result([query.tobytes().hex()], DISTANCE)

    def add(self, query: Hashes) -> float:
        begun = time.perf_counter()
        self.index.add([query.tobytes().hex()], [self.size])
        self.size += 1
        self.one(query)
        return time.perf_counter() - begun


class Flat:
    """faiss comparing all with all: the truth about what there is to find."""

    name = "faiss flat"

    def __init__(self, hashes: Hashes) -> None:
        faiss.omp_set_num_threads(1)
        begun = time.perf_counter()
        self.index = faiss.IndexBinaryFlat(256)
        self.index.add(hashes)
        self.build_seconds = time.perf_counter() - begun
        self.bytes_each = 32.0

    def batch(self, queries: Hashes) -> Any:
        return self.index.range_search(queries, DISTANCE + 1)

    def one(self, query: Hashes) -> Any:
        return self.index.range_search(query, DISTANCE + 1)

    def add(self, query: Hashes) -> float:
        begun = time.perf_counter()
        self.index.add(query)
        self.one(query)
        return time.perf_counter() - begun

    def found(self, queries: Hashes) -> Found:
        limits, distances, places = self.index.range_search(queries, DISTANCE + 1)
        return _in_order(np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64))), places, distances)


def _in_order(queries: Any, places: Any, distances: Any) -> Found:
    pairs = np.stack([np.asarray(column).astype(np.int64) for column in (queries, places, distances)], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def missed_and_wrong(ours: Found, truth: Found) -> tuple[int, int, int]:
    """Return how many pairs there are, how many of them were missed, and how many of ours are no such pair."""
    mine, theirs = _keys(ours), _keys(truth)
    return (
        len(theirs),
        len(np.setdiff1d(theirs, mine)),
        len(np.setdiff1d(mine, theirs)) + len(mine) - len(np.unique(mine)),
    )


def _keys(found: Found) -> npt.NDArray[np.int64]:
    """A pair as one number. A distance that differs makes another."""
    return (found[:, 0] << 44) | (found[:, 1] << 9) | found[:, 2]


def rate(index: Index, queries: Hashes, seconds: float) -> float:
    """Return how many queries it answers in a second of the processor, in batches."""
    done, begun = 0, time.process_time()
    while (took := time.process_time() - begun) < seconds or not done:
        index.batch(queries)
        done += len(queries)
    return done / took


def times(index: Index, queries: Hashes, seconds: float) -> Sequence[float]:
    """Return how long single lookups took, in milliseconds, the quickest first; at least 100 of them."""
    took: list[float] = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds or len(took) < 100:
        number = len(took) % len(queries)
        before = time.perf_counter()
        index.one(queries[number : number + 1])
        took.append(1000 * (time.perf_counter() - before))
    return sorted(took)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
