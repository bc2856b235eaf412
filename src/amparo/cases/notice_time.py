"""What a notice does when one of its clocks has run out, or when it is time to page somebody."""

from datetime import timedelta

from amparo.cases import decide_office, decide_referral, picture_claim
from amparo.cases.clock_events import (
    AlarmRaised,
    ClockExpired,
    EscalatedToLead,
    PersonPaged,
)
from amparo.cases.notice_draft import CLOSES_AFTER, CLOSING, HOUSE, PLACED, SETTLED, NoticeDraft, settle
from amparo.cases.notice_events import (
    NoticeClosed,
    ReporterTold,
)
from amparo.cases.words import Alarm, Told
from amparo.policies.policy import ClockName

# A report is not closed over the question whether the police are told; that it is asked again stands in its own clock.
_CLOSES_AGAIN = timedelta(days=1)
_CALLS = {
    PLACED: Alarm.LINK_WAITS,
    decide_referral.REFERRAL: Alarm.REFERRAL_DUE,
    decide_office.SENDER: Alarm.OFFICE_WAITS,
    picture_claim.STARTING: Alarm.CLAIM_WAITS,
}


def expire_clock(draft: NoticeDraft, key: str) -> None:
    """Act on a clock whose time, or whose time to page, has come. Early and repeated calls change nothing."""
    clock = next((c for c in draft.notice.clocks if c.key == key), None)
    if clock is None or clock.wakes_at > draft.now:
        return
    alarm = _CALLS.get(clock.name, Alarm.DECISION_DUE)
    if clock.due_at > draft.now:
        draft.add(PersonPaged(key))
        draft.add(AlarmRaised(alarm))
    elif clock.name == SETTLED:
        draft.add(ClockExpired(key, clock.due_at, None))
        settle(draft)
    elif clock.name == decide_referral.REFERRAL:
        decide_referral.expire(draft, clock)
    elif clock.name == decide_office.SENDER:
        decide_office.expire(draft, clock)
    elif clock.name == CLOSING and draft.notice.open_referral is not None:
        draft.add(ClockExpired(key, clock.due_at, draft.now + _CLOSES_AGAIN))
    elif clock.name == CLOSING:
        if any(claim.is_live for claim in draft.notice.claims):
            # Whoever made the code comes back here to take it back or to let it go on.
            draft.add(ClockExpired(key, clock.due_at, draft.now + CLOSES_AFTER))
            return
        draft.add(ClockExpired(key, clock.due_at, None))
        draft.add(NoticeClosed())
    elif clock.name == picture_claim.CLAIMED:
        draft.add_all(picture_claim.ran_out(draft.notice, key, clock.due_at))
    else:
        name = ClockName.FIRST_LOOK if clock.name in (PLACED, picture_claim.STARTING) else ClockName.DECIDED
        renewed = draft.now + min(rule.renew for rule in draft.policy.rules(name, HOUSE))
        draft.add(ClockExpired(key, clock.due_at, renewed))
        draft.add(AlarmRaised(alarm))
        draft.add(EscalatedToLead(key))
        if clock.name == PLACED:
            told = f"late:{clock.due_at.isoformat()}"
            draft.add(ReporterTold(Told.LATE, None, draft.now, renewed, told))
