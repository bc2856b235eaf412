"""How a report becomes a case: joining notices, raising grounds, hiding at once, and settling who is shown."""

from datetime import datetime

from amparo.cases.actor import Rule
from amparo.cases.commands import JoinFromAccount, JoinNotice, SettleNotice
from amparo.cases.events import (
    AccountMediaRequested,
    GroundRaised,
    GroundReopened,
    GroundSettled,
    GroundWithdrawn,
    HideWithheld,
    NoticeJoined,
    RelationLearned,
    RoundOpened,
)
from amparo.cases.refs import NoticeId, StaffId
from amparo.cases.stages.draft import Draft
from amparo.cases.words import Alarm, GroundStatus, Relation, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Hide, Policy, Who


def join_notice(draft: Draft, command: JoinNotice) -> None:
    """Open or join the case; hide at once where the policy says that one such report does."""
    draft.open(command.subject)
    draft.add(NoticeJoined(command.notice, command.relation, command.reported_by))
    policy = pinned(draft, draft.policy(command.policy))
    _raise(
        draft,
        policy,
        regimes=command.regimes,
        by_depicted=_is_depicted(command.relation),
        unsettled_by=None if command.is_settled else command.notice,
        start=command.received_at,
        within_budget=command.within_budget,
    )


def join_from_account(draft: Draft, command: JoinFromAccount) -> None:
    """Let an account's media wait hidden for review. What people have reviewed already is left as they decided."""
    policy = draft.policy(command.policy)
    if draft.exists and (draft.ground_named(policy) is not None or draft.case.wanted is Wanted.REMOVED):
        return
    draft.open(command.subject)
    draft.add(GroundRaised(policy.ref, policy.lane, command.regimes, False, None), policy=policy.ref)
    _open_round(draft, WhyRound.NOTICE)
    draft.start_review(policy, command.regimes, draft.now)
    draft.hide(policy, WhyHide.ACCOUNT_REPORTED)


def settle_notice(draft: Draft, command: SettleNotice) -> None:
    """Apply what a joined notice has said since. Silence counted as child; an answer may only raise what is settled."""
    policy = pinned(draft, draft.policy(command.policy))
    if command.is_settled or draft.ground_named(policy) is None:
        _raise(
            draft,
            policy,
            regimes=command.regimes,
            by_depicted=_is_depicted(command.relation),
            unsettled_by=None if command.is_settled else command.notice,
            start=command.received_at,
            within_budget=command.within_budget,
        )
    else:
        _new_regimes(draft, policy, command.regimes, command.received_at)
    if command.relation is not None:
        draft.add(RelationLearned(policy.ref, command.relation))
        _hide_on_report(draft, policy, command.within_budget)
    if command.is_settled:
        _settle(draft, policy, command.notice)


def pinned(draft: Draft, policy: Policy) -> Policy:
    """Return the version under which the case already holds an open ground of that policy, or else the given one."""
    ground = draft.ground_named(policy) if draft.exists else None
    return draft.policy(ground.policy) if ground is not None and ground.is_open else policy


def reopen(draft: Draft, why: WhyRound, was: GroundStatus) -> None:
    """Open a round for somebody new on every ground that was so decided, with fresh clocks."""
    excluded = draft.case.past_voters
    for ground in draft.case.grounds:
        if ground.status is was:
            draft.add(GroundReopened(ground.policy), policy=ground.policy)
    draft.stop(ClockName.WINDOW.value)
    _open_round(draft, why, excluded)
    for ground in draft.case.open_grounds:
        draft.start_review(draft.policy(ground.policy), ground.regimes, draft.now)


def may_hide_again(draft: Draft, policy: Policy, *, brings_new_facts: bool) -> bool:
    """Whether a refused subject is hidden again before anybody has looked: once, and then only for new facts."""
    if policy.on_report.hide is Hide.NEVER:
        return False
    return brings_new_facts or (policy.on_report.rehide_once and draft.case.rehides == 0)


