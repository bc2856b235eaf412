"""The rules of a notice: what a reporter may add and say, when the age counts, and until when somebody must answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from amparo.cases import decide_office, decide_referral, picture_claim
from amparo.cases.actor import Actor
from amparo.cases.clock_events import (
    AlarmRaised,
    ClockExpired,
    ClockStarted,
    ClockStopped,
    EscalatedToLead,
    PersonPaged,
)
from amparo.cases.commands import ExpireClock, aggregate_of
from amparo.cases.elements import added, completed
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, evolve_notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerLanguage,
    AnswerLink,
    AnswerRelation,
    AnswerWay,
    ClaimPicture,
    DecideReferral,
    DoubtReporter,
    GiveElements,
    GiveOfficeLink,
    LiftDoubt,
    Link,
    NameOffice,
    NoticeCommand,
    OpenNotice,
    OpenOfficeLink,
    OpenReferral,
    PlacedLink,
    PlaceLink,
    ReceiveWords,
    RecordOfficeCall,
    RenewClaim,
    SendLetter,
    SendNotice,
    SetOfficeAside,
    StartClaim,
    TellFacts,
    TellReporter,
    VoteToEndClaim,
    WithdrawClaim,
)
from amparo.cases.notice_events import (
    AgeAnswered,
    AgeSettled,
    CountryAnswered,
    DoubtLifted,
    LanguageAnswered,
    LetterSent,
    LinkAnswered,
    LinkPlaced,
    LinkUnplaced,
    NoticeAnswered,
    NoticeClosed,
    NoticeEvent,
    NoticeOpened,
    NoticeReopened,
    NoticeSent,
    RelationAnswered,
    ReporterDoubted,
    ReporterTold,
    SignalsHeard,
    WayAnswered,
    WordsReceived,
)
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age, Alarm, Told
from amparo.policies.deadlines import deadlines
from amparo.policies.policy import ClockName, Lane, Policy, Topic
from amparo.policies.signal import Signal, in_order

MOST_LINKS = 50

ANSWERED = "answered"
PLACED = "placed"
SETTLED = "settled"
CLOSING = "closing"

# An unanswered age counts as a child's anyway; after this long the answer, or the silence, counts for good.
_SETTLES_AFTER = timedelta(minutes=30)
# As long as a refusal can be complained about: Regulation (EU) 2022/2065, art. 20(1), at least six months.
_CLOSES_AFTER = timedelta(days=183)

# A report is not closed over the question whether the police are told; that it is asked again stands in its own clock.
_CLOSES_AGAIN = timedelta(days=1)
# Long enough for a campaign to end; nobody is to be doubted for ever.
_DOUBTED_FOR = timedelta(days=30)

_HOUSE: frozenset[str] = frozenset()
_CALLS = {
    PLACED: Alarm.LINK_WAITS,
    decide_referral.REFERRAL: Alarm.REFERRAL_DUE,
    decide_office.SENDER: Alarm.OFFICE_WAITS,
    picture_claim.STARTING: Alarm.CLAIM_WAITS,
}


def decide_notice(
    notice: Notice | None, command: NoticeCommand | ExpireClock, facts: Facts, now: datetime
) -> tuple[Entry, ...]:
    """Return the events that a command leads to; none where it changes nothing. Raises Refused."""
    draft = _Draft(NoticeId(aggregate_of(command)), notice, facts, now, command.actor)
    match command:
        case OpenNotice():
            _open(draft, command)
        case AddLinks():
            draft.received_at = _earlier(command.received_at, draft.now)
            _add_links(draft, command.links)
        case AnswerRelation():
            draft.must_be_open()
            if draft.notice.relation is not command.relation:
                draft.add(RelationAnswered(command.relation))
        case AnswerAge():
            _answer_age(draft, command.age)
        case AnswerCountry():
            draft.must_be_open()
            if draft.notice.country != command.country:
                draft.add(CountryAnswered(command.country))
        case AnswerWay():
            draft.must_be_open()
            draft.add(WayAnswered(command.way))
        case AnswerLanguage():
            draft.must_be_open()
            if command.language != draft.notice.language:
                draft.add(LanguageAnswered(command.language))
        case TellFacts() | GiveElements():
            draft.must_be_open()
            draft.add_all(added(draft.notice, command))
        case SendNotice():
            _send(draft)
        case ReceiveWords():
            _receive_words(draft, command)
        case SendLetter():
            draft.must_be_open()
            draft.add(LetterSent(command.sealed))
        case PlaceLink():
            _answer_link(draft, command.position, command.link)
        case AnswerLink():
            _answer_link(draft, command.position, command.answer)
        case OpenReferral():
            decide_referral.open_referral(draft, command)
        case DecideReferral():
            decide_referral.decide_referral(draft, command)
        case NameOffice():
            decide_office.name_office(draft, command)
        case GiveOfficeLink():
            decide_office.give_link(draft, command)
        case OpenOfficeLink():
            decide_office.open_link(draft, command)
        case RecordOfficeCall():
            decide_office.record_call(draft, command)
        case SetOfficeAside():
            decide_office.set_aside(draft, command)
        case TellReporter():
            _tell(draft, command)
        case ClaimPicture() | RenewClaim() | WithdrawClaim() | StartClaim() | VoteToEndClaim():
            _claim(draft, command)
        case DoubtReporter():
            _doubt(draft, command)
        case LiftDoubt():
            if not draft.notice.is_doubted(now):
                raise Refused("no_doubt", "This report counts in full already. There is nothing to lift.")
            draft.add(DoubtLifted())
        case ExpireClock():
            _expire_clock(draft, command.key)
    if draft.exists:
        draft.add_all(completed(draft.notice, facts.policies))
    return tuple(draft.entries)


class _Draft:
    """Gathers the events of one decision, folding each in at once."""

    def __init__(self, notice_id: NoticeId, notice: Notice | None, facts: Facts, now: datetime, actor: Actor) -> None:
        self.notice_id, self._notice, self.facts, self.now, self.actor = notice_id, notice, facts, now, actor
        self.received_at: datetime | None = None
        self.entries: list[Entry] = []

    @property
    def exists(self) -> bool:
        return self._notice is not None

    @property
    def notice(self) -> Notice:
        if self._notice is None:
            raise Refused("no_such_notice", "There is no report for this code. Check the code and try again.")
        return self._notice

    @property
    def policy(self) -> Policy:
        return self.facts.policies.get(self.notice.policy)

    def must_be_open(self) -> None:
        if not self.notice.is_open:
            raise Refused("notice_closed", "This report is closed. Please send a new one.")

    def add(self, event: NoticeEvent) -> None:
        seq = 1 if self._notice is None else self._notice.seq + 1
        entry = Entry(seq, self.now, self.actor, None if self._notice is None else self._notice.policy, event)
        self.entries.append(entry)
        self._notice = evolve_notice(self._notice, self.notice_id, entry)

    def add_all(self, events: Iterable[NoticeEvent]) -> None:
        for event in tuple(events):
            self.add(event)

    def start(self, name: str, length: timedelta | ClockName) -> None:
        if any(clock.name == name for clock in self.notice.clocks):
            return
        if isinstance(length, timedelta):
            self.add(ClockStarted(name, name, None, self.now + length, None))
        else:
            due = deadlines(self.policy, length, _HOUSE, self.received_at or self.now)[0]
            self.add(ClockStarted(name, name, self.policy.ref, due.due_at, due.page_at))

    def stop(self, name: str) -> None:
        if any(clock.name == name for clock in self.notice.clocks):
            self.add(ClockStopped(name))


def _doubt(draft: _Draft, command: DoubtReporter) -> None:
    """Doubt a reporter about whom something is proven: nothing they named had to go, and something may stay for good.

    That it may stay is what two people found who did not see each other's vote. A mistake is no proof: the person who
    presses this says why it is none.
    """
    found = {outcome.what for outcome in draft.notice.outcomes}
    if Told.KEPT not in found or Told.REMOVED in found:
        raise Refused("not_proven", "Two people must find first that a part of it may stay.")
    if not draft.notice.is_doubted(draft.now):
        draft.add(ReporterDoubted(command.reason, draft.now + _DOUBTED_FOR))


def _open(draft: _Draft, command: OpenNotice) -> None:
    """Open the notice. Its promises run from when it came; the time to answer the questions from now."""
    if draft.exists:
        raise Refused("notice_exists", "This report is open already.")
    if not command.links and command.picture is None:
        raise Refused("no_links", "Paste at least one link, or say where the post is.")
    draft.received_at = _earlier(command.received_at, draft.now)
    draft.add(NoticeOpened(command.topic, command.policy, command.country, command.reported_by, draft.received_at))
    draft.start(ANSWERED, ClockName.DECIDED)
    if draft.policy.lane is Lane.ORDINARY and command.topic is Topic.SPAM:
        draft.add(AgeSettled(Age.ADULT))
    else:
        draft.start(SETTLED, _SETTLES_AFTER)
    _add_links(draft, command.links)
    if command.picture is not None:
        draft.add_all(picture_claim.claimed(draft.notice, command.picture, draft.policy, draft.now))


def _claim(draft: _Draft, command: ClaimPicture | RenewClaim | WithdrawClaim | StartClaim | VoteToEndClaim) -> None:
    draft.must_be_open()
    notice, staffing = draft.notice, draft.facts.staffing
    match command:
        case ClaimPicture():
            draft.add_all(picture_claim.claimed(notice, command.picture, draft.policy, draft.now))
        case RenewClaim():
            draft.add_all(picture_claim.renewed(notice, command.claim, draft.policy, draft.now))
        case WithdrawClaim():
            draft.add_all(picture_claim.withdrawn(notice, command.claim))
        case StartClaim():
            draft.add_all(picture_claim.started(notice, command.claim, command.actor, staffing))
        case VoteToEndClaim():
            policy = draft.facts.policies.for_notice(notice.topic, is_adult=notice.settled_age is Age.ADULT)
            draft.add_all(picture_claim.voted_to_end(notice, command.claim, policy, command.actor, staffing))


def _add_links(draft: _Draft, links: tuple[Link, ...]) -> None:
    draft.must_be_open()
    if len(draft.notice.links) + len(links) > MOST_LINKS:
        raise Refused("too_many_links", f"One report takes {MOST_LINKS} links. Please send the rest in a second one.")
    first = max((link.position for link in draft.notice.links), default=-1) + 1
    for position, link in enumerate(links, start=first):
        _place(draft, position, link)
    if any(link.waits_for_a_person for link in draft.notice.links):
        draft.start(PLACED, ClockName.FIRST_LOOK)
    _answered_or_not(draft)


def _place(draft: _Draft, position: int, link: Link) -> None:
    if isinstance(link, PlacedLink):
        draft.add(LinkPlaced(position, link.subject, link.case, draft.received_at))
    else:
        draft.add(LinkUnplaced(position, link.sealed, link.problem, draft.received_at, link.site))


def _answer_age(draft: _Draft, age: Age) -> None:
    """Take the answer down. Once it counts, it can only be raised to a child's, never lowered."""
    draft.must_be_open()
    settled = draft.notice.settled_age
    if settled is not None and settled is not Age.ADULT and age is Age.ADULT:
        raise Refused("lanes_only_rise", "This report is handled as one about a child. Write to us if that is wrong.")
    if draft.notice.age is not age:
        draft.add(AgeAnswered(age))
    if settled is Age.ADULT and age is not Age.ADULT:
        draft.add(AgeSettled(age))


