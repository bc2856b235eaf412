"""The hashes that a picture's copies have when they are turned: of known works, to be searched for.

The kernel's eight turns, as the reference's, are worked out from one look at the picture. PDQ does not sample a
picture evenly from both ends, so where its sides are no multiples of 128 some of them are 20 to 50 bits from the hash
of a copy that was really turned: too far to be found. So the pixels are looked at from all four corners.
"""

import numpy as np
from numpy.typing import NDArray

from amparo import _kernel

_ON_DIAGONAL = 6


def turned(picture: NDArray[np.uint8]) -> tuple[tuple[bytes, ...], int]:
    """Return the hashes that the eight turns of a picture have, in the order of `pdq_turns`, and its quality.

    At four times the work of `pdq_turns`. Mirroring on the diagonal is exact there; a quarter turn is that after a
    mirroring.
    """
    as_is, quality = _kernel.pdq_turns(picture)
    left_to_right, _ = _kernel.pdq_turns(np.ascontiguousarray(picture[:, ::-1]))
    upside_down, _ = _kernel.pdq_turns(np.ascontiguousarray(picture[::-1]))
    both, _ = _kernel.pdq_turns(np.ascontiguousarray(picture[::-1, ::-1]))
    hashes = (
        as_is[0],
        left_to_right[_ON_DIAGONAL],
        both[0],
        upside_down[_ON_DIAGONAL],
        upside_down[0],
        left_to_right[0],
        as_is[_ON_DIAGONAL],
        both[_ON_DIAGONAL],
    )
    return hashes, quality
