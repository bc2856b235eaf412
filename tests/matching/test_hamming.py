"""A search finds every hash within the distance and no other, whatever crowd, index and processor."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo import _kernel
from amparo._kernel import Draft, Memtable, Segment
from tests.matching.hashes import CROWDS, Hashes, Hits, Pairs, flipped, one_by_one, uniform


@pytest.fixture(params=_kernel.instructions())
def instructions(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each choice of instructions that this processor has."""
    before = _kernel.instructions_in_use()
    _kernel.use_instructions(request.param)
    yield request.param
    _kernel.use_instructions(before)


def segment(hashes: Hashes, chunks: int = -1) -> Segment:
    draft = Draft(hashes, chunks)
    memory = np.empty(draft.size, np.uint8)
    draft.write(memory)
    return Segment(memory)


def pairs(hits: Hits) -> Pairs:
    """Return {(query, row): distance}; that a row came twice for a query would be a fault."""
    limits, rows, distances = hits
    queries = np.repeat(np.arange(len(limits) - 1), np.diff(limits).astype(np.int64))
    found = dict(zip(zip(queries.tolist(), rows.tolist(), strict=True), distances.tolist(), strict=True))
    assert len(found) == len(rows)
    return found


def item_pairs(searched: Segment, hits: Hits) -> Pairs:
    """The same by places in the input, each hash as often as it stood there."""
    found: Pairs = {}
    for (query, row), distance in pairs(hits).items():
        _, items = searched.items(np.array([row], np.uint32))
        found.update({(query, item): distance for item in items.tolist()})
    return found


def near_and_far(chance: np.random.Generator, hashes: Hashes) -> Hashes:
    """Queries at each distance from 0 to 40 of some hash, and a few of no hash."""
    bits = np.arange(41).repeat(3)
    near = flipped(chance, hashes[chance.integers(0, len(hashes), len(bits))], bits)
    return np.concatenate([near, uniform(chance, 10)])


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("chunks", [0, 11, 16])
def test_a_segment_finds_all_at_distances_0_to_31_and_none_at_32(instructions: str, chunks: int, crowd: str) -> None:
    chance = np.random.default_rng(5)
    hashes = CROWDS[crowd](chance, 60_000)
    queries = near_and_far(chance, hashes)
    searched = segment(hashes, chunks)
    found = item_pairs(searched, searched.search(queries, 31))
    assert found == one_by_one(hashes, queries, 31)
    assert set(found.values()) >= set(range(32))
    assert 32 not in found.values()


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_memtable_and_a_join_find_the_same(instructions: str, crowd: str) -> None:
    chance = np.random.default_rng(6)
    hashes = CROWDS[crowd](chance, 20_011)
    queries = near_and_far(chance, hashes)
    truth = one_by_one(hashes, queries, 31)
    memtable = Memtable()
    for part in np.array_split(hashes, 7):
        memtable.add(part)
    assert pairs(memtable.search(queries, 31)) == truth
    assert pairs(_kernel.join(_kernel.columns(hashes), queries, 31)) == truth


@pytest.mark.parametrize("distance", [0, 1, 9, 10, 11, 15, 16, 30, 31, 32, 33, 47, 48, 64, 128, 255, 256])
@pytest.mark.parametrize("chunks", [0, 11, 16])
def test_any_distance_is_exact(chunks: int, distance: int) -> None:
    chance = np.random.default_rng(distance)
    hashes = uniform(chance, 20_000)
    queries = flipped(chance, hashes[:12], np.minimum(np.arange(12) * 3 + max(distance - 15, 0), 256))
    assert pairs(segment(hashes, chunks).search(queries, distance)) == one_by_one(hashes, queries, distance)


@pytest.mark.parametrize("chunks", [11, 16])
@pytest.mark.parametrize("spread", ["side by side", "one in each place", "anywhere"])
def test_a_pair_is_found_wherever_its_31_bits_are(chunks: int, spread: str) -> None:
    chance = np.random.default_rng(8)
    hashes = uniform(chance, 30_000)
    searched = segment(hashes, chunks)
    for differing, is_found in ((31, True), (32, False)):
        masks = np.zeros((200, 256), np.uint8)
        for n, mask in enumerate(masks):
            if spread == "side by side":
                mask[np.arange(n, n + differing) % 256] = 1
            elif spread == "one in each place":
                mask[(np.arange(differing) * 8 + n) % 256] = 1
            else:
                mask[chance.choice(256, differing, replace=False)] = 1
        found = pairs(searched.search(hashes[:200] ^ np.packbits(masks, axis=1), 31))
        assert all(((n, n) in found) is is_found for n in range(200))