def _send(draft: _Draft) -> None:
    draft.must_be_open()
    if draft.notice.sent_at is None:
        draft.add(NoticeSent())
        _settle(draft)


def _settle(draft: _Draft) -> None:
    draft.stop(SETTLED)
    if not draft.notice.is_settled:
        draft.add(AgeSettled(draft.notice.age or Age.NOT_SURE))


def _receive_words(draft: _Draft, command: ReceiveWords) -> None:
    """Take the words down. A link that one person found nothing at waits for a person again: a reply reopens it."""
    draft.must_be_open()
    draft.received_at = _earlier(command.received_at, draft.now)
    draft.add(WordsReceived(command.sealed, command.brings_new_facts, command.asks_again, draft.received_at))
    if new := command.signals - draft.notice.signals:
        draft.add(SignalsHeard(in_order(new)))
    if Signal.SELF_HARM in new:
        # The page shows who to talk to; whether the police are told of a danger to life, people decide.
        draft.add(AlarmRaised(Alarm.MAY_HURT_THEMSELF))
    decide_referral.open_if_said(draft, command.signals)
    for link in draft.notice.links:
        if link.answer is not None and link.problem is not None:
            draft.add(LinkUnplaced(link.position, link.sealed, link.problem, draft.received_at, link.site))
            draft.start(PLACED, ClockName.FIRST_LOOK)
    _answered_or_not(draft)


