"""The benches of matching run, have their rows and bars, and know a missed match when there is one."""

import dataclasses

import numpy as np
import pytest
from benchmarks.bench import Effort, sizes_in
from benchmarks.crowds import CROWDS, queries, uniform
from benchmarks.indexes import Flat, Ours, missed_and_wrong
from benchmarks.rows import Row

from amparo import _kernel
from amparo.home import BadSettings
from benchmarks import hash as hash_bench
from benchmarks import match


def figures(rows: object) -> dict[tuple[str, str, str | None], Row]:
    assert isinstance(rows, list)
    return {(row.what, row.metric, row.peer): row for row in rows}


def test_match_tells_every_figure_beside_both_peers_and_misses_nothing() -> None:
    before = _kernel.instructions_in_use()
    said: list[str] = []
    result = match.measure(Effort(seconds=0.01, repeats=1, sizes=(20_000,)), said.append)
    told = figures(result.rows)
    for peer in ("threatexchange", "faiss flat"):
        for metric in ("rate", "p50 ms", "p99 ms", "bytes per hash", "build s", "add to matchable ms"):
            assert told["lookup 20k", metric, peer].value > 0
    for crowd in CROWDS:
        assert told[f"lookup 20k, {crowd}", "recall", None].holds
        assert told[f"lookup 20k, {crowd}", "missed", None].value == 0
        assert told[f"lookup 20k, {crowd}", "too far or twice", None].value == 0
        assert told[f"lookup 20k, {crowd}", "pairs", None].value >= 32
    for choice in _kernel.instructions()[1:]:
        assert told[f"lookup 20k, {choice}", "rate", None].value > 0
    for where, bar in (("this process", 50), ("another process", 1000)):
        row = told[f"add, {where}", "add to matchable ms", None]
        assert (row.value > 0, row.bar) == (True, bar)
    assert _kernel.instructions_in_use() == before
    assert said


def test_the_bars_of_match_are_those_that_were_set() -> None:
    assert match.TIMES_HMA == {1_000_000: 12, 10_000_000: 35}
    assert match.MOST_BYTES == {10_000_000: 130}


def test_a_missed_match_one_too_far_and_one_told_twice_are_counted() -> None:
    chance = np.random.default_rng(1)
    hashes = uniform(chance, 20_000)
    asked = queries(chance, hashes, 164)
    truth, mine = Flat(hashes).found(asked), Ours(hashes, "portable").found(asked)
    assert missed_and_wrong(mine, truth) == (len(truth), 0, 0)
    assert missed_and_wrong(mine[3:], truth) == (len(truth), 3, 0)
    assert missed_and_wrong(np.concatenate([mine, [[0, 7, 32]]]), truth) == (len(truth), 0, 1)
    assert missed_and_wrong(np.concatenate([mine, mine[:2]]), truth) == (len(truth), 0, 2)


def test_hash_has_its_rows_and_equals_threatexchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_bench, "VIDEO", (320, 240, 2))
    sizes = dict(hash_bench.SIZES)
    assert sizes == {(640, 640): 10, (1280, 960): 6, (4000, 3000): 10}
    monkeypatch.setattr(hash_bench, "SIZES", {(640, 640): 10.0, (321, 243): 6.0})
    result = hash_bench.measure(Effort(seconds=0.01, repeats=1), lambda _: None)
    told = figures(result.rows)
    for size in ("640x640", "321x243"):
        rate = told[f"jpeg {size}", "rate", "threatexchange"]
        assert rate.value > 0
        assert rate.bar == pytest.approx((rate.peer_value or 0) * (10 if size == "640x640" else 6))
        assert told[f"jpeg {size}", "distance", None].value == 0
        assert told[f"jpeg {size}", "quality differs", None].value == 0
        for choice in _kernel.instructions():
            assert told[f"pixels {size}, {choice}", "rate", None].value > 0
    peer = "vpdq" if hash_bench.has_vpdq() else None
    assert told["video 320x240", "rate, a frame a second", peer].value > 0
    assert told["video 320x240", "rate, key frames only", peer].value > 0


@pytest.mark.parametrize(
    ("words", "sizes"), [("1M,10M", (1_000_000, 10_000_000)), ("200k", (200_000,)), ("5000", (5000,))]
)
def test_sizes_are_read_as_people_write_them(words: str, sizes: tuple[int, ...]) -> None:
    assert sizes_in(words) == sizes
    assert dataclasses.replace(Effort(), sizes=sizes).sizes == sizes


@pytest.mark.parametrize("words", ["", "many", "1M;2M", "-5", "999", "1.5M"])
def test_other_sizes_are_refused_with_a_sentence(words: str) -> None:
    with pytest.raises(BadSettings, match="--n"):
        sizes_in(words)
