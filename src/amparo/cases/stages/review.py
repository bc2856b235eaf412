"""How people decide: looking, removing (one person), keeping (two who cannot see each other's vote), looking again."""

from datetime import datetime

from amparo.cases.actor import Reviewer
from amparo.cases.case import Ground, Round
from amparo.cases.case_commands import (
    DecideRemoval,
    ReceiveAppeal,
    ReceiveReply,
    SanctionAccount,
    StartLook,
    VoteToKeep,
)
from amparo.cases.case_events import (
    GroundRaised,
    GroundRefused,
    GroundReopened,
    GroundUpheld,
    KeepDecided,
    KeepVoted,
    LookStarted,
    RemovalDecided,
    SuspensionForGoodAsked,
)
from amparo.cases.platform_events import RemoveRequested, RestoreRequested, SuspensionRequested
from amparo.cases.refs import Digest, PolicyRef
from amparo.cases.refused import Refused
from amparo.cases.stages.draft import RECHECK, RESTORED, REVIEW, Draft
from amparo.cases.stages.intake import hides, may_hide_again, open_round, reopen, void_votes
from amparo.cases.stages.people import check_people, refuse_their_own, voter_of
from amparo.cases.words import GroundStatus, Suspend, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Policy, UnknownPolicy


def start_look(draft: Draft, command: StartLook) -> None:
    """Record that a person has opened the case; that stops the clocks that wait for it. Nobody looks at their own."""
    _open_round(draft)
    refuse_their_own(draft, voter_of(draft, command.actor.id))
    is_first = draft.case.looked_at is None
    if is_first or draft.case.running(ClockName.FIRST_LOOK.value):
        draft.add(LookStarted(command.actor.id))
        draft.stop(ClockName.FIRST_LOOK.value)
    if is_first:
        draft.tell(Told.LOOKING)


def decide_removal(draft: Draft, command: DecideRemoval) -> None:
    """Take the subject down: one person is enough. Graver open grounds stay open for a decision of their own."""
    round_ = _round(draft, command.round)
    voter = voter_of(draft, command.actor.id)
    refuse_their_own(draft, voter)
    _same_content(draft, command.digest)
    if command.suspend is not Suspend.NO and draft.case.owner is None:
        raise Refused(
            "account_not_known",
            "We do not know yet whose account this is. Remove it first and suspend the account then.",
        )
    try:
        policy = draft.pinned(draft.policy(command.policy))
    except UnknownPolicy:
        raise Refused("no_such_policy", "That policy is not in force here. Choose another ground.") from None
    _hold(draft, policy)
    draft.stop(ClockName.HIDDEN.value, ClockName.WINDOW.value, RESTORED)
    if draft.case.subject.is_account:
        if not _suspend(draft, policy, command.suspend, command.actor, round_):
            return
    else:
        draft.add(
            RemovalDecided(round_.number, policy.ref, voter.id, command.digest, command.suspend), policy=policy.ref
        )
        if draft.case.wanted is not Wanted.REMOVED:
            draft.add(RemoveRequested(), policy=policy.ref)
        if draft.case.gone_at is None:
            draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
    uphold(draft, policy)
    draft.tell(Told.REMOVED)
    draft.close_round()


