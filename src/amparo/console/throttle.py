"""Slows down whoever guesses passwords: by name from one network, by network, and by name from everywhere.

Counted in this process's memory, because the console is one process: a restart forgets, and nobody outside can cause
one. A name alone is blocked only by very many attempts, or anybody could lock the staff out.
"""

import ipaddress
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

WITHIN_SECONDS = 15 * 60
# what is counted → how many attempts it has within that time
MOST = {"name and network": 5, "network": 30, "name": 100}
# An attacker chooses names, so what is remembered is bounded; the oldest is forgotten first.
_MOST_KEYS = 20_000


class Throttle:
    """Counts sign-ins that are being tried or have failed. Safe to share between threads."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._tried: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def may_try(self, name: str, address: str) -> bool:
        """Count one attempt, unless one of its limits is reached; return whether it may be made."""
        with self._lock:
            now = self._seconds()
            kinds = _keys(name, address)
            if any(len(self._recent(key, now)) >= MOST[key[0]] for key in kinds):
                return False
            for key in kinds:
                self._recent(key, now).append(now)
                self._tried.move_to_end(key)
            while len(self._tried) > _MOST_KEYS:
                self._tried.popitem(last=False)
            return True

    def forgive(self, name: str, address: str) -> None:
        """Forget the attempts of a name from its network: the right password came."""
        with self._lock:
            self._tried.pop(_keys(name, address)[0], None)

    def _recent(self, key: Hashable, now: float) -> deque[float]:
        tried = self._tried.setdefault(key, deque())
        while tried and tried[0] <= now - WITHIN_SECONDS:
            tried.popleft()
        return tried


def network_of(address: str) -> str:
    """Return the network an address belongs to: one household or office, /24 or /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 64), strict=False))


def _keys(name: str, address: str) -> tuple[tuple[str, str, str], ...]:
    name, network = name.casefold()[:60], network_of(address)
    return ("name and network", name, network), ("network", "", network), ("name", name, "")
