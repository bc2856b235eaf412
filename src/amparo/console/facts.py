"""What a case page states before anything is looked at. It never reads votes, looks or who asked for what."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.case import Case, Ground
from amparo.cases.case_events import (
    GroundMatched,
    GroundRaised,
    GroundUpheld,
    GroundWithdrawn,
    HoldEnded,
    HoldPlaced,
    KeepDecided,
    MatchesWithdrawn,
    MatchRecorded,
    NoticeJoined,
    RemovalDecided,
    RoundOpened,
)
from amparo.cases.clock_events import ClockExpired
from amparo.cases.events import Entry
from amparo.cases.platform_events import (
    CameBack,
    ContentRecorded,
    HideRequested,
    HideWithheld,
    OrderRepeated,
    PlatformTroubled,
    RestoreRequested,
    SuspensionEnded,
    SuspensionRequested,
)
from amparo.cases.words import GroundStatus
from amparo.console import wording
from amparo.console.copies import CLAIM
from amparo.policies.policy import ClockName, ClockRule, Policy, PolicyBook

_MOST_LINES = 60


@dataclass(frozen=True)
class GroundFact:
    """One ground with the clock that binds us most. `source` is the law or house rule that sets it."""

    title: str
    lane: str
    status: str
    is_open: bool
    decide_by: datetime | None
    source: str


@dataclass(frozen=True)
class Line:
    at: datetime
    words: str


def ground_facts(case: Case, policies: PolicyBook) -> list[GroundFact]:
    """Return the grounds, gravest first."""
    ordered = sorted(case.grounds, key=lambda ground: -ground.lane)
    return [_ground_fact(case, ground, policies.get(ground.policy)) for ground in ordered]


def lines_of(entries: tuple[Entry, ...], policies: PolicyBook) -> list[Line]:
    """Return what happened, newest first: only what is the same whoever has voted or looked."""
    told = [(entry.at, _line(entry, policies)) for entry in entries]
    return [Line(at, words) for at, words in reversed(told) if words][:_MOST_LINES]


def missed(entries: tuple[Entry, ...]) -> ClockExpired | None:
    """Return the last time to a decision that was missed.

    Not `case.late`: that holds the last missed promise of any kind, and a missed look says that nobody had looked.
    """
    decided = f"{ClockName.DECIDED.value}/"
    found = [e.event for e in entries if isinstance(e.event, ClockExpired) and e.event.key.startswith(decided)]
    return found[-1] if found else None


def _ground_fact(case: Case, ground: Ground, policy: Policy) -> GroundFact:
    running = [c for c in case.running(ClockName.DECIDED.value) if c.policy == ground.policy]
    rule = _rule(policy, running[0].key) if running else None
    status = "waits for a decision" if ground.is_open else _STATUS[ground.status]
    if ground.is_open and not ground.is_settled and policy.lane is not policy.lane.ORDINARY:
        status += "; the age is not settled, so it counts as a child's"
    return GroundFact(
        policy.title,
        wording.LANES[ground.lane],
        status,
        ground.is_open,
        running[0].due_at if running else None,
        rule.source if rule is not None else "",
    )


_STATUS = {
    GroundStatus.UPHELD: "found to break the rule",
    GroundStatus.REFUSED: "found not to break the rule",
    GroundStatus.WITHDRAWN: "withdrawn",
    GroundStatus.OPEN: "waits for a decision",
}


def _rule(policy: Policy, clock_key: str) -> ClockRule | None:
    regime = clock_key.rsplit("/", 1)[-1]
    wanted = None if regime == "house" else regime
    return next((r for r in policy.clocks if r.name is ClockName.DECIDED and r.regime == wanted), None)


def _line(entry: Entry, policies: PolicyBook) -> str:
    """Return one event as a line, or nothing for what would tell of a vote or a look."""
    match entry.event:
        case NoticeJoined(relation=relation, received_at=received_at):
            came = "a report came" if relation is None else f"a report came from {wording.RELATIONS[relation]}"
            if received_at is None:
                return came
            return f"{came} on {received_at:%d %b, %H:%M:%S}, and waited in the spool; it was taken in now"
        case GroundRaised(policy=policy):
            return f"ground: {policies.get(policy).title}"
        case MatchRecorded(likeness=likeness):
            found = "the same file as something known" if likeness.is_exact else "found to look like something known"
            found = "found to look like a picture that was claimed" if likeness.star.startswith(CLAIM) else found
            return f"{found}; its bank hides nothing and asks a person" if likeness.only_asks else found
        case GroundMatched(policy=policy):
            return f"ground, for what it is like: {policies.get(policy).title}"
        case MatchesWithdrawn():
            return "what it is like was found to break no rule"
        case GroundUpheld(policy=policy):
            return f"found to break the rule: {policies.get(policy).title}"
        case GroundWithdrawn(policy=policy):
            return f"withdrawn: {policies.get(policy).title}"
        case HoldPlaced(until=until, is_verified=is_verified):
            by = "a confirmed office" if is_verified else "somebody who says to be an office"
            return f"preserved until {until:%d %b %Y} for {by}"
        case HoldEnded():
            return "preserved for no office any longer"
        case HideRequested():
            return "ordered it hidden"
        case HideWithheld(is_doubted=True):
            return "did not hide it: its reporter was found to report in bad faith"
        case HideWithheld():
            return "did not hide it: over this hour's budget"
        case ContentRecorded(version=version):
            return f"kept what it shows, version {version}"
        case CameBack():
            return "the platform showed it again"
        case OrderRepeated():
            return "ordered it again"
        case PlatformTroubled(code=code):
            return f"trouble with the platform: {code}"
        case RoundOpened(number=number, why=why):
            return f"review {number} was opened by {wording.ROUNDS[why]}"
        case RemovalDecided(by=None, round=number) if number is not None:
            return "removed by a rule: a person found the very same file to break it"
        case RemovalDecided(by=None):
            return "removal by the hard limit of a rule, with nobody there"
        case RemovalDecided():
            return "a person decided to remove it"
        case SuspensionRequested(until=None):
            return "ordered the account suspended for good"
        case SuspensionRequested():
            return "ordered the account suspended for a time"
        case SuspensionEnded():
            return "the suspension ended"
        case KeepDecided(by=by):
            return f"{wording.count(len(by), 'person', 'people')} decided to keep it"
        case RestoreRequested():
            return "ordered it shown again"
        case _:
            return ""
