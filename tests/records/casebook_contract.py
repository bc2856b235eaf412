"""What every casebook promises, whether it keeps its books in PostgreSQL or in memory. Both run this class."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from amparo.cases.actor import Connector, Reporter, Reviewer, Staffing, System, Voter
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, RecordContent, RecordObservation, VoteToKeep
from amparo.cases.case_events import NoticeJoined
from amparo.cases.commands import Command, ExpireClock
from amparo.cases.events import Entry
from amparo.cases.evolve import fold
from amparo.cases.notice import Notice, fold_notice
from amparo.cases.notice_commands import AddLinks, AnswerAge, OpenNotice, PlacedLink, SendNotice, UnplacedLink
from amparo.cases.refs import CaseId, Digest, NoticeId, StaffId, Subject, SubjectKind
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET, Done, Intake, KeyReused
from amparo.cases.words import Age, LinkProblem, Seen, Suspend, Wanted
from amparo.policies.deadlines import deadlines
from amparo.policies.parse import parse_policy
from amparo.policies.policy import ClockName, PolicyBook, Topic

SHIPPED = Path(__file__).parents[2] / "src" / "amparo" / "policies" / "shipped"
POLICIES = PolicyBook(parse_policy(file.read_text(), file.name) for file in sorted(SHIPPED.glob("*.toml")))
CHILD = POLICIES.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
DIGEST = Digest(hashlib.sha256(b"a yellow square").hexdigest())
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
REVIEWER, LEAD = Reviewer(StaffId("staff_reviewer")), Reviewer(StaffId("staff_lead"), is_lead=True)


class AnyCasebook(Protocol):
    policies: PolicyBook

    def new_notice_id(self) -> NoticeId: ...
    def execute(self, command: Command | Sequence[Command], *, intake: Intake | None = None) -> Done: ...
    def case(self, case_id: str) -> Case | None: ...
    def notice(self, notice_id: str) -> Notice | None: ...
    def entries(self, aggregate: str, seq: int | None = None) -> tuple[Entry, ...]: ...


@dataclass
class Clock:
    """A virtual clock that only the test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def after(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Books:
    """A casebook under test with what a test needs beside it. `to_do` names the effects that wait, by their key."""

    casebook: AnyCasebook
    clock: Clock
    to_do: Callable[[], set[str]]
    due: Callable[[datetime], list[tuple[str, str]]]


STAFFING = Staffing((Voter(REVIEWER.id, False, True), Voter(LEAD.id, True, True)))


def post(number: int) -> Subject:
    return Subject("plaza", SubjectKind.POST, f"post{number}")


def a_notice(casebook: AnyCasebook, *links: Subject | LinkProblem) -> OpenNotice:
    """A report of these subjects; a LinkProblem stands for a link that cannot be placed."""
    notice = casebook.new_notice_id()
    placed = tuple(
        PlacedLink(each, UNKNOWN_YET) if isinstance(each, Subject) else UnplacedLink(None, each) for each in links
    )
    return OpenNotice(notice, Topic.SEXUAL_PICTURE, CHILD.ref, None, placed, frozenset({"US"}), True, Reporter(notice))


class CasebookContract:
    """Subclasses give a fixture `books`."""

    def test_a_notice_opens_the_case_of_every_link_at_once(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1), post(2), LinkProblem.FOREIGN)
        done = books.casebook.execute(command)
        notice = books.casebook.notice(command.notice)
        assert notice is not None
        assert len(notice.cases) == 2
        assert {change.aggregate for change in done.changes} == {command.notice, *notice.cases}
        for case_id in notice.cases:
            case = books.casebook.case(case_id)
            assert case is not None
            assert case.wanted is Wanted.HIDDEN
            assert case.clocks

    def test_two_notices_of_one_post_share_one_case(self, books: Books) -> None:
        first, second = a_notice(books.casebook, post(1)), a_notice(books.casebook, post(1))
        books.casebook.execute(first)
        books.casebook.execute(second)
        one, two = books.casebook.notice(first.notice), books.casebook.notice(second.notice)
        assert one is not None
        assert two is not None
        assert one.cases == two.cases
        case = books.casebook.case(one.cases[0])
        assert case is not None
        assert case.notices == 2

    def test_the_same_link_twice_joins_once(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1), post(1))
        books.casebook.execute(command)
        more = AddLinks(command.notice, (PlacedLink(post(1), UNKNOWN_YET),), frozenset(), True, command.actor)
        books.casebook.execute(more)
        notice = books.casebook.notice(command.notice)
        assert notice is not None
        case = books.casebook.case(notice.cases[0])
        assert case is not None
        assert (len(notice.links), case.notices) == (3, 1)

    def test_a_repeated_form_is_answered_alike_and_changes_nothing(self, books: Books) -> None:
        first, again = a_notice(books.casebook, post(1)), a_notice(books.casebook, post(1))
        books.casebook.execute(first, intake=Intake("key-1", "body-a"))
        done = books.casebook.execute(again, intake=Intake("key-1", "body-a"))
        assert (done.is_replay, done.notice, done.changes) == (True, first.notice, ())
        assert books.casebook.notice(again.notice) is None

    def test_a_key_with_another_body_is_refused(self, books: Books) -> None:
        books.casebook.execute(a_notice(books.casebook, post(1)), intake=Intake("key-1", "body-a"))
        other = a_notice(books.casebook, post(2))
        with pytest.raises(KeyReused):
            books.casebook.execute(other, intake=Intake("key-1", "body-b"))
        assert books.casebook.notice(other.notice) is None

    def test_a_refused_command_changes_nothing(self, books: Books) -> None:
        too_many = a_notice(books.casebook, *[post(number) for number in range(51)])
        with pytest.raises(Refused, match="50 links"):
            books.casebook.execute(too_many, intake=Intake("key-1", "body-a"))
        assert books.casebook.notice(too_many.notice) is None
        assert not books.to_do()
        fewer = a_notice(books.casebook, post(1))
        assert not books.casebook.execute(fewer, intake=Intake("key-1", "body-b")).is_replay

    def test_the_stored_state_is_the_fold_of_the_events(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1), LinkProblem.NOT_A_LINK)
        books.casebook.execute(command)
        case_id = self._seen_and_removed(books, command)
        assert fold(CaseId(case_id), books.casebook.entries(case_id)) == books.casebook.case(case_id)
        entries = books.casebook.entries(command.notice)
        assert fold_notice(command.notice, entries) == books.casebook.notice(command.notice)

    def test_events_stand_in_their_places_without_gaps(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        case_id = self._seen_and_removed(books, command)
        entries = books.casebook.entries(case_id)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert books.casebook.entries(case_id, 3) == (entries[2],)

    def test_an_order_stays_to_do_until_it_was_seen_done(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        (case_id,) = self._cases(books, command)
        hide = next(key for key in books.to_do() if key.endswith(":hide"))
        self._observe(books, case_id, Seen.SHOWN)
        assert hide in books.to_do()
        self._observe(books, case_id, Seen.HIDDEN)
        assert hide not in books.to_do()

    def test_a_newer_order_takes_the_place_of_an_older_one(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        (case_id,) = self._cases(books, command)
        books.casebook.execute(DecideRemoval(case_id, 1, CHILD.ref, None, Suspend.NO, REVIEWER))
        orders = [key.rsplit(":", 1)[1] for key in books.to_do() if key.startswith(case_id)]
        assert "remove" in orders
        assert "hide" not in orders

    def test_a_lone_refusal_is_not_possible(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        (case_id,) = self._cases(books, command)
        self._content(books, case_id)
        vote = VoteToKeep(case_id, 1, (CHILD.ref,), "not_sexual", DIGEST, REVIEWER)
        books.casebook.execute(vote)
        with pytest.raises(Refused, match="Somebody else"):
            books.casebook.execute(vote)
        case = books.casebook.case(case_id)
        assert case is not None
        assert case.wanted is Wanted.HIDDEN

    def test_due_clocks_are_found_and_expire(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        (case_id,) = self._cases(books, command)
        assert books.due(books.clock.at) == []
        books.clock.after(minutes=16)
        due = books.due(books.clock.at)
        assert any(key.startswith("first_look/") for aggregate, key in due if aggregate == case_id)
        for aggregate, key in due:
            books.casebook.execute(ExpireClock(CaseId(aggregate), key, System("clocks")))
        assert books.due(books.clock.at) == []
        case = books.casebook.case(case_id)
        assert case is not None
        assert case.late is not None
        assert case.wanted is Wanted.HIDDEN

    def test_sending_settles_the_cases_in_the_same_step(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        books.casebook.execute(command)
        (case_id,) = self._cases(books, command)
        books.casebook.execute(SendNotice(command.notice, frozenset(), True, command.actor))
        case = books.casebook.case(case_id)
        assert case is not None
        assert all(ground.is_settled for ground in case.grounds)

    def test_commands_that_go_together_do_what_they_do_one_after_the_other(self, books: Books) -> None:
        together, apart = a_notice(books.casebook, post(1)), a_notice(books.casebook, post(2))
        books.casebook.execute(self._whole(together))
        for command in self._whole(apart):
            books.casebook.execute(command)
        (one,), (two,) = self._cases(books, together), self._cases(books, apart)
        first, second = books.casebook.entries(one), books.casebook.entries(two)
        assert [type(entry.event) for entry in first] == [type(entry.event) for entry in second]
        told, other = books.casebook.entries(together.notice), books.casebook.entries(apart.notice)
        assert [type(entry.event) for entry in told] == [type(entry.event) for entry in other]
        assert fold(CaseId(one), first) == books.casebook.case(one)
        assert fold_notice(together.notice, told) == books.casebook.notice(together.notice)
        ends = [sorted(key.rsplit(":", 1)[1] for key in books.to_do() if key.startswith(case)) for case in (one, two)]
        assert ends[0] == ends[1]

    def test_where_one_of_them_is_refused_none_of_them_happened(self, books: Books) -> None:
        command = a_notice(books.casebook, post(1))
        many = tuple(PlacedLink(post(number), UNKNOWN_YET) for number in range(2, 52))
        more = AddLinks(command.notice, many, frozenset(), True, command.actor)
        with pytest.raises(Refused, match="50 links"):
            books.casebook.execute([command, more], intake=Intake("key-1", "body-a"))
        assert books.casebook.notice(command.notice) is None
        assert not books.to_do()
        assert not books.casebook.execute(self._whole(command), intake=Intake("key-1", "body-b")).is_replay

    def test_commands_that_go_together_are_repeated_as_one(self, books: Books) -> None:
        first, again = a_notice(books.casebook, post(1)), a_notice(books.casebook, post(1))
        books.casebook.execute(self._whole(first), intake=Intake("key-1", "body-a"))
        done = books.casebook.execute(self._whole(again), intake=Intake("key-1", "body-a"))
        assert (done.is_replay, done.notice, done.changes) == (True, first.notice, ())
        with pytest.raises(KeyReused):
            books.casebook.execute(self._whole(again), intake=Intake("key-1", "body-b"))

    def test_commands_of_two_notices_do_not_go_together(self, books: Books) -> None:
        both = [a_notice(books.casebook, post(1)), a_notice(books.casebook, post(2))]
        with pytest.raises(ValueError, match="one notice"):
            books.casebook.execute(both)
        assert [books.casebook.notice(each.notice) for each in both] == [None, None]

    def _whole(self, command: OpenNotice) -> list[Command]:
        age = AnswerAge(command.notice, Age.ADULT, command.regimes, True, command.actor)
        return [command, age, SendNotice(command.notice, command.regimes, True, command.actor)]

    def test_a_report_that_came_while_the_books_were_away_has_its_clocks_from_then(self, books: Books) -> None:
        came_at = START - timedelta(hours=1)
        command = replace(a_notice(books.casebook, post(1)), received_at=came_at)
        books.casebook.execute(command)
        notice = books.casebook.notice(command.notice)
        assert notice is not None
        assert (notice.opened_at, notice.came_at) == (START, came_at)
        (case_id,) = self._cases(books, command)
        case = books.casebook.case(case_id)
        assert case is not None
        for name in (ClockName.FIRST_LOOK, ClockName.DECIDED):
            wanted = {due.due_at for due in deadlines(CHILD, name, frozenset({"US"}), came_at)}
            assert {clock.due_at for clock in case.running(name.value)} == wanted
        (answered,) = [clock for clock in notice.clocks if clock.name == "answered"]
        assert answered.due_at == deadlines(CHILD, ClockName.DECIDED, frozenset(), came_at)[0].due_at
        joined = [entry for entry in books.casebook.entries(case_id) if isinstance(entry.event, NoticeJoined)]
        assert [(entry.at, entry.event.received_at) for entry in joined] == [(START, came_at)]  # type: ignore[union-attr]

    def test_what_came_late_makes_a_running_clock_ring_at_once_if_its_time_is_over(self, books: Books) -> None:
        first, late = a_notice(books.casebook, post(1)), a_notice(books.casebook, post(1))
        books.casebook.execute(first)
        books.casebook.execute(replace(late, received_at=START - timedelta(hours=1)))
        (case_id,) = self._cases(books, first)
        due = [key for aggregate, key in books.due(books.clock.at) if aggregate == case_id]
        assert [key.split("/")[0] for key in due] == ["first_look"]
        books.casebook.execute(ExpireClock(CaseId(case_id), due[0], System("clocks")))
        assert books.due(books.clock.at) == [] or all(each != case_id for each, _ in books.due(books.clock.at))

    def test_a_time_that_has_not_come_yet_puts_nothing_off(self, books: Books) -> None:
        command = replace(a_notice(books.casebook, post(1)), received_at=START + timedelta(days=9))
        books.casebook.execute(command)
        notice = books.casebook.notice(command.notice)
        assert notice is not None
        assert (notice.came_at, notice.received_at) == (START, None)

    def _cases(self, books: Books, command: OpenNotice) -> tuple[CaseId, ...]:
        notice = books.casebook.notice(command.notice)
        assert notice is not None
        return notice.cases

    def _content(self, books: Books, case_id: CaseId) -> None:
        author = Subject("plaza", SubjectKind.ACCOUNT, "harbour_light")
        books.casebook.execute(RecordContent(case_id, DIGEST, 1, author, (), 7, Connector("plaza")))

    def _observe(self, books: Books, case_id: CaseId, seen: Seen) -> None:
        books.casebook.execute(RecordObservation(case_id, seen, True, Connector("plaza")))

    def _seen_and_removed(self, books: Books, command: OpenNotice) -> CaseId:
        case_id = self._cases(books, command)[0]
        self._content(books, case_id)
        self._observe(books, case_id, Seen.HIDDEN)
        books.clock.after(minutes=5)
        books.casebook.execute(DecideRemoval(case_id, 1, CHILD.ref, DIGEST, Suspend.FOR_A_TIME, LEAD))
        self._observe(books, case_id, Seen.GONE)
        return case_id
