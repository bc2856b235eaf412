"""A claim of a picture: the code that somebody made of it on their own device, and what they and we do with it.

The code itself is in no event: it lies in a row that ends with the claim. Pure, like everything here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from amparo.cases.actor import Actor, Reviewer, Staffing, Voter
from amparo.cases.claim_events import ClaimEnded, ClaimEndVoted, ClaimRenewed, ClaimStarted, PictureClaimed
from amparo.cases.clock_events import AlarmRaised, ClockExpired, ClockStarted, ClockStopped
from amparo.cases.notice_events import NoticeEvent
from amparo.cases.refs import ClaimId, StaffId
from amparo.cases.refused import Refused
from amparo.cases.words import Alarm, Relation, WhyClaimEnded
from amparo.policies.deadlines import deadlines
from amparo.policies.policy import ClockName, Hide, Policy, Who

if TYPE_CHECKING:
    from amparo.cases.notice import Notice

MOST_CLAIMS = 20
LEAST_QUALITY = 50
"""Below this a code says too little of a picture ("PDQ", 2017): it would find what others posted."""
CLAIMED, STARTING = "claimed", "starting"
_OF_THE_CHILD_OR_ADULT = frozenset({Relation.DEPICTED, Relation.GUARDIAN})
_HOUSE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PictureCode:
    """What is said of a code, without the code. `within_budget`: whether it may work before anybody has looked."""

    claim: ClaimId
    quality: int
    pipeline: str
    within_budget: bool


@dataclass(frozen=True)
class EndVote:
    voter: StaffId
    is_lead: bool


@dataclass(frozen=True)
class PictureClaim:
    """One claim. `works`: copies are looked for; else a person has to start it. `votes` to end it are blind."""

    id: ClaimId
    came_at: datetime
    until: datetime
    works: bool
    radius: int
    votes: tuple[EndVote, ...] = ()
    ended: WhyClaimEnded | None = None
    ended_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        return self.ended is None


def claimed(notice: "Notice", code: PictureCode, policy: Policy, now: datetime) -> Iterator[NoticeEvent]:
    """Take a code. Over the budget it waits for a person to start it, who is called; it is never dropped."""
    if notice.claim(code.claim) is not None:
        return
    if code.quality < LEAST_QUALITY:
        raise Refused("too_plain", "This picture is too plain. A code made from it would find other pictures, too.")
    if sum(claim.is_live for claim in notice.claims) >= MOST_CLAIMS:
        raise Refused("too_many_codes", "One report takes 20 codes. Send more in a second report.")
    until = now + policy.claims.length
    works = code.within_budget
    yield PictureClaimed(code.claim, code.quality, code.pipeline, until, policy.claims.radius, works)
    yield ClockStarted(_key(CLAIMED, code.claim), CLAIMED, policy.ref, until, None)
    if not works:
        due = deadlines(policy, ClockName.FIRST_LOOK, _HOUSE, now)[0]
        yield ClockStarted(_key(STARTING, code.claim), STARTING, policy.ref, due.due_at, due.page_at)
        yield AlarmRaised(Alarm.CLAIM_WAITS)


def renewed(notice: "Notice", claim: ClaimId, policy: Policy, now: datetime) -> Iterator[NoticeEvent]:
    """Let a claim go on for its whole length from now."""
    found = _live(notice, claim)
    until = now + policy.claims.length
    if until > found.until:
        yield ClaimRenewed(claim, until)
        yield ClockStarted(_key(CLAIMED, claim), CLAIMED, policy.ref, until, None)


def withdrawn(notice: "Notice", claim: ClaimId) -> Iterator[NoticeEvent]:
    """End a claim because whoever made it wants that. Done twice, it is done once."""
    found = notice.claim(claim)
    if found is not None and not found.is_live:
        return
    yield from _ended(notice, _live(notice, claim), WhyClaimEnded.WITHDRAWN)


def started(notice: "Notice", claim: ClaimId, actor: Actor, staffing: Staffing) -> Iterator[NoticeEvent]:
    """Let a claim work that came over the budget: one person who judges says so."""
    found = _live(notice, claim)
    _judge(actor, staffing)
    if not found.works:
        yield ClaimStarted(claim)
        yield from _stop(notice, STARTING, claim)


def voted_to_end(
    notice: "Notice", claim: ClaimId, policy: Policy, actor: Actor, staffing: Staffing
) -> Iterator[NoticeEvent]:
    """Count one blind vote to end a claim. It ends with as many as it takes to keep such a picture up (law i)."""
    found = _live(notice, claim)
    voter = _judge(actor, staffing)
    if notice.reported_by == voter.id:
        raise Refused("not_your_own", "You posted or reported this yourself. Somebody else has to decide.")
    if any(vote.voter == voter.id for vote in found.votes):
        raise Refused("voted_already", "You have voted on this. Somebody else has to vote, too.")
    yield ClaimEndVoted(claim, voter.id, voter.is_lead)
    votes = (*found.votes, EndVote(voter.id, voter.is_lead))
    has_lead = not policy.keep.one_of_lead or any(vote.is_lead for vote in votes)
    if len(votes) >= policy.keep.people and has_lead:
        yield from _ended(notice, found, WhyClaimEnded.PEOPLE)


def ran_out(notice: "Notice", key: str, due_at: datetime) -> Iterator[NoticeEvent]:
    """End a claim whose time is over."""
    yield ClockExpired(key, due_at, None)
    found = _live(notice, ClaimId(key.partition(":")[2]))
    yield from _ended(notice, found, WhyClaimEnded.EXPIRED, is_over=True)


def may_hide(policy: Policy, relation: Relation | None) -> bool:
    """Whether what looks like a claimed picture is hidden before anybody has looked, as a report of it would be."""
    rule = policy.on_report
    is_heard = rule.who is Who.ANYONE or (rule.who is Who.DEPICTED and relation in _OF_THE_CHILD_OR_ADULT)
    return rule.hide is Hide.AT_ONCE and is_heard


def after(claims: tuple[PictureClaim, ...], event: NoticeEvent, at: datetime) -> tuple[PictureClaim, ...]:
    """Return a notice's claims after an event of one of them."""
    match event:
        case PictureClaimed():
            return (*claims, PictureClaim(event.claim, at, event.until, event.works, event.radius))
        case ClaimStarted():
            return _with(claims, event.claim, works=True)
        case ClaimRenewed():
            return _with(claims, event.claim, until=event.until)
        case ClaimEndVoted():
            found = next(claim for claim in claims if claim.id == event.claim)
            return _with(claims, event.claim, votes=(*found.votes, EndVote(event.voter, event.is_lead)))
        case ClaimEnded():
            return _with(claims, event.claim, ended=event.why, ended_at=at)
        case _:
            raise TypeError(f"{type(event).__name__} is no event of a claim.")


