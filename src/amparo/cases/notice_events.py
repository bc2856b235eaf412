"""What has happened to a notice. Facts in the past tense, with references and digests, never names or texts."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.claim_events import ClaimEnded, ClaimEndVoted, ClaimRenewed, ClaimStarted, PictureClaimed
from amparo.cases.clock_events import SharedEvent
from amparo.cases.office_events import (
    OfficeCalled,
    OfficeLinkGiven,
    OfficeLinkOpened,
    OfficeNamed,
    OfficeSetAside,
    OfficeVerified,
    ReferralDecided,
    ReferralOpened,
)
from amparo.cases.refs import CaseId, PolicyRef, SealedRef, StaffId, Subject
from amparo.cases.words import (
    Age,
    Doubt,
    LinkProblem,
    Relation,
    Told,
    Way,
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
class SenderVouched:
    """The key that the notice came with says this of its sender, which nothing of before said."""

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
    | SenderVouched
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
