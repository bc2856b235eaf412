"""Searches backwards: what of a bank begins to count is sought among all that platforms have shown before.

Each find is held as the watch holds what is newly shown: looked up by its own file in all banks as they are then. So
an item that was disabled meanwhile holds nothing, and doing it twice changes nothing. After a kill it goes on behind
the last item that was done.

An item of which there is a hash alone is sought as it is. Its eight turns cannot be made from a hash, so a mirrored or
turned copy of before is found only when the post is looked at anew, as new posts are: with the turns of its own file.
"""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

from amparo.cases.refs import Subject
from amparo.plugins import Installation, matcher
from amparo.records import bank_hits, bank_searches, effects, media_files
from amparo.records.away import is_away
from amparo.records.live_index import NotReady
from amparo.workers import pager
from amparo.workers.shown import ShownBook

log = logging.getLogger(__name__)

_STEP_SECONDS = 10.0
"""After this what came meanwhile is looked at, too: no single item waits longer behind a whole bank."""
_ITEMS_AT_ONCE = 100
_SETTLES_SECONDS = 0.1
"""Others look files up by an index that may be 40 milliseconds old, and miss an item that is younger than that. What
they looked up by then is kept by now, so a search that begins later finds it."""
_AGAIN_AFTER = timedelta(minutes=5)
_CALLS_AFTER = timedelta(minutes=5)
_WHAT = "the search backwards"


def search(here: Installation, stopped: threading.Event, seconds: float = _STEP_SECONDS) -> int:
    """Search for what is due now until it is done, the time is over or `stopped` is set; return how many items were.

    One worker at a time does. What cannot be searched for now stays due.
    """
    done, ends_at, now = 0, monotonic() + seconds, here.casebook.now()
    with effects.alone("backwards") as is_ours:
        newest = bank_searches.newest_due(now) if is_ours else None
        if newest is None or stopped.wait(_SETTLES_SECONDS):
            return 0
        while monotonic() < ends_at and (due := bank_searches.next_due(now, newest)) is not None:
            numbers = bank_searches.left(due, _ITEMS_AT_ONCE)
            if not numbers:
                bank_searches.end(due)
            for number in numbers:
                if stopped.is_set() or monotonic() >= ends_at:
                    return done
                try:
                    _search_for(here, number)
                except NotReady as error:
                    _wait(here, due, error)
                    return done
                bank_searches.searched(due, number)
                done += 1
    return done


def _search_for(here: Installation, number: int) -> None:
    """Hold what shows an item. What cannot be held now keeps no other from being held, and is tried again later."""
    trouble: Exception | None = None
    book, now = ShownBook(here), here.casebook.now()
    for subject, account, sha256 in _shown(number, now):
        if subject.platform not in here.connectors:
            continue
        try:
            book.show(subject, account, sha256, now)
        except NotReady:
            raise
        except Exception as error:
            if is_away(error):
                raise
            trouble = error
    if trouble is not None:
        pager.call_for_broken(_WHAT, f"item {number}", trouble, now)
        bank_searches.put_off(number, now + _AGAIN_AFTER)


def _shown(number: int, now: datetime) -> Iterator[tuple[Subject, Subject | None, str]]:
    """Yield who shows an item, and in which file: by its digests first, then by likeness. Raises NotReady."""
    index = matcher().index
    # What was looked up before the item counted was kept before that, so this index has it.
    index.assure(within_seconds=0)
    counting, _ = bank_hits.counting([number], now)
    if number not in counting:
        return
    signals = counting[number].item.signals
    sha256s = [signals["sha256"]] if "sha256" in signals else []
    sha256s += media_files.with_md5(signals["md5"]) if "md5" in signals else []
    for each in media_files.showings(list(dict.fromkeys(sha256s))):
        yield each.subject, each.account, each.sha256
    file = bank_hits.fingerprints([number]).get(number)
    for copy in () if file is None else matcher().copies(file):
        if copy.sha256 not in sha256s:
            yield copy.subject, copy.account, copy.sha256


def _wait(here: Installation, due: bank_searches.Search, error: NotReady) -> None:
    """Call a person where the index says nothing for long: it is read anew after each start."""
    log.info("%s waits for the index", _WHAT)
    now = here.casebook.now()
    if now - due.waits_since >= _CALLS_AFTER:
        pager.call_for_broken(_WHAT, due.bank[:40], error, now)