def _ended(
    notice: "Notice", claim: PictureClaim, why: WhyClaimEnded, *, is_over: bool = False
) -> Iterator[NoticeEvent]:
    yield ClaimEnded(claim.id, why)
    if not is_over:
        yield from _stop(notice, CLAIMED, claim.id)
    yield from _stop(notice, STARTING, claim.id)


def _stop(notice: "Notice", name: str, claim: ClaimId) -> Iterator[NoticeEvent]:
    key = _key(name, claim)
    if any(clock.key == key for clock in notice.clocks):
        yield ClockStopped(key)


def _live(notice: "Notice", claim: ClaimId) -> PictureClaim:
    found = notice.claim(claim)
    if found is None or not found.is_live:
        raise Refused("no_such_code", "This code is not at work any more. Make a new one from the picture.")
    return found


def _judge(actor: Actor, staffing: Staffing) -> Voter:
    voter = staffing.find(actor.id) if isinstance(actor, Reviewer) else None
    if voter is None:
        raise Refused("not_a_reviewer", "Only reviewers and leads decide. Ask an admin for the role.")
    if not voter.is_approved:
        raise Refused("enrolment_not_approved", "A second person has to approve your enrolment before you decide this.")
    return voter


def _with(claims: tuple[PictureClaim, ...], claim: ClaimId, **new: object) -> tuple[PictureClaim, ...]:
    return tuple(replace(each, **new) if each.id == claim else each for each in claims)  # type: ignore[arg-type]


def _key(name: str, claim: ClaimId) -> str:
    return f"{name}:{claim}"
