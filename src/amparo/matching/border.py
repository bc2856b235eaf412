"""Cuts off what was put around a picture: bars, a frame, or the plain ground on which it lies small.

A copy with a border has other hashes than its original; what is inside the border has the same. A line belongs to the
border if nearly all of it has the brightness that most of the outermost line has, give or take what a codec does.
"""

import numpy as np
from numpy.typing import NDArray

_NOISE = 14
"""So far may brightness lie from the border's: what coarse compression does to a plain ground."""
_PLAIN = 0.97
"""Such a share of a line has to be plain: a codec's ringing around the picture may spoil the rest."""
_LEAST_CUT = 0.02
_LEAST_LEFT = 0.2
_SAMPLES = 160
_MOST_LAYERS = 3

_Pixels = NDArray[np.uint8]


def trimmed(picture: _Pixels) -> _Pixels | None:
    """Return a view of the picture without its border; None where there is none, or nothing would be left.

    `picture`: uint8 of (height, width) or (height, width, channels), rows anywhere. Bars within bars, of another
    brightness, go too. Borders under a fiftieth of a side stay: they do not change a hash.
    """
    height, width = picture.shape[:2]
    left_over = picture
    for _ in range(_MOST_LAYERS):
        inner = _without_one_layer(left_over)
        if inner.shape == left_over.shape:
            break
        left_over = inner
    rows, columns = left_over.shape[:2]
    if rows < _LEAST_LEFT * height or columns < _LEAST_LEFT * width:
        return None
    if height - rows < _LEAST_CUT * height and width - columns < _LEAST_CUT * width:
        return None
    return left_over


def _without_one_layer(picture: _Pixels) -> _Pixels:
    """Return the picture without the bars above and below, then without those to the left and right of the rest."""
    picture = picture[_inside(picture)]
    return picture[:, _inside(picture.swapaxes(0, 1))]


def _inside(lines: _Pixels) -> slice:
    """Return which lines are no border, from the first to the last. All, where all of them are plain."""
    if len(lines) < 5 or lines.shape[1] < 5:
        return slice(None)
    before, after = _plain_at_start(lines), _plain_at_start(lines[::-1])
    return slice(None) if before + after >= len(lines) else slice(before, len(lines) - after)


def _plain_at_start(lines: _Pixels) -> int:
    """Return how many lines from the first on are the border's."""
    sampled = lines[:, :: max(lines.shape[1] // _SAMPLES, 1)]
    level = np.median(sampled[:2], axis=(0, 1)).astype(np.int16)
    if not _are_plain(sampled[:1], level)[0]:
        return 0  # As in most pictures; nothing else has to be looked at.
    plain = _are_plain(sampled, level)
    return len(plain) if plain.all() else int(plain.argmin())


def _are_plain(lines: _Pixels, level: NDArray[np.int16]) -> NDArray[np.bool_]:
    near = np.abs(lines.astype(np.int16) - level) <= _NOISE
    if near.ndim == 3:
        near = near.all(axis=2)
    return np.asarray(near.mean(axis=1) >= _PLAIN)
