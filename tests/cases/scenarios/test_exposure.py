"""How many people saw it: before the notice, after it, after it was hidden; never less than was counted before."""

from datetime import datetime, timedelta

import pytest

from amparo.cases.actor import Connector
from amparo.cases.case_commands import RecordReach
from amparo.cases.effects import EffectName, effects_of
from amparo.cases.events import Event
from amparo.cases.exposure import Exposure, Spread
from amparo.cases.platform_events import ReachRead
from amparo.cases.words import Age, Seen
from amparo.policies.policy import Topic
from tests.cases.given import (
    ACCOUNT,
    LEAD,
    NINE,
    OTHER_LEAD,
    REVIEWER,
    SECOND,
    SPAM,
    Given,
    hours,
    minutes,
    refused,
)

LATER = minutes(1)


def _read(
    given: Given, views: int, reshares: int | None = None, *, at: datetime | None = None, after: timedelta = LATER
) -> tuple[Event, ...]:
    """Have the worker read the counters, by default a minute later."""
    given.books.wait(after)
    return given.when(RecordReach(given.case.id, views, reshares, at or given.books.now, Connector("plaza")))


def _exposure(given: Given) -> Exposure:
    assert given.case.exposure is not None
    return given.case.exposure


def _views(given: Given) -> tuple[int, int, int]:
    views = _exposure(given).views
    return views.before_notice, views.after_notice, views.after_hide


def test_views_are_told_apart_by_what_was_wanted_when_they_were_counted() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    _read(given, 5)
    given.seen(Seen.HIDDEN, after=minutes(1))
    _read(given, 7)
    _read(given, 7, after=hours(1))
    assert _views(given) == (5, 2, 0)
    assert _exposure(given).first_read_at == NINE + minutes(1)


def test_a_first_reading_that_was_made_before_the_hide_counts_as_such_though_it_is_recorded_later() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    asked_at = given.books.now
    given.seen(Seen.HIDDEN, after=minutes(1))
    _read(given, 5, at=asked_at, after=timedelta())
    _read(given, 7)
    assert _views(given) == (5, 2, 0)


def test_what_a_platform_shows_against_our_will_is_seen_after_hiding() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    _read(given, 5)
    given.seen(Seen.HIDDEN, after=minutes(1))
    _read(given, 5)
    given.seen(Seen.SHOWN, after=minutes(1))
    given.reported(age=Age.CHILD)
    _read(given, 15)
    given.seen(Seen.HIDDEN, after=minutes(1))
    _read(given, 20)
    assert _views(given) == (5, 0, 15)


def test_what_is_never_hidden_before_the_decision_is_seen_after_the_notice_until_it_is_gone() -> None:
    given = Given()
    given.reported(topic=Topic.SPAM)
    _read(given, 5)
    given.fetched()
    given.removes(REVIEWER, SPAM)
    given.seen(Seen.GONE, after=minutes(1))
    _read(given, 7)
    _read(given, 7)
    assert _views(given) == (5, 2, 0)


def test_who_sees_what_people_decided_to_keep_is_not_counted_against_it() -> None:
    given = refused()
    _read(given, 10)
    given.seen(Seen.SHOWN, after=minutes(1))
    _read(given, 1000, after=hours(5))
    assert _exposure(given).views == Spread(10, shown_again=990)


def test_a_counter_that_goes_back_is_counted_on_from_there_and_told_of() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    _read(given, 100)
    _read(given, 20)
    _read(given, 23)
    assert _views(given) == (100, 3, 0)
    assert _exposure(given).fell == 1


def test_reshares_are_counted_like_views_and_may_be_told_later_or_no_longer() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    _read(given, 1)
    assert _exposure(given).reshares is None
    _read(given, 1, 4)
    _read(given, 1, 6)
    _read(given, 1)
    _read(given, 1, 7)
    assert _exposure(given).reshares == Spread(4, after_notice=3)


@pytest.mark.parametrize(
    ("views", "ago"),
    [
        pytest.param(-1, minutes(0), id="less-than-nothing"),
        pytest.param(9, minutes(1), id="the-same-moment"),
        pytest.param(9, minutes(3), id="older"),
    ],
)
def test_a_reading_that_says_nothing_new_changes_nothing(views: int, ago: timedelta) -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    _read(given, 5)
    assert _read(given, views, at=given.books.now + minutes(1) - ago) == ()
    assert _views(given) == (5, 0, 0)


def test_a_worker_whose_clock_is_ahead_reads_now_and_not_in_the_future() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    (event,) = _read(given, 5, at=NINE + hours(3))
    assert event == ReachRead(5, None, NINE + minutes(1))


def test_an_account_has_no_views() -> None:
    given = Given(subject=ACCOUNT)
    given.reported(age=Age.CHILD)
    assert _read(given, 5) == ()


def test_it_is_read_when_a_review_begins_at_every_sight_of_what_is_wanted_and_when_it_is_to_be_shown_again() -> None:
    given = Given()
    given.reported(age=Age.CHILD)
    given.seen(Seen.SHOWN, after=minutes(1))
    given.seen(Seen.HIDDEN, after=minutes(1))
    given.fetched()
    for who in (LEAD, SECOND, OTHER_LEAD):
        if given.case.round is not None:
            given.keeps(who)
    asked = [
        type(entry.event).__name__
        for entry in given.entries
        for effect in effects_of(given.case.id, entry)
        if effect.name is EffectName.READ_REACH
    ]
    assert asked == ["RoundOpened", "Observed", "RestoreRequested"]
