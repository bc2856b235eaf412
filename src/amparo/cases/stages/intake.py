"""How a report becomes a case: joining notices, raising grounds, hiding at once, and settling who is shown."""

from datetime import datetime

from amparo.cases.actor import Rule
from amparo.cases.case import Ground
from amparo.cases.case_commands import JoinFromAccount, JoinNotice, NoteSignals, SettleNotice
from amparo.cases.case_events import (
    CopiesRequested,
    GroundRaised,
    GroundReopened,
    GroundSettled,
    GroundWithdrawn,
    NoticeJoined,
    RelationLearned,
    RoundClosed,
    RoundOpened,
    SignalsNoted,
    VotesVoided,
)
from amparo.cases.platform_events import AccountMediaRequested, ContentRequested, HideWithheld
from amparo.cases.refs import NoticeId
from amparo.cases.stages.draft import REVIEW, Draft
from amparo.cases.words import Alarm, GroundStatus, Relation, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Hide, Policy, Who
from amparo.policies.signal import in_order


def join_notice(draft: Draft, command: JoinNotice) -> None:
    """Open or join the case; hide at once where the policy says that one such report does."""
    draft.open(command.subject)
    draft.is_late, draft.is_doubted = command.is_late, command.is_doubted
    received_at = command.received_at if command.is_late else None
    is_first_report = draft.case.is_only_like
    draft.add(NoticeJoined(command.notice, command.relation, command.reported_by, received_at))
    if is_first_report and draft.case.wanted is not Wanted.SHOWN:
        draft.add(CopiesRequested())
    _raise(
        draft,
        draft.pinned(draft.policy(command.policy)),
        regimes=command.regimes,
        by_depicted=_is_depicted(command.relation),
        unsettled_by=None if command.is_settled else command.notice,
        start=command.received_at,
        within_budget=command.within_budget,
    )


def note_signals(draft: Draft, command: NoteSignals) -> None:
    """Take down what is said of the subject for the first time. It changes the order of the queue and nothing else."""
    if new := command.signals - draft.case.signals:
        draft.add(SignalsNoted(in_order(new)))


def join_from_account(draft: Draft, command: JoinFromAccount) -> None:
    """Let an account's media wait hidden for review. What is in review, or was under as grave a rule, is left so."""
    policy = draft.pinned(draft.policy(command.policy))
    grounds = draft.case.grounds if draft.exists else ()
    is_reviewed = any(
        g.lane >= policy.lane and g.status is not GroundStatus.WITHDRAWN and not (g.is_open and g.is_only_like)
        for g in grounds
    )
    is_removed = draft.exists and draft.case.wanted is Wanted.REMOVED
    if is_reviewed or is_removed or not policy.account.hide_unreviewed_media:
        return
    draft.open(command.subject)
    draft.add(GroundRaised(policy.ref, policy.lane, command.regimes, False, None), policy=policy.ref)
    open_round(draft, WhyRound.NOTICE)
    draft.start_review(policy, command.regimes, draft.now, is_new_ground=True)
    _hide(draft, policy, WhyHide.ACCOUNT_REPORTED, command.within_budget)


def settle_notice(draft: Draft, command: SettleNotice) -> None:
    """Apply what a joined notice has said since. Silence counted as child; an answer may only raise what is settled.

    What was decided meanwhile is judged anew for a new fact only: that the reporter is shown, or that an adult is a
    child after all. Time that runs out, and a country, are no replies.
    """
    draft.is_doubted = command.is_doubted
    policy = draft.pinned(draft.policy(command.policy))
    ground = draft.ground_named(policy)
    status = GroundStatus.WITHDRAWN if ground is None else ground.status
    says_more = command.is_raised or (_is_depicted(command.relation) and ground is not None and not ground.by_depicted)
    is_decided = draft.case.round is None
    if (
        status is GroundStatus.WITHDRAWN
        or (status is GroundStatus.OPEN and command.is_settled)
        or (status is GroundStatus.REFUSED and (says_more or (command.is_settled and not is_decided)))
    ):
        _raise(
            draft,
            policy,
            regimes=command.regimes,
            by_depicted=_is_depicted(command.relation),
            unsettled_by=None if command.is_settled else command.notice,
            start=command.received_at,
            within_budget=command.within_budget,
            is_new_fact=says_more,
        )
    else:
        _new_regimes(draft, policy, command.regimes, command.received_at)
    if command.relation is not None:
        _learn(draft, policy, command.relation, command.within_budget)
    if command.is_settled:
        _settle(draft, policy, command.notice)
    draft.close_round()


