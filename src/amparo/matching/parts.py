"""The parts of a known picture that a cropped copy may show, each to be hashed beside the whole.

PDQ bears a crop of a few per cent. So the middle is taken in steps of a few per cent, down to half of each side, and
whatever a copy keeps of the middle is near one of them. This is for known works alone, which are few: their parts are
looked for in everything else, which then needs no parts.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

SCALES = (0.93, 0.865, 0.805, 0.75, 0.695, 0.645, 0.6, 0.56, 0.52, 0.485)


def parts(picture: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Yield views of the middle of a picture, each smaller by a fourteenth than the one before."""
    height, width = picture.shape[:2]
    for scale in SCALES:
        rows, columns = round(height * scale), round(width * scale)
        top, left = (height - rows) // 2, (width - columns) // 2
        yield picture[top : top + rows, left : left + columns]
