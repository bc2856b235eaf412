"""The rules of a notice: what a reporter may add and say, when the age counts, and until when somebody must answer."""

from datetime import datetime, timedelta

from amparo.cases import decide_office, decide_referral, picture_claim
from amparo.cases.claim_commands import (
    ClaimPicture,
    RenewClaim,
    StartClaim,
    VoteToEndClaim,
    WithdrawClaim,
)
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.commands import ExpireClock, aggregate_of
from amparo.cases.elements import added, completed
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerLanguage,
    AnswerLink,
    AnswerRelation,
    AnswerWay,
    DoubtReporter,
    GiveElements,
    LiftDoubt,
    Link,
    NoticeCommand,
    OpenNotice,
    PlacedLink,
    PlaceLink,
    ReceiveWords,
    SendLetter,
    SendNotice,
    TellFacts,
    TellReporter,
    VouchForSender,
)
from amparo.cases.notice_draft import ANSWERED, PLACED, SETTLED, NoticeDraft, answered_or_not, settle
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
    NoticeOpened,
    NoticeSent,
    RelationAnswered,
    ReporterDoubted,
    ReporterTold,
    SenderVouched,
    SignalsHeard,
    WayAnswered,
    WordsReceived,
)
from amparo.cases.notice_time import expire_clock
from amparo.cases.office_commands import (
    DecideReferral,
    GiveOfficeLink,
    NameOffice,
    OpenOfficeLink,
    OpenReferral,
    RecordOfficeCall,
    SetOfficeAside,
)
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age, Alarm, Told
from amparo.policies.policy import ClockName, Lane, Topic
from amparo.policies.signal import Signal, in_order

MOST_LINKS = 50

# An unanswered age counts as a child's anyway; after this long the answer, or the silence, counts for good.
_SETTLES_AFTER = timedelta(minutes=30)
# Long enough for a campaign to end; nobody is to be doubted for ever.
_DOUBTED_FOR = timedelta(days=30)


def decide_notice(
    notice: Notice | None, command: NoticeCommand | ExpireClock, facts: Facts, now: datetime
) -> tuple[Entry, ...]:
    """Return the events that a command leads to; none where it changes nothing. Raises Refused."""
    draft = NoticeDraft(NoticeId(aggregate_of(command)), notice, facts, now, command.actor)
    match command:
        case OpenNotice():
            _open(draft, command)
        case AddLinks():
            draft.came_at(command.received_at)
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
        case VouchForSender(signals=signals):
            draft.must_be_open()
            if new := signals - draft.notice.signals:
                draft.add(SenderVouched(in_order(new)))
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
            expire_clock(draft, command.key)
    if draft.exists:
        draft.add_all(completed(draft.notice, facts.policies))
    return tuple(draft.entries)


def _doubt(draft: NoticeDraft, command: DoubtReporter) -> None:
    """Doubt a reporter about whom something is proven: nothing they named had to go, and something may stay for good.

    That it may stay is what two people found who did not see each other's vote. A mistake is no proof: the person who
    presses this says why it is none.
    """
    found = {outcome.what for outcome in draft.notice.outcomes}
    if Told.KEPT not in found or Told.REMOVED in found:
        raise Refused("not_proven", "Two people must find first that a part of it may stay.")
    if not draft.notice.is_doubted(draft.now):
        draft.add(ReporterDoubted(command.reason, draft.now + _DOUBTED_FOR))


def _open(draft: NoticeDraft, command: OpenNotice) -> None:
    """Open the notice. Its promises run from when it came; the time to answer the questions from now."""
    if draft.exists:
        raise Refused("notice_exists", "This report is open already.")
    if not command.links and command.picture is None:
        raise Refused("no_links", "Paste at least one link, or say where the post is.")
    draft.came_at(command.received_at)
    draft.add(NoticeOpened(command.topic, command.policy, command.country, command.reported_by, draft.received_at))
    draft.start(ANSWERED, ClockName.DECIDED)
    if draft.policy.lane is Lane.ORDINARY and command.topic is Topic.SPAM:
        draft.add(AgeSettled(Age.ADULT))
    else:
        draft.start(SETTLED, _SETTLES_AFTER)
    _add_links(draft, command.links)
    if command.picture is not None:
        draft.add_all(picture_claim.claimed(draft.notice, command.picture, draft.policy, draft.now))


def _claim(
    draft: NoticeDraft, command: ClaimPicture | RenewClaim | WithdrawClaim | StartClaim | VoteToEndClaim
) -> None:
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


def _add_links(draft: NoticeDraft, links: tuple[Link, ...]) -> None:
    draft.must_be_open()
    if len(draft.notice.links) + len(links) > MOST_LINKS:
        raise Refused("too_many_links", f"One report takes {MOST_LINKS} links. Please send the rest in a second one.")
    first = max((link.position for link in draft.notice.links), default=-1) + 1
    for position, link in enumerate(links, start=first):
        _place(draft, position, link)
    if any(link.waits_for_a_person for link in draft.notice.links):
        draft.start(PLACED, ClockName.FIRST_LOOK)
    answered_or_not(draft)


def _place(draft: NoticeDraft, position: int, link: Link) -> None:
    if isinstance(link, PlacedLink):
        draft.add(LinkPlaced(position, link.subject, link.case, draft.received_at))
    else:
        draft.add(LinkUnplaced(position, link.sealed, link.problem, draft.received_at, link.site))


def _answer_age(draft: NoticeDraft, age: Age) -> None:
    """Take the answer down. Once it counts, it can only be raised to a child's, never lowered."""
    draft.must_be_open()
    settled = draft.notice.settled_age
    if settled is not None and settled is not Age.ADULT and age is Age.ADULT:
        raise Refused("lanes_only_rise", "This report is handled as one about a child. Write to us if that is wrong.")
    if draft.notice.age is not age:
        draft.add(AgeAnswered(age))
    if settled is Age.ADULT and age is not Age.ADULT:
        draft.add(AgeSettled(age))


def _send(draft: NoticeDraft) -> None:
    draft.must_be_open()
    if draft.notice.sent_at is None:
        draft.add(NoticeSent())
        settle(draft)


def _receive_words(draft: NoticeDraft, command: ReceiveWords) -> None:
    """Take the words down. A link that one person found nothing at waits for a person again: a reply reopens it."""
    draft.must_be_open()
    draft.came_at(command.received_at)
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
    answered_or_not(draft)


def _answer_link(draft: NoticeDraft, position: int, found: PlacedLink | Told) -> None:
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
    answered_or_not(draft)


def _tell(draft: NoticeDraft, command: TellReporter) -> None:
    """Take down what the reporter is told, once per key, whatever the order in which the news arrives.

    News from before the report is not for its reporter: it may say "kept" of what this very report has reopened.
    """
    notice = draft.notice
    if command.key in notice.told or not notice.is_open or command.at < notice.opened_at:
        return
    draft.add(ReporterTold(command.what, command.case, command.at, command.by, command.key))
    answered_or_not(draft)
