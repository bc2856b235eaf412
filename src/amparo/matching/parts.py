"""What of a known picture a copy may show that was cropped, covered in part or leant, each to be hashed as well.

PDQ bears a crop of some per cent and a lean of two degrees. So the middle is taken in steps of less than that, down to
half of each side, the picture without what a banner above or below covers, and the picture leant a little either way:
most such copies are near one of them. What is cut off at one corner is not. This is for known works alone, which are
few: their parts are looked for in everything else, which then needs no parts.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_MIDDLE = tuple(0.955**step for step in range(1, 16))
_WITHOUT_BANNER = tuple(0.94**step for step in range(1, 5))
_DEGREES = (-6, -3, 3, 6)
_LEANT_SIDE = 512

_Pixels = NDArray[np.uint8]


def parts(picture: _Pixels) -> Iterator[_Pixels]:
    """Yield pictures, 27 in all: views of the middle, of all but the lower or upper edge, and leant copies."""
    height, width = picture.shape[:2]
    for scale in _MIDDLE:
        rows, columns = round(height * scale), round(width * scale)
        top, left = (height - rows) // 2, (width - columns) // 2
        yield picture[top : top + rows, left : left + columns]
    for scale in _WITHOUT_BANNER:
        rows = round(height * scale)
        yield picture[:rows]
        yield picture[height - rows :]
    few = max(max(height, width) // _LEANT_SIDE, 1)
    for degrees in _DEGREES:
        yield _leant(picture[::few, ::few], degrees)


def _leant(picture: _Pixels, degrees: int) -> _Pixels:
    """Return the picture turned about its middle, black where nothing of it comes to lie."""
    height, width = picture.shape[:2]
    rows, columns, is_inside = _places(height, width, degrees)
    turned = picture[rows, columns]
    turned[~is_inside] = 0
    return turned


@lru_cache(maxsize=len(_DEGREES) * 2)
def _places(height: int, width: int, degrees: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Return where each pixel of a leant picture is taken from, and whether there is one."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    down, across = down - (height - 1) / 2, across - (width - 1) / 2
    sine, cosine = np.sin(np.deg2rad(degrees)), np.cos(np.deg2rad(degrees))
    rows = np.rint(cosine * down - sine * across + (height - 1) / 2).astype(np.int32)
    columns = np.rint(sine * down + cosine * across + (width - 1) / 2).astype(np.int32)
    is_inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return rows.clip(0, height - 1), columns.clip(0, width - 1), is_inside
