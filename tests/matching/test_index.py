"""Parts, the newest hashes and the buried, searched as one, find exactly what comparing all one by one finds."""

import threading

import numpy as np
import numpy.typing as npt
import pytest

from amparo.matching import hamming, postings
from amparo.matching.hamming import Found, Index, Part, part_bytes
from tests.matching.hashes import CROWDS, flipped, one_by_one, uniform

Hashes = npt.NDArray[np.uint8]


def postings_of(owners: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """One frame in one turn for each owner."""
    return np.concatenate(
        [np.empty(0, np.uint64), *(postings.postings(int(owner), np.zeros(1, np.int64), 1) for owner in owners)]
    )


def pairs(found: Found) -> dict[tuple[int, int], int]:
    every = {
        (int(query), int(owner)): int(distance)
        for query, owner, distance in zip(found.query, postings.owners(found.posting), found.distance, strict=True)
    }
    assert len(every) == len(found), "a pair was told twice"
    return every


def whole(index: Index, queries: Hashes, distance: int) -> dict[tuple[int, int], int]:
    return pairs(Found.together(list(index.search(queries, distance))))


def part(hashes: Hashes, owners: npt.NDArray[np.int64]) -> Part:
    return Part(part_bytes(hashes, postings_of(owners)))


def test_a_posting_says_whose_frame_in_which_turn_it_is() -> None:
    made = postings.postings(postings.MOST_OWNERS - 1, np.array([0, postings.MOST_FRAMES - 1]), 8)
    assert postings.owners(made).tolist() == [postings.MOST_OWNERS - 1] * 16
    assert postings.frames(made).tolist() == [0] * 8 + [postings.MOST_FRAMES - 1] * 8
    assert postings.turns(made).tolist() == [*range(8)] * 2


@pytest.mark.parametrize(("owner", "frame"), [(0, 0), (postings.MOST_OWNERS, 0), (1, postings.MOST_FRAMES)])
def test_a_number_that_does_not_fit_a_posting_is_refused(owner: int, frame: int) -> None:
    with pytest.raises(ValueError, match="owner"):
        postings.postings(owner, np.array([frame]), 1)


@pytest.mark.parametrize("crowd", CROWDS)
def test_parts_newest_and_buried_give_exactly_what_comparing_all_gives(crowd: str) -> None:
    """Random histories: owners come in, parts are written and merged, owners are buried; searches in between."""
    chance = np.random.default_rng(sum(map(ord, crowd)))
    every = CROWDS[crowd](chance, 30_000)
    numbers = chance.permutation(len(every)).astype(np.int64) + 1
    queries = np.concatenate(
        [
            flipped(chance, every[chance.integers(0, len(every), 40)], chance.integers(0, 40, 40)),
            uniform(chance, 5),
            every[:300:60],
        ]
    )
    index, parts, buried, given = Index(), list[Part](), set[int](), 0
    for step in range(9):
        more = int(chance.integers(1, 5_000))
        index.add(every[given : given + more], postings_of(numbers[given : given + more]))
        given = min(given + more, len(every))
        if step % 3 == 1:
            hashes, owners = every[:given], numbers[:given]
            is_new = ~np.logical_or.reduce([each.covers(owners) for each in parts] or [np.zeros(given, np.bool_)])
            parts.append(part(hashes[is_new], owners[is_new]))
            index.replace(parts)
            assert index.newest == 0
        if step % 4 == 3:
            kept = [each.hashes() for each in parts]
            merged = part_bytes(np.concatenate([each[0] for each in kept]), np.concatenate([each[1] for each in kept]))
            parts = [Part(merged)]
            index.replace(parts)
        gone = chance.choice(numbers[:given], 50).tolist()
        index.bury(gone)
        buried.update(gone)
        for distance in (0, 31, 32):
            truth = one_by_one(every[:given], queries, distance)
            expected = {(q, int(numbers[n])): bits for (q, n), bits in truth.items() if int(numbers[n]) not in buried}
            assert whole(index, queries, distance) == expected
    assert len(index) == given
    assert index.covers(numbers).tolist() == [True] * given + [False] * (len(every) - given)


def test_a_hash_that_is_there_a_hundred_thousand_times_is_compared_once_and_found_every_time() -> None:
    chance = np.random.default_rng(5)
    one = uniform(chance, 1)
    owners = np.arange(1, 100_001, dtype=np.int64)
    many = part(np.repeat(one, len(owners), axis=0), owners)
    assert many._segment.rows == 1
    found = Found.together(list(Index([many]).search(one, 31)))
    assert sorted(postings.owners(found.posting).tolist()) == owners.tolist()


def test_hits_come_some_at_a_time() -> None:
    chance = np.random.default_rng(6)
    near = np.repeat(uniform(chance, 1), 150_000, axis=0)
    near[:, :4] = np.arange(150_000, dtype=np.uint32)[:, None].view(
        np.uint8
    )  # Each differs from each, by 18 bits at most.
    index = Index([part(near, np.arange(1, 150_001, dtype=np.int64))])
    lengths = [len(found) for found in index.search(near[:1], 31)]
    assert sum(lengths) == 150_000
    assert len(lengths) >= 3


def test_what_went_into_a_part_comes_out_again() -> None:
    chance = np.random.default_rng(7)
    hashes = uniform(chance, 50)[chance.integers(0, 50, 400)]
    owners = chance.permutation(400).astype(np.int64) + 1
    out, of = part(hashes, owners).hashes()
    order = np.argsort(owners)
    assert (out == hashes[order]).all()
    assert postings.owners(of).tolist() == owners[order].tolist()


@pytest.mark.parametrize("cut", [0, 10, 63, 64, 200, -1, -8])
def test_bytes_that_are_no_part_are_refused(cut: int) -> None:
    chance = np.random.default_rng(8)
    good = part_bytes(uniform(chance, 100), postings_of(np.arange(1, 101, dtype=np.int64)))
    with pytest.raises(ValueError, match=r"\.$"):
        Part(good[:cut])
    with pytest.raises(ValueError, match=r"\.$"):
        Part(np.frombuffer(b"AMPPART2" + good[8:].tobytes(), np.uint8))


def test_a_part_keeps_the_least_and_the_greatest_owner_and_frame() -> None:
    chance = np.random.default_rng(11)
    last = postings.MOST_OWNERS - 1
    for owner in (1, last - (1 << 32) + 1, last):
        of = postings.postings(owner, np.array([0, 1, 255, 65_536, postings.MOST_FRAMES - 1]), 8)
        assert Part(part_bytes(uniform(chance, len(of)), of)).hashes()[1].tolist() == of.tolist()
    apart = np.concatenate([postings_of(np.array([last - (1 << 32) + 1])), postings_of(np.array([last]))])
    assert Part(part_bytes(uniform(chance, 2), apart)).owners().tolist() == [last - (1 << 32) + 1, last]


def test_owners_too_far_apart_for_one_part_are_refused() -> None:
    apart = postings_of(np.array([1, 1 + (1 << 32)]))
    with pytest.raises(ValueError, match="write several parts"):
        part_bytes(uniform(np.random.default_rng(12), 2), apart)


def test_a_part_says_which_owners_it_covers() -> None:
    chance = np.random.default_rng(13)
    here = np.array([1 << 33, (1 << 33) + 7, (1 << 33) + 8])
    asked = np.array([1, (1 << 33) - 1, 1 << 33, (1 << 33) + 1, (1 << 33) + 8, (1 << 33) + 9, postings.MOST_OWNERS - 1])
    assert part(uniform(chance, 3), here).covers(asked).tolist() == [False, False, True, False, True, False, False]
    assert Part(part_bytes(uniform(chance, 0), postings_of(here[:0]))).covers(asked).tolist() == [False] * 7


def test_changed_bytes_never_crash() -> None:
    chance = np.random.default_rng(9)
    good = part_bytes(uniform(chance, 20_000), postings_of(np.arange(1, 20_001, dtype=np.int64)))
    queries = uniform(chance, 20)
    for _ in range(200):
        bad = good.copy()
        bad[chance.integers(0, len(bad), 30)] ^= 255
        bad[:128] = good[:128]  # Whoever changes a header is refused at once.
        list(Index([Part(bad)]).search(queries, 31))


def test_many_search_while_one_adds_and_replaces() -> None:
    """Whoever was in when a search began is found by it exactly once, wherever it is moved meanwhile."""
    chance = np.random.default_rng(10)
    hashes = uniform(chance, 8_000)
    numbers = np.arange(1, len(hashes) + 1, dtype=np.int64)
    index, faults, given, ended = Index(), list[str](), [0], threading.Event()

    def look(seed: int) -> None:
        mine = np.random.default_rng(seed)
        while not ended.is_set():
            known = given[0]
            if not known:
                continue
            asked = mine.integers(0, known, 20)
            found = Found.together(list(index.search(hashes[asked], 0)))
            if sorted(postings.owners(found.posting).tolist()) != sorted(numbers[asked].tolist()):
                faults.append(f"{len(found)} of {len(asked)}")

    searching = [threading.Thread(target=look, args=(seed,)) for seed in range(4)]
    for thread in searching:
        thread.start()
    parts: list[Part] = []
    for begin in range(0, len(hashes), 500):
        index.add(hashes[begin : begin + 500], postings_of(numbers[begin : begin + 500]))
        given[0] = begin + 500
        if begin % 2500 == 0:
            covered = sum(map(len, parts))
            parts.append(part(hashes[covered : begin + 500], numbers[covered : begin + 500]))
            index.replace(parts)
    ended.set()
    for thread in searching:
        thread.join()
    assert faults == []


def test_which_are_near_any_is_what_comparing_all_gives() -> None:
    chance = np.random.default_rng(11)
    ones = uniform(chance, 700)
    others = np.concatenate([flipped(chance, ones[:200], chance.integers(25, 40, 200)), uniform(chance, 100)])
    truth = one_by_one(others, ones, 31)
    has_other, has_one = hamming.any_near(ones, others, 31)
    assert np.flatnonzero(has_other).tolist() == sorted({query for query, _ in truth})
    assert np.flatnonzero(has_one).tolist() == sorted({place for _, place in truth})
