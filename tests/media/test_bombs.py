"""Bombs, lies and files that are two things at once: each is contained, and what is said of it is a sentence."""

import io
import resource

import pytest
from PIL import Image

from amparo.media.errors import SENTENCES, Refused
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Depth, Ended, Limits, Reason
from tests.media.bombs import BOMBS, OPENED
from tests.media.drawn import encoded, pattern

_LIMITS = Limits(seconds=6)
_MOST_MEMORY_KB = 1_500_000
_OWN_GROWTH_KB = 1_000_000


def _opened(sandbox: Sandbox, file: bytes, depth: Depth) -> tuple[Reason | None, Ended | None]:
    try:
        with sandbox.opened(file, depth, apart_ms=0, limits=_LIMITS) as media:
            for frame in media.frames:
                assert len(frame.pixels) == frame.stride * frame.height
        return OPENED, media.ended
    except Refused as refused:
        return refused.reason, refused.ended


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_contained(name: str, sandbox: Sandbox) -> None:
    make, expected = BOMBS[name]
    file = make()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reason, ended = _opened(sandbox, file, Depth.KEY_FRAMES)
    assert reason in expected
    assert ended is not None or reason is Reason.TOO_LONG
    assert ended is None or ended.most_memory_kb < _MOST_MEMORY_KB
    # A frame of the largest size is let through; many would not fit.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _OWN_GROWTH_KB


def test_there_are_as_many_bombs_as_were_promised() -> None:
    assert len(BOMBS) >= 60


@pytest.mark.parametrize("name", [name for name in BOMBS if name.endswith("_as_well")])
def test_what_is_two_things_at_once_is_opened_as_the_picture_that_everybody_sees(name: str, sandbox: Sandbox) -> None:
    file = BOMBS[name][0]()
    with sandbox.opened(file) as media:
        frames = list(media.frames)
    with Image.open(io.BytesIO(file)) as picture:
        assert bytes(frames[0].pixels) == picture.convert("RGB").tobytes()
    assert len(frames) == 1


def test_frames_before_the_one_too_many_are_told(sandbox: Sandbox) -> None:
    file = BOMBS["gif_of_a_million_frames"][0]()
    with sandbox.opened(file, Depth.FULL, limits=Limits(frames=10)) as media:
        assert [next(media.frames).index for _ in range(10)] == list(range(10))
        with pytest.raises(Refused) as refused:
            next(media.frames)
    assert refused.value.reason is Reason.TOO_MANY_FRAMES


def test_a_file_of_more_bytes_than_are_allowed_is_refused_unopened(sandbox: Sandbox) -> None:
    with pytest.raises(Refused) as refused, sandbox.opened(bytes(2000), limits=Limits(file_bytes=1999)):
        pass
    assert refused.value.reason is Reason.TOO_MANY_BYTES


def test_a_picture_of_exactly_as_many_pixels_as_are_allowed_is_opened(sandbox: Sandbox) -> None:
    file = encoded(pattern(100, 50), "PNG")
    with sandbox.opened(file, limits=Limits(pixels=5000)) as media:
        assert len(list(media.frames)) == 1
    with pytest.raises(Refused) as refused, sandbox.opened(file, limits=Limits(pixels=4999)):
        pass
    assert refused.value.reason is Reason.TOO_MANY_PIXELS


def test_less_memory_than_a_picture_needs_is_said(sandbox: Sandbox) -> None:
    file = encoded(pattern(2000, 2000), "PNG", compress_level=1)
    with pytest.raises(Refused) as refused, sandbox.opened(file, limits=Limits(memory_bytes=1)) as media:
        list(media.frames)
    assert refused.value.reason is Reason.TOO_MUCH_MEMORY


def test_every_reason_has_its_sentence_and_it_is_what_is_said() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(str(Refused(reason)) == sentence for reason, sentence in SENTENCES.items())
