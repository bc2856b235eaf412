"""A casebook in memory. It keeps the same promises as the one in PostgreSQL, and passes the same contract test."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from amparo.cases.actor import Staffing
from amparo.cases.case import Case
from amparo.cases.case_events import NoticeJoined
from amparo.cases.commands import Command
from amparo.cases.effects import VISIBLE, Effect, effects_of
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import NoticeCommand
from amparo.cases.platform_events import Observed
from amparo.cases.refs import CaseId, NoticeId, Subject, new_id
from amparo.cases.transaction import Change, Done, Intake, KeyReused, as_sequence, decide_in_turn
from amparo.policies.policy import PolicyBook


class MemoryCasebook:
    """Cases and notices of one simulated installation. `staffing` is who may judge at the moment; set it at will.

    `effects` holds what is still to be done outside, by key; whoever plays the platform takes it from there.
    """

    def __init__(self, policies: PolicyBook, now: Callable[[], datetime], draw: Callable[[int], bytes]) -> None:
        self.policies, self.now, self._draw = policies, now, draw
        self.staffing = Staffing()
        self.effects: dict[str, Effect] = {}
        self._notices_of: dict[str, list[NoticeId]] = {}
        self._states: dict[str, Case | Notice] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._case_of: dict[Subject, CaseId] = {}
        self._taken: dict[str, tuple[str, NoticeId]] = {}

    def new_notice_id(self) -> NoticeId:
        """Return an id for a notice about to be opened."""
        return NoticeId(new_id("notice", self._draw(16)))

    def execute(self, command: Command | Sequence[Command], *, intake: Intake | None = None) -> Done:
        """Carry a command, or several of one notice, out. Raises Refused or KeyReused, and then nothing changed."""
        commands = as_sequence(command)
        first = commands[0]
        notice = first.notice if isinstance(first, NoticeCommand) else None
        if intake is not None and notice is not None and intake.key in self._taken:
            body, earlier = self._taken[intake.key]
            if body != intake.body_sha256:
                raise KeyReused("This form was sent before with other answers.")
            return Done((), earlier, is_replay=True)
        changes = decide_in_turn(commands, self, Facts(self.policies, self.staffing), self.now())
        if intake is not None and notice is not None:
            self._taken[intake.key] = (intake.body_sha256, notice)
        for change in changes:
            self._write(change)
        return Done(changes, notice)

    def case(self, case_id: str) -> Case | None:
        """Return a case as it is now."""
        state = self._states.get(case_id)
        return state if isinstance(state, Case) else None

    def notice(self, notice_id: str) -> Notice | None:
        """Return a notice as it is now."""
        state = self._states.get(notice_id)
        return state if isinstance(state, Notice) else None

    def cases(self) -> list[Case]:
        """Return every case, in the order in which they were opened."""
        return [state for state in self._states.values() if isinstance(state, Case)]

    def notices(self) -> list[Notice]:
        """Return every notice, in the order in which they were opened."""
        return [state for state in self._states.values() if isinstance(state, Notice)]

    def entries(self, aggregate: str, seq: int | None = None) -> tuple[Entry, ...]:
        """Return the events of a case or notice in their order, or the one with that number."""
        found = self._entries.get(aggregate, [])
        # They are numbered from 1 without gaps.
        return tuple(found if seq is None else found[seq - 1 : seq])

    def notices_of(self, case_id: CaseId) -> list[NoticeId]:
        """Return the notices that name a case's subject."""
        return list(self._notices_of.get(case_id, []))

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Return case or notice and key of the clocks whose time, or whose time to page, has come, first due first."""
        rows = [
            (clock.wakes_at, aggregate, clock.key)
            for aggregate, state in self._states.items()
            for clock in state.clocks
            if clock.wakes_at <= now
        ]
        return [(aggregate, key) for _, aggregate, key in sorted(rows)]

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        """Return the case of each subject, giving a new id where there is none."""
        for subject in subjects:
            if subject not in self._case_of:
                self._case_of[subject] = CaseId(new_id("case", self._draw(16)))
        return {subject: self._case_of[subject] for subject in subjects}

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        """Return the states of these; None for what has no event yet."""
        return {each: self._states.get(each) for each in ids}

    def _write(self, change: Change) -> None:
        self._states[change.aggregate] = change.state
        self._entries.setdefault(change.aggregate, []).extend(change.entries)
        for entry in change.entries:
            event = entry.event
            if isinstance(event, NoticeJoined):
                self._notices_of.setdefault(change.aggregate, []).append(event.notice)
            effects = effects_of(change.aggregate, entry)
            is_seen = isinstance(event, Observed) and event.confirms
            if is_seen or any(effect.name in VISIBLE for effect in effects):
                self._close_visible(change.aggregate)
            self.effects.update({effect.key: effect for effect in effects})

    def _close_visible(self, aggregate: str) -> None:
        done = [key for key, each in self.effects.items() if each.aggregate == aggregate and each.name in VISIBLE]
        for key in done:
            del self.effects[key]
