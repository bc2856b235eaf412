"""Pieces are found where they are: at other speeds, several times, among frames that match by chance."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amparo.matching.align import FASTEST, SLOWEST, Pairs, Piece, Sampling, pieces

HALF = Sampling(0.5, 0.5)


def shared(start: float, seconds: float, speed: float = 1.0, bank_from: float = 0.0, jitter: float = 0.0) -> Pairs:
    """The pairs of a clip of which `seconds` of the query show what begins at `bank_from`, each frame matching one."""
    rng = np.random.default_rng(1)
    query = np.arange(np.ceil(start / 0.5) * 0.5, start + seconds - 1e-9, 0.5)
    bank = np.round((bank_from + (query - start) * speed) / 0.5) * 0.5
    return Pairs(query, bank + rng.choice([-jitter, 0.0, jitter], len(query)))


def noise(count: int, query_seconds: float = 240.0, bank_seconds: float = 10.0, seed: int = 2) -> Pairs:
    """Pairs that match by chance."""
    rng = np.random.default_rng(seed)
    return Pairs(rng.integers(0, int(query_seconds * 2), count) / 2, rng.integers(0, int(bank_seconds * 2), count) / 2)


def together(*all_pairs: Pairs) -> Pairs:
    return Pairs(
        np.concatenate([each.query_at for each in all_pairs]), np.concatenate([each.bank_at for each in all_pairs])
    )


def iou(piece: Piece, start: float, end: float) -> float:
    both = min(piece.query_to, end) - max(piece.query_from, start)
    return max(both, 0.0) / (max(piece.query_to, end) - min(piece.query_from, start))


def test_a_clip_in_a_long_video_is_found_where_it_is() -> None:
    (piece,) = pieces(shared(130.0, 10.0), HALF)
    assert (piece.query_from, piece.query_to) == (130.0, 140.0)
    assert (piece.bank_from, piece.bank_to) == (0.0, 10.0)
    assert piece.speed == pytest.approx(1.0)
    assert piece.votes == 20


@pytest.mark.parametrize("speed", [0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0])
def test_it_is_found_at_another_speed(speed: float) -> None:
    (piece,) = pieces(together(shared(50.2, 10.0 / speed, speed), noise(40)), HALF)
    assert piece.speed == pytest.approx(speed, rel=0.12)
    assert iou(piece, 50.2, 50.2 + 10.0 / speed) > 0.8


def test_it_is_found_as_often_as_it_is_shown() -> None:
    pairs = together(shared(10.0, 10.0), shared(30.0, 6.0, bank_from=4.0), shared(100.0, 10.0))
    found = pieces(pairs, HALF)
    assert [(each.query_from, each.query_to) for each in found] == [(10.0, 20.0), (30.0, 36.0), (100.0, 110.0)]
    assert (found[1].bank_from, found[1].bank_to) == (4.0, 10.0)


def test_one_that_is_shown_again_at_once_is_two_pieces() -> None:
    found = pieces(together(shared(10.0, 10.0), shared(20.0, 10.0)), HALF)
    assert [(each.query_from, each.query_to) for each in found] == [(10.0, 20.0), (20.0, 30.0)]


def test_a_still_picture_is_as_long_as_it_is_shown() -> None:
    """All its frames match all of those."""
    query, bank = np.meshgrid(np.arange(60.0, 70.0, 0.5), np.arange(0.0, 10.0, 0.5))
    (piece,) = pieces(Pairs(query.ravel(), bank.ravel()), HALF)
    assert (piece.query_from, piece.query_to) == (60.0, 70.0)
    assert piece.speed == pytest.approx(1.0)


def test_frames_that_match_by_chance_are_no_clip() -> None:
    assert [pieces(noise(30, seed=seed), HALF) for seed in range(40)] == [[]] * 40


def test_three_frames_that_two_videos_share_are_no_clip() -> None:
    assert pieces(shared(10.0, 1.5), HALF) == []


def test_half_of_the_frames_are_enough() -> None:
    whole = shared(130.2, 10.0)
    rng = np.random.default_rng(3)
    for _ in range(20):
        kept = whole.where(rng.permutation(len(whole)) < len(whole) // 2)
        (piece,) = pieces(together(kept, noise(40)), HALF)
        assert iou(piece, 130.2, 140.2) > 0.6


def test_nothing_matches_nothing() -> None:
    nothing = np.array([], dtype=np.float64)
    assert pieces(Pairs(nothing, nothing), HALF) == []


def test_pairs_of_unlike_number_are_refused() -> None:
    with pytest.raises(ValueError, match="as many query times as bank times"):
        Pairs(np.zeros(3), np.zeros(2))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 480), st.integers(0, 40)), max_size=300),
    st.sampled_from([0.25, 0.5, 1.0]),
)
def test_whatever_matches_it_ends_and_no_second_is_in_two_pieces(marks: list[tuple[int, int]], every: float) -> None:
    times = np.array(marks, dtype=np.float64).reshape(-1, 2) * every
    found = pieces(Pairs(times[:, 0], times[:, 1]), Sampling(every, every))
    for each in found:
        assert each.query_from < each.query_to
        assert each.bank_from < each.bank_to
        assert SLOWEST * 0.9 <= each.speed <= FASTEST * 1.1
        assert each.votes >= 4
    for before, after in pairwise(found):
        assert before.query_to <= after.query_from
