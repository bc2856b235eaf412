"""What each event means for a case: the state before and one event in, the state after out."""

from dataclasses import replace
from datetime import datetime

from amparo.cases.case import PROMISES, Case, Content, Ground, Late, Round, Vote
from amparo.cases.case_events import (
    CaseClosed,
    CaseOpened,
    CopiesRequested,
    GroundMatched,
    GroundRaised,
    GroundRefused,
    GroundReopened,
    GroundSettled,
    GroundUpheld,
    GroundWithdrawn,
    HoldEnded,
    HoldPlaced,
    KeepDecided,
    KeepVoted,
    LookStarted,
    MatchesWithdrawn,
    MatchRecorded,
    NoticeJoined,
    OfficeAsked,
    PeopleLacking,
    RelationLearned,
    RemovalDecided,
    ReportersTold,
    RoundClosed,
    RoundOpened,
    SignalsNoted,
    SuspensionForGoodAsked,
    VotesVoided,
)
from amparo.cases.clock import turn
from amparo.cases.clock_events import (
    AlarmRaised,
    ClockExpired,
    ClockStarted,
    ClockStopped,
    EscalatedToLead,
    PersonPaged,
)
from amparo.cases.events import Entry
from amparo.cases.exposure import Phase, first_reading, next_reading
from amparo.cases.likeness import Likeness
from amparo.cases.platform_events import (
    AccountMediaListed,
    AccountMediaRequested,
    CameBack,
    ContentRecorded,
    ContentRequested,
    HideRequested,
    HideWithheld,
    LookDue,
    Observed,
    OrderRepeated,
    PlatformTroubled,
    ReachRead,
    RemoveRequested,
    RestoreRequested,
    SuspensionEnded,
    SuspensionRequested,
)
from amparo.cases.refs import CaseId, PolicyRef
from amparo.cases.sender import Hold
from amparo.cases.words import GroundStatus, Relation, Seen, Wanted, WhyHide


