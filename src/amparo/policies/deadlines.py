"""When a policy's clocks end. All times are aware and UTC; nothing here asks what time it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from amparo.policies.policy import ClockName, ClockRule, Policy

# A shown-again picture must be noticed: looked at after 15 s, 1, 5 and 15 min, then hourly to 24 h, then daily.
_FIRST_CHECKS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_HOURLY_UNTIL = timedelta(hours=24)


@dataclass(frozen=True)
class Deadline:
    """One rule's deadline: when it ends and, if a person is to be called before, when."""

    rule: ClockRule
    due_at: datetime
    page_at: datetime | None


def deadline(rule: ClockRule, start: datetime) -> Deadline:
    """Return the deadline of one rule that starts at `start`."""
    page_at = None if rule.page_at is None else start + rule.length * rule.page_at
    return Deadline(rule, start + rule.length, page_at)


def deadlines(policy: Policy, name: ClockName, regimes: frozenset[str], start: datetime) -> tuple[Deadline, ...]:
    """Return every applicable deadline of that name, soonest first, so that the shortest wins."""
    return tuple(sorted((deadline(r, start) for r in policy.rules(name, regimes)), key=lambda d: d.due_at))


def soonest(found: Iterable[datetime]) -> datetime | None:
    """Return the earliest of some moments, or None where there are none."""
    return min(found, default=None)


def next_check(since: datetime, now: datetime) -> datetime:
    """Return when the platform is looked at next for a state wanted since `since`. Always later than `now`."""
    for offset in _FIRST_CHECKS:
        if since + offset > now:
            return since + offset
    age = now - since
    step = timedelta(hours=1) if age < _HOURLY_UNTIL else timedelta(days=1)
    return since + step * (age // step + 1)
