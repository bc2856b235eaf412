"""When clocks end: the soonest first, with the moment at which a person is called."""

from datetime import UTC, datetime, timedelta

from amparo.policies.deadlines import deadline, deadlines, next_check, soonest
from amparo.policies.parse import parse_policy
from amparo.policies.policy import ClockName
from tests.policies.small_policy import SMALL

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
_INDIA = """
[[clock]]
name       = "decided"
regime     = "IN"
length     = "2h"
page_at    = 0.25
on_expiry  = ["alarm", "tell:reporter:late"]
source     = "a law"
checked_on = 2026-11-21
"""
POLICY = parse_policy(SMALL + _INDIA, "small.toml")


def test_a_person_is_called_at_a_share_of_the_length() -> None:
    first_look = deadline(POLICY.rules(ClockName.FIRST_LOOK, frozenset())[0], NINE)
    assert first_look.due_at == NINE + timedelta(minutes=15)
    assert first_look.page_at == NINE + timedelta(minutes=7, seconds=30)


def test_nobody_is_called_before_a_clock_without_that_share() -> None:
    assert deadline(POLICY.rules(ClockName.GONE, frozenset())[0], NINE).page_at is None


def test_the_shortest_clock_comes_first() -> None:
    found = deadlines(POLICY, ClockName.DECIDED, frozenset({"IN"}), NINE)
    assert [due.rule.regime for due in found] == ["IN", None]
    assert found[0].due_at == NINE + timedelta(hours=2)


def test_a_law_that_does_not_apply_sets_no_clock() -> None:
    assert [due.rule.regime for due in deadlines(POLICY, ClockName.DECIDED, frozenset({"US"}), NINE)] == [None]


def test_a_law_adds_its_clock_and_takes_none_away() -> None:
    assert len(deadlines(POLICY, ClockName.WATCH, frozenset({"IN", "US", "GB"}), NINE)) == 1


def test_the_soonest_of_no_moments_is_none() -> None:
    assert soonest([]) is None
    assert soonest([NINE, NINE - timedelta(hours=1)]) == NINE - timedelta(hours=1)


def _checks(until: timedelta) -> list[timedelta]:
    found, now = [], NINE
    while now - NINE < until:
        now = next_check(NINE, now)
        found.append(now - NINE)
    return found


def test_the_platform_is_looked_at_early_then_hourly_then_daily() -> None:
    early = [timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
    hourly = [timedelta(hours=hour) for hour in range(1, 25)]
    daily = [timedelta(days=day) for day in range(2, 91)]
    assert _checks(timedelta(days=90)) == early + hourly + daily


def test_a_missed_look_is_not_made_up_for_but_the_next_one_comes() -> None:
    assert next_check(NINE, NINE + timedelta(minutes=7)) == NINE + timedelta(minutes=15)
    assert next_check(NINE, NINE + timedelta(hours=30)) == NINE + timedelta(days=2)


def test_a_look_at_the_very_moment_leads_to_the_one_after() -> None:
    assert next_check(NINE, NINE + timedelta(seconds=15)) == NINE + timedelta(minutes=1)
    assert next_check(NINE, NINE + timedelta(hours=24)) == NINE + timedelta(days=2)


def test_a_clock_of_the_machine_that_ran_backwards_still_leads_to_a_look() -> None:
    assert next_check(NINE, NINE - timedelta(hours=1)) == NINE + timedelta(seconds=15)
