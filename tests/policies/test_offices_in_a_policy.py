"""What a policy may say of offices, of their clocks and of the question whether the police are told."""

from datetime import timedelta

import pytest

from amparo.policies.parse import MalformedPolicy, parse_policy
from amparo.policies.policy import ClockName, OfficeRule
from tests.cases.books import SHIPPED
from tests.policies.small_policy import SMALL

_CLOCK = """
[[clock]]
name       = "{name}"
regime     = "AU"
length     = "24h"
on_expiry  = [{on_expiry}]
{more}
source     = "a law"
checked_on = 2026-11-21
"""


def with_clock(name: str, on_expiry: str, more: str = "") -> str:
    return SMALL + _CLOCK.format(name=name, on_expiry=on_expiry, more=more)


def test_a_policy_that_says_nothing_of_offices_has_the_usual_rule() -> None:
    assert parse_policy(SMALL, "small.toml").office == OfficeRule(timedelta(7), timedelta(1), timedelta(21))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(SMALL + '\n[office]\ncontact_on_file = "6d"\n', "7 days on file", id="a-contact-of-yesterday"),
        pytest.param(
            with_clock("ordered", '"alarm"', 'at_limit = "remove"'), "hides at most", id="removes-for-a-stranger"
        ),
        pytest.param(with_clock("ordered", '"tell:reporter:late"'), "no promise to a reporter", id="tells-reporters"),
        pytest.param(with_clock("referral", ""), "nobody is called", id="a-referral-that-calls-nobody"),
        pytest.param(with_clock("hold", '"alarm"'), '"close" belongs to', id="a-hold-that-never-closes"),
    ],
)
def test_what_no_policy_may_say_of_them(text: str, reason: str) -> None:
    with pytest.raises(MalformedPolicy, match=reason):
        parse_policy(text, "small.toml")


@pytest.mark.parametrize("name", ["child-imagery", "child-enticement", "adult-intimate"])
def test_what_we_ship_has_the_clocks_of_australia_and_india_with_their_sources(name: str) -> None:
    policy = SHIPPED[name]
    rules = {rule.regime: rule for rule in policy.rules(ClockName.ORDERED, frozenset({"AU", "IN"}))}
    assert (rules["AU"].length, rules["IN"].length) == (timedelta(hours=24), timedelta(hours=3))
    assert all("house" not in rule.source for rule in rules.values())
    assert not policy.rules(ClockName.ORDERED, frozenset())
    assert policy.rules(ClockName.HOLD, frozenset())
    assert policy.rules(ClockName.REFERRAL, frozenset())
