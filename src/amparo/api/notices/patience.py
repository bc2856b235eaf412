"""How much one key may ask in a minute. Over it the answer is 429 with the time to wait, and nothing was taken."""

import threading
import time
from collections.abc import Callable
from functools import cache

from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.limits import limits

BULK_COSTS = 60
"""A file with a thousand rows is more work than one notice."""
_MINUTE = 60.0
_MOST_KEPT = 5_000
"""Above so many buckets, those that are full again are dropped: a new one is full, too."""


class Buckets:
    """A bucket for each key, in the memory of this process: filled evenly, and never above a minute's worth."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._now = per_minute, now
        self._left: dict[str, tuple[float, float]] = {}
        self._most = _MOST_KEPT
        self._lock = threading.Lock()

    def take(self, key: str, cost: int = 1) -> None:
        """Take from a key's bucket. Raises ApiError 429 with `Retry-After`."""
        with self._lock:
            left, needed, now = self._had(key, cost)
            self._left[key] = (left - needed, now)
            if len(self._left) > self._most:
                self._left = {key: had for key, had in self._left.items() if now - had[1] < _MINUTE}
                self._most = max(_MOST_KEPT, 2 * len(self._left))

    def must_have(self, key: str) -> None:
        """Raise ApiError 429 as `take` does, and take nothing."""
        with self._lock:
            self._had(key, 1)

    def _had(self, key: str, cost: int) -> tuple[float, float, float]:
        """Return what is left, what is needed of it, and the time."""
        now = self._now()
        left, at = self._left.get(key, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - at) * self._per_minute / _MINUTE)
        # What costs more than a whole bucket waits for a full one.
        needed = min(cost, self._per_minute)
        if left < needed:
            wait = int((needed - left) * _MINUTE / self._per_minute) + 1
            sentence = f"This key asks too often. Nothing was taken; send it again in {wait} s."
            raise ApiError(429, "too_often", sentence, retry_after=wait)
        return left, needed, now


@cache
def buckets() -> Buckets:
    """Return the buckets of this process."""
    return Buckets(limits().requests_per_minute)


def take(caller: Caller, cost: int = 1) -> None:
    """Count a request of a key. Raises ApiError 429."""
    buckets().take(caller.name, cost)
