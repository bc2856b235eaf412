"""What a platform lists, as it comes: read beside the opening of files, and looked up in what was seen before.

A look has little time, and a list may be slow, or long, or bring nothing. So whatever has come by now can be had, and
nobody waits for a page while there is a file to be opened.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from time import monotonic

from amparo.catalogue.beside import Beside
from amparo.catalogue.item import Away, Item, Showing
from amparo.records import looks

_AT_ONCE = 500
_PAUSE_SECONDS = 0.05
"""A list that says nothing for so long is left until the next file is wanted."""
_LISTENS_EVERY_SECONDS = 0.2


class Until:
    """Says when a part of a look is over: at a time, or once a worker is to stop."""

    def __init__(self, ends_at: float, stopped: Event) -> None:
        self._ends_at, self._stopped = ends_at, stopped

    def is_set(self) -> bool:
        """Whether it is over."""
        return self._stopped.is_set() or monotonic() >= self._ends_at


@dataclass(frozen=True)
class Wanted:
    """A file that may be looked at. `look` is what is noted of it, `tries` how often it could not be had."""

    item: Item
    showing: Showing
    file_key: str
    look: looks.Look | None
    tries: int = 0


class Listed:
    """A platform's list from a place on. Raises what the list raises, once all that came before was given."""

    def __init__(self, name: str, items: Iterator[Item], over: Until) -> None:
        self._name, self._over = name, over
        self._stack = ExitStack()
        self._listing = self._stack.enter_context(Beside(items))
        self._broke: Exception | None = None
        self._has_come = False

    @property
    def is_ended(self) -> bool:
        """Whether nothing more comes."""
        return self._listing.is_ended and self._broke is None

    def come(self, *, is_pressed: bool) -> list[Wanted]:
        """Return what has come since the last time: at least one, but where that was all or the time is over.

        `is_pressed`: there is something else to do, so nothing at all will do, too.
        """
        found: list[tuple[Item, Showing]] = []
        while self._broke is None and len(found) < _AT_ONCE and not self._over.is_set():
            try:
                item = self._listing.take(_PAUSE_SECONDS if found or is_pressed else _LISTENS_EVERY_SECONDS)
            except Exception as error:
                self._broke = error
                break
            if item is None and (self.is_ended or found or is_pressed):
                break
            if item is not None and item.showing is not None:
                found.append((item, item.showing))
        if self._broke is not None and not (found or is_pressed):
            raise self._broke
        self._has_come = self._has_come or bool(found)
        return self._looked_up(found)

    def check(self) -> None:
        """Raise Away for a list that brought nothing in all of its time."""
        if not (self._has_come or self.is_ended):
            raise Away("The list brings no file in the time that there is for it.", code="slow_list")

    def close(self) -> None:
        """Read no more of it."""
        self._stack.close()

    def _looked_up(self, found: list[tuple[Item, Showing]]) -> list[Wanted]:
        if not found:
            return []
        known = looks.known(self._name, [(showing.subject, showing.file_key) for _, showing in found])
        return [
            Wanted(item, showing, showing.file_key, known.get((showing.subject, showing.file_key)))
            for item, showing in found
        ]
