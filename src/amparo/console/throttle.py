"""Slows down whoever guesses passwords: by name from one network, by network, and by name from everywhere.

A browser in which that person has signed in before (`device.py`) is counted apart from all others. So guesses from a
thousand networks stop strangers' attempts at a name, and never the person whose name it is.

Counted in this process's memory, because the console is one process: a restart forgets, and nobody outside can cause
one. A name alone is blocked only by very many attempts, or anybody could keep people out of a browser that is new.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from ipaddress import IPv4Address, IPv6Address, ip_network

WITHIN_SECONDS = 15 * 60
# what is counted → how many attempts it has within that time
MOST = {"name and network": 5, "network": 30, "name": 100, "device": 10}
# An attacker chooses names, so what is remembered is bounded; the oldest is forgotten first.
_MOST_KEYS = 20_000


class Throttle:
    """Counts sign-ins that are being tried or have failed. Safe to share between threads."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._tried: OrderedDict[Hashable, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def may_try(self, name: str, address: IPv4Address | IPv6Address | None, device: str = "") -> bool:
        """Count one attempt, unless one of its limits is reached; return whether it may be made.

        `device` is a browser that this very person has signed in from: then its own limit counts, and no other.
        """
        with self._lock:
            now = self._seconds()
            kinds = _keys(name, address, device)
            if any(len(self._recent(key, now)) >= MOST[key[0]] for key in kinds):
                return False
            for key in kinds:
                self._recent(key, now).append(now)
                self._tried.move_to_end(key)
            while len(self._tried) > _MOST_KEYS:
                self._tried.popitem(last=False)
            return True

    def forgive(self, name: str, address: IPv4Address | IPv6Address | None, device: str = "") -> None:
        """Forget the attempts of a name from its network or device: the right password came."""
        with self._lock:
            self._tried.pop(_keys(name, address, device)[0], None)

    def _recent(self, key: Hashable, now: float) -> deque[float]:
        tried = self._tried.setdefault(key, deque())
        while tried and tried[0] <= now - WITHIN_SECONDS:
            tried.popleft()
        return tried


def network_of(address: IPv4Address | IPv6Address | None) -> str:
    """Return the network an address belongs to: one household or office, /24 or /64."""
    if address is None:
        return "unknown"
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


def _keys(name: str, address: IPv4Address | IPv6Address | None, device: str) -> tuple[tuple[str, str, str], ...]:
    name, network = name.casefold()[:60], network_of(address)
    if device:
        return (("device", name, device),)
    return ("name and network", name, network), ("network", "", network), ("name", name, "")