def vote_to_keep(draft: Draft, command: VoteToKeep) -> None:
    """Count one blind vote to keep. It decides nothing until enough eligible people have voted the same."""
    if not isinstance(command.actor, Reviewer):
        raise Refused("only_people_refuse", "Only people can decide to keep something up. Ask two reviewers to vote.")
    round_ = _round(draft, command.round)
    voter = voter_of(draft, command.actor.id)
    if not voter.is_approved:
        raise Refused(
            "enrolment_not_approved", "A second person has to approve your enrolment before you vote to keep."
        )
    refuse_their_own(draft, voter)
    if voter.id in round_.excluded:
        raise Refused("needs_somebody_new", "You decided this before. Somebody new has to look at it this time.")
    named = set(command.policies)
    if any(vote.voter == voter.id and named & set(vote.policies) for vote in round_.votes):
        raise Refused("voted_already", "You have voted on this. Somebody else has to vote, too.")
    if draft.case.content is None and not draft.case.subject.is_account:
        raise Refused(
            "content_not_seen", "The content could not be fetched yet, so nobody can find that it breaks no rule."
        )
    _same_content(draft, command.digest)
    grounds = [_open_ground(draft, ref) for ref in dict.fromkeys(command.policies)]
    if not grounds:
        raise Refused("no_ground", "Name the grounds on which it is to be kept.")
    policies = [draft.policy(g.policy) for g in grounds]
    if not any(command.reason == reason.id for policy in policies for reason in policy.reasons):
        raise Refused("no_rule_cited", "Choose the rule that you cite. The reporter will read it.")
    refs = tuple(policy.ref for policy in policies)
    draft.add(KeepVoted(round_.number, voter.id, voter.is_lead, refs, command.reason, command.digest))
    kept = [policy for policy in policies if _is_decided(draft, policy)]
    if kept:
        _keep(draft, kept, command.digest)
    if len(kept) < len(policies):
        check_people(draft)


def sanction_account(draft: Draft, command: SanctionAccount) -> None:
    """Suspend the account behind a removed subject: for a time by one person, for good when a second agrees.

    The same person asking for good again, over a further subject, changes nothing and stops no removal.
    """
    if command.suspend is Suspend.NO or (draft.exists and draft.case.wanted is Wanted.REMOVED):
        return
    draft.open(command.subject)
    refuse_their_own(draft, voter_of(draft, command.actor.id))
    asked = frozenset() if draft.case.round is None else draft.case.round.asks_good
    if command.suspend is Suspend.FOR_GOOD and command.actor.id in asked:
        return
    policy = draft.pinned(draft.policy(command.policy))
    _hold(draft, policy)
    draft.stop(ClockName.WINDOW.value, RESTORED)
    open_round(draft, WhyRound.NOTICE)
    if _suspend(draft, policy, command.suspend, command.actor, _open_round(draft)):
        uphold(draft, policy)
        draft.tell(Told.REMOVED)
        draft.close_round()


def receive_reply(draft: Draft, command: ReceiveReply) -> None:
    """A reply voids the votes cast before it; after a refusal it opens a round for somebody new, hidden again once."""
    case = draft.case
    if case.round is not None:
        void_votes(draft)
        return
    if case.is_held:
        # It is removed; somebody who writes again may see it still.
        draft.look_now()
        return
    refused = [g for g in case.grounds if g.status is GroundStatus.REFUSED]
    if not refused:
        return
    reopen(draft, WhyRound.REPLY, GroundStatus.REFUSED, since=command.received_at)
    if not case.subject.is_account and not case.is_only_asked:  # A reply is no report of what no one reported.
        for ground in sorted(refused, key=lambda g: -g.lane):
            policy = draft.policy(ground.policy)
            # The one hide that every reply to a refusal has is nobody's to take away (law j). Further ones are.
            brings_new_facts = command.brings_new_facts and not command.is_doubted
            if hides(policy, ground) and may_hide_again(draft, policy, brings_new_facts=brings_new_facts):
                draft.hide(policy, WhyHide.REPLY)
    draft.tell(Told.REOPENED)


def receive_appeal(draft: Draft, command: ReceiveAppeal) -> None:
    """Open a round for somebody new. What is removed stays removed until two people decide otherwise."""
    if draft.case.round is not None or draft.case.wanted is Wanted.SHOWN:
        raise Refused("nothing_to_appeal", "There is no finished decision here that could be looked at again.")
    reopen(draft, WhyRound.APPEAL, GroundStatus.UPHELD)


def _hold(draft: Draft, policy: Policy) -> None:
    """Have an open ground of that policy: a person decides on it, whatever became of it before."""
    ground = draft.ground_named(policy)
    if ground is None or ground.status is GroundStatus.WITHDRAWN:
        draft.add(GroundRaised(policy.ref, policy.lane, draft.regimes, False, None), policy=policy.ref)
    elif not ground.is_open:
        draft.add(GroundReopened(ground.policy), policy=ground.policy)


