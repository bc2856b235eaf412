"""A notice: what one reporter sent and was told, folded from its events."""

from dataclasses import dataclass, replace
from datetime import datetime

from amparo.cases.claim_events import ClaimEnded, ClaimEndVoted, ClaimRenewed, ClaimStarted, PictureClaimed
from amparo.cases.clock import Clock, turn
from amparo.cases.clock_events import (
    AlarmRaised,
    ClockExpired,
    ClockStarted,
    ClockStopped,
    EscalatedToLead,
    PersonPaged,
)
from amparo.cases.events import Entry
from amparo.cases.folded_sender import evolve_referrals, evolve_sender
from amparo.cases.notice_events import (
    AgeAnswered,
    AgeSettled,
    CountryAnswered,
    DoubtLifted,
    ElementsGiven,
    FactsTold,
    LanguageAnswered,
    LetterSent,
    LinkAnswered,
    LinkPlaced,
    LinkUnplaced,
    NoticeAnswered,
    NoticeClosed,
    NoticeCompleted,
    NoticeOpened,
    NoticeReopened,
    NoticeSent,
    RelationAnswered,
    ReporterDoubted,
    ReporterTold,
    SenderVouched,
    SignalsHeard,
    WayAnswered,
    WordsReceived,
)
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
from amparo.cases.picture_claim import PictureClaim, after
from amparo.cases.referral import Referral
from amparo.cases.refs import CaseId, ClaimId, NoticeId, PolicyRef, SealedRef, StaffId, Subject
from amparo.cases.sender import Sender
from amparo.cases.words import Age, LinkProblem, Relation, Told, Way
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal

OUTCOMES = frozenset({Told.REMOVED, Told.KEPT})
# What bears on an outcome. All else changes none, and need not be sorted in among a thousand pieces of news.
_BEARING = OUTCOMES | {Told.REOPENED, Told.CAME_BACK, Told.GONE}


@dataclass(frozen=True)
class NoticeLink:
    """One link. Either it has a case, or a problem; `answer` is what a person found of an unplaced one.

    `came_at` is when somebody sent it, from which the clocks of its case run.
    """

    position: int
    came_at: datetime
    subject: Subject | None = None
    case: CaseId | None = None
    sealed: SealedRef | None = None
    problem: LinkProblem | None = None
    answer: Told | None = None
    site: str | None = None

    @property
    def waits_for_a_person(self) -> bool:
        return self.case is None and self.answer is None


@dataclass(frozen=True)
class Outcome:
    case: CaseId
    what: Told


@dataclass(frozen=True)
class News:
    """Something the reporter was told; `by` is the new promised time, where one was given."""

    what: Told
    case: CaseId | None
    at: datetime
    by: datetime | None


@dataclass(frozen=True)
class Letter:
    """A sealed message from staff."""

    sealed: SealedRef
    at: datetime


@dataclass(frozen=True)
class Notice:
    """The state of a notice after `seq` events. `settled_age` is set once the age counts for good."""

    id: NoticeId
    seq: int
    opened_at: datetime
    topic: Topic
    policy: PolicyRef
    country: str | None = None
    reported_by: StaffId | None = None
    is_open: bool = True
    is_answered: bool = False
    links: tuple[NoticeLink, ...] = ()
    relation: Relation | None = None
    age: Age | None = None
    settled_age: Age | None = None
    way: Way | None = None
    sent_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    news: tuple[News, ...] = ()
    told: frozenset[str] = frozenset()
    letters: tuple[Letter, ...] = ()
    words: tuple[Letter, ...] = ()
    received_at: datetime | None = None
    signals: frozenset[Signal] = frozenset()
    language: str | None = None
    facts_told: frozenset[Signal] = frozenset()
    elements: frozenset[Element] = frozenset()
    contact: SealedRef | None = None
    complete_under: frozenset[str] = frozenset()
    referrals: tuple[Referral, ...] = ()
    sender: Sender | None = None
    claims: tuple[PictureClaim, ...] = ()
    doubted_until: datetime | None = None

    @property
    def open_referral(self) -> Referral | None:
        """The question whether the police are told, while nobody has answered it."""
        return next((each for each in self.referrals if each.is_open), None)

    @property
    def came_at(self) -> datetime:
        """When the report came: before `opened_at` where the books were away then."""
        return self.received_at or self.opened_at

    @property
    def cases(self) -> tuple[CaseId, ...]:
        """The cases of the placed links, each once, in the order of the links."""
        return tuple(dict.fromkeys(link.case for link in self.links if link.case is not None))

    def is_doubted(self, now: datetime) -> bool:
        """Whether its reporter was found to report in bad faith, and the time of that is not over."""
        return self.doubted_until is not None and now < self.doubted_until

    @property
    def is_settled(self) -> bool:
        return self.settled_age is not None

    @property
    def waits(self) -> bool:
        """Whether any link has no answer yet."""
        decided = {outcome.case for outcome in self.outcomes}
        return any(link.waits_for_a_person for link in self.links) or any(case not in decided for case in self.cases)

    def claim(self, claim: ClaimId) -> PictureClaim | None:
        return next((each for each in self.claims if each.id == claim), None)

    def link(self, position: int) -> NoticeLink | None:
        return next((link for link in self.links if link.position == position), None)


