"""What two files share is told from their frames' hits, whichever of them is known, whatever matches by chance."""

import numpy as np
import pytest

from amparo.matching.copies import RADIUS, Hits, compare, hits_between
from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from tests.matching.hashes import flipped, uniform

CHANCE = np.random.default_rng(11)
LOOKS = uniform(CHANCE, 400)


def file(
    looks: list[int], *, qualities: int = 100, every_ms: int = 250, sha256: str = "", flips: int = 0
) -> Fingerprint:
    """A video whose frames have these looks, one of a picture; its turns look like nothing else."""
    count = len(looks)
    turns = uniform(np.random.default_rng([3, *looks]), count * 8).reshape(count, 8, 32)
    turns[:, 0] = flipped(np.random.default_rng(4), LOOKS[looks], np.full(count, flips))
    is_picture = count == 1
    return Fingerprint(
        sha256=sha256 or f"{hash((tuple(looks), every_ms, flips, qualities)) & (2**64 - 1):064x}",
        md5="0" * 32,
        kind=MediaKind.PICTURE if is_picture else MediaKind.VIDEO,
        duration_ms=0 if is_picture else count * every_ms,
        every_ms=0 if is_picture else every_ms,
        is_whole=True,
        frames=Frames(
            at_ms=(np.arange(count) * every_ms).astype(np.uint32),
            turns=turns,
            qualities=np.full(count, qualities, np.uint8),
            is_trimmed=np.zeros(count, np.bool_),
        ),
    )


def mirrored(made: Fingerprint) -> Fingerprint:
    """The same file with its looks in another turn, as a known work has them of a mirrored copy."""
    turns = made.frames.turns.copy()
    turns[:, [0, 5]] = turns[:, [5, 0]]
    frames = Frames(made.frames.at_ms, turns, made.frames.qualities, made.frames.is_trimmed)
    return Fingerprint("m" * 64, made.md5, made.kind, made.duration_ms, made.every_ms, made.is_whole, frames)


WORK = file(list(range(40)))
AROUND = list(range(100, 180))


def test_hits_between_two_files_are_all_that_are_within_the_radius() -> None:
    hits = hits_between(WORK, file([7, 90, 3], flips=RADIUS))
    found = zip(
        hits.work_frame.tolist(), hits.turn.tolist(), hits.item_frame.tolist(), hits.distance.tolist(), strict=True
    )
    assert sorted(found) == [(3, 0, 2, RADIUS), (7, 0, 0, RADIUS)]
    assert len(hits_between(WORK, file([7, 90, 3], flips=RADIUS + 1))) == 0


def test_two_pictures_are_compared_by_their_nearest_hashes() -> None:
    match = compare(file([5]), file([5], flips=12), hits_between(file([5]), file([5], flips=12)))
    assert match is not None
    assert (match.is_exact, match.distance, match.turn, match.pieces) == (False, 12, 0, ())


def test_equal_bytes_are_an_exact_match_though_no_frame_can_be_hashed() -> None:
    dark = file([1, 2, 3, 4], qualities=0, sha256="a" * 64)
    match = compare(dark, dark, hits_between(dark, dark))
    assert match is not None
    assert match.is_exact
    assert (match.pieces[0].query_from, match.pieces[0].query_to) == (0.0, 1.0)


@pytest.mark.parametrize("side", ["work", "item"])
def test_frames_that_say_too_little_are_no_match(side: str) -> None:
    work = file(list(range(40)), qualities=49 if side == "work" else 100)
    item = file(AROUND + list(range(40)), qualities=49 if side == "item" else 100)
    assert len(hits_between(work, item)) == 40
    assert compare(work, item, hits_between(work, item)) is None


def test_a_mirrored_copy_is_told_with_its_turn() -> None:
    work, item = mirrored(WORK), file(AROUND + list(range(40)) + AROUND, flips=9)
    match = compare(work, item, hits_between(work, item))
    assert match is not None
    assert (match.turn, match.distance) == (5, 9)
    assert [(piece.query_from, piece.query_to) for piece in match.pieces] == [(20.0, 30.0)]


def test_a_list_without_turns_is_searched_by_the_turns_of_the_item() -> None:
    item = mirrored(file(AROUND + list(range(40))))
    turned = hits_between(item, WORK)  # The item's turns, among the list's bare hashes.
    hits = Hits(turned.item_frame, turned.turn, turned.work_frame, turned.distance)
    match = compare(WORK, item, hits)
    assert match is not None
    assert match.turn == 5
    assert [(piece.query_from, piece.query_to) for piece in match.pieces] == [(20.0, 30.0)]


def test_hits_that_lie_anywhere_are_no_copy() -> None:
    order = np.random.default_rng(5).permutation(40).tolist()
    item = file([look for each in order for look in (each, *AROUND[each : each + 9])])
    hits = hits_between(WORK, item)
    assert len(hits) == 40
    assert compare(WORK, item, hits) is None


def test_a_second_that_two_videos_share_is_no_copy() -> None:
    item = file(AROUND + list(range(4)) + AROUND)
    assert compare(WORK, item, hits_between(WORK, item)) is None


def test_four_seconds_that_stand_still_are_no_copy_but_eight_are() -> None:
    for frames, is_copy in ((16, False), (32, True)):
        still = [300] * frames
        work = file(list(range(80)) + still)
        item = file(AROUND + still)
        assert (compare(work, item, hits_between(work, item)) is not None) is is_copy


def test_a_second_that_is_all_there_is_is_found() -> None:
    whole, second = file(list(range(40))), file([20, 21, 22, 23], flips=8)
    for work, item in ((whole, second), (second, whole)):
        match = compare(work, item, hits_between(work, item))
        assert match is not None
        assert match.pieces[0].votes == 4


def test_two_long_videos_in_which_nothing_moves_are_compared_all_the_same() -> None:
    """A million and a half pairs, as every frame matches all."""
    work, item = file([300] * 1200), file(AROUND + [300] * 1200, every_ms=250)
    match = compare(work, item, hits_between(work, item))
    assert match is not None
    (piece,) = match.pieces
    assert piece.query_from == pytest.approx(20, abs=10)
    assert piece.query_to == pytest.approx(320, abs=10)


def test_key_frames_of_an_item_are_a_match_by_one_hit() -> None:
    item = file([100, 7, 101, 102], every_ms=4000)
    keys = Fingerprint(item.sha256, item.md5, item.kind, 16_000, 4000, False, item.frames)
    match = compare(WORK, keys, hits_between(WORK, keys))
    assert match is not None
    assert (match.pieces[0].query_from, match.pieces[0].query_to) == (4.0, 8.0)
    assert compare(WORK, item, hits_between(WORK, item)) is None
