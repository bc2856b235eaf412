"""What a staffing file may say, when that has somebody there, and that every fault is named by file, line, reason."""

import tomllib
from datetime import UTC, datetime

import pytest

from amparo.cli.replay import default_staff
from amparo.simulate.staffing import MalformedStaffing, Person, parse_staffing
from tests.docs.repository import paragraphs

GOOD = """time_zone = "UTC-08:00"
days_off = [2019-12-25]

[[person]]
id = "night"
role = "lead"
on_duty = ["fri-sat 22:00-06:00"]
on_call = ["mon-sun 00:00-24:00"]
look = "10min"
"""
FAULTS = [
    ("not-toml", "role = ", "role ", 6, "is not TOML"),
    ("an-unknown-key", 'look = "10min"', 'look = "10min"\npay = 3', 10, "is not a key of a staffing file"),
    ("an-unknown-role", '"lead"', '"admin"', 6, "is not one of reviewer, lead"),
    ("no-length-of-a-look", 'look = "10min"\n', "", 4, "is missing"),
    ("a-length-that-is-none", '"10min"', '"ten"', 9, "is not a length"),
    ("a-shift-that-is-none", '"fri-sat 22:00-06:00"', '"always"', 7, "is no shift"),
    ("a-day-that-there-is-not", "fri-sat", "fri-son", 7, "names no day"),
    ("an-hour-that-there-is-not", "22:00-06:00", "25:00-06:00", 7, "names an hour that there is not"),
    ("a-shift-that-is-no-list", '["fri-sat 22:00-06:00"]', '"fri 09:00-17:00"', 7, "needs a list of texts"),
    ("a-zone-that-there-is-not", '"UTC-08:00"', '"Nowhere/City"', 1, "is not known here"),
    ("an-offset-that-there-is-not", '"UTC-08:00"', '"UTC-30:00"', 1, "is not known here"),
    ("a-day-off-that-is-none", "[2019-12-25]", '["christmas"]', 2, "needs a list of days"),
    ("an-id-with-a-space", '"night"', '"night shift"', 5, "does not have the form"),
    ("no-word-on-people", "[[person]]", "[[persons]]", 1, "is missing"),
]


def _person() -> Person:
    return parse_staffing(GOOD, "good.toml").people[0]


@pytest.mark.parametrize(("old", "new", "line", "reason"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_named_by_file_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(MalformedStaffing) as refusal:
        parse_staffing(GOOD.replace(old, new), "staff.toml")
    assert str(refusal.value).startswith(f"staff.toml, line {line}: ")
    assert reason in str(refusal.value)


def test_nobody_stands_there_twice() -> None:
    twice = GOOD + GOOD[GOOD.index("[[person]]") :]
    with pytest.raises(MalformedStaffing, match="'night' stands there twice"):
        parse_staffing(twice, "staff.toml")


@pytest.mark.parametrize(
    ("now", "is_there"),
    [
        pytest.param(datetime(2019, 12, 28, 5, 59, tzinfo=UTC), False, id="friday-a-minute-before-ten-local"),
        pytest.param(datetime(2019, 12, 28, 6, 0, tzinfo=UTC), True, id="friday-at-ten-local"),
        pytest.param(datetime(2019, 12, 28, 13, 59, tzinfo=UTC), True, id="saturday-before-six-local"),
        pytest.param(datetime(2019, 12, 28, 14, 0, tzinfo=UTC), False, id="saturday-at-six-local"),
        pytest.param(datetime(2019, 12, 29, 13, 0, tzinfo=UTC), True, id="sunday-morning-of-the-saturday-shift"),
        pytest.param(datetime(2019, 12, 30, 7, 0, tzinfo=UTC), False, id="sunday-evening"),
    ],
)
def test_a_shift_that_begins_before_midnight_ends_after_it(now: datetime, is_there: bool) -> None:
    assert _person().is_on_duty(now) is is_there


def test_the_next_duty_is_in_local_time() -> None:
    assert _person().next_duty(datetime(2019, 12, 29, 15, tzinfo=UTC)) == datetime(2020, 1, 4, 6, tzinfo=UTC)


def test_a_day_off_ends_duty_and_no_call() -> None:
    reviewer, lead = default_staff().people
    christmas = datetime(2019, 12, 25, 20, tzinfo=UTC)
    assert not reviewer.is_on_duty(christmas)
    assert lead.is_on_call(christmas)
    assert reviewer.is_on_duty(christmas.replace(day=26))


def test_a_zone_with_summer_time_is_known_by_its_name() -> None:
    staff = parse_staffing(GOOD.replace("UTC-08:00", "Europe/Warsaw"), "warsaw.toml")
    summer, winter = datetime(2020, 7, 3, 20, 30, tzinfo=UTC), datetime(2020, 1, 3, 20, 30, tzinfo=UTC)
    assert staff.people[0].is_on_duty(summer)
    assert not staff.people[0].is_on_duty(winter)


def test_nobody_is_said_by_an_empty_list() -> None:
    assert parse_staffing("person = []\n", "nobody.toml").people == ()


def test_every_key_has_its_paragraph_in_the_reference_and_no_other_has_one() -> None:
    text = tomllib.loads(default_staff().text)
    keys = {*text, *(key for person in text["person"] for key in person)} - {"person"}
    assert paragraphs("replay.md", "The staffing file") == keys
