"""The rule by which vPDQ calls two videos the same, worked out on our own hashes of the same frames.

One frame a second, as it is, of quality 50 and more; the same where 80 % of the query's frames are within 31 bits of
one of the other's (ThreatExchange's VPDQIndex, at its own settings).
"""

import numpy as np
import numpy.typing as npt

from amparo import _kernel
from amparo.matching.copies import RADIUS
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint

SHARE = 0.8


def is_same(query: Fingerprint, other: Fingerprint) -> bool:
    asked, known = _each_second(query), _each_second(other)
    if len(asked) == 0 or len(known) == 0:
        return False
    limits, _, _ = _kernel.join(_kernel.columns(known), asked, RADIUS)
    return float((limits[1:] > limits[:-1]).mean()) >= SHARE


def _each_second(made: Fingerprint) -> npt.NDArray[np.uint8]:
    frames = made.frames
    chosen = ~frames.is_trimmed
    seconds = frames.at_ms[chosen] // 1000
    first = np.unique(seconds, return_index=True)[1]
    good = frames.qualities[chosen][first] >= LEAST_QUALITY
    return np.ascontiguousarray(frames.hashes[chosen][first][good])
