"""Proven bad faith loses the hide before anybody has looked. It loses no review, and takes nothing from others."""

import pytest

from amparo.cases.actor import Reviewer
from amparo.cases.case_events import RoundOpened
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.notice_commands import DoubtReporter, LiftDoubt, PlacedLink
from amparo.cases.notice_events import ReporterDoubted
from amparo.cases.platform_events import HideRequested, HideWithheld
from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Alarm, Doubt, Relation, Wanted, WhyHide, WhyRound
from tests.cases.given import CHILD, REVIEWER, Given, days, post, refused

N1 = NoticeId("notice_1")
BY = Reviewer(REVIEWER.id)


def doubted() -> Given:
    given = refused(age=Age.CHILD)
    given.news_arrives()
    given.when(DoubtReporter(N1, Doubt.MADE_UP, BY))
    return given


def link(number: int) -> PlacedLink:
    return PlacedLink(post(number), UNKNOWN_YET)


def test_what_a_doubted_report_adds_is_not_hidden_by_itself_and_a_person_is_called() -> None:
    given = doubted()
    events = given.adds(N1, link(7))
    assert HideWithheld(CHILD, True) in events
    assert AlarmRaised(Alarm.OVER_BUDGET) in events
    assert not [event for event in events if isinstance(event, HideRequested)]


def test_people_look_at_it_as_soon_as_at_any_other() -> None:
    given, other = doubted(), refused(age=Age.CHILD)
    for each in (given, other):
        each.adds(N1, link(7))
    clocks = [
        {(clock.name, clock.due_at) for clock in each.books.case_of(post(7)).clocks if clock.name != "hidden"}
        for each in (given, other)
    ]
    assert clocks[0] == clocks[1]
    assert given.books.case_of(post(7)).lane == other.books.case_of(post(7)).lane


def test_somebody_elses_report_of_the_same_hides_it_at_once() -> None:
    given = doubted()
    given.adds(N1, link(7))
    assert given.books.case_of(post(7)).wanted is Wanted.SHOWN
    given.reported(post(7), who=Relation.DEPICTED, age=Age.CHILD)
    assert given.books.case_of(post(7)).wanted is Wanted.HIDDEN


def test_a_reply_to_a_refusal_still_opens_a_round_and_hides_once() -> None:
    given = doubted()
    events = given.wrote(N1, new_facts=True)
    assert HideRequested(WhyHide.REPLY) in events
    assert any(isinstance(event, RoundOpened) and event.why is WhyRound.REPLY for event in events)


def test_bad_faith_ends_by_itself() -> None:
    given = doubted()
    given.books.wait(days(30))
    assert HideRequested(WhyHide.REPORT) in given.adds(N1, link(7))


def test_bad_faith_can_be_undone() -> None:
    given = doubted()
    given.when(LiftDoubt(N1, BY))
    assert HideRequested(WhyHide.REPORT) in given.adds(N1, link(7))
    with pytest.raises(Refused) as refusal:
        given.when(LiftDoubt(N1, BY))
    assert refusal.value.code == "no_doubt"


def test_nobody_is_doubted_before_two_people_found_that_something_may_stay() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    with pytest.raises(Refused) as refusal:
        given.when(DoubtReporter(N1, Doubt.CAMPAIGN, BY))
    assert refusal.value.code == "not_proven"


def test_the_reason_stands_in_the_event() -> None:
    given = refused(age=Age.CHILD)
    given.news_arrives()
    (event,) = given.when(DoubtReporter(N1, Doubt.REVENGE, BY))
    assert isinstance(event, ReporterDoubted)
    assert event.reason is Doubt.REVENGE
    assert given.when(DoubtReporter(N1, Doubt.REVENGE, BY)) == ()