def reopen(draft: Draft, why: WhyRound, was: GroundStatus, *, since: datetime | None = None) -> None:
    """Open a round for somebody new on every ground that was so decided, with fresh clocks, from now or `since`.

    A round that is open for another ground ends by it: no vote of before may count for what is asked anew.
    """
    if draft.case.round is not None:
        draft.add(RoundClosed(draft.case.round.number))
    for ground in draft.case.grounds:
        if ground.status is was:
            draft.add(GroundReopened(ground.policy), policy=ground.policy)
    draft.stop(ClockName.WINDOW.value)
    open_round(draft, why, since=since)
    for ground in draft.case.open_grounds:
        draft.start_review(draft.policy(ground.policy), ground.regimes, since or draft.now)


def open_round(draft: Draft, why: WhyRound, *, since: datetime | None = None) -> None:
    """Open a round where none is open, on what the subject shows now. Whoever decided before may not vote to keep."""
    case = draft.case
    if case.round is not None:
        return
    draft.add(RoundOpened(case.rounds + 1, why, case.past_voters, since))
    if case.rounds and case.wanted is not Wanted.REMOVED and not case.subject.is_account:
        draft.add(ContentRequested())
    if case.wanted is not Wanted.SHOWN:
        draft.keep_watch()  # The case may have been closed, and its watch with it.


def void_votes(draft: Draft) -> None:
    """Void the votes cast so far, where there are any."""
    if draft.case.round is not None and draft.case.round.votes:
        draft.add(VotesVoided(draft.case.round.number))


def hides(policy: Policy, ground: Ground | None) -> bool:
    """Whether a report, a reply or new content hides on this ground before anybody has looked."""
    rule = policy.on_report
    is_heard = rule.who is Who.ANYONE or (rule.who is Who.DEPICTED and ground is not None and ground.by_depicted)
    return rule.hide is Hide.AT_ONCE and is_heard


def may_hide_again(draft: Draft, policy: Policy, *, brings_new_facts: bool) -> bool:
    """Whether a refused subject is hidden again before anybody has looked: once, and then only for new facts."""
    return brings_new_facts or (policy.on_report.rehide_once and draft.case.rehides == 0)


def hide_unasked(draft: Draft, *, within_budget: bool, is_verified: bool) -> None:
    """Hide for an office what its report alone has not hidden, as it would for the person shown.

    Only before anybody has judged it, and only under a policy that lets some report hide; under one that believes
    only who is verified, once it is.
    """
    if draft.case.rounds > 1 or draft.case.past_voters or draft.case.subject.is_account:
        return
    for ground in draft.case.open_grounds:
        policy = draft.policy(ground.policy)
        is_believed = is_verified or policy.on_report.who is not Who.VERIFIED
        if policy.on_report.hide is Hide.AT_ONCE and is_believed and not hides(policy, ground):
            _hide(draft, policy, WhyHide.REPORT, within_budget)


def _withhold(draft: Draft, policy: Policy) -> None:
    """Leave the subject as it is and call a person, who may hide or remove it at once."""
    draft.add(HideWithheld(policy.ref, draft.is_doubted), policy=policy.ref)
    draft.alarm(Alarm.OVER_BUDGET)


