"""A practice home: a whole installation of its own for tests, with a clock that can be moved on.

`[site] practice = true` says that it is one, and its database has said the same since it was made; where they differ
nothing starts (`plugins.check_books`). It reaches only this machine and names that the internet does not have. Others
call it a sandbox; here that word is the place where media are opened.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amparo.home import BadSettings, Home, home

CLOCK_FILE = "practice-clock"
_OF_NOBODY = (".test", ".localhost")
"""Endings of names that the internet will never have (RFC 6761)."""
_LENGTH = re.compile(r"(?P<count>\d{1,6})(?P<unit>s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
LONGEST = timedelta(days=400)


def is_practice(settings: Mapping[str, Any]) -> bool:
    """Return whether these settings are of a practice home. Raises BadSettings for a word that is neither."""
    said = settings.get("site", {}).get("practice", False)
    if not isinstance(said, bool):
        raise BadSettings("[site] practice is true or false. Correct it in amparo.toml.")
    return said


def check_reach(settings: Mapping[str, Any]) -> None:
    """Raise BadSettings for a practice home that would reach real pictures, or call a real person."""
    for connector in settings.get("connector", []):
        for name in ("url", "endpoint"):
            _check(str(connector.get(name, "")), f"the platform {connector.get('name')}")
        for host in connector.get("media_hosts", []):
            _check(f"http://{host}", f"files of the platform {connector.get('name')}")
    _check(str(settings.get("pager", {}).get("url", "")), "the pager")


def in_pages(request: object) -> dict[str, Any]:
    """Give every page what it says of a practice home: whether this is one, and how far its clock was moved on."""
    from django.conf import settings

    if not settings.IS_PRACTICE:
        return {"is_practice": False}
    ahead = PracticeClock(home().path / CLOCK_FILE).ahead
    return {"is_practice": True, "practice_ahead": said(ahead)}


def said(length: timedelta) -> str:
    """Return a length as people read it, such as "2 d 3 h"."""
    minutes = length // timedelta(minutes=1)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def clock(here: Home) -> Callable[[], datetime]:
    """Return what tells this installation's time: the machine's, which in a practice home may be moved on."""
    if here.settings_file.exists() and is_practice(here.read()):
        return PracticeClock(here.path / CLOCK_FILE).now
    return lambda: datetime.now(UTC)


class PracticeClock:
    """How far ahead of the machine a practice home is, in a file that every process of it reads. It only grows."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def now(self) -> datetime:
        """Return the time in this home."""
        return datetime.now(UTC) + self.ahead

    @property
    def ahead(self) -> timedelta:
        """How far it was moved on in all."""
        try:
            return timedelta(microseconds=int(self._place.read_text() or 0))
        except FileNotFoundError:
            return timedelta()

    def move_to(self, moment: datetime) -> None:
        """Make it that moment now. One that is past changes nothing: no clock of ours goes back."""
        ahead = max(self.ahead, moment - datetime.now(UTC))
        beside = self._place.with_suffix(".new")
        beside.write_text(str(ahead // timedelta(microseconds=1)))
        os.replace(beside, self._place)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Move it alone. Raises BadSettings where somebody else moves it now."""
        with self._place.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadSettings("Another `amparo clock advance` moves this clock now. Wait for it.") from None
            yield


def length_of(words: str) -> timedelta:
    """Return the length in words such as `48h`, `15min` or `2d`. Raises BadSettings for all else."""
    read = _LENGTH.fullmatch(words)
    length = timedelta(seconds=int(read["count"]) * _SECONDS[read["unit"]]) if read else timedelta()
    if not timedelta() < length <= LONGEST:
        raise BadSettings("Say how far: a number and s, min, h or d, such as 48h, and 400d at most.")
    return length


def _check(address: str, what: str) -> None:
    if not address or _is_here(urlsplit(address).hostname or ""):
        return
    raise BadSettings(
        f"A practice home reaches only this machine, and {what} is at {address}. Name an address such as "
        "http://127.0.0.1:8003, a name that ends with .test, or a container's name."
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(_OF_NOBODY))