def evolve_notice(notice: Notice | None, notice_id: NoticeId, entry: Entry) -> Notice:
    """Return the notice after one more event. Only NoticeOpened may be the first."""
    event = entry.event
    if isinstance(event, NoticeOpened):
        return Notice(
            notice_id,
            entry.seq,
            entry.at,
            event.topic,
            event.policy,
            event.country,
            reported_by=event.reported_by,
            received_at=event.received_at,
        )
    if notice is None:
        raise TypeError(f"{type(event).__name__} cannot be the first event of a notice.")
    notice = replace(notice, seq=entry.seq)
    match event:
        case ClockStarted() | ClockStopped() | ClockExpired() | PersonPaged():
            return replace(notice, clocks=turn(notice.clocks, event))
        case LinkPlaced():
            return _put(notice, NoticeLink(event.position, event.received_at or entry.at, event.subject, event.case))
        case LinkUnplaced():
            came_at = event.received_at or entry.at
            sealed, problem = event.sealed, event.problem
            return _put(notice, NoticeLink(event.position, came_at, sealed=sealed, problem=problem, site=event.site))
        case LinkAnswered():
            link = notice.link(event.position)
            return notice if link is None else _put(notice, replace(link, answer=event.answer))
        case RelationAnswered():
            return replace(notice, relation=event.relation)
        case AgeAnswered():
            return replace(notice, age=event.age)
        case AgeSettled():
            return replace(notice, settled_age=event.age)
        case CountryAnswered():
            return replace(notice, country=event.country)
        case WayAnswered():
            return replace(notice, way=event.way)
        case LanguageAnswered():
            return replace(notice, language=event.language)
        case NoticeSent():
            return replace(notice, sent_at=entry.at)
        case WordsReceived():
            return replace(notice, words=(*notice.words, Letter(event.sealed, event.received_at or entry.at)))
        case SignalsHeard() | SenderVouched():
            return replace(notice, signals=notice.signals | set(event.signals))
        case FactsTold():
            told = set(event.told)
            return replace(notice, signals=notice.signals | told, facts_told=notice.facts_told | told)
        case ElementsGiven():
            given = notice.elements | set(event.elements)
            return replace(notice, elements=given, contact=event.sealed or notice.contact)
        case NoticeCompleted():
            return replace(notice, complete_under=notice.complete_under | set(event.under))
        case ReferralOpened() | ReferralDecided():
            return replace(notice, referrals=evolve_referrals(notice.referrals, entry))
        case (
            OfficeNamed()
            | OfficeLinkGiven()
            | OfficeLinkOpened()
            | OfficeCalled()
            | OfficeVerified()
            | OfficeSetAside()
        ):
            return replace(notice, sender=evolve_sender(notice.sender, entry))
        case LetterSent():
            return replace(notice, letters=(*notice.letters, Letter(event.sealed, entry.at)))
        case ReporterTold():
            return _told(notice, event)
        case NoticeAnswered():
            return replace(notice, is_answered=True)
        case NoticeReopened():
            return replace(notice, is_answered=False)
        case NoticeClosed():
            return replace(notice, is_open=False, clocks=())
        case PictureClaimed() | ClaimStarted() | ClaimRenewed() | ClaimEndVoted() | ClaimEnded():
            return replace(notice, claims=after(notice.claims, event, entry.at))
        case ReporterDoubted():
            return replace(notice, doubted_until=event.until)
        case DoubtLifted():
            return replace(notice, doubted_until=None)
        case AlarmRaised() | EscalatedToLead():
            return notice
        case _:
            raise TypeError(f"{type(event).__name__} is not an event of a notice.")


def fold_notice(notice_id: NoticeId, entries: tuple[Entry, ...]) -> Notice:
    """Return the notice that these events, from the first on, amount to."""
    state: Notice | None = None
    for entry in entries:
        state = evolve_notice(state, notice_id, entry)
    if state is None:
        raise TypeError("A notice has at least one event.")
    return state


def _put(notice: Notice, link: NoticeLink) -> Notice:
    others = tuple(old for old in notice.links if old.position != link.position)
    return replace(notice, links=tuple(sorted((*others, link), key=lambda each: each.position)))


def _told(notice: Notice, event: ReporterTold) -> Notice:
    news = (*notice.news, News(event.what, event.case, event.at, event.by))
    notice = replace(notice, news=news, told=notice.told | {event.key})
    if event.case is None or event.what not in _BEARING:
        return notice
    others = tuple(outcome for outcome in notice.outcomes if outcome.case != event.case)
    what = _outcome([each for each in news if each.case == event.case])
    return replace(notice, outcomes=others if what is None else (*others, Outcome(event.case, what)))


def _outcome(news: list[News]) -> Told | None:
    """Return what became of one case, by the times of its news and not by the order in which they reached us."""
    what, was_removed = None, False
    for each in sorted(news, key=lambda news: news.at):
        if each.what in OUTCOMES:
            what, was_removed = each.what, each.what is Told.REMOVED
        elif each.what is Told.REOPENED:
            what, was_removed = None, False
        elif each.what is Told.CAME_BACK:
            what = None
        elif each.what is Told.GONE and was_removed:
            what = Told.REMOVED
    return what
