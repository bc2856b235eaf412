"""Claims of pictures at work: their codes in the bank `claimed`, and what a hit of one may do.

Nobody here has seen a claimed picture, so a hit hides at most, for a person to look at, and each claim may hide only so
many posts an hour. What a claim has hidden stays hidden when the claim ends, until people decide; only where people
have ended it is that let go of which was held for nothing else.
"""

import logging
from dataclasses import dataclass

from amparo.cases.actor import Reviewer, System
from amparo.cases.case_commands import WithdrawMatches
from amparo.cases.claim_events import ClaimEnded, ClaimStarted, PictureClaimed
from amparo.cases.picture_claim import PictureClaim, may_hide
from amparo.cases.refs import CaseId, ClaimId, NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age
from amparo.plugins import Installation
from amparo.policies.policy import Policy
from amparo.records import budgets, claimed_bank, effects
from amparo.records.claimed_bank import Item
from amparo.records.effects import Work
from amparo.records.stars import cases_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """By what a post is held that shows what was claimed. `only_asks`: it stays shown until a person has looked."""

    claim: ClaimId
    policy: Policy
    regimes: frozenset[str]
    only_asks: bool
    is_within_budget: bool


def hold(here: Installation, work: Work) -> str | None:
    """Bring the bank to what the claim says now: its code is in it, once, or it is not. May be repeated."""
    event = here.casebook.entries(work.aggregate, work.seq)[0].event
    assert isinstance(event, PictureClaimed | ClaimStarted | ClaimEnded)  # noqa: S101 - effects_of pairs them
    with effects.held(event.claim):
        return "held" if claimed_bank.follow(event.claim, here.casebook.now()) else "taken out"


def release(here: Installation, work: Work) -> str | None:
    """Let go of what was held for nothing but a claim that people have ended, as they could have kept it."""
    entry = here.casebook.entries(work.aggregate, work.seq)[0]
    notice = here.casebook.notice(work.aggregate)
    assert isinstance(entry.event, ClaimEnded)  # noqa: S101 - for the type checker: effects_of pairs them
    claim = None if notice is None else notice.claim(entry.event.claim)
    if claim is None or not isinstance(entry.actor, Reviewer):
        return "nothing to let go of"
    by, has_lead = tuple(vote.voter for vote in claim.votes), any(vote.is_lead for vote in claim.votes)
    for case in cases_of(claim.id):
        command = WithdrawMatches(case, CaseId(claim.id), entry.seq, by, has_lead, entry.actor)
        try:
            here.casebook.execute(command)
        except Refused as refused:
            log.info("a copy stays held: %s", refused.code)
    return "released"


def held_by(here: Installation, item: Item) -> Held | None:
    """Return by what a hit of an item of the bank is held; None where its claim has ended meanwhile.

    Under the policy that a report of the same reporter would fall under: a child's until an adult's age counts.
    """
    notice = here.casebook.notice(NoticeId(str(item.metadata["notice"])))
    claim: PictureClaim | None = None if notice is None else notice.claim(ClaimId(str(item.metadata["claim"])))
    if notice is None or claim is None or not (claim.is_live and claim.works):
        return None
    policy = here.policies.for_notice(notice.topic, is_adult=notice.settled_age is Age.ADULT)
    regimes = here.regimes if notice.country is None else here.regimes | {notice.country}
    is_within = budgets.is_within_for_claimed(policy, claim.id, here.casebook.now())
    return Held(claim.id, policy, regimes, not may_hide(policy, notice.relation), is_within)


SYSTEM = System("claims")
"""Who records that a post shows what was claimed."""
