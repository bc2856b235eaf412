"""Copies: what shows the same as something reported or removed is hidden with it, and a person looks at each.

A likeness alone hides and asks. Only files that a person found to break a rule, byte for byte, go without a further
look; and only where they are all that a post shows, and nobody has judged that post yet.
"""

from amparo.cases.actor import Rule
from amparo.cases.case_commands import RecordMatch, WithdrawMatches
from amparo.cases.case_events import GroundMatched, GroundWithdrawn, MatchesWithdrawn, MatchRecorded, RemovalDecided
from amparo.cases.effects import shows
from amparo.cases.platform_events import HideWithheld, RemoveRequested, RestoreRequested
from amparo.cases.refs import Digest
from amparo.cases.refused import Refused
from amparo.cases.stages.draft import RECHECK, RESTORED, REVIEW, Draft
from amparo.cases.stages.intake import may_hide_again, open_round, reopen
from amparo.cases.stages.review import uphold
from amparo.cases.words import Alarm, GroundStatus, Suspend, Told, Wanted, WhyHide, WhyRound
from amparo.policies.policy import ClockName, Copies, Policy

# What was let go of once may be hidden for another likeness once more; then only a person hides it.
_MOST_RELEASES = 1


def record_match(draft: Draft, command: RecordMatch) -> None:
    """Take down that the subject shows what a star is about, hold it on the same ground, hide it, and ask a person.

    Where its bank only asks, a person looks and nothing is hidden; a bank that hides what it finds may still come.

    What two people have kept stays: they looked at it, and a likeness is no new fact. Only the very bytes that were
    found to break the rule elsewhere have somebody new look, once for each such finding.
    """
    policy, likeness = draft.pinned(draft.policy(command.policy)), command.likeness
    is_known = draft.exists and likeness in draft.case.likenesses
    draft.open(command.subject)
    if not is_known:
        draft.add(MatchRecorded(likeness))
    ground = draft.ground_named(policy)
    status = GroundStatus.WITHDRAWN if ground is None else ground.status
    is_held_for_it = ground is not None and likeness.star in ground.stars
    if status is GroundStatus.REFUSED:
        if likeness.is_found and not is_known:
            reopen(draft, WhyRound.MATCH, GroundStatus.REFUSED)
            _matched(draft, policy, command)
            if may_hide_again(draft, policy, brings_new_facts=False):
                _hide(draft, policy, command, is_known=is_known)
            draft.tell(Told.REOPENED)
        return
    if status is GroundStatus.WITHDRAWN or not is_held_for_it:
        _matched(draft, policy, command)
    if status is GroundStatus.UPHELD:
        return
    if draft.case.round is None:
        open_round(draft, WhyRound.MATCH)
    if not is_held_for_it:
        draft.start_review(policy, command.regimes, draft.now, is_new_ground=status is GroundStatus.WITHDRAWN)
    if not draft.case.kept_for and draft.case.releases <= _MOST_RELEASES:
        _hide(draft, policy, command, is_known=is_known)
    remove_what_was_found(draft)


def remove_what_was_found(draft: Draft) -> None:
    """Remove a hidden post all of whose files were found, byte for byte, to break a rule that it is held on.

    Not where anybody has judged the post itself, or asks for that: then people decide.
    """
    case = draft.case
    if case.round is None or case.rounds > 1 or case.past_voters or case.wanted is not Wanted.HIDDEN:
        return
    shown = [] if case.content is None else [part.digest for part in case.content.parts if shows(part.media_type)]
    stars = {like.star for like in case.likenesses if like.is_found and like.item in shown}
    found = {like.item for like in case.likenesses if like.is_found}
    ground = max((g for g in case.open_grounds if g.stars & stars), key=lambda g: g.lane, default=None)
    if ground is None or not shown or not found.issuperset(shown):
        return
    policy = draft.policy(ground.policy)
    rule, digest = Rule(policy.ref), Digest("") if case.content is None else case.content.digest
    draft.stop(ClockName.HIDDEN.value, ClockName.WINDOW.value, RESTORED)
    draft.add(RemovalDecided(case.round.number, policy.ref, None, digest, Suspend.NO), actor=rule, policy=policy.ref)
    draft.add(RemoveRequested(), actor=rule, policy=policy.ref)
    draft.start(ClockName.GONE, policy, draft.regimes, draft.now)
    uphold(draft, policy)
    draft.tell(Told.REMOVED)
    draft.close_round()


def withdraw_matches(draft: Draft, command: WithdrawMatches) -> None:
    """Let go of what was held only for being like something that people have kept since; show it again.

    Nothing is shown again by fewer people than could have kept it themselves, and nothing that somebody has judged.
    """
    held = [ground for ground in draft.case.grounds if command.star in ground.stars]
    if not held:
        return
    for ground in held:
        keep = draft.policy(ground.policy).keep
        if len(set(command.kept_by)) < keep.people or (keep.one_of_lead and not command.by_a_lead):
            raise Refused("too_few_kept_it", "Fewer people kept what this is like than it takes to keep this itself.")
    draft.add(MatchesWithdrawn(command.star, command.decision, command.kept_by))
    if not draft.case.past_voters:
        for before in held:
            ground_now = draft.case.ground(before.policy)
            is_free = ground_now is not None and ground_now.is_only_like and not ground_now.stars
            if is_free and before.status is not GroundStatus.REFUSED:
                draft.add(GroundWithdrawn(before.policy), policy=before.policy)
                draft.stop(*REVIEW, policy=before.policy)
    draft.close_round()
    if draft.case.is_held or draft.case.subject.is_account or draft.case.round is not None:
        return
    if draft.case.wanted is not Wanted.SHOWN:
        draft.stop(ClockName.HIDDEN.value, ClockName.GONE.value, ClockName.WATCH.value, RECHECK)
        draft.add(RestoreRequested())
        draft.watch_restoring()
        if draft.case.kept_for:
            draft.tell(Told.KEPT)
    if draft.case.is_open:
        draft.start(ClockName.WINDOW, draft.policy(held[0].policy), draft.regimes, draft.now)


def _matched(draft: Draft, policy: Policy, command: RecordMatch) -> None:
    event = GroundMatched(policy.ref, policy.lane, command.regimes, command.likeness.star)
    draft.add(event, policy=policy.ref)


def _hide(draft: Draft, policy: Policy, command: RecordMatch, *, is_known: bool) -> None:
    is_left = policy.on_report.copies is Copies.LEAVE
    if is_left or not command.hides or draft.case.wanted is not Wanted.SHOWN:
        return
    if command.within_budget:
        draft.hide(policy, WhyHide.MATCH)
    elif not is_known:
        draft.add(HideWithheld(policy.ref), policy=policy.ref)
        draft.alarm(Alarm.OVER_BUDGET)
