"""Looks again and again at what platforms have newly shown: what is known and comes back is held without a report.

A platform that asks before it publishes needs this only for what it published without an answer; one that cannot ask
is watched by nothing else.
"""

import logging
import threading
from datetime import UTC, datetime

from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Closed, Item, SourceError
from amparo.catalogue.platform import Platform
from amparo.media.errors import MediaError
from amparo.media.fingerprint import fingerprint
from amparo.plugins import Installation, sandbox
from amparo.records import media_files
from amparo.workers.shown import ShownBook

log = logging.getLogger(__name__)

_KNOWN_IN_A_ROW = 100
"""So many known items one after another mean that everything behind them was seen before: lists are newest first."""


def look(here: Installation, stopped: threading.Event) -> int:
    """Look once at every platform that can list; return how many new files there were. Raises NotReady."""
    new = 0
    hashing = Hashing(ShownBook(here), lambda file: fingerprint(sandbox(), file), lambda: datetime.now(UTC), stopped)
    for name, connector in here.connectors.items():
        if not connector.capabilities.lists_all:
            continue
        try:
            new += _look_at(Platform(name, connector, Holding()), hashing, stopped)
        except SourceError as error:
            log.info("%s could not be looked through (%s); it is tried again", name, error.code)
    return new


def _look_at(platform: Platform, hashing: Hashing, stopped: threading.Event) -> int:
    known = new = 0
    for item in platform.items(None):
        if stopped.is_set() or known >= _KNOWN_IN_A_ROW:
            break
        if item.showing is not None and media_files.is_shown(item.showing.subject):
            known += 1
            continue
        known = 0
        new += _hash(item, hashing)
    return new


def _hash(item: Item, hashing: Hashing) -> bool:
    """Hash one file, and hold what it is like. What cannot be had now comes again at the next look."""
    try:
        hashing(item)
    except Closed:
        raise
    except (SourceError, MediaError) as error:
        log.info("a new file could not be looked at (%s); it is tried again", type(error).__name__)
        return False
    return True
