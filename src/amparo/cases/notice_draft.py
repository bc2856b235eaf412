"""What every rule of a notice works on: its events so far, its state after them, and its clocks by name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from amparo.cases.actor import Actor
from amparo.cases.clock_events import (
    ClockStarted,
    ClockStopped,
)
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, evolve_notice
from amparo.cases.notice_events import (
    AgeSettled,
    NoticeAnswered,
    NoticeEvent,
    NoticeReopened,
)
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age
from amparo.policies.deadlines import deadlines
from amparo.policies.policy import ClockName, Policy

ANSWERED = "answered"
PLACED = "placed"
SETTLED = "settled"
CLOSING = "closing"

# As long as a refusal can be complained about: Regulation (EU) 2022/2065, art. 20(1), at least six months.
CLOSES_AFTER = timedelta(days=183)
HOUSE: frozenset[str] = frozenset()
"""The clocks of a notice are the house's own; those of laws run for its cases."""


class NoticeDraft:
    """Gathers the events of one decision, folding each in at once."""

    def __init__(self, notice_id: NoticeId, notice: Notice | None, facts: Facts, now: datetime, actor: Actor) -> None:
        self.notice_id, self._notice, self.facts, self.now, self.actor = notice_id, notice, facts, now, actor
        self.received_at: datetime | None = None
        self.entries: list[Entry] = []

    @property
    def exists(self) -> bool:
        return self._notice is not None

    @property
    def notice(self) -> Notice:
        if self._notice is None:
            raise Refused("no_such_notice", "There is no report for this code. Check the code and try again.")
        return self._notice

    @property
    def policy(self) -> Policy:
        return self.facts.policies.get(self.notice.policy)

    def came_at(self, received_at: datetime | None) -> None:
        """Let clocks run from when something came. What comes only now changes nothing: no promise is put off."""
        self.received_at = received_at if received_at is not None and received_at < self.now else None

    def must_be_open(self) -> None:
        if not self.notice.is_open:
            raise Refused("notice_closed", "This report is closed. Please send a new one.")

    def add(self, event: NoticeEvent) -> None:
        seq = 1 if self._notice is None else self._notice.seq + 1
        entry = Entry(seq, self.now, self.actor, None if self._notice is None else self._notice.policy, event)
        self.entries.append(entry)
        self._notice = evolve_notice(self._notice, self.notice_id, entry)

    def add_all(self, events: Iterable[NoticeEvent]) -> None:
        for event in tuple(events):
            self.add(event)

    def start(self, name: str, length: timedelta | ClockName) -> None:
        if any(clock.name == name for clock in self.notice.clocks):
            return
        if isinstance(length, timedelta):
            self.add(ClockStarted(name, name, None, self.now + length, None))
        else:
            due = deadlines(self.policy, length, HOUSE, self.received_at or self.now)[0]
            self.add(ClockStarted(name, name, self.policy.ref, due.due_at, due.page_at))

    def stop(self, name: str) -> None:
        if any(clock.name == name for clock in self.notice.clocks):
            self.add(ClockStopped(name))


def settle(draft: NoticeDraft) -> None:
    draft.stop(SETTLED)
    if not draft.notice.is_settled:
        draft.add(AgeSettled(draft.notice.age or Age.NOT_SURE))


def answered_or_not(draft: NoticeDraft) -> None:
    if draft.notice.waits and draft.notice.is_answered:
        draft.add(NoticeReopened())
        draft.stop(CLOSING)
    elif not draft.notice.waits and not draft.notice.is_answered:
        draft.add(NoticeAnswered())
        draft.start(CLOSING, CLOSES_AFTER)
        draft.stop(ANSWERED)
    if not draft.notice.is_answered:
        draft.start(ANSWERED, ClockName.DECIDED)
