"""What follows for a case from a notice of an office: hidden as for anybody, its law's own clock, and what is kept.

Nothing here gives an office more than a victim has: no earlier place, no shorter way to a removal. What it sets off
before anybody has confirmed it can all be taken back.
"""

from datetime import datetime, timedelta

from amparo.cases.case_commands import NoteOffice
from amparo.cases.case_events import HoldEnded, HoldPlaced, OfficeAsked
from amparo.cases.clock import Clock
from amparo.cases.clock_events import ClockStarted
from amparo.cases.stages.draft import Draft
from amparo.cases.stages.intake import hide_unasked
from amparo.policies.policy import ClockName, Policy

HOLD = ClockName.HOLD.value
# For a policy that does not say how long it preserves: 18 U.S.C. 2703(f)(2).
_HOLD_AT_LEAST = timedelta(days=90)


def note_office(draft: Draft, command: NoteOffice) -> None:
    """Take down that an office asks. The first time its clock starts; each time, what it has preserved is."""
    if not draft.case.grounds:
        return
    draft.add(OfficeAsked(command.notice, command.kind, command.country, command.is_verified))
    if command.removes:
        hide_unasked(draft, within_budget=command.within_budget, is_verified=command.is_verified)
    if command.kind.orders and not command.is_verified:
        _start_its_clock(draft, command)
    if command.preserves:
        _preserve(draft, command)


def end_holds(draft: Draft, clock: Clock) -> None:
    """Let go of what was kept, where the time of the longest hold is over."""
    until = draft.case.held_until
    if until is not None and until <= draft.now:
        draft.add(HoldEnded(), policy=clock.policy)


def _start_its_clock(draft: Draft, command: NoteOffice) -> None:
    for ground in draft.case.open_grounds:
        policy = draft.policy(ground.policy)
        draft.start(ClockName.ORDERED, policy, frozenset({command.country}), command.received_at)


def _preserve(draft: Draft, command: NoteOffice) -> None:
    """Keep what is sealed. Of several laws and several offices the longest counts: what is gone is gone."""
    policy = draft.gravest()
    until = command.received_at + _length(policy, command)
    own = next((hold for hold in draft.case.holds if hold.notice == command.notice), None)
    if until <= draft.now or (own is not None and (own.until, own.is_verified) >= (until, command.is_verified)):
        return
    draft.add(HoldPlaced(command.notice, until, command.is_verified), policy=policy.ref)
    running = next(iter(draft.case.running(HOLD)), None)
    ends_at: datetime = draft.case.held_until or until
    if running is None or running.due_at < ends_at:
        draft.stop(HOLD)
        draft.add(ClockStarted(HOLD, HOLD, policy.ref, ends_at, None), policy=policy.ref)


def _length(policy: Policy, command: NoteOffice) -> timedelta:
    if not command.is_verified:
        return policy.office.unverified_hold
    rules = policy.rules(ClockName.HOLD, frozenset({command.country}))
    return max((rule.length for rule in rules), default=_HOLD_AT_LEAST)
