"""The index, the banks and the hashing as this package uses them, in one place: the seam to `records` and `media`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import IO, Any, Protocol

from amparo.cases.refs import Subject
from amparo.matching.copies import RADIUS, Match
from amparo.matching.fingerprint import Fingerprint
from amparo.records.bank_values import FOR_GOOD as FOR_GOOD

PDQ, MD5, SHA256 = "pdq", "md5", "sha256"
"""The types of signals: a hash of what a picture shows, and digests of bytes."""
BY_KEYS = "api"
"""The source of banks that programs made with a key."""


class NotReady(Exception):
    """The index is not there yet, so nothing can be said of any file. Asking again later helps."""


class NoSuch(Exception):
    """There is no bank of that name, or no item of that number in it. The text says which."""


class NameTaken(Exception):
    """There is a bank of that name already."""


class NotYours(Exception):
    """What was not made with this key is not changed with it. The text says so."""


class WrongName(Exception):
    """No bank can have that name. The text says which can."""


class May(IntEnum):
    """The most that a hit in a bank may do by itself."""

    REVIEW = 1
    HIDE = 2
    REMOVE = 3


@dataclass(frozen=True)
class Bank:
    """A bank as it is told to others. `source`: who answers for what is in it. Keys add to those that keys made."""

    name: str
    source: str
    may: May
    is_enabled: bool
    is_of_keys: bool = False


@dataclass(frozen=True)
class Item:
    """What a bank knows of one file. It counts from the moment at which it is confirmed, unless it is disabled."""

    id: int
    bank: str
    signals: Mapping[str, str]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    is_confirmed: bool = False
    disabled_until: datetime | None = None


@dataclass(frozen=True)
class Known:
    """An item of a bank that a file shows. `is_suspicion`: only the whole of the file can tell."""

    bank: str
    item: int
    may: May
    match: Match
    is_suspicion: bool = False


@dataclass(frozen=True)
class Hit:
    """An item of a bank with a signal near the one that was asked for; 0 is the same one."""

    item: int
    bank: str
    distance: int


@dataclass(frozen=True)
class Held:
    """How many hashes of a type are found, and the moment of the newest of them, where there is any."""

    count: int
    built_to: datetime | None


class Matching(Protocol):
    """Everything that is asked here. Safe to share between threads. Looking up raises NotReady."""

    def is_ready(self) -> bool:
        """Whether the index is whole. As long as it is not, nothing is ever answered "no match"."""

    def held(self) -> Mapping[str, Held]:
        """Return what is found, by type of signal."""

    def fingerprint(
        self, file: bytes | IO[bytes], *, is_whole: bool, within_seconds: float, is_work: bool = False
    ) -> Fingerprint:
        """Hash a file in the sandbox, a video by its key frames unless `is_whole`. `is_work`: it goes into a bank.

        Raises media's errors: Refused for the reason TOO_LONG where the time did not suffice for anything. A video for
        which it sufficed in part is not whole.
        """

    def known(self, file: Fingerprint) -> Sequence[Known]:
        """Return the items of enabled banks that the file shows. Only what counts is found."""

    def lookup(
        self, signal_type: str, signal: str, *, banks: Collection[str] | None, distance: int = RADIUS
    ) -> Sequence[Hit]:
        """Return the items of enabled banks with a near signal (a digest: the same). Only what counts is found."""

    def keep(self, file: Fingerprint, at: datetime) -> None:
        """Put a file into the index of everything that is shown. May be repeated."""

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        """Note that a subject shows a file that is kept. May be repeated."""

    def banks(self) -> Sequence[Bank]:
        """Return every bank, by name."""

    def create_bank(self, name: str, *, source: str, is_enabled: bool, by: str) -> Bank:
        """Make a bank whose hits may be reviewed. Raises NameTaken, WrongName, NotYours."""

    def change_bank(self, name: str, *, new_name: str, is_enabled: bool, by: str) -> Bank:
        """Rename a bank, switch it on or off. Raises NoSuch, NameTaken, WrongName, NotYours."""

    def delete_bank(self, name: str, *, by: str) -> None:
        """Delete a bank with all that is in it. Raises NoSuch, NotYours."""

    def item(self, bank: str, item: int) -> Item:
        """Return an item, whether it counts or not. Raises NoSuch."""

    def add(
        self, bank: str, what: Fingerprint | Mapping[str, str], *, added_by: str, metadata: Mapping[str, Any]
    ) -> Item:
        """Put a file or its signals into a bank. It counts once a person has confirmed it. Raises NoSuch."""

    def change_item(
        self, bank: str, item: int, *, disabled_until: datetime | None, metadata: Mapping[str, Any], by: str
    ) -> Item:
        """Switch an item off until a moment, or on with None, and replace what is noted of it.

        Raises NoSuch, NotYours.
        """

    def delete_item(self, bank: str, item: int, *, by: str) -> bool:
        """Take an item out of its bank; return whether there was one. Raises NotYours."""


def matching() -> Matching:
    """Return the index and the banks of this process."""
    from amparo.api.joined import joined

    return joined()
