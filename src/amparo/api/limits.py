"""What stands under [api] in `amparo.toml`, as it is used."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from amparo.home import BadSettings, home

LONGEST_SECONDS = 120.0
"""A request may ask for this much time at most: more is work for the catalogue, not for somebody who waits."""
_LARGEST_MB = 2_000


@dataclass(frozen=True)
class Limits:
    """How large a file may be, how long looking at it may take, and whether HMA's addresses ask for a key."""

    file_bytes: int
    deadline_seconds: float
    is_hma_open: bool


@cache
def limits() -> Limits:
    """Return the limits of this process. Raises BadSettings."""
    return read_limits(home().read().get("api", {}))


def read_limits(written: Mapping[str, Any]) -> Limits:
    """Return what the table says, with the usual figures where it says nothing. Raises BadSettings."""
    size_mb = written.get("limit_mb", 100)
    seconds = written.get("deadline_seconds", 3)
    is_open = written.get("hma_without_key", False)
    if not _is_number(size_mb) or not 1 <= size_mb <= _LARGEST_MB:
        raise BadSettings(f"[api] limit_mb is a number from 1 to {_LARGEST_MB}. Correct it in amparo.toml.")
    if not _is_number(seconds) or not 0.1 <= seconds <= LONGEST_SECONDS:
        raise BadSettings(
            f"[api] deadline_seconds is a number from 0.1 to {LONGEST_SECONDS:.0f}. Correct it in amparo.toml."
        )
    if not isinstance(is_open, bool):
        raise BadSettings("[api] hma_without_key is true or false. Correct it in amparo.toml.")
    if is_open and not _is_loopback(str(written.get("listen", ""))):
        raise BadSettings(
            "[api] hma_without_key = true opens the banks to whoever reaches the address, so it holds only where "
            '`listen` is a loopback address such as "127.0.0.1:8004". Change one of the two in amparo.toml.'
        )
    return Limits(int(size_mb * 1024 * 1024), float(seconds), is_open)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_loopback(listen: str) -> bool:
    host = listen.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
