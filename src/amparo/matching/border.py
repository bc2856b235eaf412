"""Cuts off what was put around a picture: bars, a frame, or the plain ground on which it lies small.

A copy with a border has other hashes than its original; what is inside the border has the same. A line belongs to the
border if nearly all of it has the brightness that most of the outermost line has, give or take what a codec does.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_NOISE = 14
"""So far may brightness lie from the border's: what coarse compression does to a plain ground."""
_PLAIN = 0.97
_AMONG_WORDS, _MOST_WORDS = 0.35, 0.15
"""Nearly all of a line has to be plain, or a part of it where it holds words; so high are words, of a side."""
_UNSURE = 8
"""Lines; the blocks of most codecs, beyond which nothing rings, are as high."""
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
    """Return the picture without the bars above and below, and those to the left and right of the rest."""
    rows = _inside(picture)
    across = picture[rows].swapaxes(0, 1)
    columns = _inside(across)
    rows = _to_the_edge(picture[:, columns], rows)
    columns = _to_the_edge(picture[rows].swapaxes(0, 1), columns)
    return picture[rows, columns]


def _inside(lines: _Pixels) -> slice:
    """Return which lines are no border, from the first to the last. All, where all of them are plain."""
    count = len(lines)
    if count < 5 or lines.shape[1] < 5:
        return slice(0, count)
    before, after = _border_at_start(lines), _border_at_start(lines[::-1])
    return slice(0, count) if before + after >= count else slice(before, count - after)


def _border_at_start(lines: _Pixels) -> int:
    """Return how many lines from the first on are the border's, words between plain lines included."""
    sampled = _sampled(lines)
    level = _level(sampled[:2])
    if _share_near(sampled[:1], level)[0] < _PLAIN:
        return 0  # As in most pictures; nothing else has to be looked at.
    shares = _share_near(sampled, level)
    plain = np.flatnonzero(shares >= _PLAIN)
    words = _MOST_WORDS * len(lines)
    end = 0
    for start, stop in pairwise((-1, *plain.tolist())):
        if stop - start > 1 and (stop - start > words or (shares[start + 1 : stop] < _AMONG_WORDS).any()):
            break
        end = stop + 1
    return end


def _to_the_edge(lines: _Pixels, inside: slice) -> slice:
    """Return those lines from where the picture's edge is, near each cut: where brightness steps most.

    A codec blurs an edge into the plain ground, and what is dark at the edge may look like a part of a dark border.
    """
    start, stop = inside.start, inside.stop
    sampled = _sampled(lines)
    if start > 0:
        start = _edge_near(sampled, start)
    if stop < len(lines):
        stop = len(lines) - _edge_near(sampled[::-1], len(lines) - stop)
    return slice(start, stop) if stop - start > 1 else inside


def _edge_near(lines: _Pixels, cut: int) -> int:
    first, last = max(cut - _UNSURE, 1), min(cut + _UNSURE, len(lines) - 1)
    near = _brightness(lines[first - 1 : last + 1])
    steps = np.abs(np.diff(near, axis=0)).mean(axis=1)
    return first + int(steps.argmax())


def _sampled(lines: _Pixels) -> _Pixels:
    return lines[:, :: max(lines.shape[1] // _SAMPLES, 1)]


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