@pytest.mark.parametrize("chunks", [11, 16])
def test_radii_leave_no_gap(chunks: int) -> None:
    hashes = CROWDS["skewed"](np.random.default_rng(9), 60_000)
    searched = segment(hashes, chunks)
    plans = {searched.plan(hashes[n : n + 1], 31) for n in range(300)}
    exact = [plan for plan in plans if plan is not None]
    assert exact
    for plan in exact:  # The generalised pigeonhole principle, said once more.
        assert sum(radius + 1 for radius in plan) >= 32


def test_radii_follow_what_stands_under_the_keys() -> None:
    chance = np.random.default_rng(10)
    hashes = uniform(chance, 100_000)
    hashes[:50_000, :2] = (7, 7)  # Half of all hashes begin alike.
    searched = segment(hashes, 16)
    assert searched.plan(hashes[60_000:60_001], 31) == (1,) * 16
    plan = searched.plan(hashes[:1], 31)
    assert plan is not None
    assert plan[0] == -1


def test_where_comparing_all_is_cheaper_all_are_compared() -> None:
    hashes = np.zeros((60_000, 32), np.uint8)
    hashes.view(np.uint32)[:, 0] = np.arange(60_000)  # All alike but for their first words.
    searched = segment(hashes, 16)
    assert searched.plan(hashes[:1], 31) is None
    assert len(searched.search(hashes[:1], 31)[1]) == 60_000  # And none is left out.


def test_equal_hashes_become_one_row_with_all_their_places() -> None:
    chance = np.random.default_rng(11)
    distinct = uniform(chance, 5_000)
    of = chance.integers(0, 5_000, 40_000)
    searched = segment(distinct[of])
    rows = len(set(of.tolist()))
    assert (searched.rows, searched.items_in_all) == (rows, 40_000)
    _, found, distances = searched.search(distinct[of[:1]], 0)
    assert distances.tolist() == [0]
    limits, items = searched.items(found)
    assert limits.tolist() == [0, len(items)]
    assert items.tolist() == np.flatnonzero(of == of[0]).tolist()
    assert searched.hash(int(found[0])) == distinct[of[0]].tobytes()


def test_the_hashes_of_a_segment_are_read_where_they_lie_and_outlive_it() -> None:
    chance = np.random.default_rng(17)
    hashes = uniform(chance, 20_000)
    repeated = np.concatenate([hashes, hashes[:100]])
    read = segment(repeated).hashes
    assert (read == hashes).all()
    assert not read.flags.writeable
    assert segment(hashes[:0]).hashes.shape == (0, 32)


def test_without_repeats_no_byte_is_spent_on_them() -> None:
    hashes = uniform(np.random.default_rng(12), 30_000)
    once, twice = Draft(hashes), Draft(np.concatenate([hashes, hashes[:1]]))
    assert once.rows == twice.rows == 30_000
    assert twice.size - once.size >= 4 * 2 * 30_000


def test_a_segment_is_searched_straight_from_its_file(tmp_path: Path) -> None:
    chance = np.random.default_rng(13)
    hashes = uniform(chance, 40_000)
    draft = Draft(hashes)
    file = np.memmap(tmp_path / "segment", np.uint8, "w+", shape=(draft.size,))
    draft.write(file)
    file.flush()
    searched = Segment(np.memmap(tmp_path / "segment", np.uint8, "r"))
    queries = near_and_far(chance, hashes)
    assert pairs(searched.search(queries, 31)) == one_by_one(hashes, queries, 31)


@pytest.mark.parametrize("number", [0, 1, 3, 31, 33, 2047, 2048, 2049, 16_383, 16_384])
def test_any_number_of_hashes_can_be_searched(instructions: str, number: int) -> None:
    hashes = uniform(np.random.default_rng(number), number)
    queries = np.concatenate([hashes[-2:], np.zeros((1, 32), np.uint8)])
    truth = one_by_one(hashes, queries, 100)
    memtable = Memtable()
    assert memtable.add(hashes) == 0
    assert len(memtable) == number
    for hits in (segment(hashes).search(queries, 100), memtable.search(queries, 100)):
        assert pairs(hits) == truth
    assert pairs(_kernel.join(_kernel.columns(hashes), queries, 100)) == truth
    assert segment(hashes).search(queries[:0], 31)[0].tolist() == [0]


