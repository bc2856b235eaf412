"""What may be asked of a notice. Commands are imperative; `decide_notice` answers each with events or a refusal."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Actor, Reviewer
from amparo.cases.claim_commands import ClaimCommand
from amparo.cases.office_commands import (
    DecideReferral,
    GiveOfficeLink,
    NameOffice,
    OpenOfficeLink,
    OpenReferral,
    RecordOfficeCall,
    SetOfficeAside,
)
from amparo.cases.picture_claim import PictureCode
from amparo.cases.refs import CaseId, NoticeId, PolicyRef, SealedRef, StaffId, Subject
from amparo.cases.words import Age, Doubt, LinkProblem, Relation, Told, Way
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class PlacedLink:
    subject: Subject
    case: CaseId


@dataclass(frozen=True)
class UnplacedLink:
    """`site`: the id of a well-known other site that the link names, from a table that is shipped."""

    sealed: SealedRef | None
    problem: LinkProblem
    site: str | None = None


Link = PlacedLink | UnplacedLink


@dataclass(frozen=True)
class OpenNotice:
    """A report has come: the first valid link opens it. `policy` is the one it falls under while age is unanswered.

    `picture`: the code of a picture that is not posted yet, which opens a report without a link.

    `received_at` is set where it came while the books were away: its clocks run from then. `room`, here and below: how
    many automatic hides the hour's budget has left for it; None where nobody counted.
    """

    notice: NoticeId
    topic: Topic
    policy: PolicyRef
    country: str | None
    links: tuple[Link, ...]
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    reported_by: StaffId | None = None
    received_at: datetime | None = None
    room: int | None = None
    picture: PictureCode | None = None


@dataclass(frozen=True)
class AddLinks:
    """`received_at` is set where they came while the books were away. `signals`: what the words say."""

    notice: NoticeId
    links: tuple[Link, ...]
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    received_at: datetime | None = None
    room: int | None = None


@dataclass(frozen=True)
class AnswerRelation:
    notice: NoticeId
    relation: Relation
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class AnswerAge:
    notice: NoticeId
    age: Age
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class AnswerCountry:
    """`regimes` already counts the answered country in."""

    notice: NoticeId
    country: str
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class AnswerWay:
    notice: NoticeId
    way: Way
    actor: Actor


@dataclass(frozen=True)
class AnswerLanguage:
    """The pages stood in this language, named as in BCP 47, when the reporter last sent a form."""

    notice: NoticeId
    language: str
    actor: Actor


@dataclass(frozen=True)
class VouchForSender:
    """The key that a notice came with says this of its sender. It may raise priority and does nothing else."""

    notice: NoticeId
    signals: frozenset[Signal]
    actor: Actor


@dataclass(frozen=True)
class TellFacts:
    """The reporter ticked these after sending. They may raise priority and are never asked for twice."""

    notice: NoticeId
    told: frozenset[Signal]
    actor: Actor


@dataclass(frozen=True)
class GiveElements:
    """An adult gave what a law asks of a notice. `sealed` holds name and contact, where any was typed."""

    notice: NoticeId
    elements: frozenset[Element]
    sealed: SealedRef | None
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class SendNotice:
    """The reporter pressed "Send". An unanswered age counts as a child's from now on."""

    notice: NoticeId
    regimes: frozenset[str]
    within_budget: bool
    actor: Actor
    room: int | None = None


@dataclass(frozen=True)
class ReceiveWords:
    """`received_at` is set where they came while the books were away."""

    notice: NoticeId
    sealed: SealedRef
    asks_again: bool
    brings_new_facts: bool
    actor: Actor
    received_at: datetime | None = None
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True)
class SendLetter:
    notice: NoticeId
    sealed: SealedRef
    actor: Reviewer


@dataclass(frozen=True)
class PlaceLink:
    """A person found which subject an unplaced link names."""

    notice: NoticeId
    position: int
    link: PlacedLink
    regimes: frozenset[str]
    within_budget: bool
    actor: Reviewer


@dataclass(frozen=True)
class AnswerLink:
    """A person found that an unplaced link names nothing here. `answer`: LINK_NOT_FOUND or LINK_ELSEWHERE."""

    notice: NoticeId
    position: int
    answer: Told
    actor: Reviewer


@dataclass(frozen=True)
class TellReporter:
    """A case has news for this notice. `key` makes telling twice harmless."""

    notice: NoticeId
    case: CaseId
    what: Told
    at: datetime
    by: datetime | None
    key: str
    actor: Actor


@dataclass(frozen=True)
class DoubtReporter:
    """A person found that this report was made in bad faith: for some time it hides nothing more by itself."""

    notice: NoticeId
    reason: Doubt
    actor: Reviewer


@dataclass(frozen=True)
class LiftDoubt:
    """A person found that it was not, or that it is enough."""

    notice: NoticeId
    actor: Reviewer


NoticeCommand = (
    OpenNotice
    | AddLinks
    | AnswerRelation
    | AnswerAge
    | AnswerCountry
    | AnswerWay
    | AnswerLanguage
    | VouchForSender
    | TellFacts
    | GiveElements
    | SendNotice
    | ReceiveWords
    | OpenReferral
    | DecideReferral
    | NameOffice
    | GiveOfficeLink
    | OpenOfficeLink
    | RecordOfficeCall
    | SetOfficeAside
    | SendLetter
    | PlaceLink
    | AnswerLink
    | TellReporter
    | DoubtReporter
    | LiftDoubt
    | ClaimCommand
)
