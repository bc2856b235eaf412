"""One look at what a platform shows: what it newly shows, what could not be had before, and a stretch of all the rest.

    1. newest  from the beginning of the list to what the last look that came to its end had listed already
    2. again   files that could not be had, each after a growing time
    3. round   the whole list, some of it at each look, so that files that took another's place are met, too

A list is newest first. So behind an item that stood in it when a completed look began, everything did; a look that was
broken off says nothing of what is behind it, and neither does an upload that was asked about. Each file is noted as
soon as it is done, so a look may end anywhere and the next one fetches none of it again.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event
from time import monotonic
from typing import IO, Any

from amparo.cases.refs import Subject, SubjectKind
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.item import Away, Closed, Item, Showing, SourceError
from amparo.catalogue.platform import Platform
from amparo.catalogue.tally import Fate
from amparo.connectors.connector import ListedFile
from amparo.matching.fingerprint import Fingerprint
from amparo.media.errors import MediaError, SandboxFailed
from amparo.records import looks, watched

log = logging.getLogger(__name__)

Opener = Callable[[IO[bytes]], Fingerprint]

_NEAREST = 500
"""So many files at the beginning of a list are compared at each look: pictures of live rooms change there."""
_SURE_AFTER = 100
"""So many in a row that were listed before mean it of those behind them, though a list may be a little out of order."""
_AT_ONCE = 100
_AWAY_AFTER = 10
"""So many in a row that could not be had mean that none can: the others need not be asked for now."""
_ROUND_EVERY = timedelta(hours=1)
_DUE_AT_ONCE = 100
_LONGEST_PAUSE = timedelta(days=1)
_MOST_TRIES = 30
"""About three weeks, most of them once a day."""
_CALLS_AT_TRY = 6
"""About half an hour."""


class Look:
    """A look that began at `began_at` and ends, wherever it is, when `stopped` is set or its seconds are over."""

    def __init__(
        self, name: str, platform: Platform, hashing: Hashing, opener: Opener, began_at: datetime, stopped: Event
    ) -> None:
        self._name, self._platform, self._hashing, self._opener = name, platform, hashing, opener
        self._began_at, self._stopped = began_at, stopped
        self._missed_in_a_row = 0
        self.new = 0
        """How many files were looked at."""
        self.given_up_on = 0
        """How many could not be had for so long that a person is to know."""

    def go(self, seconds: float) -> None:
        """Look. Raises SourceError, MediaError and NotReady; what was done by then is kept."""
        began = monotonic()
        trouble: SourceError | MediaError | None = None
        for part, ends_after in ((self._newest, 0.5), (self._again, 0.7), (self._round, 1.0)):
            if self._stopped.is_set():
                break
            self._missed_in_a_row = 0
            try:
                part(began + seconds * ends_after)
            except (SourceError, MediaError) as error:
                # None of the three keeps the others from going on.
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    def _newest(self, ends_at: float) -> None:
        looked_to = watched.looked_to(self._name)
        files = listed_before = 0
        for batch in _batches(self._platform.items(None)):
            known = self._known(batch)
            for item, showing in batch:
                if self._is_over(ends_at):
                    return
                look = known.get((showing.subject, showing.file_key))
                is_listed_before = look is not None and looked_to is not None and look.listed_at <= looked_to
                listed_before = listed_before + 1 if is_listed_before else 0
                self._look_at(item, showing, look)
                files += 1
                if files >= _NEAREST and looked_to is None:
                    # No look came to its end before, so what is behind these is for a round that begins now.
                    watched.begin_round(self._name, self._began_at)
                    watched.complete(self._name, self._began_at)
                    return
                if files >= _NEAREST and listed_before >= _SURE_AFTER:
                    watched.complete(self._name, self._began_at)
                    return
        watched.complete(self._name, self._began_at)

    def _again(self, ends_at: float) -> None:
        for waiting in looks.due(self._name, self._began_at, _DUE_AT_ONCE):
            if self._is_over(ends_at):
                return
            showing = _read(waiting)
            self._fetch(self._platform.item(showing, None), showing, waiting.tries, waiting.file_key)

    def _round(self, ends_at: float) -> None:
        last = watched.last_round(self._name)
        if last is None or (last.ended_at is not None and self._began_at - last.ended_at >= _ROUND_EVERY):
            watched.begin_round(self._name, self._began_at)
            last = watched.Round(None, None)
        if last.ended_at is not None:
            return
        cursor = last.cursor
        try:
            for batch in _batches(self._platform.items(cursor)):
                known = self._known(batch)
                for item, showing in batch:
                    if self._is_over(ends_at):
                        return
                    self._look_at(item, showing, known.get((showing.subject, showing.file_key)))
                    cursor = item.cursor
                watched.note_round(self._name, cursor)
        except Closed as error:
            if error.code != "key_refused":
                # A place in the list that the platform does not take any more would be refused for ever.
                cursor = None
            raise
        finally:
            watched.note_round(self._name, cursor)
        watched.end_round(self._name, self._began_at)

    def _known(self, batch: Sequence[tuple[Item, Showing]]) -> dict[tuple[Subject, str], looks.Look]:
        return looks.known(self._name, [(showing.subject, showing.file_key) for _, showing in batch])

    def _look_at(self, item: Item, showing: Showing, look: looks.Look | None) -> None:
        # A live room shows another picture under the same name; only a digest that the platform tells says which.
        is_moving = showing.subject.kind is SubjectKind.LIVE and item.sha256 is None
        if look is None or (is_moving and look.next_at is None):
            self._fetch(item, showing, 0, showing.file_key)

    def _fetch(self, item: Item, showing: Showing, tries: int, file_key: str) -> None:
        """Look at one file, and hold what it is like. What cannot be had now is asked for again after a while."""
        try:
            outcome = self._hashing.tried(item, self._opener)
        except (Away, SandboxFailed) as error:
            self._put_off(showing, tries + 1, file_key, error.code if isinstance(error, Away) else "sandbox_failed")
            # What is gone by now, as much is each day, is no reason to call anybody.
            self.given_up_on += tries + 1 == _CALLS_AT_TRY
            self._missed_in_a_row += 1
            if self._missed_in_a_row >= _AWAY_AFTER:
                raise
            return
        self._missed_in_a_row = 0
        if outcome.fate is Fate.UNREAD:
            self._put_off(showing, tries + 1, file_key, outcome.why)
        else:
            self.new += 1

    def _put_off(self, showing: Showing, tries: int, file_key: str, why: str) -> None:
        log.info("a file that %s shows could not be had (%s), %d times by now", self._name, why, tries)
        if tries >= _MOST_TRIES:
            looks.looked_at(showing.subject, file_key, self._began_at, why)
            return
        pause = min(timedelta(minutes=2 ** (tries - 1)), _LONGEST_PAUSE)
        looks.put_off(
            showing.subject,
            file_key,
            self._began_at,
            why,
            tries=tries,
            next_at=self._began_at + pause,
            listed=_written(showing),
        )

    def _is_over(self, ends_at: float) -> bool:
        return self._stopped.is_set() or monotonic() >= ends_at


def _batches(items: Iterator[Item]) -> Iterator[list[tuple[Item, Showing]]]:
    """Yield what is listed, some at a time. What came before a list broke off is yielded before that is raised."""
    broken_off: SourceError | None = None
    while broken_off is None:
        batch: list[tuple[Item, Showing]] = []
        try:
            for item in islice(items, _AT_ONCE):
                if item.showing is not None:
                    batch.append((item, item.showing))
        except SourceError as error:
            broken_off = error
        if batch:
            yield batch
        elif broken_off is None:
            return
    raise broken_off


def _written(showing: Showing) -> dict[str, Any]:
    file, account = showing.file, showing.account
    return {
        "account": None if account is None else account.id,
        "since": showing.since.isoformat(),
        "file": [file.reference, file.media_type, file.size_bytes, file.sha256],
    }


def _read(waiting: looks.Waiting) -> Showing:
    told, subject = waiting.listed, waiting.subject
    account = None if told["account"] is None else Subject(subject.platform, SubjectKind.ACCOUNT, told["account"])
    since = datetime.fromisoformat(told["since"]).astimezone(UTC)
    return Showing(subject, account, since, ListedFile(*told["file"]))
