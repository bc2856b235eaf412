"""How people decide: looking, removing (one person), keeping (two who cannot see each other's vote), looking again."""

from amparo.cases.actor import Reviewer, Voter
from amparo.cases.case import Ground, Round
from amparo.cases.commands import (
    DecideRemoval,
    ReceiveAppeal,
    ReceiveReply,
    Refused,
    SanctionAccount,
    StartLook,
    VoteToKeep,
)
from amparo.cases.events import (
    GroundRaised,
    GroundRefused,
    GroundUpheld,
    KeepDecided,
    KeepVoted,
    LookStarted,
    PeopleLacking,
    RemovalDecided,
    RemoveRequested,
    RestoreRequested,
    RoundClosed,
    RoundOpened,
    SuspensionForGoodAsked,
    SuspensionRequested,
    VotesVoided,
)
from amparo.cases.refs import Digest, PolicyRef, StaffId
from amparo.cases.stages.draft import RECHECK, RESTORED, Draft
from amparo.cases.stages.intake import may_hide_again, reopen
from amparo.cases.words import Alarm, GroundStatus, Suspend, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Policy

_REVIEW = (ClockName.FIRST_LOOK.value, ClockName.DECIDED.value)


def start_look(draft: Draft, command: StartLook) -> None:
    """Record that a person has opened the case; the first look of a round stops its clock."""
    _open_round(draft)
    _voter(draft, command.actor.id)
    if draft.case.looked_at is None:
        draft.add(LookStarted(command.actor.id))
        draft.stop(ClockName.FIRST_LOOK.value)
        draft.tell(Told.LOOKING)


def decide_removal(draft: Draft, command: DecideRemoval) -> None:
    """Take the subject down: one person is enough. Graver open grounds stay open for a decision of their own."""
    round_ = _round(draft, command.round)
    voter = _voter(draft, command.actor.id)
    _not_their_own(draft, voter)
    _same_content(draft, command.digest)
    policy = draft.policy(command.policy)
    if draft.ground_named(policy) is None:
        draft.add(
            GroundRaised(policy.ref, policy.lane, draft.regimes, by_depicted=False, unsettled_by=None),
            policy=policy.ref,
        )
    elif (held := draft.ground_named(policy)) is not None:
        policy = draft.policy(held.policy)
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
    _uphold(draft, policy)
    draft.stop(ClockName.HIDDEN.value, ClockName.WINDOW.value, RESTORED)
    draft.tell(Told.REMOVED)
    _close_round(draft)


def vote_to_keep(draft: Draft, command: VoteToKeep) -> None:
    """Count one blind vote to keep. It decides nothing until enough eligible people have voted the same."""
    if not isinstance(command.actor, Reviewer):
        raise Refused("only_people_refuse", "Only people can decide to keep something up. Ask two reviewers to vote.")
    round_ = _round(draft, command.round)
    voter = _voter(draft, command.actor.id)
    if not voter.is_approved:
        raise Refused(
            "enrolment_not_approved", "A second person has to approve your enrolment before you vote to keep."
        )
    _not_their_own(draft, voter)
    if voter.id in round_.excluded:
        raise Refused("needs_somebody_new", "You decided this before. Somebody new has to look at it this time.")
    if any(vote.voter == voter.id for vote in round_.votes):
        raise Refused("voted_already", "You have voted on this. Somebody else has to vote, too.")
    if draft.case.content is None and not draft.case.subject.is_account:
        raise Refused(
            "content_not_seen", "The content could not be fetched yet, so nobody can find that it breaks no rule."
        )
    _same_content(draft, command.digest)
    grounds = [_open_ground(draft, ref) for ref in command.policies]
    if not grounds:
        raise Refused("no_ground", "Name the grounds on which it is to be kept.")
    policies = [draft.policy(g.policy) for g in grounds]
    if not any(command.reason == reason.id for policy in policies for reason in policy.reasons):
        raise Refused("no_rule_cited", "Choose the rule that you cite. The reporter will read it.")
    draft.add(KeepVoted(round_.number, voter.id, voter.is_lead, command.policies, command.reason, command.digest))
    kept = [policy for policy in policies if _is_decided(draft, policy)]
    if kept:
        _keep(draft, kept, command.digest)
    if len(kept) < len(policies):
        check_people(draft)


def sanction_account(draft: Draft, command: SanctionAccount) -> None:
    """Suspend the account behind a removed subject: for a time by one person, for good when a second agrees."""
    if command.suspend is Suspend.NO or (draft.exists and draft.case.wanted is Wanted.REMOVED):
        return
    draft.open(command.subject)
    policy = draft.policy(command.policy)
    if draft.ground_named(policy) is None or draft.case.round is None:
        draft.add(GroundRaised(policy.ref, policy.lane, draft.regimes, False, None), policy=policy.ref)
    if draft.case.round is None:
        draft.add(RoundOpened(draft.case.rounds + 1, WhyRound.NOTICE, frozenset()))
    round_ = _open_round(draft)
    _not_their_own(draft, _voter(draft, command.actor.id))
    if command.suspend is Suspend.FOR_GOOD:
        draft.start_review(policy, draft.regimes, draft.now)
    if _suspend(draft, policy, command.suspend, command.actor, round_):
        _uphold(draft, policy)
        draft.tell(Told.REMOVED)
        _close_round(draft)


