"""One look at what a platform shows: what it newly shows, what could not be had before, and a stretch of all the rest.

    1. newest  from the beginning of the list to what the last look that came to its end had listed already
    2. again   files that could not be had, each after a growing time
    3. round   the whole list, some of it at each look, so that files that took another's place are met, too

A list is newest first. So behind an item that stood in it when a completed look began, everything did; a look that was
broken off says nothing of what is behind it, and neither does an upload that was asked about. Each file is noted as
soon as it is done, so a look may end anywhere and the next one fetches none of it again.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import IO, Any

from django.db import connection

from amparo.cases.refs import Subject, SubjectKind
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.item import Away, Closed, Showing, SourceError
from amparo.catalogue.platform import Platform
from amparo.catalogue.tally import Fate, Outcome
from amparo.catalogue.threads import in_threads
from amparo.connectors.connector import ListedFile
from amparo.matching.fingerprint import Fingerprint
from amparo.media.errors import MediaError, SandboxFailed
from amparo.records import looks, watched
from amparo.workers.listed import Listed, Until, Wanted

log = logging.getLogger(__name__)

Opener = Callable[[IO[bytes]], Fingerprint]

_NEAREST = 500
"""So many files at the beginning of a list are compared at each look: pictures of live rooms change there."""
_SURE_AFTER = 100
"""So many in a row that were listed before mean it of those behind them, though a list may be a little out of order."""
_AT_A_TIME = max(2, len(os.sched_getaffinity(0)))
"""So many files are fetched and opened at a time: while one comes over the network, another is opened."""
_MOST_WAITING = 20_000
"""So many are held in memory until they are opened; the list is read on when there is room."""
_AWAY_AFTER = 10
"""So many in a row that could not be had mean that none can: the others need not be asked for now."""
_ROUND_EVERY = timedelta(hours=1)
_DUE_AT_ONCE = 100
_LONGEST_PAUSE = timedelta(days=1)
_MOST_TRIES = 30
"""About three weeks, most of them once a day."""
_CALLS_AT_TRY = 6
"""About half an hour."""
_SEEN = Outcome(Fate.KNOWN, 0)
"""Of a file of which no more is to be learnt."""


class _Late(Exception):
    """A file was not begun: the time is over."""


class Look:
    """A look that began at `began_at` and ends, wherever it is, when `stopped` is set or its seconds are over."""

    def __init__(
        self, name: str, platform: Platform, hashing: Hashing, opener: Opener, began_at: datetime, stopped: Event
    ) -> None:
        self._name, self._platform, self._hashing, self._opener = name, platform, hashing, opener
        self._began_at, self._stopped = began_at, stopped
        self._missed_in_a_row = 0
        self._cursor: str | None = None
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
                part(Until(began + seconds * ends_after, self._stopped))
            except (SourceError, MediaError) as error:
                # None of the three keeps the others from going on.
                trouble = trouble or error
        if trouble is not None:
            raise trouble

    def _newest(self, over: Until) -> None:
        with closing(Listed(self._name, self._platform.items(None), over)) as listed:
            newest = _Newest(listed, watched.looked_to(self._name))
            if self._open(newest, over) and newest.is_done:
                if newest.has_more_behind:
                    # No look came to its end before, so what is behind these is for a round that begins now.
                    watched.begin_round(self._name, self._began_at)
                watched.complete(self._name, self._began_at)
            elif not self._stopped.is_set():
                listed.check()

    def _again(self, over: Until) -> None:
        due = looks.due(self._name, self._began_at, _DUE_AT_ONCE)
        showings = [(_read(waiting), waiting) for waiting in due]
        self._open(
            (
                Wanted(self._platform.item(showing, None), showing, waiting.file_key, None, waiting.tries)
                for showing, waiting in showings
            ),
            over,
        )

    def _round(self, over: Until) -> None:
        last = watched.last_round(self._name)
        if last is None or (last.ended_at is not None and self._began_at - last.ended_at >= _ROUND_EVERY):
            watched.begin_round(self._name, self._began_at)
            last = watched.Round(None, None)
        if last.ended_at is not None:
            return
        self._cursor = last.cursor
        try:
            with closing(Listed(self._name, self._platform.items(last.cursor), over)) as listed:
                is_all = self._open(_all(listed, over), over) and listed.is_ended
        except Closed as error:
            if error.code != "key_refused":
                # A place in the list that the platform does not take any more would be refused for ever.
                self._cursor = None
            raise
        finally:
            watched.note_round(self._name, self._cursor)
        if is_all:
            watched.end_round(self._name, self._began_at)

    def _open(self, files: Iterator[Wanted], over: Until) -> bool:
        """Look at files, some at a time, and hold what they are like; return whether that was all before it was over.

        Raises what the list raises.
        """
        begun = settled = 0

        def counted() -> Iterator[Wanted]:
            nonlocal begun
            for wanted in files:
                begun += 1
                yield wanted

        def tried(wanted: Wanted) -> Outcome:
            if not _is_to_open(wanted):
                return _SEEN
            if over.is_set():
                raise _Late
            try:
                return self._hashing.tried(wanted.item, self._opener)
            finally:
                # The thread ends with the look, and its connection would stay.
                connection.close()

        with closing(in_threads(tried, _AT_A_TIME)(counted(), over)) as opened:
            for wanted, outcome in opened:
                try:
                    self._settle(wanted, outcome)
                except _Late:
                    return False
                settled += 1
                self._cursor = wanted.item.cursor
        return settled == begun

    def _settle(self, wanted: Wanted, outcome: Callable[[], Outcome]) -> None:
        """Note what became of one file. What cannot be had now is asked for again after a while."""
        try:
            found = outcome()
        except (Away, SandboxFailed) as error:
            code = error.code if isinstance(error, Away) else "sandbox_failed"
            self._put_off(wanted.showing, wanted.tries + 1, wanted.file_key, code)
            # What is gone by now, as much is each day, is no reason to call anybody.
            self.given_up_on += wanted.tries + 1 == _CALLS_AT_TRY
            self._missed_in_a_row += 1
            if self._missed_in_a_row >= _AWAY_AFTER:
                raise
            return
        if found is _SEEN:
            return
        self._missed_in_a_row = 0
        if found.fate is Fate.UNREAD:
            self._put_off(wanted.showing, wanted.tries + 1, wanted.file_key, found.why)
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


class _Newest:
    """The files at the beginning of a list that nobody has looked at, the newest and the oldest of them in turn.

    So many that come at once keep neither waiting: not those who posted before it began, and not those after.
    """

    def __init__(self, listed: Listed, looked_to: datetime | None) -> None:
        self._listed, self._looked_to = listed, looked_to
        self._waiting: deque[Wanted] = deque()
        self._files = self._listed_before = 0
        self._is_listed = self._is_newest_next = False
        self._has_time = True
        self.has_more_behind = self.is_done = False
        """Whether it came to its end, and whether only because no look did before."""

    def __iter__(self) -> "_Newest":
        return self

    def __next__(self) -> Wanted:
        if not self._is_listed and len(self._waiting) < _MOST_WAITING:
            self._gather()
        while not (self._waiting or self._is_listed) and self._has_time:
            self._gather()
        if not self._waiting:
            self.is_done = self._is_listed
            raise StopIteration
        self._is_newest_next = not self._is_newest_next
        return self._waiting.popleft() if self._is_newest_next else self._waiting.pop()

    def _gather(self) -> None:
        is_pressed = bool(self._waiting)
        came = self._listed.come(is_pressed=is_pressed)
        self._has_time = bool(came) or is_pressed
        for wanted in came:
            look, to = wanted.look, self._looked_to
            is_listed_before = look is not None and to is not None and look.listed_at <= to
            self._listed_before = self._listed_before + 1 if is_listed_before else 0
            if _is_to_open(wanted):
                self._waiting.append(wanted)
            self._files += 1
            if self._files >= _NEAREST and (to is None or self._listed_before >= _SURE_AFTER):
                self.has_more_behind = to is None
                self._is_listed = True
                return
        self._is_listed = self._listed.is_ended


def _all(listed: Listed, over: Until) -> Iterator[Wanted]:
    """Yield every file of a list, as long as there is time."""
    while not (listed.is_ended or over.is_set()):
        yield from listed.come(is_pressed=False)


def _is_to_open(wanted: Wanted) -> bool:
    # A live room shows another picture under the same name; only a digest that the platform tells says which.
    is_moving = wanted.showing.subject.kind is SubjectKind.LIVE and wanted.item.sha256 is None
    return wanted.look is None or (is_moving and wanted.look.next_at is None)


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
