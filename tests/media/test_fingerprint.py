"""What is kept of real files, opened in the real sandbox, and what of it is known again in others."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from amparo import _kernel
from amparo.matching.copies import Match, compare, hits_between
from amparo.matching.fingerprint import Fingerprint, MediaKind
from amparo.media.errors import Refused
from amparo.media.fingerprint import fingerprint
from amparo.media.sandbox import Sandbox
from tests.media.clips import Picture, as_video, blank, card, changed, moving
from tests.media.drawn import animation, encoded, pattern
from tests.media.honest import honest


@pytest.fixture(scope="module")
def work(full_sandbox: Sandbox) -> Fingerprint:
    """A known video of ten seconds."""
    return fingerprint(full_sandbox, as_video(moving(1)), is_work=True)


def found(work: Fingerprint, sandbox: Sandbox, *pictures: list[Picture], is_whole: bool = True) -> Match | None:
    """Compare the work with a video that shows all of these, one after another."""
    item = fingerprint(sandbox, as_video([each for part in pictures for each in part]), is_whole=is_whole)
    return compare(work, item, hits_between(work, item))


def test_a_picture_has_the_digests_of_its_bytes_and_the_hashes_of_its_pixels(sandbox: Sandbox) -> None:
    file = honest("png")
    made = fingerprint(sandbox, file)
    hashes, quality = _kernel.pdq_turns(np.asarray(pattern(33, 7)))
    assert (made.sha256, made.md5) == (
        hashlib.sha256(file).hexdigest(),
        hashlib.md5(file, usedforsecurity=False).hexdigest(),
    )
    assert (made.kind, made.is_whole, made.duration_ms, made.every_ms) == (MediaKind.PICTURE, True, 0, 0)
    assert made.frames.turns[0].tobytes() == b"".join(hashes)
    assert made.frames.qualities[0] == quality


def test_a_file_has_the_fingerprint_of_its_bytes(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "video").write_bytes(honest("h264-mp4"))
    with (tmp_path / "video").open("rb") as file:
        file.seek(100)
        from_file = fingerprint(sandbox, file)
    from_bytes = fingerprint(sandbox, honest("h264-mp4"))
    assert (from_file.sha256, from_file.duration_ms) == (from_bytes.sha256, from_bytes.duration_ms)
    assert np.array_equal(from_file.frames.turns, from_bytes.frames.turns)


def test_of_a_video_key_frames_are_hashed_and_on_demand_four_frames_a_second(sandbox: Sandbox) -> None:
    file = as_video(moving(3))
    keys, whole = fingerprint(sandbox, file), fingerprint(sandbox, file, is_whole=True)
    assert (keys.is_whole, whole.is_whole) == (False, True)
    assert 1 <= len(keys.frames) <= 5
    assert whole.frames.at_ms.tolist() == list(range(0, 10_000, 250))
    assert (whole.every_ms, whole.duration_ms) == (250, 10_000)


def test_a_picture_within_a_border_is_hashed_without_it_too(sandbox: Sandbox) -> None:
    inner = moving(1)[0]
    bordered = np.pad(inner, ((40, 40), (0, 0), (0, 0)))
    made = fingerprint(sandbox, encoded(Image.fromarray(bordered), "PNG"))
    assert made.frames.is_trimmed.tolist() == [False, True]
    assert made.frames.turns[1].tobytes() == b"".join(_kernel.pdq_turns(inner)[0])


def test_what_moves_without_a_decoder_of_videos_is_a_video_too(sandbox: Sandbox) -> None:
    made = fingerprint(sandbox, animation("GIF"), is_whole=True)
    assert (made.kind, made.duration_ms) == (MediaKind.VIDEO, 3600)
    assert len(np.unique(made.frames.at_ms)) == 12


@pytest.mark.parametrize("name", ["mirrored", "letterboxed", "small on grey", "cropped", "dimmed", "turned"])
def test_a_changed_copy_is_found_within_another_video(name: str, work: Fingerprint, sandbox: Sandbox) -> None:
    match = found(work, sandbox, moving(7), changed(moving(1), name), moving(8))
    assert match is not None
    (piece,) = match.pieces
    assert piece.query_from == pytest.approx(10, abs=1.1)
    assert piece.query_to == pytest.approx(20, abs=1.1)
    assert piece.bank_from == pytest.approx(0, abs=1.1)
    assert piece.bank_to == pytest.approx(10, abs=1.1)
    assert piece.speed == pytest.approx(1, abs=0.1)
    assert not match.is_exact
    assert match.distance <= 31


@pytest.mark.parametrize("speed", [0.75, 1.5])
def test_a_copy_at_another_speed_is_found_and_its_speed_told(speed: float, work: Fingerprint, sandbox: Sandbox) -> None:
    frames = moving(1)
    kept = [frames[int(at)] for at in np.arange(0, len(frames) - 0.5, speed)]
    match = found(work, sandbox, moving(7), kept)
    assert match is not None
    (piece,) = match.pieces
    assert piece.speed == pytest.approx(speed, rel=0.1)
    assert piece.query_from == pytest.approx(10, abs=1.1)
    assert piece.query_to == pytest.approx(10 + 10 / speed, abs=1.1)


def test_of_a_copy_that_was_trimmed_it_is_told_which_seconds_it_shows(work: Fingerprint, sandbox: Sandbox) -> None:
    match = found(work, sandbox, moving(1)[36:96])
    assert match is not None
    (piece,) = match.pieces
    assert (piece.bank_from, piece.bank_to) == (pytest.approx(3, abs=0.6), pytest.approx(8, abs=0.6))
    assert (piece.query_from, piece.query_to) == (pytest.approx(0, abs=0.6), pytest.approx(5, abs=0.6))


def test_seconds_that_are_shown_twice_are_two_pieces(work: Fingerprint, sandbox: Sandbox) -> None:
    match = found(work, sandbox, moving(1)[:60], moving(7), moving(1)[60:])
    assert match is not None
    assert [round(piece.query_from) for piece in match.pieces] == [0, 15]
    assert [round(piece.bank_from) for piece in match.pieces] == [0, 5]


@pytest.mark.parametrize("between", [card(4), blank(4)], ids=["a title card", "black frames"])
def test_a_card_that_two_videos_share_is_no_copy(between: list[Picture], sandbox: Sandbox) -> None:
    work = fingerprint(sandbox, as_video(between + moving(1)), is_work=True)
    assert found(work, sandbox, between, moving(7)) is None
    assert found(work, sandbox, between, moving(1), moving(7)) is not None


def test_another_video_is_no_copy(work: Fingerprint, sandbox: Sandbox) -> None:
    assert found(work, sandbox, moving(7), moving(8)) is None


def test_a_video_in_which_nothing_moves_is_found_as_long_as_it_is_shown(sandbox: Sandbox) -> None:
    still = [moving(4)[0]] * 120
    work = fingerprint(sandbox, as_video(still), is_work=True)
    match = found(work, sandbox, moving(7), still)
    assert match is not None
    (piece,) = match.pieces
    assert (round(piece.query_from), round(piece.query_to)) == (10, 20)


def test_a_picture_within_a_video_is_found_where_it_is_shown(sandbox: Sandbox) -> None:
    work = fingerprint(sandbox, encoded(Image.fromarray(moving(4)[0]), "JPEG"))
    match = found(work, sandbox, moving(7), [moving(4)[0]] * 24, moving(8), changed([moving(4)[0]] * 24, "mirrored"))
    assert match is not None
    assert [(round(piece.query_from), round(piece.query_to)) for piece in match.pieces] == [(10, 12), (22, 24)]
    assert {(piece.bank_from, piece.bank_to) for piece in match.pieces} == {(0, 0)}


def test_a_frame_of_a_video_that_is_posted_as_a_picture_is_found(work: Fingerprint, sandbox: Sandbox) -> None:
    item = fingerprint(sandbox, encoded(Image.fromarray(moving(1)[60]), "JPEG"))
    match = compare(work, item, hits_between(work, item))
    assert match is not None
    (piece,) = match.pieces
    assert piece.bank_from <= 5 <= piece.bank_to
    assert (piece.query_from, piece.query_to) == (0, 0)


def test_a_mirrored_picture_is_found_and_its_turn_told(sandbox: Sandbox) -> None:
    picture = Image.fromarray(moving(4)[0])
    work = fingerprint(sandbox, encoded(picture, "PNG"))
    item = fingerprint(sandbox, encoded(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), "JPEG"))
    match = compare(work, item, hits_between(work, item))
    assert match is not None
    assert match.pieces == ()
    assert _kernel.pdq_turns(np.asarray(picture))[0][match.turn] == item.frames.hashes[0].tobytes() or match.distance


def test_key_frames_alone_are_enough_for_a_suspicion(work: Fingerprint, sandbox: Sandbox) -> None:
    match = found(work, sandbox, moving(7), moving(1), moving(8), is_whole=False)
    assert match is not None
    assert any(9 <= piece.query_from <= 20 for piece in match.pieces)
    assert found(work, sandbox, moving(7), moving(8), is_whole=False) is None


def test_what_cannot_be_hashed_says_so_and_is_known_by_its_bytes_alone(sandbox: Sandbox) -> None:
    dark = as_video(blank(3))
    work, item = fingerprint(sandbox, dark, is_work=True), fingerprint(sandbox, as_video(blank(4)), is_whole=True)
    assert not work.is_hashable
    assert compare(work, item, hits_between(work, item)) is None
    same = fingerprint(sandbox, dark)
    match = compare(work, same, hits_between(work, same))
    assert match is not None
    assert match.is_exact
    assert [(piece.query_from, piece.query_to) for piece in match.pieces] == [(0, 3)]


def test_a_video_that_breaks_off_is_known_by_what_comes_before(work: Fingerprint, sandbox: Sandbox) -> None:
    file = as_video(moving(1), container="matroska")
    item = fingerprint(sandbox, file[: len(file) * 2 // 3], is_whole=True)
    match = compare(work, item, hits_between(work, item))
    assert match is not None


@pytest.mark.parametrize("file", [b"no picture", honest("png")[:200]], ids=["no picture at all", "a picture cut off"])
def test_what_cannot_be_opened_is_refused(file: bytes, sandbox: Sandbox) -> None:
    with pytest.raises(Refused):
        fingerprint(sandbox, file)
