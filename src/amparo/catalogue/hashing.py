"""One file: from its bytes to its fingerprint in the records, opened in the sandbox and nowhere else.

digest known  →  it is only noted who shows it
not known     →  the sandbox opens it, its fingerprint is kept, and it is noted who shows it

A file that is being written is not kept: its digest would be said to show what other bytes show. It is tried again.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Condition, Event
from typing import IO

from amparo.catalogue.book import Bank, Book
from amparo.catalogue.holding import LARGEST_BYTES, too_large
from amparo.catalogue.item import Away, Item, Unreadable
from amparo.catalogue.tally import Fate, Outcome
from amparo.matching.fingerprint import Fingerprint
from amparo.media.errors import Refused, SandboxFailed
from amparo.media.fingerprint import digests_alone
from amparo.records.live_index import NotReady

_PAUSES_SECONDS = (0.5, 2.0)
"""Before a file is tried again that could not be had; after the last one it is left."""

Opener = Callable[[IO[bytes]], Fingerprint]
"""Makes the fingerprint of a file that is open for reading only. Raises media's Refused, NoSandbox, SandboxFailed."""


class Hashing:
    """Hashes files, any number at a time. With a bank, each file is added to it, too."""

    def __init__(
        self, book: Book, opener: Opener, now: Callable[[], datetime], stopped: Event, bank: Bank | None = None
    ) -> None:
        self._book, self._opener, self._now, self._stopped, self._bank = book, opener, now, stopped, bank
        self._turns = _Turns()

    def __call__(self, item: Item) -> Outcome:
        """Return what became of a file. Raises Away, SandboxFailed and NotReady where it may do later.

        Raises Closed and NoSandbox where nothing does before somebody mends it.
        """
        for pause in _PAUSES_SECONDS:
            try:
                return self.tried(item, self._opener)
            except (Away, SandboxFailed, NotReady):
                if self._stopped.wait(pause):
                    break
        return self.tried(item, self._opener)

    def tried(self, item: Item, opener: Opener) -> Outcome:
        """Return what became of a file that is tried once, and opened by `opener` where its digest is not known."""
        try:
            if item.sha256 is not None and self.knows(item.sha256):
                self._show(item, item.sha256)
                return self._looked_at(item, Outcome(Fate.KNOWN, item.size_bytes or 0))
            if item.size_bytes is not None and item.size_bytes > LARGEST_BYTES:
                raise too_large()
            with item.open() as file:
                return self._looked_at(item, self._hashed(item, file, opener))
        except Unreadable as error:
            return Outcome(Fate.UNREAD, 0, error.code, str(error))
        except Refused as refused:
            return self._looked_at(item, Outcome(Fate.REFUSED, 0, refused.reason.name.lower(), str(refused)))

    def _hashed(self, item: Item, file: IO[bytes], opener: Opener) -> Outcome:
        before = _state(file)
        sha256, size_bytes = digest_of(file)
        with self._turns.of(sha256):
            if self.knows(sha256):
                outcome = Outcome(Fate.KNOWN, size_bytes)
            else:
                try:
                    found = opener(file)
                except Refused:
                    _check_unchanged(file, before)
                    self._keep_digests(item, sha256, file)
                    raise
                _check_unchanged(file, before if found.sha256 == sha256 else None)
                self._book.keep(found, self._now())
                if self._bank is not None:
                    self._bank.add(found, item.name)
                outcome = _kept(found, size_bytes)
        self._show(item, sha256)
        return outcome

    def _keep_digests(self, item: Item, sha256: str, file: IO[bytes]) -> None:
        """Let a file that nobody can open be found by equal bytes."""
        if item.showing is None:
            return
        self._book.keep(digests_alone(file), self._now())
        self._show(item, sha256)

    def knows(self, sha256: str | None) -> bool:
        """Whether nothing more is to be learnt of a file of that digest."""
        if sha256 is None or not self._book.is_kept(sha256):
            return False
        return self._bank is None or self._bank.holds(sha256)

    def _show(self, item: Item, sha256: str) -> None:
        if item.showing is not None:
            self._book.show(item.showing.subject, item.showing.account, sha256, item.showing.since)

    def _looked_at(self, item: Item, outcome: Outcome) -> Outcome:
        """Note it last: a file of which anything is left to do comes again."""
        if item.showing is not None:
            why = outcome.why if outcome.fate is Fate.REFUSED else ""
            self._book.looked_at(item.showing.subject, item.showing.file_key, self._now(), why)
        return outcome


class _Turns:
    """Lets two copies that come at once be opened once: the second waits until the first is known."""

    def __init__(self) -> None:
        self._under_way: set[str] = set()
        self._changed = Condition()

    @contextmanager
    def of(self, digest: str) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: digest not in self._under_way)
            self._under_way.add(digest)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.remove(digest)
                self._changed.notify_all()


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 and the size of a file, and leave it at its beginning. Raises Unreadable."""
    try:
        digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        # Asked for and not told by where it stands: what lies in memory is digested without being read.
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
    except OSError as error:
        raise Unreadable(f"This cannot be read: {error.strerror}.", code="unreadable") from None
    return digest.hexdigest(), size_bytes


_State = tuple[int, int]
"""Size and time of the last change."""


def _state(file: IO[bytes]) -> _State:
    try:
        found = os.fstat(file.fileno())
    except io.UnsupportedOperation:
        return 0, 0  # Bytes that nobody else can change.
    return found.st_size, found.st_mtime_ns


def _check_unchanged(file: IO[bytes], before: _State | None) -> None:
    """Raise Away for a file that is not as it was, or of which that is known already (None)."""
    if _state(file) != before:
        raise Away("This file is being written just now.", code="being_written")


def _kept(found: Fingerprint, size_bytes: int) -> Outcome:
    if found.is_hashable:
        return Outcome(Fate.HASHED, size_bytes)
    says = "This shows too little to be found again, but for equal bytes."
    return Outcome(Fate.NOT_HASHABLE, size_bytes, "not_hashable", says)