def _earlier(received_at: datetime | None, now: datetime) -> datetime | None:
    """Return when something came, or None where it comes only now: no clock of ours may put a promise off."""
    return received_at if received_at is not None and received_at < now else None


def _answer_link(draft: _Draft, position: int, found: PlacedLink | Told) -> None:
    draft.must_be_open()
    link = draft.notice.link(position)
    if link is None or not link.waits_for_a_person:
        raise Refused("link_has_an_answer", "That link has its answer already. Look at the report again.")
    if isinstance(found, PlacedLink):
        draft.add(LinkPlaced(position, found.subject, found.case, link.came_at))
        told = Told.LINK_FOUND
    else:
        if found not in (Told.LINK_NOT_FOUND, Told.LINK_ELSEWHERE):
            raise Refused("no_such_answer", "Say that the link was not found here or that it is on another site.")
        draft.add(LinkAnswered(position, found))
        told = found
    draft.add(ReporterTold(told, None, draft.now, None, f"link:{position}:{draft.notice.seq}"))
    if not any(each.waits_for_a_person for each in draft.notice.links):
        draft.stop(PLACED)
    _answered_or_not(draft)


def _tell(draft: _Draft, command: TellReporter) -> None:
    """Take down what the reporter is told, once per key, whatever the order in which the news arrives.

    News from before the report is not for its reporter: it may say "kept" of what this very report has reopened.
    """
    notice = draft.notice
    if command.key in notice.told or not notice.is_open or command.at < notice.opened_at:
        return
    draft.add(ReporterTold(command.what, command.case, command.at, command.by, command.key))
    _answered_or_not(draft)