def receive_reply(draft: Draft, command: ReceiveReply) -> None:
    """A reply voids the votes cast before it; after a refusal it opens a round for somebody new, hidden again once."""
    case = draft.case
    if case.round is not None:
        if case.round.votes:
            draft.add(VotesVoided(case.round.number))
        return
    refused = [g for g in case.grounds if g.status is GroundStatus.REFUSED]
    if not refused or case.is_held:
        return
    reopen(draft, WhyRound.REPLY, GroundStatus.REFUSED)
    gravest = draft.policy(max(refused, key=lambda g: g.lane).policy)
    if not case.subject.is_account and may_hide_again(draft, gravest, brings_new_facts=command.brings_new_facts):
        draft.hide(gravest, WhyHide.REPLY)
    draft.tell(Told.REOPENED)


def receive_appeal(draft: Draft, command: ReceiveAppeal) -> None:
    """Open a round for somebody new. What is removed stays removed until two people decide otherwise."""
    if draft.case.round is not None or draft.case.wanted is Wanted.SHOWN:
        raise Refused("nothing_to_appeal", "There is no finished decision here that could be looked at again.")
    reopen(draft, WhyRound.APPEAL, GroundStatus.UPHELD)


def check_people(draft: Draft) -> None:
    """Say so, and call a lead, where too few eligible people are left to refuse any open ground."""
    round_ = draft.case.round
    if round_ is None or round_.lacks_people:
        return
    if any(_lacks_people(draft, round_, draft.policy(g.policy)) for g in draft.case.open_grounds):
        draft.add(PeopleLacking(round_.number))
        draft.alarm(Alarm.NOT_ENOUGH_PEOPLE)


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
        if draft.case.wanted is Wanted.SHOWN:
            draft.add(SuspensionRequested(until), policy=policy.ref)
            draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
        return False
    draft.add(RemovalDecided(round_.number, policy.ref, by.id, None, suspend), policy=policy.ref)
    if is_for_good or draft.case.suspended_until is None or until > draft.case.suspended_until:
        draft.add(SuspensionRequested(None if is_for_good else until), policy=policy.ref)
        draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
    return True


def _keep(draft: Draft, kept: list[Policy], digest: Digest | None) -> None:
    round_ = _open_round(draft)
    refs = tuple(policy.ref for policy in kept)
    counted = [vote for vote in round_.votes if set(vote.policies) & set(refs)]
    reasons = tuple(dict.fromkeys(vote.reason for vote in counted))
    draft.add(KeepDecided(round_.number, refs, reasons, tuple(vote.voter for vote in counted), digest))
    for policy in kept:
        draft.add(GroundRefused(policy.ref), policy=policy.ref)
        draft.stop(*_REVIEW, policy=policy.ref)
    if draft.case.is_held:
        return
    if draft.case.wanted is not Wanted.SHOWN:
        draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value, ClockName.WATCH.value, RECHECK)
        draft.add(RestoreRequested())
        draft.watch_restoring()
    for policy in kept:
        draft.start(ClockName.WINDOW, policy, draft.regimes, draft.now)
    draft.tell(Told.KEPT)
    _close_round(draft)


def _uphold(draft: Draft, policy: Policy) -> None:
    """Answer every open ground that is no graver than the one decided."""
    for ground in draft.case.open_grounds:
        if ground.lane <= policy.lane:
            draft.add(GroundUpheld(ground.policy), policy=ground.policy)
            draft.stop(*_REVIEW, policy=ground.policy)


def _close_round(draft: Draft) -> None:
    if draft.case.round is not None and not draft.case.open_grounds:
        draft.add(RoundClosed(draft.case.round.number))


def _is_decided(draft: Draft, policy: Policy) -> bool:
    votes = [vote for vote in _open_round(draft).votes if policy.ref in vote.policies]
    return len(votes) >= policy.keep.people and (not policy.keep.one_of_lead or any(vote.is_lead for vote in votes))


def _lacks_people(draft: Draft, round_: Round, policy: Policy) -> bool:
    votes = [vote for vote in round_.votes if policy.ref in vote.policies]
    left = [v for v in draft.facts.staffing.voters if _may_keep(draft, round_, v)]
    needs_lead = policy.keep.one_of_lead and not any(vote.is_lead for vote in votes)
    return len(votes) + len(left) < policy.keep.people or (needs_lead and not any(v.is_lead for v in left))


def _may_keep(draft: Draft, round_: Round, voter: Voter) -> bool:
    has_voted = any(vote.voter == voter.id for vote in round_.votes)
    return voter.is_approved and not has_voted and voter.id not in round_.excluded and not _is_their_own(draft, voter)


def _is_their_own(draft: Draft, voter: Voter) -> bool:
    return draft.case.owner in voter.accounts or voter.id in draft.case.reported_by


def _not_their_own(draft: Draft, voter: Voter) -> None:
    if _is_their_own(draft, voter):
        raise Refused("not_your_own", "You posted or reported this yourself. Somebody else has to decide.")


def _voter(draft: Draft, staff: StaffId) -> Voter:
    voter = draft.facts.staffing.find(staff)
    if voter is None:
        raise Refused("not_a_reviewer", "Only reviewers and leads decide. Ask an admin for the role.")
    return voter


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
    if content is not None and content.digest != digest:
        raise Refused("content_changed", "The content has changed since you looked. Look at the case again.")


def _open_ground(draft: Draft, ref: PolicyRef) -> Ground:
    ground = draft.case.ground(ref)
    if ground is None or not ground.is_open:
        raise Refused("no_such_ground", "One of the grounds is not open any more. Look at the case again.")
    return ground
