"""What may be asked of a notice about offices: telling the police, and who a sender is."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Actor, Reviewer
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.sender import ContactOnFile, OfficeKind


@dataclass(frozen=True)
class OpenReferral:
    """A person saw a danger that no words of the reporter say."""

    notice: NoticeId
    actor: Reviewer


@dataclass(frozen=True)
class DecideReferral:
    """The police were told (`told_at`), or a person decides that they are not (None). `sealed` says the rest."""

    notice: NoticeId
    number: int
    sealed: SealedRef
    told_at: datetime | None
    actor: Reviewer


@dataclass(frozen=True)
class NameOffice:
    """The sender says to be an office, which asks to remove, to preserve, or both."""

    notice: NoticeId
    kind: OfficeKind
    country: str
    sealed: SealedRef
    removes: bool
    preserves: bool
    in_danger: bool
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class GiveOfficeLink:
    """Take out a signed link for one contact on file. It works until `expires_at`; the one before it no more."""

    notice: NoticeId
    contact: ContactOnFile
    link_sha256: str
    expires_at: datetime
    actor: Reviewer


@dataclass(frozen=True)
class OpenOfficeLink:
    notice: NoticeId
    link_sha256: str
    actor: Actor


@dataclass(frozen=True)
class RecordOfficeCall:
    """Staff have called the office by that contact on file, and it knew of the notice."""

    notice: NoticeId
    contact: ContactOnFile
    actor: Reviewer


@dataclass(frozen=True)
class SetOfficeAside:
    """Nobody could confirm the office."""

    notice: NoticeId
    actor: Reviewer
