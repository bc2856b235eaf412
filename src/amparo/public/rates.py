"""How often something has come of late, by key, shared by every process of this machine's door.

A count that fades: after half a minute a third of it is left. It lies in one small file of the home (`run/rates`), so
it asks no database and grows with nobody's number. What a machine counted before it was started anew counts no more, as
its seconds begin anew; the file stays and is written over. A key is hashed into two places of the file and
the lower one counts, so two keys rarely share one, and then both count a little too much. Two processes that write at
one moment may lose a count: it is a brake, not a book.
"""

import hashlib
import logging
import math
import mmap
import os
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

_FADES_IN_SECONDS = 30.0
_A_MINUTE = 60.0 / _FADES_IN_SECONDS
_SLOT = struct.Struct("<dd")
_SLOTS = 16_384
_ROWS = 2


class Rates:
    """Counts by key in that file. `path` None: in the memory of this process alone. Safe to share between threads."""

    def __init__(self, path: Path | None, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._counts = _shared(path)

    def note(self, key: str) -> float:
        """Count one more, and return how many a minute come under this key, that one included."""
        return self._at(key, 1.0)

    def of(self, key: str) -> float:
        """Return how many a minute come under this key."""
        return self._at(key, 0.0)

    def _at(self, key: str, more: float) -> float:
        now = self._now()
        with self._lock:
            counts = [self._count(place, now) for place in _places(key)]
            if more:
                for place, count in zip(_places(key), counts, strict=True):
                    _SLOT.pack_into(self._counts, place, count + more, now)
        return (min(counts) + more) * _A_MINUTE

    def _count(self, place: int, now: float) -> float:
        count, at = _SLOT.unpack_from(self._counts, place)
        # A machine that was started anew counts its seconds from the beginning.
        if not math.isfinite(count) or not 0.0 <= now - at < 3600.0:
            return 0.0
        return float(count * math.exp((at - now) / _FADES_IN_SECONDS))


def _places(key: str) -> list[int]:
    drawn = hashlib.blake2b(key.encode(), digest_size=8 * _ROWS).digest()
    numbers = struct.unpack(f"<{_ROWS}Q", drawn)
    return [(row * _SLOTS + number % _SLOTS) * _SLOT.size for row, number in enumerate(numbers)]


def _shared(path: Path | None) -> mmap.mmap:
    size_bytes = _ROWS * _SLOTS * _SLOT.size
    if path is None:
        return mmap.mmap(-1, size_bytes)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, size_bytes)
            return mmap.mmap(descriptor, size_bytes)
        finally:
            os.close(descriptor)
    except OSError as error:
        # A door that counts for itself alone brakes later. One that does not start takes nothing.
        log.error("the file of rates cannot be shared (%s); this process counts alone", type(error).__name__)
        return mmap.mmap(-1, size_bytes)
