"""What happens when a case's clock has run: call a person, escalate, tell the reporters, act at a hard limit."""

from datetime import timedelta

from amparo.cases.actor import Rule
from amparo.cases.case_events import CaseClosed, RemovalDecided
from amparo.cases.clock import Clock
from amparo.cases.clock_events import ClockExpired, EscalatedToLead, PersonPaged
from amparo.cases.commands import ExpireClock
from amparo.cases.platform_events import LookDue, RemoveRequested
from amparo.cases.stages.draft import RECHECK, RESTORED, Draft
from amparo.cases.stages.office import HOLD, end_holds
from amparo.cases.stages.people import check_people
from amparo.cases.words import Alarm, Suspend, Told, Wanted, WhyHide
from amparo.policies.deadlines import next_check
from amparo.policies.policy import AtLimit, ClockName, ClockRule, OnExpiry, Policy

# When a watch or a window ends while something is still open, the end is tried again after this.
_CLOSE_AGAIN = timedelta(days=1)
_CLOSING = (ClockName.WATCH.value, ClockName.WINDOW.value, HOLD)

_ALARMS = {
    ClockName.HIDDEN: Alarm.NOT_HIDDEN,
    ClockName.GONE: Alarm.NOT_GONE,
    ClockName.FIRST_LOOK: Alarm.LATE,
    ClockName.DECIDED: Alarm.LATE,
}


def expire_clock(draft: Draft, command: ExpireClock) -> None:
    """Act on a clock whose time, or whose time to page, has come. Early and repeated calls change nothing."""
    clock = next((c for c in draft.case.clocks if c.key == command.key), None)
    if clock is None or clock.wakes_at > draft.now:
        return
    if clock.due_at > draft.now:
        _page(draft, clock)
    elif clock.name == RECHECK:
        since = draft.case.wanted_since or draft.now
        draft.add(ClockExpired(clock.key, clock.due_at, next_check(since, draft.now)))
        draft.add(LookDue())
    elif clock.name == RESTORED:
        # The author may have deleted it meanwhile, so it rings at ever longer intervals, not for ever every minute.
        since = draft.case.wanted_since or draft.now
        draft.add(ClockExpired(clock.key, clock.due_at, next_check(since, draft.now)))
        draft.alarm(Alarm.NOT_RESTORED)
    elif clock.name == HOLD:
        end_holds(draft, clock)
        _close_or_wait(draft, clock)
    else:
        _expire(draft, clock)


def _page(draft: Draft, clock: Clock) -> None:
    draft.add(PersonPaged(clock.key), policy=clock.policy)
    draft.alarm(Alarm.LOOK_DUE if clock.name == ClockName.FIRST_LOOK.value else Alarm.DECISION_DUE)
    check_people(draft)


def _expire(draft: Draft, clock: Clock) -> None:
    assert clock.policy is not None  # noqa: S101 - every clock but ours above comes from a policy
    policy = draft.policy(clock.policy)
    rule = _rule(policy, clock)
    if OnExpiry.CLOSE in rule.on_expiry:
        _close_or_wait(draft, clock)
        return
    renewed = draft.now + rule.renew
    draft.add(ClockExpired(clock.key, clock.due_at, renewed), policy=policy.ref)
    if rule.at_limit is not None:
        _at_limit(draft, policy, rule.at_limit)
    if OnExpiry.ALARM in rule.on_expiry:
        draft.alarm(_ALARMS.get(rule.name, Alarm.LATE))
    if OnExpiry.ESCALATE_LEAD in rule.on_expiry:
        draft.add(EscalatedToLead(clock.key), policy=policy.ref)
        check_people(draft)
    if OnExpiry.TELL_LATE in rule.on_expiry:
        draft.tell(Told.LATE, renewed)
    if OnExpiry.TELL_NOT_HIDDEN in rule.on_expiry and draft.case.last_told is not Told.NOT_HIDDEN_YET:
        draft.tell(Told.NOT_HIDDEN_YET)


def _close_or_wait(draft: Draft, clock: Clock) -> None:
    """Close the case with the last of its watches and windows; never while something is open or not yet so."""
    case = draft.case
    others = [c for c in case.clocks if c.name in _CLOSING and c.key != clock.key]
    is_settled = case.wanted is Wanted.SHOWN or (case.is_confirmed and case.suspended_until is None)
    if others:
        draft.add(ClockExpired(clock.key, clock.due_at, None), policy=clock.policy)
    elif case.open_grounds or not is_settled:
        draft.add(ClockExpired(clock.key, clock.due_at, draft.now + _CLOSE_AGAIN), policy=clock.policy)
    else:
        draft.add(ClockExpired(clock.key, clock.due_at, None), policy=clock.policy)
        draft.add(CaseClosed())


def _at_limit(draft: Draft, policy: Policy, at_limit: AtLimit) -> None:
    """With nobody there, the subject is hidden or removed; the ground stays open, and nothing is ever refused."""
    if draft.case.subject.is_account or draft.case.is_only_asked:
        return
    # A likeness is no report and no judgement: what nothing else holds is hidden at the limit, and never removed.
    if at_limit is AtLimit.STAY_HIDDEN or draft.case.is_only_like:
        draft.hide(policy, WhyHide.LIMIT)
    elif draft.case.wanted is not Wanted.REMOVED:
        digest = None if draft.case.content is None else draft.case.content.digest
        rule = Rule(policy.ref)
        draft.add(RemovalDecided(None, policy.ref, None, digest, Suspend.NO), actor=rule, policy=policy.ref)
        draft.add(RemoveRequested(), actor=rule, policy=policy.ref)
        draft.stop(ClockName.HIDDEN.value, RESTORED)
        draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
        draft.tell(Told.REMOVED)


def _rule(policy: Policy, clock: Clock) -> ClockRule:
    regime = clock.key.rsplit("/", 1)[-1]
    wanted = None if regime == "house" else regime
    return next(r for r in policy.clocks if r.name.value == clock.name and r.regime == wanted)
