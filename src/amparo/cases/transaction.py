"""One command and all that follows from it in the same transaction, whatever keeps the books.

PostgreSQL keeps them live (`records.casebook`), a dictionary keeps them in simulation: both run this.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from amparo.cases.case import Case
from amparo.cases.case_commands import CaseCommand, JoinFromAccount, JoinNotice, NoteOffice, RecordMatch, SettleNotice
from amparo.cases.case_events import CaseOpened
from amparo.cases.commands import Command, ExpireClock, aggregate_of
from amparo.cases.consequences import consequences_of_case, consequences_of_notice
from amparo.cases.decide import decide
from amparo.cases.decide_notice import decide_notice
from amparo.cases.events import Entry
from amparo.cases.evolve import evolve, open_case
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, evolve_notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerRelation,
    GiveElements,
    Link,
    NoticeCommand,
    OpenNotice,
    PlacedLink,
    PlaceLink,
    SendNotice,
)
from amparo.cases.office_commands import NameOffice
from amparo.cases.platform_events import HideRequested
from amparo.cases.refs import CaseId, NoticeId, Subject
from amparo.cases.words import WhyHide

_Asking = OpenNotice | AddLinks | AnswerRelation | AnswerAge | AnswerCountry | SendNotice | GiveElements | NameOffice
# What a case may hide by, for a notice.
_Hiding = JoinNotice | SettleNotice | NoteOffice

UNKNOWN_YET = CaseId("")
"""Stands in a command for the id of a subject's case; the books know it or give a new one."""


class Books(Protocol):
    """Where cases and notices are kept, inside one transaction."""

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        """Return the case of each subject, reserving a new id where there is none."""

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        """Lock these, in the order of their ids, and return their states; None for what has no event yet."""


@dataclass(frozen=True)
class Change:
    """What one command did to one case or notice."""

    aggregate: CaseId | NoticeId
    entries: tuple[Entry, ...]
    state: Case | Notice