def _suspend(draft: Draft, policy: Policy, suspend: Suspend, by: Reviewer, round_: Round) -> bool:
    """Suspend the account; return whether that settles the ground (a wish for good waits for a second person)."""
    if suspend is Suspend.NO:
        raise Refused("say_how_long", "Say whether the account is suspended for a time or for good.")
    until = draft.now + policy.account.suspend_for
    is_for_good = suspend is Suspend.FOR_GOOD and len(round_.asks_good | {by.id}) >= policy.account.suspend_for_good
    if suspend is Suspend.FOR_GOOD and not is_for_good:
        if by.id in round_.asks_good:
            raise Refused("second_reviewer_must_differ", "You asked for this already. Somebody else has to agree.")
        draft.add(SuspensionForGoodAsked(round_.number, by.id))
        draft.start_review(policy, draft.regimes, draft.now)
        if draft.case.wanted is Wanted.SHOWN:
            _suspend_until(draft, policy, until)
        return False
    draft.add(RemovalDecided(round_.number, policy.ref, by.id, None, suspend), policy=policy.ref)
    ends_at = draft.case.suspended_until
    if draft.case.wanted is Wanted.REMOVED:
        return True  # Suspended for good by two people: one person's wish for a time makes it no shorter.
    if is_for_good or ends_at is None or until > ends_at:
        _suspend_until(draft, policy, None if is_for_good else until)
    return True


def _suspend_until(draft: Draft, policy: Policy, until: datetime | None) -> None:
    draft.add(SuspensionRequested(until), policy=policy.ref)
    draft.start(ClockName.GONE, policy, draft.regimes, draft.now)


def _keep(draft: Draft, kept: list[Policy], digest: Digest | None) -> None:
    round_ = _open_round(draft)
    refs = tuple(policy.ref for policy in kept)
    counted = [vote for vote in round_.votes if set(vote.policies) & set(refs)]
    reasons = tuple(dict.fromkeys(vote.reason for vote in counted))
    by = tuple(dict.fromkeys(vote.voter for vote in counted))
    draft.add(KeepDecided(round_.number, refs, reasons, by, digest))
    for policy in kept:
        draft.add(GroundRefused(policy.ref), policy=policy.ref)
        draft.stop(*REVIEW, policy=policy.ref)
    if draft.case.open_grounds:
        return
    if draft.case.is_held:
        draft.tell(Told.REMOVED)  # Another ground, decided before, keeps it away.
    else:
        if draft.case.wanted is not Wanted.SHOWN:
            draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value, ClockName.WATCH.value, RECHECK)
            draft.add(RestoreRequested())
            draft.watch_restoring()
        for policy in kept:
            draft.start(ClockName.WINDOW, policy, draft.regimes, draft.now)
        draft.tell(Told.KEPT)
    draft.close_round()


def uphold(draft: Draft, policy: Policy) -> None:
    """Answer every open ground that is no graver than the one decided."""
    for ground in draft.case.open_grounds:
        if ground.lane <= policy.lane:
            draft.add(GroundUpheld(ground.policy), policy=ground.policy)
            draft.stop(*REVIEW, policy=ground.policy)


def _is_decided(draft: Draft, policy: Policy) -> bool:
    votes = [vote for vote in _open_round(draft).votes if policy.ref in vote.policies]
    return len(votes) >= policy.keep.people and (not policy.keep.one_of_lead or any(vote.is_lead for vote in votes))


def _open_round(draft: Draft) -> Round:
    if draft.case.round is None:
        raise Refused("round_is_over", "This has been decided meanwhile. Open the next case.")
    return draft.case.round


def _round(draft: Draft, number: int) -> Round:
    round_ = _open_round(draft)
    if round_.number != number:
        raise Refused("round_is_over", "That review is over and a new one is open. Look at the case again.")
    return round_


def _same_content(draft: Draft, digest: Digest | None) -> None:
    content = draft.case.content
    if (None if content is None else content.digest) != digest:
        raise Refused("content_changed", "The content has changed since you looked. Look at the case again.")


def _open_ground(draft: Draft, ref: PolicyRef) -> Ground:
    ground = draft.case.ground(ref)
    if ground is None or not ground.is_open:
        raise Refused("no_such_ground", "One of the grounds is not open any more. Look at the case again.")
    return ground
