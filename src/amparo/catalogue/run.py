"""Looks through a source from where it was left: several files at a time, noted in their order.

    1. list  →  2. hash, several at a time  →  3. note, in order

A place is noted only when every file before it is done and in the records. So after a kill the files that were under
way come once more, their digests are known, and none is left out or opened twice.
"""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic
from typing import Protocol

from amparo.catalogue.beside import Beside
from amparo.catalogue.item import Away, Item, Source
from amparo.catalogue.tally import Fate, Outcome, Tally
from amparo.media.errors import SandboxFailed


class Stop(Protocol):
    """Whether it is time to stop: an event, or whatever knows."""

    def is_set(self) -> bool:
        """Whether it is."""


Hashed = Callable[[Iterator[Item], Stop], Iterator[tuple[Item, Callable[[], Outcome]]]]
"""A way of hashing: yields each file in the order of the list, with what says what became of it, or raises.

Once the stop is set it begins no more and ends after what is under way.
"""
_NOTE_EVERY_SECONDS = 1.0
_LISTED_AHEAD = 200
_LISTENS_EVERY_SECONDS = 0.2
"""While a list brings nothing: a page may take long, and whoever wants to stop is not to wait for it."""
_AWAY_AFTER = 10
"""So many files in a row that could not be had mean that nothing can: then it is no matter of the files."""


class Notes(Protocol):
    """Where it is written how far a run is."""

    def note(self, cursor: str | None, tally: Tally) -> None:
        """Keep it for good, or raise Django's errors. May be repeated."""


class Report(Protocol):
    """The operator's own list of files with which something is wrong."""

    def add(self, item: Item, outcome: Outcome) -> None:
        """Write one down for good, or raise OSError. It may come again after a run that was killed."""


class Run:
    """One session of a run, from `cursor` on; `tally` is of all its sessions."""

    def __init__(
        self, cursor: str | None, tally: Tally, notes: Notes, report: Report, watch: Callable[[Tally], None]
    ) -> None:
        self._cursor, self._tally = cursor, tally
        self._notes, self._report, self._watch = notes, report, watch
        self._noted_at = self._since = monotonic()
        # In a row, not to be had and not noted yet: perhaps it is the files, perhaps there is nobody.
        self._gone: list[tuple[Item, Outcome]] = []
        self._listed, self._is_all = 0, False

    def go_on(self, source: Source, hashed: Hashed, stopped: Event) -> bool:
        """Look through what is left, and return whether that was all. Raises SourceError and what hashing raises.

        `stopped` may be set at any time: what is under way is finished and noted.
        """
        settled = 0
        try:
            for item, outcome in hashed(self._list(source, stopped), stopped):
                self._settle(item, outcome)
                settled += 1
            is_all = self._is_all and settled == self._listed
            if is_all:
                self._count_gone()
        finally:
            self._note()
        return is_all

    def _list(self, source: Source, stopped: Stop) -> Iterator[Item]:
        with Beside(source.items(self._cursor), _LISTED_AHEAD) as listing:
            while not stopped.is_set():
                item = listing.take(_LISTENS_EVERY_SECONDS)
                if item is not None:
                    self._listed += 1
                    yield item
                elif listing.is_ended:
                    self._is_all = True
                    return

    def _settle(self, item: Item, outcome: Callable[[], Outcome]) -> None:
        """Take what became of the next file in order."""
        try:
            found = outcome()
        except (Away, SandboxFailed) as error:
            code = error.code if isinstance(error, Away) else "sandbox_failed"
            self._gone.append((item, Outcome(Fate.MISSED, 0, code, str(error))))
            if len(self._gone) >= _AWAY_AFTER:
                raise
            return
        self._count_gone()
        self._count(item, found)

    def _count_gone(self) -> None:
        for item, outcome in self._gone:
            self._count(item, outcome)
        self._gone.clear()

    def _count(self, item: Item, outcome: Outcome) -> None:
        if outcome.why:
            self._report.add(item, outcome)
        # Only now: a line that could not be written has to be written when it is gone on.
        self._cursor = item.cursor
        self._tally.add(outcome)
        if outcome.why or monotonic() - self._noted_at > _NOTE_EVERY_SECONDS:
            self._note()
        self._watch(self._tally)

    def _note(self) -> None:
        now = monotonic()
        self._tally.seconds += now - self._since
        self._noted_at = self._since = now
        self._notes.note(self._cursor, self._tally)
