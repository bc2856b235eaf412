"""Puts together what `amparo hash` works with: the source, the records, the fingerprints, the bank."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import IO

from amparo import plugins
from amparo.catalogue.batch import in_batches
from amparo.catalogue.book import Bank, Book
from amparo.catalogue.bucket import Bucket
from amparo.catalogue.directory import Directory
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Source
from amparo.catalogue.platform import Platform
from amparo.catalogue.run import Hashed
from amparo.catalogue.threads import in_threads
from amparo.cli.signing import who_signs
from amparo.cli.typed import typed
from amparo.home import BadSettings
from amparo.matching.fingerprint import Fingerprint
from amparo.media.fingerprint import fingerprint
from amparo.media.sandbox import Sandbox
from amparo.records import bank_frames, banks
from amparo.records.bank_values import BankError
from amparo.workers.shown import KeptBook, ShownBook


def source(words: str) -> Source:
    """Return the source that a word names. Raises BadSettings, or Closed."""
    if words.startswith("connector:"):
        name = words.removeprefix("connector:")
        connectors = plugins.installation().connectors
        if name not in connectors:
            raise BadSettings(f"There is no connector {name!r}. There are: {', '.join(sorted(connectors))}.")
        return Platform(name, connectors[name], Holding())
    if words.startswith("s3://"):
        return Bucket(words, Holding())
    if "://" in words:
        raise BadSettings(f"That is no source. {_what_to_name()}")
    return Directory(_directory(words))


def _directory(words: str) -> Path:
    if not words:
        # To Path it would be the current folder, and whoever wrote "$FOLDER" of nothing did not mean that one.
        raise BadSettings(f"The source is empty. {_what_to_name()}")
    try:
        is_directory = stat.S_ISDIR(os.stat(words).st_mode)
    except OSError as error:
        raise BadSettings(f"The directory cannot be read: {error.strerror}. {_what_to_name()}") from None
    if not is_directory:
        raise BadSettings(f"That is no directory. {_what_to_name()}")
    return Path(words)


def _what_to_name() -> str:
    """Return what there is to look through here."""
    platforms = ", ".join(f"connector:{name}" for name in sorted(plugins.installation().connectors))
    return f"Name a directory, a platform of your settings ({platforms}), or a bucket (s3://BUCKET/PREFIX)."


def hashed(source: Source, sandbox: Sandbox, stopped: Event, bank: Bank | None, *, jobs: int, in_batch: bool) -> Hashed:
    """Return the way of hashing: in threads of this process, or through Daft on Ray."""

    def opener(file: IO[bytes]) -> Fingerprint:
        # What a bank is asked for is looked at whole, once; of what is online, key frames tell where to look again.
        return fingerprint(sandbox, file, is_work=bank is not None)

    hashing = Hashing(_book(source), opener, lambda: datetime.now(UTC), stopped, bank)
    if not in_batch:
        return in_threads(hashing, jobs)
    if bank is not None:
        raise BadSettings("A bank is filled without --batch: its files are looked at whole, by this machine.")
    return in_batches(hashing, fingerprint, accepts_less=plugins.accepts_less())


class OwnBank:
    """A bank of one's own, to which one member of staff adds."""

    def __init__(self, name: str, person: str) -> None:
        self._name, self._person = name, person

    def holds(self, sha256: str) -> bool:
        """Whether it was added before, confirmed or not, and can be found by what it shows."""
        return banks.holds(self._name, sha256) and bank_frames.can_be_read(self._name, sha256)

    def add(self, fingerprint: Fingerprint, name: str) -> None:
        """Add a file, which counts once another person has confirmed it; or mend what the bank has of it."""
        if bank_frames.mend(self._name, fingerprint) == 0:
            banks.add(self._name, fingerprint, added_by=self._person, metadata={"file": name})


def bank(name: str, username: str) -> Bank:
    """Return a bank to add to. Raises BankError for one that takes nothing, BadSettings for who may not sign."""
    _check_bank(name)
    print(f"Every file is added to the bank {name} by {username}, and counts once somebody else has confirmed it.")
    return OwnBank(name, who_signs(username, frozenset({"lead", "reviewer"})).id)


def _check_bank(name: str) -> None:
    """Raise BankError before a password is asked for or a file opened."""
    try:
        banks.check_by_hand(name)
        banks.bank(name)
    except BankError as error:
        if error.code != "no_bank":
            raise
        make = typed("bank", "new", name, "--source", "where its files come from", "--by", "LEAD")
        raise BankError(error.code, f"There is no bank {name!r}. A lead makes it: {make}") from None


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _book(source: Source) -> Book:
    """Return where files are kept. What a platform shows is also looked up, and held where it is known."""
    return ShownBook(plugins.installation()) if isinstance(source, Platform) else KeptBook()
