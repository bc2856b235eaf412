"""What a case and a notice have in common: running clocks, and calls for people."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import PolicyRef
from amparo.cases.words import (
    Alarm,
)


@dataclass(frozen=True)
class ClockStarted:
    """`key` is unique among the running clocks of its case or notice."""

    key: str
    name: str
    policy: PolicyRef | None
    due_at: datetime
    page_at: datetime | None


@dataclass(frozen=True)
class ClockStopped:
    key: str


@dataclass(frozen=True)
class ClockExpired:
    """`renewed_to` is the new promise, where the duty goes on."""

    key: str
    due_at: datetime
    renewed_to: datetime | None


@dataclass(frozen=True)
class PersonPaged:
    """The share of a clock's length at which a person is called has passed."""

    key: str


@dataclass(frozen=True)
class AlarmRaised:
    alarm: Alarm


@dataclass(frozen=True)
class EscalatedToLead:
    clock: str


SharedEvent = ClockStarted | ClockStopped | ClockExpired | PersonPaged | AlarmRaised | EscalatedToLead
