"""What stands under [api] in `amparo.toml`, as it is used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from amparo.cases.refs import SubjectKind
from amparo.home import BadSettings, home

LONGEST_SECONDS = 120.0
"""A request may ask for this much time at most: more is work for the catalogue, not for somebody who waits."""
_LARGEST_MB = 2_000
_HOST = re.compile(r"\*|[a-z0-9-]+(\.[a-z0-9-]+)+")
_MOST_PER_MINUTE = 100_000


@dataclass(frozen=True)
class Limits:
    """How large a file may be, how long looking at it may take, and where HMA's addresses ask for no key.

    `requests_per_minute`: how often one key may send or see notices. `coop_types`: what Coop's types of items are
    here, as `platform:kind`. `flags_from`: the servers whose flags are taken, and `*` for any.
    """

    file_bytes: int
    deadline_seconds: float
    keyless: tuple[str, int] | None
    requests_per_minute: int = 600
    coop_types: Mapping[str, str] = field(default_factory=dict)
    flags_from: tuple[str, ...] = ()


@cache
def limits() -> Limits:
    """Return the limits of this process. Raises BadSettings."""
    return read_limits(home().read().get("api", {}))


def read_limits(written: Mapping[str, Any]) -> Limits:
    """Return what the table says, with the usual figures where it says nothing. Raises BadSettings."""
    size_mb = written.get("limit_mb", 100)
    seconds = written.get("deadline_seconds", 3)
    if not _is_number(size_mb) or not 1 <= size_mb <= _LARGEST_MB:
        raise BadSettings(f"[api] limit_mb is a number from 1 to {_LARGEST_MB}. Correct it in amparo.toml.")
    if not _is_number(seconds) or not 0.1 <= seconds <= LONGEST_SECONDS:
        raise BadSettings(
            f"[api] deadline_seconds is a number from 0.1 to {LONGEST_SECONDS:.0f}. Correct it in amparo.toml."
        )
    per_minute = written.get("requests_per_minute", 600)
    if not isinstance(per_minute, int) or isinstance(per_minute, bool) or not 1 <= per_minute <= _MOST_PER_MINUTE:
        sentence = (
            f"[api] requests_per_minute is a whole number from 1 to {_MOST_PER_MINUTE}. Correct it in amparo.toml."
        )
        raise BadSettings(sentence)
    return Limits(
        int(size_mb * 1024 * 1024),
        float(seconds),
        _keyless(written),
        per_minute,
        _coop_types(written),
        _flags_from(written),
    )


def _flags_from(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the servers whose flags are taken. Raises BadSettings."""
    hosts = written.get("flags_from", [])
    if not isinstance(hosts, list) or not all(isinstance(each, str) and _HOST.fullmatch(each) for each in hosts):
        raise BadSettings(
            '[api] flags_from is a list of servers such as ["social.example"], or ["*"] for any. Correct it in '
            "amparo.toml."
        )
    return tuple(hosts)


def _coop_types(written: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what each of Coop's types is here. Raises BadSettings."""
    types = written.get("coop_types", [])
    pairs = [each.partition("=") for each in types if isinstance(each, str)] if isinstance(types, list) else []
    kinds = "|".join(kind.value for kind in SubjectKind)
    if not isinstance(types, list) or not all(
        own and re.fullmatch(rf"[^:/]{{1,60}}:({kinds})", ours) for own, _, ours in pairs
    ) or len(pairs) < len(types):  # fmt: skip
        raise BadSettings(
            '[api] coop_types is a list such as ["TYPEID=forum:post"]: the name of a connector, and post, message, '
            "live or account. Correct it in amparo.toml."
        )
    return {own: ours for own, _, ours in pairs}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _keyless(written: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return the loopback address and port of its own at which no key is asked for. Raises BadSettings."""
    place = written.get("hma_without_key", "")
    if place == "":
        return None
    try:
        parts = urlsplit(f"//{place}") if isinstance(place, str) else urlsplit("")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        if parts.port and ip_address(host).is_loopback and place != written.get("listen"):
            return host, parts.port
    except ValueError:
        pass  # What is no address is answered as what is none of this machine's.
    raise BadSettings(
        '[api] hma_without_key is a loopback address with a port of its own, such as "127.0.0.1:8005", or "" for none: '
        "whoever reaches it needs no key. Correct it in amparo.toml."
    )