def evolve(case: Case | None, entry: Entry) -> Case:
    """Return the case after one more event. The first event of a case is always CaseOpened."""
    event, at = entry.event, entry.at
    if isinstance(event, CaseOpened):
        raise TypeError("A case is begun by `open_case`, which also gives it its id.")
    if case is None:
        raise TypeError(f"{type(event).__name__} cannot be the first event of a case.")
    case = replace(case, seq=entry.seq)
    match event:
        case ClockStarted() | ClockStopped() | PersonPaged():
            return replace(case, clocks=turn(case.clocks, event))
        case ClockExpired():
            name = next((c.name for c in case.clocks if c.key == event.key), event.key)
            case = replace(case, clocks=turn(case.clocks, event))
            if name not in PROMISES:
                return case
            return replace(case, late=Late(name, event.due_at, event.renewed_to))
        case NoticeJoined():
            staff = case.reported_by if event.reported_by is None else case.reported_by | {event.reported_by}
            said = case.relations if event.relation is None else case.relations | {event.relation}
            came_before = event.received_at is not None and event.received_at < case.reported_at
            received_at = event.received_at if came_before else case.received_at
            return replace(case, notices=case.notices + 1, relations=said, reported_by=staff, received_at=received_at)
        case GroundRaised():
            return _put(case, _raised(case.ground(event.policy), event))
        case MatchRecorded(likeness=likeness):
            return replace(case, likenesses=_with(case.likenesses, likeness))
        case GroundMatched():
            return _put(case, _matched(case.ground(event.policy), event))
        case MatchesWithdrawn(star=star):
            grounds = tuple(replace(ground, stars=ground.stars - {star}) for ground in case.grounds)
            return replace(case, grounds=grounds, releases=case.releases + 1)
        case GroundSettled():
            ground = _must(case, event.policy)
            left = ground.unsettled - {event.notice}
            return _put(case, replace(ground, unsettled=left, is_settled=ground.is_settled or event.is_confirmed))
        case GroundWithdrawn():
            return _put(case, replace(_must(case, event.policy), status=GroundStatus.WITHDRAWN))
        case GroundReopened():
            return _put(case, replace(_must(case, event.policy), status=GroundStatus.OPEN))
        case RelationLearned():
            ground = _must(case, event.policy)
            is_depicted = event.relation in (Relation.DEPICTED, Relation.GUARDIAN)
            case = replace(case, relations=case.relations | {event.relation})
            return _put(case, replace(ground, by_depicted=ground.by_depicted or is_depicted))
        case GroundUpheld():
            return _put(case, replace(_must(case, event.policy), status=GroundStatus.UPHELD))
        case GroundRefused():
            return _put(case, replace(_must(case, event.policy), status=GroundStatus.REFUSED))
        case RoundOpened():
            opened = Round(event.number, event.why, event.received_at or at, event.excluded)
            case = replace(case, round=opened, rounds=event.number, is_open=True)
            return replace(case, looked_at=None, decided_at=None, late=None)
        case RoundClosed():
            return replace(case, round=None)
        case VotesVoided():
            return case if case.round is None else replace(case, round=replace(case.round, votes=()))
        case LookStarted():
            return replace(case, looked_at=case.looked_at or at)
        case ContentRecorded():
            content = Content(event.digest, event.version, event.parts, event.views)
            return replace(case, content=content, account=event.account or case.account, is_unknown=False)
        case HideRequested(why=why):
            is_again = why is WhyHide.REPLY or (why is WhyHide.MATCH and bool(case.past_voters))
            rehides = case.rehides + (1 if is_again else 0)
            return replace(_want(case, Wanted.HIDDEN, at), rehides=rehides, hide_asked_at=case.hide_asked_at or at)
        case RemoveRequested():
            return _want(case, Wanted.REMOVED, at)
        case OrderRepeated():
            return _want(replace(case, gone_at=None), event.wanted, at)
        case RestoreRequested() | SuspensionEnded():
            case = replace(case, hide_asked_at=None, hidden_at=None, gone_at=None, removed_for=None)
            return _want(replace(case, suspended_until=None), Wanted.SHOWN, at)
        case KeepVoted() if case.round is not None:
            vote = Vote(event.voter, event.is_lead, event.policies, event.reason, event.digest)
            return replace(case, round=replace(case.round, votes=(*case.round.votes, vote)))
        case KeepDecided():
            return replace(case, past_voters=case.past_voters | set(event.by), decided_at=at, kept_for=event.reasons)
        case RemovalDecided():
            case = replace(case, removed_for=event.policy, kept_for=())
            if event.by is None:
                return case
            return replace(case, past_voters=case.past_voters | {event.by}, decided_at=at)
        case SuspensionRequested(until=until):
            wanted = Wanted.REMOVED if until is None else Wanted.HIDDEN
            return replace(_want(case, wanted, at), suspended_until=until)
        case SuspensionForGoodAsked() if case.round is not None:
            return replace(case, round=replace(case.round, asks_good=case.round.asks_good | {event.by}))
        case PeopleLacking() if case.round is not None:
            return replace(case, round=replace(case.round, lacks_people=True))
        case Observed():
            return _observed(case, event, at)
        case ReachRead():
            return _read(case, event)
        case SignalsNoted():
            return replace(case, signals=case.signals | set(event.signals))
        case HoldPlaced():
            others = tuple(hold for hold in case.holds if hold.notice != event.notice)
            held = Hold(event.notice, event.until, event.is_verified)
            return replace(case, holds=(*others, held), is_open=True)
        case HoldEnded():
            return replace(case, holds=())
        case CameBack():
            return replace(case, hidden_at=None, gone_at=None)
        case PlatformTroubled():
            return replace(case, troubles=case.troubles + 1, is_unknown=case.is_unknown or event.is_unknown)
        case ReportersTold():
            return replace(case, last_told=event.what)
        case CaseClosed():
            return replace(case, is_open=False, clocks=())
        case (
            AccountMediaListed()
            | AccountMediaRequested()
            | ContentRequested()
            | CopiesRequested()
            | HideWithheld()
            | LookDue()
            | OfficeAsked()
            | AlarmRaised()
            | EscalatedToLead()
            | KeepVoted()
            | SuspensionForGoodAsked()
            | PeopleLacking()
        ):
            return case
        case _:
            raise TypeError(f"{type(event).__name__} is not an event of a case.")


