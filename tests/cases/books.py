"""Cases and notices in a dictionary: the core's own transaction over the smallest books there can be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files

from amparo.cases.actor import Staffing, System
from amparo.cases.case import Case
from amparo.cases.case_events import NoticeJoined, ReportersTold
from amparo.cases.commands import Command, ExpireClock
from amparo.cases.events import Entry
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import TellReporter
from amparo.cases.refs import CaseId, NoticeId, Subject
from amparo.cases.transaction import Change, decide_all
from amparo.cases.words import Told
from amparo.policies.parse import parse_policy
from amparo.policies.policy import PolicyBook

SHIPPED = {
    path.name.removesuffix(".toml"): parse_policy(path.read_text(), path.name)
    for path in (files("amparo.policies") / "shipped").iterdir()
    if path.name.endswith(".toml")
}
POLICIES = PolicyBook(SHIPPED.values())
_ONCE_A_ROUND = (Told.REMOVED, Told.KEPT, Told.REOPENED, Told.LINK_NOT_FOUND)


@dataclass
class MemoryBooks:
    """What `decide_all` needs of books, and a clock that the test turns."""

    now: datetime
    staffing: Staffing = field(default_factory=Staffing)
    policies: PolicyBook = POLICIES
    states: dict[str, Case | Notice] = field(default_factory=dict)
    log: dict[str, list[Entry]] = field(default_factory=dict)
    news: list[tuple[CaseId, Entry]] = field(default_factory=list)
    _ids: dict[Subject, CaseId] = field(default_factory=dict)
    _joined: dict[CaseId, list[NoticeId]] = field(default_factory=dict)

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        for subject in sorted(subjects, key=str):
            self._ids.setdefault(subject, CaseId(f"case_{len(self._ids) + 1}"))
        return {subject: self._ids[subject] for subject in subjects}

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        return {each: self.states.get(each) for each in ids}

    def execute(self, command: Command) -> tuple[Change, ...]:
        """Carry a command out with all that follows from it. Raises Refused, and then nothing has changed."""
        changes = decide_all(command, self, Facts(self.policies, self.staffing), self.now)
        for change in changes:
            self.states[change.aggregate] = change.state
            self.log.setdefault(change.aggregate, []).extend(change.entries)
            for entry in change.entries:
                if isinstance(entry.event, NoticeJoined):
                    self._joined.setdefault(CaseId(change.aggregate), []).append(entry.event.notice)
                if isinstance(entry.event, ReportersTold):
                    self.news.append((CaseId(change.aggregate), entry))
        return changes

    def due(self) -> list[ExpireClock]:
        """Return what a worker would do now about clocks, longest due first."""
        rows = [
            (clock.wakes_at, each, clock.key)
            for each, state in self.states.items()
            for clock in state.clocks
            if clock.wakes_at <= self.now
        ]
        return [ExpireClock(NoticeId(each), key, System("clocks")) for _, each, key in sorted(rows)]

    def letters(self, case: CaseId, entry: Entry) -> list[TellReporter]:
        """Return one piece of news for everybody who reported the subject by now."""
        event = entry.event
        assert isinstance(event, ReportersTold)
        key = f"{case}:{event.what.value}:{event.round}" if event.what in _ONCE_A_ROUND else f"{case}:{entry.seq}"
        return [
            TellReporter(notice, case, event.what, entry.at, event.by, key, System("workers"))
            for notice in self._joined.get(case, [])
        ]

    def case_of(self, subject: Subject) -> Case:
        case = self.states[self._ids[subject]]
        assert isinstance(case, Case)
        return case

    def wait(self, length: timedelta) -> None:
        self.now += length
