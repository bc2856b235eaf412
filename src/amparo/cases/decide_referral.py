"""The rules of a referral: who opens and answers the question whether the police are told, and by when.

Nobody can stop its clock by doing nothing, and no machine answers it (law e, law i). `decide_notice` brings it here.
"""

from collections.abc import Collection

from amparo.cases.clock import Clock
from amparo.cases.clock_events import AlarmRaised, ClockExpired, EscalatedToLead
from amparo.cases.notice_draft import NoticeDraft
from amparo.cases.office_commands import DecideReferral, OpenReferral
from amparo.cases.office_events import ReferralDecided, ReferralOpened
from amparo.cases.refused import Refused
from amparo.cases.words import Alarm
from amparo.policies.policy import ClockName, Policy
from amparo.policies.signal import ASKS_FOR_POLICE, Signal, in_order

REFERRAL = ClockName.REFERRAL.value


def open_if_said(draft: NoticeDraft, signals: Collection[Signal]) -> None:
    """Ask people, where these words speak of a danger: also where the police were not told of earlier ones."""
    if said := ASKS_FOR_POLICE & set(signals):
        _open(draft, in_order(said))


def open_referral(draft: NoticeDraft, command: OpenReferral) -> None:
    """Ask, because a person saw what no words say."""
    draft.must_be_open()
    if draft.notice.open_referral is not None:
        raise Refused("referral_open", "This question is open already. Answer it below.")
    _open(draft, ())


def decide_referral(draft: NoticeDraft, command: DecideReferral) -> None:
    """Take one person's answer down. Not telling the police takes somebody whose enrolment is approved."""
    referral = draft.notice.open_referral
    if referral is None or referral.number != command.number:
        raise Refused("referral_decided", "Somebody has answered this meanwhile. Look at the report again.")
    voter = draft.facts.staffing.find(command.actor.id)
    if voter is None:
        raise Refused("not_a_reviewer", "Only reviewers and leads decide. Ask an admin for the role.")
    if command.told_at is None and not voter.is_approved:
        raise Refused(
            "enrolment_not_approved", "A second person has to approve your enrolment before you decide not to tell."
        )
    if command.told_at is not None and command.told_at > draft.now:
        raise Refused("not_told_yet", "That time is still to come. Tell the police first, then write it down here.")
    draft.add(ReferralDecided(referral.number, command.told_at is not None, command.sealed, command.told_at))
    draft.stop(REFERRAL)


def expire(draft: NoticeDraft, clock: Clock) -> None:
    """The time to an answer is over: a person is called, a lead too, and it goes on."""
    renewed = draft.now + min(rule.renew for rule in draft.policy.rules(_rule_name(draft.policy), frozenset()))
    draft.add(ClockExpired(clock.key, clock.due_at, renewed))
    draft.add(AlarmRaised(Alarm.REFERRAL_DUE))
    draft.add(EscalatedToLead(clock.key))


def _open(draft: NoticeDraft, signals: tuple[Signal, ...]) -> None:
    if draft.notice.open_referral is None:
        draft.add(ReferralOpened(len(draft.notice.referrals) + 1, signals))
        draft.add(AlarmRaised(Alarm.REFERRAL_DUE))
        draft.start(REFERRAL, _rule_name(draft.policy))


def _rule_name(policy: Policy) -> ClockName:
    """A policy that sets no time for it gives it the time of a first look."""
    return ClockName.REFERRAL if policy.rules(ClockName.REFERRAL, frozenset()) else ClockName.FIRST_LOOK