def open_case(case: CaseId, entry: Entry) -> Case:
    """Return the case that a CaseOpened begins."""
    if not isinstance(entry.event, CaseOpened):
        raise TypeError(f"{type(entry.event).__name__} cannot be the first event of a case.")
    return Case(id=case, seq=entry.seq, subject=entry.event.subject, opened_at=entry.at)


def fold(case: CaseId, entries: tuple[Entry, ...]) -> Case:
    """Return the case that these events, from the first on, amount to."""
    state = open_case(case, entries[0])
    for entry in entries[1:]:
        state = evolve(state, entry)
    return state


def _raised(before: Ground | None, event: GroundRaised) -> Ground:
    is_settled = event.unsettled_by is None
    unsettled = frozenset() if event.unsettled_by is None else frozenset({event.unsettled_by})
    if before is None or before.status is GroundStatus.WITHDRAWN:
        return Ground(
            event.policy, event.lane, GroundStatus.OPEN, event.regimes, event.by_depicted, is_settled, unsettled
        )
    return replace(
        before,
        status=GroundStatus.UPHELD if before.status is GroundStatus.UPHELD else GroundStatus.OPEN,
        regimes=before.regimes | event.regimes,
        by_depicted=before.by_depicted or event.by_depicted,
        is_settled=before.is_settled or is_settled,
        unsettled=before.unsettled | unsettled,
    )


def _with(likenesses: tuple[Likeness, ...], new: Likeness) -> tuple[Likeness, ...]:
    """Add a likeness, in the place of what was known of the same two files."""
    others = (each for each in likenesses if (each.star, each.work, each.item) != (new.star, new.work, new.item))
    return (*others, new)


def _matched(before: Ground | None, event: GroundMatched) -> Ground:
    stars = frozenset({event.star})
    if before is None or before.status is GroundStatus.WITHDRAWN:
        return Ground(event.policy, event.lane, GroundStatus.OPEN, event.regimes, False, False, stars=stars)
    return replace(before, regimes=before.regimes | event.regimes, stars=before.stars | stars)


def _observed(case: Case, event: Observed, at: datetime) -> Case:
    if event.seen is Seen.UNKNOWN:
        return case  # Not having been able to look says nothing of the subject: what was seen before still stands.
    is_unknown = case.is_unknown and event.seen is not Seen.SHOWN
    case = replace(case, seen=event.seen, seen_at=at, is_confirmed=event.confirms, is_unknown=is_unknown)
    if not event.confirms or case.wanted is Wanted.SHOWN:
        return case
    if case.wanted is Wanted.REMOVED:
        return replace(case, hidden_at=case.hidden_at or at, gone_at=case.gone_at or at)
    return replace(case, hidden_at=case.hidden_at or at)


def _read(case: Case, event: ReachRead) -> Case:
    before, phase = case.exposure, _phase(case, event.read_at)
    if before is None:
        return replace(case, exposure=first_reading(event.views, event.reshares, event.read_at, phase))
    return replace(case, exposure=next_reading(before, event.views, event.reshares, event.read_at, phase))


def _phase(case: Case, read_at: datetime) -> Phase:
    """Return the phase that began with, or goes on after, a reading of that time."""
    if case.wanted is Wanted.SHOWN:
        return Phase.SHOWN_AGAIN if case.round is None else Phase.AFTER_NOTICE
    was_away = case.exposure is not None and case.exposure.phase is Phase.AFTER_HIDE
    is_away = case.hidden_at is not None and read_at > case.hidden_at
    return Phase.AFTER_HIDE if was_away or is_away else Phase.AFTER_NOTICE


def _want(case: Case, wanted: Wanted, at: datetime) -> Case:
    return replace(case, wanted=wanted, wanted_since=at, is_confirmed=False, is_open=True)


def _must(case: Case, policy: PolicyRef) -> Ground:
    ground = case.ground(policy)
    if ground is None:
        raise TypeError(f"The case has no ground {policy}.")
    return ground


def _put(case: Case, ground: Ground) -> Case:
    """Replace a ground, or add it: grounds keep the order in which they were first raised."""
    if case.ground(ground.policy) is None:
        return replace(case, grounds=(*case.grounds, ground))
    return replace(case, grounds=tuple(ground if g.policy == ground.policy else g for g in case.grounds))
