"""How fast, small and exact the search for near hashes is, beside the index that HMA uses and faiss comparing all.

All on one thread, in turns within one run, on hashes made up by chance. Which pairs there are, faiss flat says.
"""

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from amparo import _kernel
from amparo.home import BadSettings
from benchmarks import freshness, machine
from benchmarks.bench import Effort
from benchmarks.crowds import CROWDS, Hashes, queries, uniform
from benchmarks.indexes import Flat, Found, Hma, Index, Ours, missed_and_wrong, rate, times
from benchmarks.rows import Result, Row

Say = Callable[[str], None]

TIMES_HMA = {1_000_000: 12.0, 10_000_000: 35.0}
MOST_BYTES = {10_000_000: 130.0}
MOST_FOR_HMA = 20_000_000  # At some 300 bytes a hash, more does not fit beside the others.
_LEAST_TURNS = 5


@dataclass
class Measured:
    """What the turns gave for one index."""

    rates: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)


def measure(effort: Effort, say: Say) -> Result:
    """Measure each size in turn, then compare what is found on three kinds of crowd."""
    before = _kernel.instructions_in_use()
    rows: list[Row] = []
    try:
        for size in effort.sizes:
            rows += _lookups(size, effort, say)
            rows += _exactness(size, say)
        rows += freshness.measure(say)
    finally:
        _kernel.use_instructions(before)
    return Result("match", rows, machine.facts(), _notes())


def name_of(size: int) -> str:
    """Return "1M" for a million."""
    return f"{size // 1_000_000}M" if size % 1_000_000 == 0 else f"{size // 1000}k" if size % 1000 == 0 else str(size)


