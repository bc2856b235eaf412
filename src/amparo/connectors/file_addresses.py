"""Where a platform said that a subject's files stand. Where it says nothing any more, a stranger still looks there."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Protocol, runtime_checkable

from amparo.cases.refs import Subject

MOST_OF_A_SUBJECT = 400
"""How many addresses of one subject are looked at: those named now, then the newest of before."""
_REMEMBERED_SUBJECTS = 2_000


class FileAddresses(Protocol):
    """Every address that was ever named. They may be links to what was reported: they are in no log and no event."""

    def known(self, subject: Subject, named: Sequence[str]) -> Sequence[str]:
        """Keep the addresses that are named now; return these and the ones of before, none of them twice."""


@runtime_checkable
class LooksAtFiles(Protocol):
    """A connector that has to be told where files were before; it gets a book of them that outlives the process."""

    addresses: FileAddresses


class RememberedAddresses:
    """The addresses of one process's subjects: enough to try a connector, and all forgotten at its end."""

    def __init__(self) -> None:
        self._known: OrderedDict[Subject, tuple[str, ...]] = OrderedDict()
        self._lock = Lock()

    def known(self, subject: Subject, named: Sequence[str]) -> Sequence[str]:
        """Keep the addresses that are named now; return these and the ones of before, none of them twice."""
        with self._lock:
            known = tuple(dict.fromkeys((*named, *self._known.get(subject, ()))))[:MOST_OF_A_SUBJECT]
            self._known[subject] = known
            self._known.move_to_end(subject)
            while len(self._known) > _REMEMBERED_SUBJECTS:
                self._known.popitem(last=False)
        return known
