"""Looks again and again at what platforms have newly shown: what is known and comes back is held without a report.

A platform that asks before it publishes needs this only for what it published without an answer; one that cannot ask
is watched by nothing else. So a platform that cannot be watched calls a person.
"""

import logging
import threading
from datetime import datetime, timedelta
from typing import IO

from django.db import DatabaseError

from amparo.cases.words import Alarm
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Closed, SourceError
from amparo.catalogue.platform import Platform
from amparo.connectors.connector import Connector
from amparo.matching.fingerprint import Fingerprint
from amparo.media.fingerprint import fingerprint
from amparo.plugins import Installation, sandbox
from amparo.records import alarms, effects, watched
from amparo.workers import pager
from amparo.workers.look import Look, Opener
from amparo.workers.shown import ShownBook

log = logging.getLogger(__name__)

_LOOK_SECONDS = 50.0
"""All platforms together: what is not done by then is done at the next look."""
_CALLS_AFTER = timedelta(minutes=5)
"""A platform that is away for less is not worth a call; what it shows meanwhile is met at the next look."""
_CALLS_AGAIN_AFTER = timedelta(hours=1)
_LONGEST_ABOUT = 40


def look(here: Installation, stopped: threading.Event, opener: Opener | None = None) -> int:
    """Look once at every platform that can list; return how many files there were that nobody had looked at.

    Whatever is wrong with one takes no other's turn; only an error of the database ends it.
    """
    listing = {name: each for name, each in here.connectors.items() if each.capabilities.lists_all}
    new = 0
    for name, connector in listing.items():
        with effects.alone(f"newest:{name}") as is_ours:
            if is_ours and not stopped.is_set():
                seconds = _LOOK_SECONDS / len(listing)
                new += _look_at(here, name, connector, stopped, opener or _opened, seconds)
    return new


def _look_at(
    here: Installation, name: str, connector: Connector, stopped: threading.Event, opener: Opener, seconds: float
) -> int:
    now = here.casebook.now()
    # Whatever a look notes is noted as of its beginning: see Look.
    hashing = Hashing(ShownBook(here), opener, lambda: now, stopped)
    this = Look(name, Platform(name, connector, Holding()), hashing, opener, now, stopped)
    try:
        this.go(seconds)
    except DatabaseError:
        raise
    except Exception as error:
        # Also what nobody foresaw: the others are looked at all the same, and a person is called.
        _fails(name, error, now)
    else:
        watched.works(name)
    if this.given_up_on:
        _ring(name, now)
    return this.new


def _fails(name: str, error: Exception, now: datetime) -> None:
    """Call a person where a platform cannot be watched: at once where asking again cannot help, else after a while."""
    code = error.code if isinstance(error, SourceError) else type(error).__name__
    log.warning("what %s newly shows could not be looked at (%s); it is tried again", name, code)
    since = watched.failing_since(name, now)
    if not isinstance(error, Closed) and now - since < _CALLS_AFTER:
        return
    if not watched.is_to_ring(name, now, _CALLS_AGAIN_AFTER):
        return
    if isinstance(error, SourceError):
        _ring(name, now)
    else:
        pager.call_for_broken("the watch of what is new", name[:_LONGEST_ABOUT], error, now)


def _ring(name: str, now: datetime) -> None:
    about = name[:_LONGEST_ABOUT]
    if alarms.ring(Alarm.PLATFORM_TROUBLE.value, about, now):
        pager.page(Alarm.PLATFORM_TROUBLE.value, about)


def _opened(file: IO[bytes]) -> Fingerprint:
    return fingerprint(sandbox(), file)
