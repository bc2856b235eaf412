"""What was put around a picture is cut off, and what belongs to it is not."""

import io

import numpy as np
import pytest
from PIL import Image

from amparo.matching.border import trimmed
from tests.matching.pictures import Picture

SCENE = (240, 320)


def scene(height: int = SCENE[0], width: int = SCENE[1], seed: int = 1) -> Picture:
    """A picture whose edges are busy, as those of photographs are."""
    few = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    return np.array(Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC))


def within(picture: Picture, top: int, right: int, bottom: int, left: int, level: int = 0) -> Picture:
    return np.pad(picture, ((top, bottom), (left, right), (0, 0)), constant_values=level)


def place_of(view: Picture, whole: Picture) -> tuple[int, int, int, int]:
    """Return top, left, height and width of a view of an array."""
    start = view.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    row, rest = divmod(start, whole.strides[0])
    return row, rest // whole.strides[1], view.shape[0], view.shape[1]


@pytest.mark.parametrize("form", ["rgb", "grey"])
@pytest.mark.parametrize(
    ("margins", "level"),
    [
        pytest.param((40, 0, 40, 0), 0, id="black bars above and below"),
        pytest.param((0, 90, 0, 90), 0, id="black bars left and right"),
        pytest.param((24, 30, 24, 30), 255, id="a white frame"),
        pytest.param((50, 200, 150, 120), 128, id="small on grey, off the middle"),
        pytest.param((60, 0, 0, 0), 200, id="a bar above alone"),
    ],
)
def test_what_is_around_a_picture_is_cut_off(margins: tuple[int, int, int, int], level: int, form: str) -> None:
    whole = within(scene(), *margins, level)
    if form == "grey":
        whole = np.ascontiguousarray(whole[:, :, 1])
    inner = trimmed(whole)
    assert inner is not None
    assert place_of(inner, whole) == (margins[0], margins[3], *SCENE)


def test_bars_within_bars_are_cut_off() -> None:
    whole = within(within(scene(), 30, 0, 30, 0, 255), 0, 60, 0, 60, 0)
    inner = trimmed(whole)
    assert inner is not None
    assert place_of(inner, whole) == (30, 60, *SCENE)


@pytest.mark.parametrize("quality", [20, 50, 90])
def test_what_a_codec_does_to_a_border_does_not_keep_it(quality: int) -> None:
    whole = within(scene(), 40, 56, 40, 56, 128)
    file = io.BytesIO()
    Image.fromarray(whole).save(file, "JPEG", quality=quality)
    inner = trimmed(np.array(Image.open(file)))
    assert inner is not None
    assert np.abs(np.subtract(inner.shape[:2], SCENE)).max() <= 8


def test_rows_may_lie_apart() -> None:
    wide = np.zeros((320, 500, 3), np.uint8)
    wide[40:280, 60:380] = scene()
    inner = trimmed(wide[:, 20:420])
    assert inner is not None
    assert inner.shape == (*SCENE, 3)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(scene(), id="no border"),
        pytest.param(np.zeros((*SCENE, 3), np.uint8), id="nothing but black"),
        pytest.param(np.random.default_rng(2).integers(0, 256, (*SCENE, 3), dtype=np.uint8), id="noise"),
        pytest.param(within(scene(), 2, 2, 2, 2), id="a border too thin to matter"),
        pytest.param(within(scene(20, 30), 200, 200, 200, 200), id="hardly anything would be left"),
        pytest.param(scene(3, 3), id="nine pixels"),
        pytest.param(scene(1, 200), id="one row"),
    ],
)
def test_where_nothing_is_to_be_cut_off_nothing_is(picture: Picture) -> None:
    assert trimmed(picture) is None
