"""Copies: what shows the same as something reported or removed is hidden with it, and a person looks at each.

A likeness alone hides and asks. Only the very bytes that a person found to break a rule go without a further look.
"""

from amparo.cases.actor import Actor, Reviewer, Rule
from amparo.cases.case_commands import RecordMatch, WithdrawMatches
from amparo.cases.case_events import (
    GroundMatched,
    GroundWithdrawn,
    HideWithheld,
    Likeness,
    MatchesWithdrawn,
    MatchRecorded,
    RemovalDecided,
    RemoveRequested,
    RestoreRequested,
)
from amparo.cases.refs import StaffId
from amparo.cases.stages.draft import RECHECK, RESTORED, REVIEW, Draft
from amparo.cases.stages.intake import may_hide_again, open_round, reopen
from amparo.cases.stages.review import uphold
from amparo.cases.words import Alarm, GroundStatus, Suspend, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Policy


def record_match(draft: Draft, command: RecordMatch) -> None:
    """Take down that the subject shows what a star is about, hold it on the same ground, hide it, and ask a person.

    What two people have kept stays: they looked at it, and a likeness is no new fact. Only the very bytes that were
    found to break the rule elsewhere have somebody new look.
    """
    policy, likeness = draft.pinned(draft.policy(command.policy)), command.likeness
    draft.open(command.subject)
    if not any(_is_same(known, likeness) for known in draft.case.likenesses):
        draft.add(MatchRecorded(likeness))
    is_confirmed = command.confirmed_by is not None and likeness.is_exact
    ground = draft.ground_named(policy)
    match None if ground is None else ground.status:
        case None | GroundStatus.WITHDRAWN:
            draft.add(GroundMatched(policy.ref, policy.lane, command.regimes, likeness.star), policy=policy.ref)
            open_round(draft, WhyRound.MATCH)
            draft.start_review(policy, command.regimes, draft.now, is_new_ground=True)
            _hide(draft, policy, command)
        case GroundStatus.OPEN:
            if ground is not None and likeness.star not in ground.stars:
                draft.add(GroundMatched(policy.ref, policy.lane, command.regimes, likeness.star), policy=policy.ref)
                draft.start_review(policy, command.regimes, draft.now)
            _hide(draft, policy, command)
        case GroundStatus.REFUSED if is_confirmed and ground is not None and likeness.star not in ground.stars:
            reopen(draft, WhyRound.MATCH, GroundStatus.REFUSED)
            draft.add(GroundMatched(policy.ref, policy.lane, command.regimes, likeness.star), policy=policy.ref)
            if may_hide_again(draft, policy, brings_new_facts=False):
                _hide(draft, policy, command)
            return
        case _:
            return
    if command.removes and is_confirmed:
        _remove(draft, policy, likeness, command.confirmed_by, command.actor)


def withdraw_matches(draft: Draft, command: WithdrawMatches) -> None:
    """Let go of what was held only for being like something that people have kept since; show it again."""
    held = [ground for ground in draft.case.grounds if command.star in ground.stars]
    if not held:
        return
    draft.add(MatchesWithdrawn(command.star))
    for before in held:
        ground = draft.case.ground(before.policy)
        if ground and ground.is_open and not (ground.stars or ground.is_settled or ground.unsettled):
            draft.add(GroundWithdrawn(ground.policy), policy=ground.policy)
            draft.stop(*REVIEW, policy=ground.policy)
    if draft.case.is_held or draft.case.subject.is_account:
        return
    if draft.case.wanted is not Wanted.SHOWN:
        draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value, ClockName.WATCH.value, RECHECK)
        draft.add(RestoreRequested())
        draft.watch_restoring()
    if draft.case.is_open:
        draft.start(ClockName.WINDOW, draft.policy(held[0].policy), draft.regimes, draft.now)
    draft.close_round()


def _is_same(known: Likeness, new: Likeness) -> bool:
    return (known.star, known.work, known.item) == (new.star, new.work, new.item)


def _hide(draft: Draft, policy: Policy, command: RecordMatch) -> None:
    if not command.hides or draft.case.wanted is not Wanted.SHOWN:
        return
    if command.within_budget:
        draft.hide(policy, WhyHide.MATCH)
    else:
        draft.add(HideWithheld(policy.ref), policy=policy.ref)
        draft.alarm(Alarm.OVER_BUDGET)


def _remove(draft: Draft, policy: Policy, likeness: Likeness, by: StaffId | None, actor: Actor) -> None:
    """Remove the very bytes that were found to break the rule: with that person's decision, or later by the rule."""
    round_ = draft.case.round
    if round_ is None:
        return
    who = actor if isinstance(actor, Reviewer) and actor.id == by else Rule(policy.ref)
    decided_by = by if isinstance(who, Reviewer) else None
    draft.stop(ClockName.HIDDEN.value, ClockName.WINDOW.value, RESTORED)
    removal = RemovalDecided(round_.number, policy.ref, decided_by, likeness.item, Suspend.NO)
    draft.add(removal, actor=who, policy=policy.ref)
    if draft.case.wanted is not Wanted.REMOVED:
        draft.add(RemoveRequested(), actor=who, policy=policy.ref)
    if draft.case.gone_at is None:
        draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
    uphold(draft, policy)
    draft.tell(Told.REMOVED)
    draft.close_round()
