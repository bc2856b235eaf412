"""Honest pictures and videos come out of the sandbox exactly as they decode without one."""

import io
import itertools
import struct
from typing import Any

import av
import numpy as np
import pytest
import simplejpeg
from PIL import Image

from amparo.media.sandbox import Media, Sandbox
from amparo.media.wire import Depth, Frame, Kind
from tests.media.drawn import animation, encoded, pattern
from tests.media.honest import PICTURES, VIDEOS, honest


def _opened(sandbox: Sandbox, file: Any, *depth: Depth, **more: Any) -> tuple[Media, list[Frame]]:
    with sandbox.opened(file, *depth, **more) as media:
        return media, list(media.frames)


def _pixels(frame: Frame) -> "np.ndarray[Any, Any]":
    rows = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.stride)
    return rows[:, : frame.width * frame.channels].reshape(frame.height, frame.width, frame.channels)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_opened_as_without_a_sandbox(name: str, sandbox: Sandbox) -> None:
    form, file = PICTURES[name][0], honest(name)
    media, frames = _opened(sandbox, file)
    with Image.open(io.BytesIO(file)) as picture:
        expected = np.asarray(picture.convert("RGB"))
    assert (media.header.kind, media.header.format) == (Kind.PICTURE, form)
    assert (media.header.height, media.header.width, 3) == expected.shape
    assert [frame.channels for frame in frames] == [3]
    assert np.array_equal(_pixels(frames[0]), expected)


@pytest.mark.parametrize("name", ["jpeg", "jpeg-progressive-444", "jpeg-grey"])
def test_a_jpeg_is_opened_as_simplejpeg_does_it(name: str, sandbox: Sandbox) -> None:
    _, frames = _opened(sandbox, honest(name))
    assert bytes(frames[0].pixels) == simplejpeg.decode_jpeg(honest(name), colorspace="RGB").tobytes()


def test_a_file_is_opened_like_its_bytes(sandbox: Sandbox, tmp_path: Any) -> None:
    file = tmp_path / "picture"
    file.write_bytes(honest("png"))
    with file.open("rb") as readable, sandbox.opened(readable) as media:
        frames = list(media.frames)
    assert frames == _opened(sandbox, honest("png"))[1]