def _raise(
    draft: Draft,
    policy: Policy,
    *,
    regimes: frozenset[str],
    by_depicted: bool,
    unsettled_by: NoticeId | None,
    start: datetime,
    within_budget: bool,
    is_new_fact: bool = False,
) -> None:
    before = draft.ground_named(policy)
    raised = GroundRaised(policy.ref, policy.lane, regimes, by_depicted, unsettled_by)
    if before is None or before.status is GroundStatus.WITHDRAWN:
        draft.add(raised, policy=policy.ref)
        open_round(draft, WhyRound.NOTICE, since=start if draft.is_late else None)
        draft.start_review(policy, regimes, start, is_new_ground=True)
        _hide_on_report(draft, policy, within_budget, is_new=True)
        return
    is_first_word = by_depicted and not before.by_depicted
    if before.is_open:
        adds = regimes - before.regimes or is_first_word or unsettled_by is not None
        if adds or not before.is_settled:
            draft.add(raised, policy=policy.ref)
        draft.start_review(policy, regimes, start)
        if is_first_word:
            void_votes(draft)
        _hide_on_report(draft, policy, within_budget, is_new=is_first_word)
    elif before.status is GroundStatus.UPHELD and draft.case.is_held:
        draft.tell(Told.REMOVED)
        draft.look_now()
    else:
        # Refused before, or an account that is back after its suspension: somebody new looks.
        since = start if draft.is_late else None
        reopen(draft, WhyRound.NOTICE, before.status, since=since)
        draft.add(raised, policy=policy.ref)
        draft.start_review(policy, regimes, since or draft.now)
        if draft.case.subject.is_account:
            is_back = before.status is GroundStatus.UPHELD
            _hide_on_report(draft, policy, within_budget, is_new=is_back or is_first_word or is_new_fact)
        elif may_hide_again(draft, policy, brings_new_facts=is_first_word or is_new_fact):
            _hide_on_report(draft, policy, within_budget, why=WhyHide.REPLY)
        draft.tell(Told.REOPENED)


def _hide_on_report(
    draft: Draft, policy: Policy, within_budget: bool, *, is_new: bool = False, why: WhyHide = WhyHide.REPORT
) -> None:
    ground = draft.ground_named(policy)
    if ground is None or not ground.is_open or not hides(policy, ground):
        return
    if draft.case.subject.is_account:
        if is_new and policy.account.hide_unreviewed_media and draft.is_doubted:
            _withhold(draft, policy)
        elif is_new and policy.account.hide_unreviewed_media:
            draft.add(AccountMediaRequested(policy.ref), actor=Rule(policy.ref), policy=policy.ref)
    elif is_new or why is WhyHide.REPLY or not draft.case.rehides:
        _hide(draft, policy, why, within_budget)


def _hide(draft: Draft, policy: Policy, why: WhyHide, within_budget: bool) -> None:
    if draft.case.wanted is not Wanted.SHOWN:
        return
    if within_budget and not draft.is_doubted:
        draft.hide(policy, why)
    else:
        _withhold(draft, policy)


def _learn(draft: Draft, policy: Policy, relation: Relation, within_budget: bool) -> None:
    ground = draft.ground_named(policy)
    is_first_word = _is_depicted(relation) and ground is not None and not ground.by_depicted
    if ground is None or (relation in draft.case.relations and not is_first_word):
        return
    draft.add(RelationLearned(policy.ref, relation))
    if is_first_word and ground.is_open:
        void_votes(draft)
    _hide_on_report(draft, policy, within_budget, is_new=is_first_word)


def _new_regimes(draft: Draft, policy: Policy, regimes: frozenset[str], start: datetime) -> None:
    ground = draft.ground_named(policy)
    if ground is not None and ground.is_open and regimes - ground.regimes:
        unsettled_by = None if ground.is_settled else min(ground.unsettled, default=None)
        draft.add(GroundRaised(policy.ref, policy.lane, regimes, False, unsettled_by), policy=policy.ref)
        draft.start_review(policy, regimes, start)


def _settle(draft: Draft, policy: Policy, notice: NoticeId) -> None:
    for ground in draft.case.grounds:
        if notice not in ground.unsettled:
            continue
        is_same = ground.policy == policy.ref
        draft.add(GroundSettled(ground.policy, notice, is_same), policy=ground.policy)
        left = draft.case.ground(ground.policy)
        has_votes = draft.case.round is not None and any(ground.policy in v.policies for v in draft.case.round.votes)
        is_held = left is not None and (left.stars or not left.is_only_like)
        if left and left.is_open and not is_held and not has_votes and not is_same:
            draft.add(GroundWithdrawn(ground.policy), policy=ground.policy)
            draft.stop(*REVIEW, policy=ground.policy)


def _is_depicted(relation: Relation | None) -> bool:
    return relation in (Relation.DEPICTED, Relation.GUARDIAN)