def test_threads_may_add_and_search_at_once() -> None:
    hashes = uniform(np.random.default_rng(14), 20_000)
    memtable, searched = Memtable(), segment(hashes)

    def add(part: Hashes) -> None:
        row = memtable.add(part)
        found = pairs(memtable.search(part, 0))
        assert all((n, row + n) in found for n in range(len(part)))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, np.array_split(hashes, 100)))
        found = list(threads.map(lambda n: pairs(searched.search(hashes[n : n + 50], 31)), range(0, 20_000, 1000)))
    assert len(memtable) == 20_000
    assert all(
        (n, start + n) in each for start, each in zip(range(0, 20_000, 1000), found, strict=True) for n in range(50)
    )


@pytest.mark.parametrize(
    ("hashes", "says"),
    [
        pytest.param(np.zeros((3, 31), np.uint8), "32 columns", id="31 bytes"),
        pytest.param(np.zeros(32, np.uint8), "32 columns", id="one flat hash"),
        pytest.param(np.zeros((3, 32), np.int8), "32 columns", id="signed"),
        pytest.param(np.zeros((2, 2, 32), np.uint8), "32 columns", id="three axes"),
        pytest.param(np.zeros((6, 32), np.uint8)[::2], "side by side", id="every second"),
        pytest.param(np.zeros((32, 6), np.uint8).T, "side by side", id="columns"),
    ],
)
def test_what_are_no_hashes_is_refused_with_a_sentence(hashes: npt.NDArray[np.uint8], says: str) -> None:
    good = np.zeros((1, 32), np.uint8)
    for act in (
        lambda: Draft(hashes),
        lambda: Memtable().add(hashes),
        lambda: Memtable().search(hashes, 31),
        lambda: segment(good).search(hashes, 31),
        lambda: _kernel.columns(hashes),
        lambda: _kernel.join(_kernel.columns(good), hashes, 31),
    ):
        with pytest.raises(ValueError, match=says):
            act()


def test_other_wrong_arguments_are_refused_with_a_sentence() -> None:
    hashes = uniform(np.random.default_rng(15), 100)
    searched = segment(hashes)
    for distance in (-1, 257):
        with pytest.raises(ValueError, match="0 to 256"):
            searched.search(hashes, distance)
    with pytest.raises(ValueError, match="0, 11 or 16"):
        Draft(hashes, 12)
    for wrong in (np.empty(Draft(hashes).size - 1, np.uint8), np.empty((Draft(hashes).size, 1), np.uint8)):
        with pytest.raises(ValueError, match="exactly as long"):
            Draft(hashes).write(wrong)
    with pytest.raises(ValueError, match="4 rows"):
        _kernel.join(np.zeros((3, 5), np.uint64), hashes, 31)
    with pytest.raises(IndexError, match="no such row"):
        searched.items(np.array([100], np.uint32))
    with pytest.raises(IndexError, match="no such row"):
        searched.hash(100)


@pytest.mark.parametrize("length", [0, 1, 63, 64, 1000, -64, -1])
def test_a_segment_that_is_cut_short_is_refused(length: int) -> None:
    draft = Draft(uniform(np.random.default_rng(16), 20_000))
    memory = np.zeros(draft.size, np.uint8)
    draft.write(memory)
    with pytest.raises(ValueError, match=r"segment.*(shorter|cut short)|cut short|shorter"):
        Segment(memory[:length])


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([0, 11, 16]))
def test_a_damaged_segment_is_refused_or_searched_without_a_crash(data: st.DataObject, chunks: int) -> None:
    hashes = CROWDS["clustered"](np.random.default_rng(17), 3_000)
    draft = Draft(hashes, chunks if chunks != 11 else 16)
    memory = np.empty(draft.size, np.uint8)
    draft.write(memory)
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.one_of(st.integers(0, 80), st.integers(0, draft.size - 1)))
        memory[begin : begin + data.draw(st.sampled_from([1, 8, 4096, 1 << 20]))] = data.draw(st.integers(0, 255))
    try:
        searched = Segment(memory)
    except ValueError:
        return
    _, rows, _ = searched.search(hashes[:20], 31)
    assert (rows < searched.rows).all()
    searched.items(rows)