def test_a_file_that_could_be_written_is_not_taken(sandbox: Sandbox, tmp_path: Any) -> None:
    with (tmp_path / "picture").open("w+b") as writable, pytest.raises(ValueError, match="reading only"):
        _opened(sandbox, writable)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_how_a_picture_is_to_be_turned_is_noted_and_its_pixels_are_not_turned(
    form: str, orientation: int, sandbox: Sandbox
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = encoded(pattern(40, 20), form, exif=exif.tobytes())
    media, frames = _opened(sandbox, file)
    assert media.header.orientation == orientation
    assert (frames[0].width, frames[0].height) == (40, 20)


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff"], ids=["no-tiff", "far-away"])
def test_a_picture_with_broken_exif_is_opened_as_not_turned(exif: bytes, sandbox: Sandbox) -> None:
    media, frames = _opened(sandbox, encoded(pattern(), "JPEG", exif=exif))
    assert media.header.orientation == 1
    assert len(frames) == 1


def test_a_grey_picture_of_sixteen_bits_is_opened_as_everybody_is_shown_it(sandbox: Sandbox) -> None:
    values = np.arange(256 * 256, dtype=np.uint16).reshape(256, 256)
    _, frames = _opened(sandbox, encoded(Image.fromarray(values), "PNG"))
    assert np.array_equal(_pixels(frames[0])[:, :, 1], values >> 8)


def test_what_is_behind_transparency_is_seen_and_that_there_is_some_is_said(sandbox: Sandbox) -> None:
    hidden = pattern().convert("RGBA")
    hidden.putalpha(0)
    media, frames = _opened(sandbox, encoded(hidden, "PNG"))
    assert media.header.has_alpha
    assert np.array_equal(_pixels(frames[0]), np.asarray(pattern()))


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_a_full_decode_of_an_animation_yields_every_frame(form: str, sandbox: Sandbox) -> None:
    file = animation(form)
    media, frames = _opened(sandbox, file, Depth.FULL)
    with Image.open(io.BytesIO(file)) as picture:
        expected = []
        for number in range(12):
            picture.seek(number)
            expected.append(np.asarray(picture.convert("RGB")))
    assert media.header.kind is Kind.ANIMATION
    assert [frame.at_us for frame in frames] == [number * 300_000 for number in range(12)]
    assert all(np.array_equal(_pixels(frame), other) for frame, other in zip(frames, expected, strict=True))


def test_frames_of_an_animation_are_as_far_apart_as_is_asked(sandbox: Sandbox) -> None:
    _, frames = _opened(sandbox, animation("GIF"), apart_ms=1000)
    assert [frame.at_us // 1000 for frame in frames] == [0, 1200, 2400]


def test_an_animation_that_claims_to_take_no_time_takes_what_browsers_give_it(sandbox: Sandbox) -> None:
    _, frames = _opened(sandbox, animation("GIF", milliseconds=0), apart_ms=500)
    assert [frame.at_us // 1000 for frame in frames] == [0, 500, 1000]


def _lumas(file: bytes, *, is_full: bool) -> list[tuple[int, "np.ndarray[Any, Any]"]]:
    """Return the luma of each frame with its time, decoded here by PyAV's own conversion to arrays."""
    with av.open(io.BytesIO(file), "r") as container:
        stream = container.streams.video[0]
        if not is_full:
            stream.codec_context.skip_frame = "NONKEY"
        found = []
        for frame in container.decode(stream):
            planar = frame.format.name.startswith(("yuv420p", "yuv444p")) and "10" not in frame.format.name
            array = frame.to_ndarray() if planar else frame.reformat(format="gray").to_ndarray()
            luma = array[0] if array.ndim == 3 else array[: frame.height]
            found.append((int(frame.time * 1_000_000), luma))
        return found


@pytest.mark.parametrize("depth", Depth, ids=lambda depth: depth.name)
@pytest.mark.parametrize("name", VIDEOS)
def test_a_video_is_opened_as_without_a_sandbox(name: str, depth: Depth, sandbox: Sandbox) -> None:
    form, file = VIDEOS[name][0], honest(name)
    media, frames = _opened(sandbox, file, depth, apart_ms=0)
    expected = _lumas(file, is_full=depth is Depth.FULL)
    assert (media.header.kind, media.header.format) == (Kind.VIDEO, form)
    assert len(expected) >= (72 if depth is Depth.FULL else 2)
    assert [frame.at_us for frame in frames] == [at for at, _ in expected]
    for frame, (_, luma) in zip(frames, expected, strict=True):
        assert frame.channels == 1
        assert np.array_equal(_pixels(frame)[:, :, 0], luma)


def test_a_video_says_how_long_it_claims_to_be(sandbox: Sandbox) -> None:
    media, _ = _opened(sandbox, honest("h264-mp4"))
    assert 2900 <= media.header.duration_ms <= 3100


def test_frames_of_a_video_are_at_least_as_far_apart_as_is_asked(sandbox: Sandbox) -> None:
    _, frames = _opened(sandbox, honest("h264-mp4"), Depth.FULL, apart_ms=400)
    gaps = [after.at_us - before.at_us for before, after in itertools.pairwise(frames)]
    assert len(frames) == 8
    assert min(gaps) >= 400_000


def test_a_stretch_that_is_damaged_keeps_nobody_from_seeing_the_rest_of_a_video(sandbox: Sandbox) -> None:
    file = bytearray(honest("h264-mkv-444"))
    middle = len(file) // 2
    file[middle : middle + 400] = bytes(400)
    _, frames = _opened(sandbox, bytes(file), Depth.FULL, apart_ms=0)
    assert len(frames) > 24


def test_whoever_wants_no_more_frames_may_leave(sandbox: Sandbox) -> None:
    with sandbox.opened(honest("h264-mp4"), Depth.FULL, apart_ms=0) as media:
        assert next(media.frames).index == 0
    assert len(_opened(sandbox, honest("png"))[1]) == 1


@pytest.mark.parametrize(
    ("matrix", "orientation"),
    [
        pytest.param((1, 0, 0, 1), 1, id="as-it-is"),
        pytest.param((0, 1, -1, 0), 6, id="a-quarter-clockwise-as-phones-held-upright-say"),
        pytest.param((-1, 0, 0, -1), 3, id="upside-down"),
        pytest.param((0, -1, 1, 0), 8, id="a-quarter-counterclockwise"),
    ],
)
def test_how_a_video_is_to_be_turned_is_noted(
    matrix: tuple[int, int, int, int], orientation: int, sandbox: Sandbox
) -> None:
    """The matrix of the track's head (ISO/IEC 14496-12, 8.3.2), whose entries a, b, c, d stand among three others."""
    file = bytearray(honest("h264-mp4"))
    place = file.index(b"tkhd") + 44
    a, b, c, d = (number << 16 for number in matrix)
    file[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    media, frames = _opened(sandbox, bytes(file))
    assert media.header.orientation == orientation
    assert (frames[0].width, frames[0].height) == (320, 240)
