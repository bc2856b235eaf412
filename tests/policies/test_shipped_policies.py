"""The figures of the policies that we ship: a changed figure is a changed duty, so it must be changed here too."""

from datetime import timedelta
from importlib.resources import files

import pytest

from amparo.policies.parse import parse_policy
from amparo.policies.policy import (
    AtLimit,
    ClockName,
    Copies,
    Hide,
    Lane,
    OnExpiry,
    Policy,
    PolicyBook,
    Topic,
    UnknownPolicy,
    Who,
)

SHIPPED = {
    path.name.removesuffix(".toml"): parse_policy(path.read_text(), path.name)
    for path in (files("amparo.policies") / "shipped").iterdir()
    if path.name.endswith(".toml")
}
BOOK = PolicyBook(SHIPPED.values())
HOUSE: frozenset[str] = frozenset()
CHILD = ("child-imagery", "child-enticement")
SEXUAL = (*CHILD, "adult-intimate")


def _length(policy: Policy, name: ClockName, regime: str | None = None) -> timedelta:
    return next(clock.length for clock in policy.clocks if (clock.name, clock.regime) == (name, regime))


def test_these_policies_are_shipped() -> None:
    assert set(SHIPPED) == {*SEXUAL, "spam"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_policy_is_named_like_its_file(name: str) -> None:
    assert SHIPPED[name].name == name


@pytest.mark.parametrize("name", CHILD)
def test_one_report_by_anyone_hides_in_the_child_lane(name: str) -> None:
    on_report = SHIPPED[name].on_report
    assert (SHIPPED[name].lane, on_report.hide, on_report.who) == (Lane.CHILD, Hide.AT_ONCE, Who.ANYONE)
    assert on_report.rehide_once


def test_copies_are_hidden_with_what_they_show_wherever_a_picture_is_reported() -> None:
    assert {name: SHIPPED[name].on_report.copies for name in SHIPPED} == {
        "child-imagery": Copies.WITH_IT,
        "adult-intimate": Copies.WITH_IT,
        "child-enticement": Copies.WHEN_REMOVED,
        "spam": Copies.LEAVE,
    }


@pytest.mark.parametrize("name", CHILD)
def test_a_child_is_looked_at_in_15_minutes_and_somebody_is_called_at_half(name: str) -> None:
    look = SHIPPED[name].rules(ClockName.FIRST_LOOK, HOUSE)[0]
    assert (look.length, look.page_at) == (timedelta(minutes=15), 0.5)


@pytest.mark.parametrize("name", CHILD)
def test_the_hard_limit_for_a_child_is_a_day_and_nothing_is_shown_again_at_it(name: str) -> None:
    limit = SHIPPED[name].rules(ClockName.DECIDED, HOUSE)[0]
    assert (limit.length, limit.page_at, limit.at_limit) == (timedelta(hours=24), 0.5, AtLimit.STAY_HIDDEN)


@pytest.mark.parametrize("name", SEXUAL)
def test_keeping_sexual_imagery_up_takes_two_and_removing_it_one(name: str) -> None:
    policy = SHIPPED[name]
    assert (policy.remove.people, policy.keep.people, policy.keep.blind) == (1, 2, True)
    assert policy.keep.one_of_lead is (policy.lane is Lane.CHILD)
    assert (policy.account.suspend, policy.account.suspend_for_good) == (1, 2)


@pytest.mark.parametrize("name", SEXUAL)
def test_an_alarm_rings_before_a_minute_is_over_where_the_platform_does_not_hide(name: str) -> None:
    for clock in (ClockName.HIDDEN, ClockName.GONE):
        rule = SHIPPED[name].rules(clock, HOUSE)[0]
        assert rule.length <= timedelta(seconds=45)
        assert OnExpiry.ALARM in rule.on_expiry


def test_the_person_shown_hides_an_adult_picture_and_a_stranger_does_not() -> None:
    on_report = SHIPPED["adult-intimate"].on_report
    assert (on_report.hide, on_report.who) == (Hide.AT_ONCE, Who.DEPICTED)


@pytest.mark.parametrize(("regime", "hours"), [("US", 48), ("GB", 48), ("IN", 2)])
def test_a_law_sets_its_limit_for_an_adult_picture_and_removes_at_it(regime: str, hours: int) -> None:
    policy = SHIPPED["adult-intimate"]
    rule = next(clock for clock in policy.clocks if clock.regime == regime)
    assert (rule.name, rule.length) == (ClockName.DECIDED, timedelta(hours=hours))
    assert rule.at_limit is AtLimit.REMOVE
    assert rule.source != "house rule"


def test_our_own_target_for_an_adult_picture_is_an_hour() -> None:
    assert _length(SHIPPED["adult-intimate"], ClockName.FIRST_LOOK) == timedelta(minutes=60)


def test_spam_never_hides_whoever_reports_and_at_no_limit() -> None:
    policy = SHIPPED["spam"]
    assert policy.on_report.hide is Hide.NEVER
    assert all(clock.at_limit is None for clock in policy.clocks)
    assert policy.lane is Lane.ORDINARY


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_gone_is_watched_for_90_days_and_a_refusal_may_be_answered_for_six_months(name: str) -> None:
    assert _length(SHIPPED[name], ClockName.WATCH) == timedelta(days=90)
    assert _length(SHIPPED[name], ClockName.WINDOW) == timedelta(days=183)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_clock_says_where_it_comes_from(name: str) -> None:
    assert all(clock.source.strip() for clock in SHIPPED[name].clocks)


@pytest.mark.parametrize(
    ("topic", "is_adult", "name"),
    [
        (Topic.SEXUAL_PICTURE, False, "child-imagery"),
        (Topic.SEXUAL_PICTURE, True, "adult-intimate"),
        (Topic.THREAT, False, "child-enticement"),
        (Topic.THREAT, True, "adult-intimate"),
        (Topic.ENTICEMENT, False, "child-enticement"),
        (Topic.ENTICEMENT, True, "child-enticement"),
        (Topic.SPAM, False, "spam"),
        (Topic.SPAM, True, "spam"),
    ],
)
def test_a_notice_falls_under_a_childs_policy_unless_an_adult_is_known(topic: Topic, is_adult: bool, name: str) -> None:
    assert BOOK.for_notice(topic, is_adult=is_adult).name == name


def test_a_topic_without_any_policy_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnknownPolicy, match="No policy covers the topic spam"):
        PolicyBook([SHIPPED["child-imagery"]]).for_notice(Topic.SPAM, is_adult=True)


def test_a_superseded_version_is_found_by_its_address_and_no_longer_for_new_notices() -> None:
    old = SHIPPED["spam"]
    new = parse_policy((files("amparo.policies") / "shipped" / "spam.toml").read_text() + "# new\n", "spam.toml")
    book = PolicyBook([new], superseded=[old])
    assert book.get(old.ref) is old
    assert book.for_notice(Topic.SPAM, is_adult=True) is new


def test_a_version_that_is_not_loaded_is_not_replaced_by_another() -> None:
    with pytest.raises(UnknownPolicy, match="spam@0000 is not loaded"):
        BOOK.get("spam@0000")


def test_two_policies_in_force_may_not_claim_one_place_or_one_name() -> None:
    text = (files("amparo.policies") / "shipped" / "spam.toml").read_text()
    with pytest.raises(ValueError, match="claim the same lane and topic"):
        PolicyBook([SHIPPED["spam"], parse_policy(text.replace('"spam"', '"spam-two"', 1), "two.toml")])
    with pytest.raises(ValueError, match="called spam"):
        PolicyBook([SHIPPED["spam"], parse_policy(text.replace('["spam"]', '["enticement"]'), "two.toml")])
