"""What has happened with offices: the police being told of a danger, and senders who say to be an office."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import ContactId, OfficeId, SealedRef
from amparo.cases.sender import OfficeKind
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class ReferralOpened:
    """Somebody may be in danger, so people decide whether the police are told. `signals`: what the words said."""

    number: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class ReferralDecided:
    """A person told the police, or decided not to. `sealed`: whom and the number given for it, or the reason."""

    number: int
    refers: bool
    sealed: SealedRef
    told_at: datetime | None


@dataclass(frozen=True)
class OfficeNamed:
    """The sender says to be an office. Its name, its number of the case and how to reach it lie sealed."""

    kind: OfficeKind
    country: str
    sealed: SealedRef
    removes: bool
    preserves: bool
    in_danger: bool


@dataclass(frozen=True)
class OfficeLinkGiven:
    """Staff took out a signed link, to be given to that contact on file and to nobody else."""

    office: OfficeId
    contact: ContactId
    link_sha256: str
    on_file_since: datetime
    expires_at: datetime


@dataclass(frozen=True)
class OfficeLinkOpened:
    """Whoever has the signed link has opened it."""

    link_sha256: str


@dataclass(frozen=True)
class OfficeCalled:
    """Staff called the office back by that contact on file, and it knew of the notice."""

    office: OfficeId
    contact: ContactId
    on_file_since: datetime


@dataclass(frozen=True)
class OfficeVerified:
    """The signed link was opened and the call was made, by two people of ours: it is that office."""

    office: OfficeId


@dataclass(frozen=True)
class OfficeSetAside:
    """Nobody could confirm the office. Its report stands as anybody's."""