def _raise(
    draft: Draft,
    policy: Policy,
    *,
    regimes: frozenset[str],
    by_depicted: bool,
    unsettled_by: NoticeId | None,
    start: datetime,
    within_budget: bool,
) -> None:
    before = draft.ground_named(policy)
    raised = GroundRaised(policy.ref, policy.lane, regimes, by_depicted, unsettled_by)
    if before is None or before.status is GroundStatus.WITHDRAWN:
        draft.add(raised, policy=policy.ref)
        if draft.case.round is None:
            _open_round(draft, WhyRound.NOTICE, draft.case.past_voters)
        draft.start_review(policy, regimes, start)
        _hide_on_report(draft, policy, within_budget, is_new=True)
    elif before.is_open:
        adds = regimes - before.regimes or (by_depicted and not before.by_depicted) or unsettled_by is not None
        if adds or not before.is_settled:
            draft.add(raised, policy=policy.ref)
        draft.start_review(policy, regimes, start)
        _hide_on_report(draft, policy, within_budget)
    elif before.status is GroundStatus.UPHELD:
        draft.tell(Told.REMOVED)
    else:
        is_new_fact = by_depicted and not before.by_depicted
        reopen(draft, WhyRound.NOTICE, GroundStatus.REFUSED)
        draft.add(GroundRaised(before.policy, before.lane, regimes, by_depicted, unsettled_by), policy=before.policy)
        if may_hide_again(draft, policy, brings_new_facts=is_new_fact):
            _hide_on_report(draft, policy, within_budget, why=WhyHide.REPLY)
        draft.tell(Told.REOPENED)


def _hide_on_report(
    draft: Draft, policy: Policy, within_budget: bool, *, is_new: bool = False, why: WhyHide = WhyHide.REPORT
) -> None:
    ground = draft.ground_named(policy)
    rule = policy.on_report
    hides = rule.hide is Hide.AT_ONCE and (
        rule.who is Who.ANYONE or (rule.who is Who.DEPICTED and ground is not None and ground.by_depicted)
    )
    if not hides or ground is None or not ground.is_open:
        return
    if draft.case.subject.is_account:
        if is_new and policy.account.hide_unreviewed_media:
            draft.add(AccountMediaRequested(policy.ref), actor=Rule(policy.ref), policy=policy.ref)
    elif draft.case.wanted is Wanted.SHOWN and (is_new or why is WhyHide.REPLY or not draft.case.rehides):
        if within_budget:
            draft.hide(policy, why)
        else:
            draft.add(HideWithheld(policy.ref), policy=policy.ref)
            draft.alarm(Alarm.OVER_BUDGET)


def _open_round(draft: Draft, why: WhyRound, excluded: frozenset[StaffId] = frozenset()) -> None:
    if draft.case.round is None:
        draft.add(RoundOpened(draft.case.rounds + 1, why, excluded))


def _new_regimes(draft: Draft, policy: Policy, regimes: frozenset[str], start: datetime) -> None:
    ground = draft.ground_named(policy)
    if ground is not None and ground.is_open and regimes - ground.regimes:
        draft.add(
            GroundRaised(policy.ref, policy.lane, regimes, False, None if ground.is_settled else _any(ground.unsettled))
        )
        draft.start_review(policy, regimes, start)


def _any(notices: frozenset[NoticeId]) -> NoticeId | None:
    return min(notices, default=None)


def _settle(draft: Draft, policy: Policy, notice: NoticeId) -> None:
    for ground in draft.case.grounds:
        if notice not in ground.unsettled:
            continue
        is_same = ground.policy.split("@")[0] == policy.name
        draft.add(GroundSettled(ground.policy, notice, is_same), policy=ground.policy)
        left = draft.case.ground(ground.policy)
        has_votes = draft.case.round is not None and any(ground.policy in v.policies for v in draft.case.round.votes)
        if left and left.is_open and not left.is_settled and not left.unsettled and not has_votes and not is_same:
            draft.add(GroundWithdrawn(ground.policy), policy=ground.policy)
            draft.stop(ClockName.FIRST_LOOK.value, ClockName.DECIDED.value, policy=ground.policy)


def _is_depicted(relation: Relation | None) -> bool:
    return relation in (Relation.DEPICTED, Relation.GUARDIAN)
