"""With nobody there the clocks go on: people are called, reporters told, and nothing is refused."""

from amparo.cases.actor import Rule, System
from amparo.cases.case_events import GroundRefused, PeopleLacking, RemovalDecided, ReportersTold
from amparo.cases.clock_events import AlarmRaised, ClockExpired, EscalatedToLead, PersonPaged
from amparo.cases.commands import ExpireClock
from amparo.cases.notice_commands import PlacedLink
from amparo.cases.platform_events import RestoreRequested
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Alarm, GroundStatus, Relation, Seen, Suspend, Told, Wanted
from tests.cases.given import (
    ADULT,
    CHILD,
    NINE,
    OTHER_POST,
    REVIEWER,
    SECOND,
    Given,
    days,
    hidden,
    hours,
    kinds,
    minutes,
)


def _expire(given: Given, name: str) -> ExpireClock:
    return ExpireClock(given.case.id, given.case.running(name)[0].key, System("clocks"))


def _nobody() -> Given:
    given = Given(staff=())
    given.reported(age=Age.CHILD)
    given.seen(Seen.HIDDEN)
    return given


def test_a_person_is_called_at_half_the_time_of_the_first_look() -> None:
    given = hidden(age=Age.CHILD)
    events = given.when(_expire(given, "first_look"), after=minutes(7.5))
    assert kinds(events) == [PersonPaged, AlarmRaised]
    assert AlarmRaised(Alarm.LOOK_DUE) in events


def test_a_missed_first_look_is_told_with_a_new_time_and_the_lead_is_called() -> None:
    given = hidden(age=Age.CHILD)
    events = given.when(_expire(given, "first_look"), after=minutes(15))
    assert ReportersTold(Told.LATE, 1, NINE + minutes(45)) in events
    assert EscalatedToLead in kinds(events)
    assert given.case.late is not None
    assert (given.case.late.due_at, given.case.late.renewed_to) == (NINE + minutes(15), NINE + minutes(45))


def test_a_clock_that_is_asked_too_early_or_twice_changes_nothing() -> None:
    given = hidden(age=Age.CHILD)
    expire = _expire(given, "first_look")
    assert given.when(expire, after=minutes(7)) == ()
    given.when(expire, after=minutes(1))
    assert given.when(expire) == ()
    given.when(expire, after=minutes(8))
    assert given.when(expire) == ()


def test_a_clock_that_was_stopped_is_left_alone() -> None:
    given = hidden(age=Age.CHILD)
    expire = _expire(given, "decided")
    given.removes(REVIEWER)
    assert given.when(expire, after=hours(25)) == ()


def test_without_a_single_reviewer_nothing_is_refused_and_it_stays_hidden_for_a_month() -> None:
    given = _nobody()
    events = given.clocks_run(days(30))
    assert not {GroundRefused, RestoreRequested} & set(kinds(events))
    from_the_start = [entry.event for entry in given.entries]
    assert PeopleLacking(1) in from_the_start
    assert AlarmRaised(Alarm.NOT_ENOUGH_PEOPLE) in from_the_start
    assert (given.case.wanted, given.case.grounds[0].status) == (Wanted.HIDDEN, GroundStatus.OPEN)
    assert given.case.is_open
    assert {"first_look", "decided"} <= {clock.name for clock in given.case.clocks}


def test_a_link_added_to_an_old_report_is_looked_at_in_its_own_time_and_not_removed_in_that_of_the_report() -> None:
    """Else whoever waits for the limit of a report could have any post of their choice removed unseen."""
    given = Given(staff=())
    notice = given.reported(who=Relation.DEPICTED, age=Age.ADULT, country="IN")
    given.clocks_run(hours(3))
    assert given.case.wanted is Wanted.REMOVED
    given.adds(notice, PlacedLink(OTHER_POST, UNKNOWN_YET), country="IN")
    added = given.books.now
    given.clocks_run(hours(1))
    other = given.books.case_of(OTHER_POST)
    assert other.wanted is Wanted.HIDDEN
    assert min(clock.due_at for clock in other.clocks if clock.name == "decided") == added + hours(2)


def test_a_country_that_is_named_late_removes_nothing_in_that_moment() -> None:
    given = Given(staff=())
    notice = given.reported(who=Relation.DEPICTED, age=Age.ADULT)
    given.clocks_run(hours(3))
    given.adds_country(notice, "IN")
    named = given.books.now
    given.clocks_run(hours(1))
    assert given.case.wanted is Wanted.HIDDEN
    assert min(clock.due_at for clock in given.case.clocks if clock.name == "decided") == named + hours(2)


def test_every_missed_promise_is_followed_by_one_in_the_future() -> None:
    given = _nobody()
    told = [e for e in given.clocks_run(days(2)) if isinstance(e, ReportersTold) and e.what is Told.LATE]
    times = [e.event.renewed_to for e in given.entries if isinstance(e.event, ClockExpired) and e.event.renewed_to]
    assert len(told) > 10
    assert all(each.by in times for each in told)
    expired = [(e.at, e.event.renewed_to) for e in given.entries if isinstance(e.event, ClockExpired)]
    assert all(renewed is None or renewed > at for at, renewed in expired)


def test_the_zero_reviewers_are_said_once_a_round() -> None:
    given = _nobody()
    given.clocks_run(days(5))
    assert [type(entry.event) for entry in given.entries].count(PeopleLacking) == 1


def test_at_the_hard_limit_of_a_childs_case_it_is_hidden_even_if_the_report_did_not_hide_it() -> None:
    given = Given(staff=())
    given.reported(age=Age.CHILD, within_budget=False)
    given.clocks_run(hours(24))
    assert given.case.wanted is Wanted.HIDDEN
    assert given.case.grounds[0].is_open


def test_a_legal_limit_removes_by_rule_and_leaves_the_ground_open_for_people() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED, country="IN")
    events = given.clocks_run(hours(2))
    assert RemovalDecided(None, ADULT, None, given.case.content.digest, Suspend.NO) in events  # type: ignore[union-attr]
    assert ReportersTold(Told.REMOVED, 1, None) in events
    by_rule = next(entry for entry in given.entries if isinstance(entry.event, RemovalDecided))
    assert by_rule.actor == Rule(ADULT)
    assert given.case.ground(ADULT).status is GroundStatus.OPEN  # type: ignore[union-attr]
    assert given.case.round is not None
    assert given.case.running("gone")


def test_a_legal_limit_removes_once() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED, country="IN")
    events = given.clocks_run(days(3))
    assert kinds(events).count(RemovalDecided) == 1


def test_people_can_still_refuse_what_a_limit_removed() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED, country="IN")
    given.clocks_run(hours(2))
    given.seen(Seen.GONE)
    given.keeps(REVIEWER)
    assert RestoreRequested in kinds(given.keeps(SECOND))


def test_a_watch_that_ends_while_people_still_decide_closes_the_case_only_after_them() -> None:
    given = hidden(age=Age.ADULT, who=Relation.DEPICTED, country="IN")
    given.clocks_run(hours(2))
    given.seen(Seen.GONE)
    given.clocks_run(days(95))
    assert given.case.is_open
    given.removes(REVIEWER, ADULT)
    assert given.case.clocks
    given.clocks_run(days(2))
    assert not given.case.is_open


def test_nobody_at_the_notice_either_leaves_it_open_on_its_clock() -> None:
    given = _nobody()
    given.clocks_run(days(10))
    notice = next(state for key, state in given.books.states.items() if key.startswith("notice_"))
    assert notice.is_open
    assert [clock.name for clock in notice.clocks] == ["answered"]
    assert given.case.grounds[0].policy == CHILD
