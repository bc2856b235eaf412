"""The order of the queue, and what a card says."""

import pytest

from amparo.cases.actor import Reporter
from amparo.cases.notice_commands import OpenNotice, PlacedLink
from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Relation, Seen
from amparo.policies.policy import Topic
from amparo.records import alarms, queues
from tests.console.desk import Desk


def order(desk: Desk) -> list[str]:
    return [waiting.case.subject.id for waiting in queues.waiting_for(desk.staff["reviewer"], desk.clock[0])]


def test_time_left_is_divided_by_harm(desk: Desk) -> None:
    """Spam: 24 h ÷ 5. A child: 15 min ÷ 100. An adult: 60 min ÷ 60."""
    desk.enrol("reviewer", "reviewer")
    desk.report("spam", topic=Topic.SPAM, age=Age.ADULT)
    desk.report("adult", age=Age.ADULT)
    desk.report("child")
    assert order(desk) == ["child", "adult", "spam"]


def test_less_harm_goes_first_when_its_time_is_nearly_over(desk: Desk) -> None:
    """After 59 minutes an adult's has 1 min ÷ 60 left, a new child's 15 min ÷ 100."""
    desk.enrol("reviewer", "reviewer")
    desk.report("adult", age=Age.ADULT)
    desk.pass_time(minutes=59)
    desk.report("child")
    assert order(desk) == ["adult", "child"]


def test_what_is_late_comes_before_everything_else_the_most_harm_first(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.report("spam", topic=Topic.SPAM, age=Age.ADULT)
    desk.pass_time(hours=24)
    desk.report("adult", age=Age.ADULT)
    desk.pass_time(minutes=50)
    desk.report("late-child")
    desk.pass_time(minutes=20)
    desk.report("new-child")
    # 70 min late × 5 = 350, 10 min × 60 = 600, 5 min × 100 = 500; the new one has 15 min left.
    assert order(desk) == ["adult", "late-child", "spam", "new-child"]


def test_the_count_in_the_navigation_is_that_of_the_cards(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    for number in "123":
        desk.report(number)
    page = desk.browser("reviewer").get("/").content.decode()
    assert page.count("<article") == 3
    assert 'Queue <span class="count">3</span>' in page


def test_a_card_says_hidden_only_when_it_was_seen_hidden(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    assert "NOT hidden yet" in desk.browser("reviewer").get("/").content.decode()
    desk.see(case, Seen.SHOWN)
    assert "NOT hidden yet" in desk.browser("reviewer").get("/").content.decode()
    desk.see(case, Seen.HIDDEN)
    page = desk.browser("reviewer").get("/").content.decode()
    assert "NOT hidden" not in page
    assert ">hidden</li>" in page


def test_a_card_says_that_a_hide_was_withheld_over_the_budget(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.here.casebook.new_notice_id()
    policy = desk.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    link = PlacedLink(Subject("plaza", SubjectKind.POST, "1"), UNKNOWN_YET)
    desk.here.casebook.execute(
        OpenNotice(notice, Topic.SEXUAL_PICTURE, policy.ref, None, (link,), frozenset(), False, Reporter(notice))
    )
    page = desk.browser("reviewer").get("/").content.decode()
    assert "not hidden: over budget" in page
    assert "NOT hidden" in page


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        (Relation.DEPICTED, "a child, said by the person shown"),
        (Relation.GUARDIAN, "a child, said by somebody who looks after the child"),
        (Relation.KNOWS, "a child, said by somebody who knows the person"),
        (Relation.STRANGER, "a child, said by somebody who does not know the person"),
    ],
)
def test_a_card_says_who_says_it(desk: Desk, relation: Relation, words: str) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.report(relation=relation)
    assert words in desk.browser("reviewer").get("/").content.decode()


def test_the_wall_counts_what_is_late(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.see(desk.report(), Seen.HIDDEN)
    desk.pass_time(minutes=16)
    page = desk.browser("reviewer").get("/clocks").content.decode()
    assert "1 late" in page
    assert "−01:00" in page


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        pytest.param([("one", "lead", True)], "keeping something up takes two people", id="one person"),
        pytest.param(
            [("one", "lead", True), ("two", "reviewer", False)],
            "keeping something up takes two people",
            id="unapproved",
        ),
        pytest.param([("one", "reviewer", True), ("two", "reviewer", True)], "has to be a lead", id="no lead"),
        pytest.param([("one", "lead", True), ("two", "admin", True)], "takes two people", id="admins do not count"),
    ],
)
def test_too_few_people_are_said_on_queue_wall_alarms_and_case(
    desk: Desk, people: list[tuple[str, str, bool]], sentence: str
) -> None:
    for name, role, is_approved in people:
        desk.enrol(name, role, is_approved=is_approved)
    case = desk.report()
    for page in ("/", "/clocks", "/alarms", f"/cases/{case}"):
        assert sentence in desk.browser("one").get(page).content.decode(), page


def test_with_enough_people_nothing_is_said_of_people(desk: Desk) -> None:
    for name, role in (("one", "lead"), ("two", "reviewer")):
        desk.enrol(name, role)
    case = desk.report()
    for page in ("/", "/clocks", f"/cases/{case}"):
        assert "enough people" not in desk.browser("one").get(page).content.decode()


def test_an_alarm_about_a_platform_says_which(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    alarms.ring("platform_trouble", "plaza", desk.clock[0])
    page = desk.browser("reviewer").get("/alarms").content.decode()
    assert "the platform fails us: plaza" in page


def test_what_a_reporter_says_puts_a_case_before_its_like(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.report("first", age=Age.ADULT)
    desk.pass_time(seconds=10)
    told = desk.report("told", age=Age.ADULT)
    assert order(desk) == ["first", "told"]
    desk.write(desk.notice_of(told), "He threatens me.")
    assert order(desk) == ["told", "first"]
    assert "said: a threat" in desk.browser("reviewer").get("/").content.decode()