def _lookups(size: int, effort: Effort, say: Say) -> list[Row]:
    chance = np.random.default_rng(size)
    hashes = uniform(chance, size)
    asked = queries(chance, hashes, 1024)
    choices = _kernel.instructions()
    say(f"building the indexes of {name_of(size)} hashes")
    ours = Ours(hashes, choices[0])
    peers: list[Index] = [Flat(hashes)]
    if size <= MOST_FOR_HMA:
        peers.insert(0, Hma(hashes))
    mine = {choice: Measured() for choice in choices}
    theirs = {peer.name: Measured() for peer in peers}
    turns, seconds = max(effort.repeats, _LEAST_TURNS), min(effort.seconds, 1.0)
    for turn in range(turns):
        say(f"turn {turn + 1} of {turns}: {', '.join([*choices, *theirs])}")
        for choice in choices:
            _kernel.use_instructions(choice)
            _take_turn(ours, mine[choice], asked, seconds)
        _kernel.use_instructions(choices[0])
        for peer in peers:
            few = asked[
                :: max(size // 1_000_000, 1) * 4
            ]  # They are slow; half of the queries are near a hash here, too.
            _take_turn(peer, theirs[peer.name], few, seconds)
    for index, found in [(ours, mine[choices[0]]), *((peer, theirs[peer.name]) for peer in peers)]:
        found.added = [1000 * index.add(each[None]) for each in uniform(chance, 5)]
    what = f"lookup {name_of(size)}"
    rows = [row for peer in peers for row in _beside(what, ours, mine[choices[0]], peer, theirs[peer.name], size)]
    rows += [row for choice in choices[1:] for row in _alone(f"{what}, {choice}", mine[choice])]
    return rows


def _take_turn(index: Index, measured: Measured, asked: Hashes, seconds: float) -> None:
    measured.rates.append(rate(index, asked, seconds))
    took = times(index, asked, seconds)
    measured.middle.append(took[len(took) // 2])
    measured.slow.append(took[min(int(len(took) * 0.99), len(took) - 1)])


def _beside(what: str, ours: Ours, mine: Measured, peer: Index, theirs: Measured, size: int) -> list[Row]:
    is_hma = isinstance(peer, Hma)
    times_hma = TIMES_HMA.get(size) if is_hma else None
    peer_rate = _median(theirs.rates)
    return [
        Row(what, "rate", _median(mine.rates), "/s a core", peer.name, peer_rate, times_hma and times_hma * peer_rate),
        _less(what, "p50 ms", _median(mine.middle), "ms", peer, _median(theirs.middle)),
        _less(what, "p99 ms", _median(mine.slow), "ms", peer, _median(theirs.slow)),
        _less(what, "bytes per hash", ours.bytes_each, "B", peer, peer.bytes_each, is_hma and MOST_BYTES.get(size)),
        _less(what, "build s", ours.build_seconds, "s", peer, peer.build_seconds),
        _less(what, "add to matchable ms", _median(mine.added), "ms", peer, _median(theirs.added), is_hma and 50.0),
    ]


def _less(
    what: str, metric: str, value: float, unit: str, peer: Index, its: float, bar: float | bool | None = None
) -> Row:
    return Row(what, metric, value, unit, peer.name, its, bar or None, is_better_high=False)


def _alone(what: str, mine: Measured) -> list[Row]:
    return [
        Row(what, "rate", _median(mine.rates), "/s a core"),
        Row(what, "p50 ms", _median(mine.middle), "ms", is_better_high=False),
        Row(what, "p99 ms", _median(mine.slow), "ms", is_better_high=False),
    ]


def _exactness(size: int, say: Say) -> list[Row]:
    rows = []
    for name, crowd in CROWDS.items():
        gc.collect()  # The last crowd's indexes, before the next takes as much.
        say(f"comparing what is found among {name_of(size)} {name} hashes")
        chance = np.random.default_rng([size, len(name)])
        hashes = crowd(chance, size)
        asked = queries(chance, hashes, 164)
        ours, truth = Ours(hashes, _kernel.instructions()[0]), Flat(hashes).found(asked)
        rows += _found_rows(f"lookup {name_of(size)}, {name}", ours.found(asked), truth)
    return rows


def _found_rows(what: str, ours: Found, truth: Found) -> list[Row]:
    if not set(range(32)) <= set(truth[:, 2].tolist()):
        raise BadSettings(
            "The queries of this run do not reach every distance from 0 to 31, so recall would say nothing."
        )
    pairs, missed, wrong = missed_and_wrong(ours, truth)
    return [
        Row(what, "recall", (pairs - missed) / pairs, "of pairs at 0 to 31", bar=1.0),
        Row(what, "pairs", pairs, "found by faiss flat"),
        Row(what, "missed", missed, "pairs", bar=0, is_better_high=False),
        Row(what, "too far or twice", wrong, "pairs", bar=0, is_better_high=False),
    ]


def _median(figures: Sequence[float]) -> float:
    return float(f"{statistics.median(figures):.4g}")


def _notes() -> list[str]:
    choices = ", ".join(_kernel.instructions())
    return [
        f"Ours uses {_kernel.instructions()[0]} where nothing else is said; this processor has {choices}.",
        "One thread each, in turns; figures are medians of the turns.",
        "Ours answers 1,024 queries at once, the others fewer.",
        "Rates are by the second of the processor, so that other programs take part of the time and not of the figure.",
        "Half of the queries are near a hash, at each distance from 0 to 40 in turn.",
        "threatexchange: the faiss index that HMA asks, filled at once.",
        "Its rate is of range_search in a batch, its p50 and p99 of its own search.",
        "Bars of the rate are times the rate of threatexchange in the same run: 12 at 1M, 35 at 10M.",
        "Bytes: ours and faiss flat as their arrays are long, threatexchange as the process grew.",
        "Add to matchable: from having a hash until a search finds it; ours beside 100,000 that are in no segment yet.",
        "Add, this process and another: from before the hash is committed to PostgreSQL until a lookup finds it there.",
        "Recall, missed, too far: against faiss flat on the same hashes, pair by pair with their distances.",
    ]
