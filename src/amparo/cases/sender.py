"""The office that sent a notice, and what is needed to believe that it was that office.

Whoever claims to be an office gets what anybody gets: hidden at once, the same clocks. Being believed adds a list of
what is held sealed, and a longer hold. It never gives data, and never a place further to the front.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from amparo.cases.refs import ContactId, NoticeId, OfficeId, SealedRef, StaffId


class OfficeKind(Enum):
    """What an office says that it is."""

    POLICE = "police"
    REGULATOR = "regulator"
    COURT = "court"

    @property
    def orders(self) -> bool:
        """Whether its notice may run under a clock of its own law."""
        return self is not OfficeKind.POLICE


@dataclass(frozen=True)
class ContactOnFile:
    """A way to reach an office, as it is on file: who put it there, since when, and who confirmed it."""

    id: ContactId
    office: OfficeId
    added_by: StaffId
    confirmed_by: StaffId | None
    on_file_since: datetime


@dataclass(frozen=True)
class GivenLink:
    """The signed link that was handed out last, for one contact on file. Only its digest is known here."""

    office: OfficeId
    contact: ContactId
    sha256: str
    by: StaffId
    expires_at: datetime
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Called:
    """Somebody called the office back by a contact on file, and it knew of the notice."""

    office: OfficeId
    contact: ContactId
    by: StaffId
    at: datetime


@dataclass(frozen=True)
class Sender:
    """The office behind a notice. `sealed` holds its name, who writes, how to reach them and their case number."""

    kind: OfficeKind
    country: str
    sealed: SealedRef
    removes: bool
    preserves: bool
    in_danger: bool
    named_at: datetime
    link: GivenLink | None = None
    called: Called | None = None
    office: OfficeId | None = None
    verified_at: datetime | None = None
    is_set_aside: bool = False

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None


@dataclass(frozen=True)
class Hold:
    """What a notice asked to have kept, and until when."""

    notice: NoticeId
    until: datetime
    is_verified: bool
