"""What has happened to a notice. Facts in the past tense, with references and digests, never names or texts."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.clock_events import SharedEvent
from amparo.cases.refs import CaseId, ClaimId, ContactId, OfficeId, PolicyRef, SealedRef, StaffId, Subject
from amparo.cases.sender import OfficeKind
from amparo.cases.words import (
    Age,
    Doubt,
    LinkProblem,
    Relation,
    Told,
    Way,
    WhyClaimEnded,
)
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class NoticeOpened:
    """`reported_by` is set only when a member of staff reports.

    `received_at` is set where the report came while the books were away: its clocks run from then.
    """

    topic: Topic
    policy: PolicyRef
    country: str | None
    reported_by: StaffId | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class LinkPlaced:
    """`received_at` is set where the link came earlier than this: it waited for a person, or the books were away."""

    position: int
    subject: Subject
    case: CaseId
    received_at: datetime | None = None


@dataclass(frozen=True)
class LinkUnplaced:
    """We cannot tell which subject a link names; the text lies sealed and a person will look.

    `site`: the id of a well-known other site that it names, from a table that is shipped.
    """

    position: int
    sealed: SealedRef | None
    problem: LinkProblem
    received_at: datetime | None = None
    site: str | None = None


@dataclass(frozen=True)
class LinkAnswered:
    """A person looked at an unplaced link and there is nothing on this platform to place it at."""

    position: int
    answer: Told


@dataclass(frozen=True)
class RelationAnswered:
    relation: Relation


@dataclass(frozen=True)
class AgeAnswered:
    age: Age


@dataclass(frozen=True)
class CountryAnswered:
    country: str


@dataclass(frozen=True)
class WayAnswered:
    way: Way


@dataclass(frozen=True)
class LanguageAnswered:
    language: str


@dataclass(frozen=True)
class AgeSettled:
    """The age counts from now on: as answered or, unanswered, as a child's."""

    age: Age


@dataclass(frozen=True)
class NoticeSent:
    pass


@dataclass(frozen=True)
class WordsReceived:
    """The reporter wrote to us; the words lie sealed. `received_at`: when, where the books were away then."""

    sealed: SealedRef
    brings_new_facts: bool
    asks_again: bool
    received_at: datetime | None = None


@dataclass(frozen=True)
class SignalsHeard:
    """The words say this, which nothing of before said. The words themselves lie sealed and are not repeated here."""

    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class FactsTold:
    """The reporter ticked these after sending, which nothing of before said. What was typed beside them are words."""

    told: tuple[Signal, ...]


@dataclass(frozen=True)
class ElementsGiven:
    """The reporter gave these of what a law asks of a notice. Name and contact lie sealed."""

    elements: tuple[Element, ...]
    sealed: SealedRef | None


@dataclass(frozen=True)
class NoticeCompleted:
    """From now on the notice has all that the laws of these countries ask for."""

    under: tuple[str, ...]


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


@dataclass(frozen=True)
class LetterSent:
    """Staff wrote to the reporter; the letter lies sealed."""

    sealed: SealedRef


@dataclass(frozen=True)
class ReporterTold:
    """`key` makes telling twice harmless."""

    what: Told
    case: CaseId | None
    at: datetime
    by: datetime | None
    key: str


@dataclass(frozen=True)
class NoticeAnswered:
    """Every link has its answer."""


@dataclass(frozen=True)
class NoticeReopened:
    pass


@dataclass(frozen=True)
class NoticeClosed:
    pass


@dataclass(frozen=True)
class ReporterDoubted:
    """Somebody found that the report was made in bad faith. Until then it hides nothing more by itself."""

    reason: Doubt
    until: datetime


@dataclass(frozen=True)
class DoubtLifted:
    pass


@dataclass(frozen=True)
class PictureClaimed:
    """Somebody made a code of a picture on their device. The code is in no event.

    `radius`: in how many bits a copy's hash may differ. Unless it `works`, a person has to start it.
    """

    claim: ClaimId
    quality: int
    pipeline: str
    until: datetime
    radius: int
    works: bool


@dataclass(frozen=True)
class ClaimStarted:
    claim: ClaimId


@dataclass(frozen=True)
class ClaimRenewed:
    claim: ClaimId
    until: datetime


@dataclass(frozen=True)
class ClaimEndVoted:
    """One person voted to end a claim, without seeing whether anybody else did."""

    claim: ClaimId
    voter: StaffId
    is_lead: bool


@dataclass(frozen=True)
class ClaimEnded:
    """Nothing is looked for by it any more, and its code is deleted."""

    claim: ClaimId
    why: WhyClaimEnded


NoticeEvent = (
    SharedEvent
    | NoticeOpened
    | LinkPlaced
    | LinkUnplaced
    | LinkAnswered
    | RelationAnswered
    | AgeAnswered
    | CountryAnswered
    | WayAnswered
    | LanguageAnswered
    | AgeSettled
    | NoticeSent
    | WordsReceived
    | SignalsHeard
    | FactsTold
    | ElementsGiven
    | NoticeCompleted
    | ReferralOpened
    | ReferralDecided
    | OfficeNamed
    | OfficeLinkGiven
    | OfficeLinkOpened
    | OfficeCalled
    | OfficeVerified
    | OfficeSetAside
    | LetterSent
    | ReporterTold
    | NoticeAnswered
    | NoticeReopened
    | NoticeClosed
    | ReporterDoubted
    | DoubtLifted
    | PictureClaimed
    | ClaimStarted
    | ClaimRenewed
    | ClaimEndVoted
    | ClaimEnded
)
