"""Every event there is, and an entry: one event in its place.

A published event never changes meaning: add a new one instead. `records.codec` keeps a stored example of each.
"""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Actor
from amparo.cases.case_events import CaseEvent
from amparo.cases.notice_events import NoticeEvent
from amparo.cases.refs import PolicyRef

Event = CaseEvent | NoticeEvent


@dataclass(frozen=True)
class Entry:
    """One event in its place: the n-th of its case or notice, when, by whom and under which policy version."""

    seq: int
    at: datetime
    actor: Actor
    policy: PolicyRef | None
    event: Event
