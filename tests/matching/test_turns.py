"""A known picture's hashes are those of its copies: turned, cropped, covered, leant."""

import numpy as np
import pytest
from PIL import Image

from amparo import _kernel
from amparo.matching.parts import parts
from amparo.matching.turns import turned
from tests.matching.pictures import Picture, pictures

TURNED = {
    "as it is": lambda picture: picture,
    "a quarter counter-clockwise": lambda picture: np.rot90(picture),
    "upside down and mirrored": lambda picture: np.rot90(picture, 2),
    "a quarter clockwise": lambda picture: np.rot90(picture, 3),
    "upside down": lambda picture: picture[::-1],
    "left to right": lambda picture: picture[:, ::-1],
    "on the diagonal": lambda picture: picture.swapaxes(0, 1),
    "on the other diagonal": lambda picture: np.rot90(picture, 2).swapaxes(0, 1),
}


@pytest.mark.parametrize("turn", TURNED)
@pytest.mark.parametrize("form", ["rgb", "grey"])
def test_the_hash_of_each_turn_is_that_of_the_copy_really_turned(turn: str, form: str) -> None:
    for picture in pictures(10, seed=6, least=60):
        pixels = picture if form == "rgb" else np.ascontiguousarray(picture[:, :, 0])
        hashes, quality = turned(pixels)
        copy = np.ascontiguousarray(TURNED[turn](pixels))
        assert hashes[list(TURNED).index(turn)] == _kernel.pdq(copy)[0]
        assert quality == _kernel.pdq(pixels)[1]


@pytest.mark.parametrize("share", [0.95, 0.92, 0.9, 0.85, 0.8, 0.75, 0.7, 0.66, 0.6, 0.55, 0.5])
def test_some_part_is_near_a_copy_of_which_that_share_of_the_middle_is_left(share: float) -> None:
    for picture in detailed():
        height, width = picture.shape[:2]
        top, left = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
        assert nearest(picture, picture[top : height - top, left : width - left]) <= 31


@pytest.mark.parametrize("share", [0.95, 0.9, 0.85, 0.78])
def test_some_part_is_near_most_copies_without_their_lower_or_upper_edge(share: float) -> None:
    distances = []
    for picture in detailed():
        rows = round(len(picture) * share)
        distances += [nearest(picture, picture[:rows]), nearest(picture, picture[-rows:])]
    assert sum(distance <= 31 for distance in distances) >= 4, distances


@pytest.mark.parametrize("degrees", [-6, -4, 4, 5])
def test_some_part_is_near_a_copy_that_leans(degrees: int) -> None:
    for picture in detailed():
        leant = Image.fromarray(picture).rotate(degrees, Image.Resampling.BILINEAR)
        assert nearest(picture, np.asarray(leant)) <= 31


def test_a_tiny_picture_has_parts_too() -> None:
    assert all(part.size > 0 for part in parts(np.zeros((5, 5, 3), np.uint8)))


def detailed() -> list[Picture]:
    """Three pictures with something everywhere, as photographs have."""
    made = []
    for seed in range(3):
        few = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
        made.append(np.array(Image.fromarray(few).resize((480, 360), Image.Resampling.BICUBIC)))
    return made


def nearest(picture: Picture, copy: Picture) -> int:
    hashed = np.frombuffer(_kernel.pdq(np.ascontiguousarray(copy))[0], np.uint8)
    known = [np.frombuffer(_kernel.pdq(np.ascontiguousarray(part))[0], np.uint8) for part in parts(picture)]
    return min(int(np.bitwise_count(hashed ^ one).sum()) for one in known)
