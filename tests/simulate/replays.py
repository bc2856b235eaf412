"""Replays for tests, each lived once, and policies and staffs that differ from the default in one thing."""

from functools import cache
from importlib.resources import files

from amparo.cli.replay import default_staff
from amparo.policies.parse import parse_policy
from amparo.policies.policy import Policy, PolicyBook
from amparo.simulate.founding_case import founding_case
from amparo.simulate.replay import Replay, replay, shipped_policies, with_policy
from amparo.simulate.staffing import parse_staffing

CURVES = ("uniform", "doubling_2_days", "doubling_4_days", "doubling_7_days")
SHIPPED = PolicyBook(shipped_policies())
CHILD = (files("amparo.policies") / "shipped" / "child-imagery.toml").read_text()
OFFICE_HOURS = """
time_zone = "UTC-08:00"
days_off = [2019-12-25]

[[person]]
id = "reviewer"
role = "reviewer"
on_duty = ["mon-fri 09:00-17:00"]
look = "10min"
"""


def never_hiding() -> str:
    """Return the child policy with nothing that hides before somebody has looked or the limit is reached."""
    assert CHILD.count('hide        = "at_once"') == 1
    text = CHILD.replace('hide        = "at_once"', 'hide        = "never"')
    assert text.count("hide_unreviewed_media = true") == 1
    return text.replace("hide_unreviewed_media = true", "hide_unreviewed_media = false")


@cache
def by_default() -> Replay:
    return replay(founding_case(), SHIPPED, default_staff())


@cache
def by_day_only() -> Replay:
    return replay(founding_case(), SHIPPED, parse_staffing(OFFICE_HOURS, "office.toml"))


@cache
def without_hiding() -> Replay:
    policy = parse_policy(never_hiding(), "never.toml")
    return replay(founding_case(), with_policy(shipped_policies(), policy), default_staff())


def in_place(policy: Policy) -> PolicyBook:
    return with_policy(shipped_policies(), policy)
