"""Cuts off what was put around a picture: bars, a frame, or the plain ground on which it lies small.

A copy with a border has other hashes than its original; what is inside the border has the same. A line belongs to the
border if nearly all of it has the brightness that most of the outermost line has, give or take what a codec does.
"""

import numpy as np
from numpy.typing import NDArray

_NOISE = 14
"""So far may brightness lie from the border's: what coarse compression does to a plain ground."""
_PLAIN = 0.97
_MOSTLY, _RINGING = 0.5, 8
"""Nearly all of a line has to be plain; of the last eight, into whose blocks the picture's edge rings, most."""
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
    inner = picture
    for _ in range(_MOST_LAYERS):
        peeled = _without_one_layer(inner)
        if peeled.shape == inner.shape:
            break
        inner = peeled
    rows, columns = inner.shape[:2]
    if rows < _LEAST_LEFT * height or columns < _LEAST_LEFT * width:
        return None
    if height - rows < _LEAST_CUT * height and width - columns < _LEAST_CUT * width:
        return None
    return inner


def _without_one_layer(picture: _Pixels) -> _Pixels:
    """Return the picture without the bars above and below, those to the left and right, and the edge's ringing."""
    rows = _inside(picture)
    across = picture[rows].swapaxes(0, 1)
    columns = _inside(across)
    rows = _without_ringing(picture[:, columns], rows)
    columns = _without_ringing(picture[rows].swapaxes(0, 1), columns)
    return picture[rows, columns]


def _inside(lines: _Pixels) -> slice:
    """Return which lines are no border, from the first to the last. All, where all of them are plain."""
    count = len(lines)
    if count < 5 or lines.shape[1] < 5:
        return slice(0, count)
    before, after = _plain_at_start(lines), _plain_at_start(lines[::-1])
    return slice(0, count) if before + after >= count else slice(before, count - after)


def _plain_at_start(lines: _Pixels) -> int:
    """Return how many lines from the first on are the border's."""
    sampled = lines[:, :: max(lines.shape[1] // _SAMPLES, 1)]
    level = _level(sampled[:2])
    if _share_near(sampled[:1], level)[0] < _PLAIN:
        return 0  # As in most pictures; nothing else has to be looked at.
    return _run(_share_near(sampled, level) >= _PLAIN)


def _without_ringing(lines: _Pixels, inside: slice) -> slice:
    """Return those lines without the few at a cut that are mostly border still."""
    start, stop = inside.start, inside.stop
    if start > 0:
        start += _run(_share_near(lines[start : min(start + _RINGING, stop - 1)], _level(lines[:2])) >= _MOSTLY)
    if stop < len(lines):
        last = lines[max(stop - _RINGING, start + 1) : stop][::-1]
        stop -= _run(_share_near(last, _level(lines[-2:])) >= _MOSTLY)
    return slice(start, stop)


def _level(lines: _Pixels) -> int:
    return int(np.median(_brightness(lines)))


def _share_near(lines: _Pixels, level: int) -> NDArray[np.float64]:
    """Return which share of each line is as bright as that."""
    return np.asarray((np.abs(_brightness(lines) - level) <= _NOISE).mean(axis=1))


def _brightness(lines: _Pixels) -> NDArray[np.int16]:
    """Return how bright pixels are, all but alike to the eye. Colours spread farther out of a picture when encoded."""
    if lines.ndim == 2:
        return lines.astype(np.int16)
    red, green, blue = (lines[:, :, channel].astype(np.int16) for channel in range(3))
    return (red + 2 * green + blue) // 4


def _run(which: NDArray[np.bool_]) -> int:
    """Return how many are true before the first that is not."""
    return len(which) if which.all() else int(which.argmin())
