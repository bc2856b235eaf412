"""Pictures that the tests draw: shapes, noise, waves and blur, in sizes nobody would choose."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Picture = npt.NDArray[np.uint8]


def pictures(number: int, *, seed: int, least: int = 5, most: int = 500) -> Iterator[Picture]:
    """Yield that many RGB pictures, each drawn in one of five ways."""
    chance = np.random.default_rng(seed)
    for turn in range(number):
        height, width = (int(side) for side in chance.integers(least, most, 2))
        yield (_shapes, _noise, _noisy_shapes, _blurred_shapes, _clouds)[turn % 5](chance, height, width)


def _shapes(chance: np.random.Generator, height: int, width: int) -> Picture:
    image = Image.new("RGB", (width, height), _colour(chance))
    pen = ImageDraw.Draw(image)
    for _ in range(int(chance.integers(1, 40))):
        left, right = sorted(chance.integers(0, width + 1, 2).tolist())
        top, bottom = sorted(chance.integers(0, height + 1, 2).tolist())
        draw = pen.ellipse if chance.random() < 0.5 else pen.rectangle
        draw((left, top, right, bottom), fill=_colour(chance))
    return np.array(image)


def _noise(chance: np.random.Generator, height: int, width: int) -> Picture:
    return chance.integers(0, 256, (height, width, 3), dtype=np.uint8)


def _noisy_shapes(chance: np.random.Generator, height: int, width: int) -> Picture:
    clean = _shapes(chance, height, width)
    grain = chance.normal(0, float(chance.integers(2, 60)), clean.shape)
    return np.clip(clean + grain, 0, 255).astype(np.uint8)


def _blurred_shapes(chance: np.random.Generator, height: int, width: int) -> Picture:
    blur = ImageFilter.GaussianBlur(float(chance.integers(1, 9)))
    return np.array(Image.fromarray(_shapes(chance, height, width)).filter(blur))


def _clouds(chance: np.random.Generator, height: int, width: int) -> Picture:
    few = chance.integers(0, 256, (*chance.integers(2, 14, 2), 3), dtype=np.uint8)
    return np.array(Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC))


def _colour(chance: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = chance.integers(0, 256, 3).tolist()
    return red, green, blue
