"""What the run needs of the records: where fingerprints are kept, and which are known."""

from datetime import datetime
from typing import Protocol

from amparo.cases.refs import Subject
from amparo.matching.fingerprint import Fingerprint


class Book(Protocol):
    """Each may be repeated and called from several threads. Raises Django's errors where the database is away."""

    def is_kept(self, sha256: str) -> bool:
        """Whether a file of these bytes was kept before, and what was kept can be read."""

    def keep(self, fingerprint: Fingerprint, at: datetime) -> None:
        """Keep a file's fingerprint, so that it is found from then on."""

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        """Note that a subject shows a kept file, since then. Raises records' NotReady, too, and is repeated then."""

    def looked_at(self, subject: Subject, file_key: str, at: datetime, why: str) -> None:
        """Note that no more is to be learnt of a listed file. `why` it is not known, empty where it is."""


class Bank(Protocol):
    """A bank of one's own to which one person adds; what is added counts once another person has confirmed it."""

    def holds(self, sha256: str) -> bool:
        """Whether it was added before. Raises records' BankError where the bank is gone."""

    def add(self, fingerprint: Fingerprint, name: str) -> None:
        """Add a file, once however often it is added. `name` is what the source calls it.

        Raises records' BankError where the bank takes nothing.
        """