def _answered_or_not(draft: _Draft) -> None:
    if draft.notice.waits and draft.notice.is_answered:
        draft.add(NoticeReopened())
        draft.stop(CLOSING)
    elif not draft.notice.waits and not draft.notice.is_answered:
        draft.add(NoticeAnswered())
        draft.start(CLOSING, _CLOSES_AFTER)
        draft.stop(ANSWERED)
    if not draft.notice.is_answered:
        draft.start(ANSWERED, ClockName.DECIDED)


def _expire_clock(draft: _Draft, key: str) -> None:
    """Act on a clock whose time, or whose time to page, has come. Early and repeated calls change nothing."""
    clock = next((c for c in draft.notice.clocks if c.key == key), None)
    if clock is None or clock.wakes_at > draft.now:
        return
    alarm = _CALLS.get(clock.name, Alarm.DECISION_DUE)
    if clock.due_at > draft.now:
        draft.add(PersonPaged(key))
        draft.add(AlarmRaised(alarm))
    elif clock.name == SETTLED:
        draft.add(ClockExpired(key, clock.due_at, None))
        _settle(draft)
    elif clock.name == decide_referral.REFERRAL:
        decide_referral.expire(draft, clock)
    elif clock.name == decide_office.SENDER:
        decide_office.expire(draft, clock)
    elif clock.name == CLOSING and draft.notice.open_referral is not None:
        draft.add(ClockExpired(key, clock.due_at, draft.now + _CLOSES_AGAIN))
    elif clock.name == CLOSING:
        if any(claim.is_live for claim in draft.notice.claims):
            # Whoever made the code comes back here to take it back or to let it go on.
            draft.add(ClockExpired(key, clock.due_at, draft.now + _CLOSES_AFTER))
            return
        draft.add(ClockExpired(key, clock.due_at, None))
        draft.add(NoticeClosed())
    elif clock.name == picture_claim.CLAIMED:
        draft.add_all(picture_claim.ran_out(draft.notice, key, clock.due_at))
    else:
        name = ClockName.FIRST_LOOK if clock.name in (PLACED, picture_claim.STARTING) else ClockName.DECIDED
        renewed = draft.now + min(rule.renew for rule in draft.policy.rules(name, _HOUSE))
        draft.add(ClockExpired(key, clock.due_at, renewed))
        draft.add(AlarmRaised(alarm))
        draft.add(EscalatedToLead(key))
        if clock.name == PLACED:
            told = f"late:{clock.due_at.isoformat()}"
            draft.add(ReporterTold(Told.LATE, None, draft.now, renewed, told))