class _Held:
    """The books under some commands that belong together: what one of them changed, the next one finds."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self.states: dict[str, Case | Notice] = {}

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        return self._books.case_ids(subjects)

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        unheld = [each for each in ids if each not in self.states]
        return {**(self._books.load(unheld) if unheld else {}), **{e: self.states[e] for e in ids if e in self.states}}


class KeyReused(Exception):
    """An idempotency key came again with another body. Nothing was changed."""


@dataclass(frozen=True)
class Intake:
    """What makes a repeated form harmless: its key, and the digest of what came under it."""

    key: str
    body_sha256: str


@dataclass(frozen=True)
class Done:
    """What a command changed. `notice` is set for an intake; `is_replay`: it had been taken before."""

    changes: tuple[Change, ...]
    notice: NoticeId | None = None
    is_replay: bool = False

    def entries(self, aggregate: str) -> tuple[Entry, ...]:
        return tuple(e for change in self.changes if change.aggregate == aggregate for e in change.entries)


def decide_in_turn(commands: Sequence[Command], books: Books, facts: Facts, now: datetime) -> tuple[Change, ...]:
    """Return what some commands change, each deciding upon what those before it did; each case or notice once.

    Raises Refused where any of them is, and then nothing has changed.
    """
    held = _Held(books)
    changes: dict[str, Change] = {}
    for command in commands:
        for change in decide_all(_with_room_left(command, changes.values()), held, facts, now):
            before = changes.get(change.aggregate)
            entries = change.entries if before is None else (*before.entries, *change.entries)
            changes[change.aggregate] = Change(change.aggregate, entries, change.state)
            held.states[change.aggregate] = change.state
    return tuple(changes.values())


def as_sequence(commands: Command | Sequence[Command]) -> Sequence[Command]:
    """Return one command, or several of one notice, as a sequence. Raises ValueError for what is neither."""
    if not isinstance(commands, Sequence):
        return (commands,)
    if not commands or len({aggregate_of(command) for command in commands}) > 1:
        raise ValueError("Several commands go together only where they are of one notice.")
    return commands


def decide_all(command: Command, books: Books, facts: Facts, now: datetime) -> tuple[Change, ...]:
    """Return what a command changes, its own case or notice first. Raises Refused, and then nothing has changed."""
    command = _with_case_ids(command, books)
    aggregate = aggregate_of(command)
    state = books.load([aggregate])[aggregate]
    if isinstance(command, NoticeCommand) or (isinstance(command, ExpireClock) and aggregate.startswith("notice_")):
        return _decide_notice(state, command, books, facts, now)
    assert not isinstance(state, Notice)  # noqa: S101 - for the type checker: ids carry their kind
    return _decide_cases([command], {aggregate: state}, books, facts, now)  # type: ignore[list-item]


def _decide_notice(
    state: Case | Notice | None, command: Command, books: Books, facts: Facts, now: datetime
) -> tuple[Change, ...]:
    assert not isinstance(state, Case)  # noqa: S101 - for the type checker: ids carry their kind
    assert isinstance(command, NoticeCommand | ExpireClock)  # noqa: S101 - likewise
    notice_id = NoticeId(aggregate_of(command))
    entries = decide_notice(state, command, facts, now)
    for entry in entries:
        state = evolve_notice(state, notice_id, entry)
    if state is None or not entries:
        return ()
    follow = consequences_of_notice(
        state,
        entries,
        facts,
        regimes=getattr(command, "regimes", frozenset()),
        within_budget=getattr(command, "within_budget", True),
        reported_by=getattr(command, "reported_by", None),
    )
    states = books.load({each.case for each in follow}) if follow else {}
    room = command.room if isinstance(command, _Asking) else None
    return (Change(notice_id, entries, state), *_decide_cases(list(follow), states, books, facts, now, room=room))


def _decide_cases(
    commands: list[CaseCommand],
    states: Mapping[str, Case | Notice | None],
    books: Books,
    facts: Facts,
    now: datetime,
    *,
    room: int | None = None,
) -> tuple[Change, ...]:
    """Decide each, and what follows from it. Past `room` hides the next ones are over the budget."""
    held = dict(states)
    changes: list[Change] = []
    while commands:
        command = commands.pop(0)
        case_id = CaseId(aggregate_of(command))
        if case_id not in held:
            held.update(books.load([case_id]))
        before = held[case_id]
        assert not isinstance(before, Notice)  # noqa: S101 - for the type checker: ids carry their kind
        if room is not None and isinstance(command, _Hiding) and _hides(changes) >= room:
            command = replace(command, within_budget=False)
        entries = decide(before, command, facts, now)
        after = _folded(case_id, before, entries)
        if after is None or not entries:
            continue
        held[case_id] = after
        changes.append(Change(case_id, entries, after))
        commands.extend(consequences_of_case(after, entries, lambda subject: books.case_ids([subject])[subject]))
    return tuple(changes)


def _with_room_left(command: Command, changes: Iterable[Change]) -> Command:
    """Return the command with what those before it in this transaction have left of its room."""
    if not isinstance(command, _Asking) or command.room is None:
        return command
    return replace(command, room=command.room - _hides(changes))


def _hides(changes: Iterable[Change]) -> int:
    events = (entry.event for change in changes for entry in change.entries)
    return sum(isinstance(event, HideRequested) and event.why is WhyHide.REPORT for event in events)


def _folded(case_id: CaseId, case: Case | None, entries: tuple[Entry, ...]) -> Case | None:
    for entry in entries:
        case = open_case(case_id, entry) if isinstance(entry.event, CaseOpened) else evolve(case, entry)
    return case


def _with_case_ids(command: Command, books: Books) -> Command:
    """Fill in the ids that only the books know."""
    match command:
        case OpenNotice() | AddLinks():
            ids = books.case_ids({link.subject for link in command.links if isinstance(link, PlacedLink)})
            return replace(command, links=tuple(_placed(link, ids) for link in command.links))
        case PlaceLink():
            ids = books.case_ids({command.link.subject})
            return replace(command, link=PlacedLink(command.link.subject, ids[command.link.subject]))
        case JoinFromAccount(case=case) | RecordMatch(case=case) if case == UNKNOWN_YET:
            return replace(command, case=books.case_ids({command.subject})[command.subject])
        case _:
            return command


def _placed(link: Link, ids: Mapping[Subject, CaseId]) -> Link:
    return PlacedLink(link.subject, ids[link.subject]) if isinstance(link, PlacedLink) else link
