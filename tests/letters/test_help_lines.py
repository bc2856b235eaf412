"""The table of help lines: every row can be shown, says who checked it and when, and stands in the right place."""

from datetime import date, timedelta

import pytest

from amparo.letters import help_words
from amparo.letters.help_lines import (
    DIRECTORY,
    Ages,
    HelpLine,
    Hours,
    Kind,
    countries,
    lines_for,
    read,
    table,
)
from amparo.letters.questions import COUNTRIES
from amparo.letters.removal import SERVICES, services_for
from amparo.policies.table import MalformedPolicy

CHECKED = [line.checked_on for line in table()]
FIRST_DAY, LAST_DAY = min(CHECKED), max(CHECKED)
NO_LINE_FOR_CHILDREN = {"BE", "DK", "FI", "IE", "IN", "IT", "JP", "MX", "NG", "NL", "NZ", "PH", "PT", "ZA"}
"""Where the number for children is not checked yet. A country leaves this list when its line is."""

EMERGENCY = (
    '[[line]]\ncountry = "XX"\nkind = "emergency"\ncall = ["112"]\nsource = "own_page"\nchecked_on = 2026-11-21\n'
)
TALK = """
[[line]]
country = "XX"
kind = "talk"
name = "Ear"
call = ["116 111"]
hours = "day_and_night"
source = "own_page"
checked_on = 2026-11-21
"""


def _name(line: HelpLine) -> str:
    return f"{line.country} {line.name}"


def test_the_table_has_the_countries_that_were_checked() -> None:
    wanted = {"GB", "US", "FR", "PL", "NO", "CA", "IE", "AU", "NZ", "DE", "ES", "IT", "NL", "SE", "DK", "FI"}
    assert wanted <= set(countries())
    assert set(countries()) == set(COUNTRIES)
    assert DIRECTORY


@pytest.mark.parametrize("country", countries())
def test_every_country_has_one_row_of_emergency_numbers_and_somebody_to_talk_to(country: str) -> None:
    own = [line for line in table() if line.country == country]
    assert [line.kind for line in own].count(Kind.EMERGENCY) == 1
    assert len(own) > 1
    has_line_for_children = any(line.ages is Ages.CHILD and line.kind is not Kind.REPORT for line in own)
    assert has_line_for_children == (country not in NO_LINE_FOR_CHILDREN)


@pytest.mark.parametrize("line", table(), ids=_name)
def test_every_line_says_how_to_reach_it_when_and_who_checked_it(line: HelpLine) -> None:
    assert help_words.name(line)
    assert help_words.contact(line) or line.site
    assert bool(help_words.hours(line)) == (line.kind is not Kind.EMERGENCY)
    assert line.source
    assert date(2026, 8, 1) <= line.checked_on <= date(2026, 11, 21)


@pytest.mark.parametrize("line", [line for line in table() if line.hours is Hours.DAY_AND_NIGHT], ids=_name)
def test_who_is_there_day_and_night_says_so(line: HelpLine) -> None:
    assert help_words.hours(line) == "day and night"


@pytest.mark.parametrize(
    ("of", "name", "contact", "hours"),
    [
        (("GB", "Childline"), "Childline, for anyone under 19", "0800 1111", "day and night"),
        (("GB", "Shout"), "Shout", "text SHOUT to 85258", "day and night"),
        (("US", "988 Suicide & Crisis Lifeline"), "988 Suicide & Crisis Lifeline", "call or text 988", "day and night"),
        (("AU", "Lifeline"), "Lifeline", "13 11 14, text 0477 13 11 14", "day and night"),
        (("FR", "3018"), "3018, for children", "3018", "every day, 09:00 to 23:00"),
        (("DE", "Nummer gegen Kummer"), "Nummer gegen Kummer, for children", "116 111",
         "Monday to Saturday, 14:00 to 20:00"),
        (("PL", "Centrum Wsparcia"), "Centrum Wsparcia, for adults", "800 70 2222", "day and night"),
        (("IE", None), "In danger right now", "112, or 999", ""),
        (("IE", "Samaritans"), "Samaritans", "116 123", "we do not know the hours"),
        (("SE", "ECPAT Hotline"), "ECPAT Hotline, to report a picture of a child", "", "a form"),
    ],
)  # fmt: skip
def test_a_line_is_said_with_whom_it_is_for_its_number_and_its_hours(
    of: tuple[str, str | None], name: str, contact: str, hours: str
) -> None:
    line = next(line for line in table() if (line.country, line.name) == of)
    assert (help_words.name(line), help_words.contact(line), help_words.hours(line)) == (name, contact, hours)


@pytest.mark.parametrize("country", countries())
def test_a_line_is_fresh_for_ninety_days_and_then_comes_after_the_directory(country: str) -> None:
    fresh, stale = lines_for(country, FIRST_DAY)
    assert fresh
    assert not stale
    fresh, stale = lines_for(country, LAST_DAY + timedelta(days=91))
    assert stale
    assert [line.kind for line in fresh] == [Kind.EMERGENCY]


@pytest.mark.parametrize("country", countries())
@pytest.mark.parametrize("may_hurt_themself", [False, True])
def test_no_stale_line_is_shown_first(country: str, may_hurt_themself: bool) -> None:
    today = date(2026, 11, 21)
    fresh, stale = lines_for(country, today, Ages.CHILD, may_hurt_themself)
    assert not any(line.is_stale(today) for line in fresh)
    assert all(line.is_stale(today) for line in stale)
    assert len(fresh) + len(stale) == sum(line.country == country for line in table())


def test_nobody_gets_numbers_of_another_country() -> None:
    assert lines_for("XX", FIRST_DAY) == ([], [])
    assert lines_for(None, FIRST_DAY) == ([], [])


def _order(country: str, ages: Ages, may_hurt_themself: bool = False) -> list[str]:
    fresh, _stale = lines_for(country, FIRST_DAY, ages, may_hurt_themself)
    return [line.name or line.call[0] for line in fresh]


def test_a_child_sees_the_lines_for_children_first() -> None:
    order = _order("GB", Ages.CHILD)
    assert order[0] == "Childline"
    assert order.index("Samaritans") < order.index("Revenge Porn Helpline") < order.index("999")


def test_an_adult_sees_the_lines_for_adults_first() -> None:
    order = _order("GB", Ages.ADULT)
    assert order[0] == "Revenge Porn Helpline"
    assert order.index("Samaritans") < order.index("Childline") < order.index("999")


@pytest.mark.parametrize("country", countries())
@pytest.mark.parametrize("ages", [Ages.CHILD, Ages.ADULT])
def test_who_may_hurt_themself_sees_emergency_and_crisis_lines_before_all_else(country: str, ages: Ages) -> None:
    fresh, _stale = lines_for(country, FIRST_DAY, ages, may_hurt_themself=True)
    assert fresh[0].kind is Kind.EMERGENCY
    is_crisis = [line.kind is Kind.CRISIS and line.ages in (ages, Ages.EVERYBODY) for line in fresh[1:]]
    assert is_crisis == sorted(is_crisis, reverse=True)


@pytest.mark.parametrize("country", countries())
def test_a_line_whose_hours_are_known_comes_before_one_of_the_same_need_whose_are_not(country: str) -> None:
    fresh, _stale = lines_for(country, FIRST_DAY, Ages.CHILD, may_hurt_themself=True)
    unknown = [line.hours is Hours.UNKNOWN for line in fresh if line.kind is Kind.CRISIS]
    assert unknown == sorted(unknown)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TALK, "line 1: line: XX needs one line of the kind emergency"),
        (EMERGENCY + EMERGENCY, "XX needs one line of the kind emergency"),
        (EMERGENCY + TALK.replace('"116 111"', '"116-111-"'), "'116-111-' is not a phone number"),
        (EMERGENCY + TALK.replace('"116 111"', '"call me"'), "'call me' is not a phone number"),
        (EMERGENCY + TALK.replace('call = ["116 111"]\n', ""), 'a line needs "call" or "text"'),
        (EMERGENCY + TALK.replace('hours = "day_and_night"\n', ""), "hours: is missing"),
        (EMERGENCY + TALK.replace("day_and_night", "every_day"), "opens: is missing"),
        (EMERGENCY + TALK.replace("day_and_night", 'every_day"\nopens = "9"\ncloses = "21:00'), "'9' does not have"),
        (EMERGENCY + TALK.replace("day_and_night", "now and then"), "'now and then' is not one of"),
        (EMERGENCY + TALK.replace('name = "Ear"\n', ""), "name: is missing"),
        (EMERGENCY + TALK.replace("own_page", "hearsay"), "'hearsay' is not one of"),
        (EMERGENCY + TALK.replace("checked_on = 2026-11-21\n", ""), "checked_on: is missing"),
        (EMERGENCY + TALK.replace("name =", 'under = "19"\nname ='), "under: is not a key"),
        (EMERGENCY + TALK.replace("name =", 'word = "HELP"\nname ='), "word: is not a key"),
        (EMERGENCY + TALK.replace("name =", 'site = "https://ear.example"\nname ='), "does not have the form"),
        (EMERGENCY + 'name = "Police"\n', "name: is not a key"),
        (EMERGENCY.replace('call = ["112"]', 'text = "112"'), "an emergency number is one to call"),
        ("line = [", "is not TOML"),
    ],
)
def test_a_row_that_cannot_be_shown_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(MalformedPolicy, match=r"^help_lines\.toml, line ") as refused:
        read(text, "help_lines.toml")
    assert says in str(refused.value)


def test_a_sound_table_is_read() -> None:
    emergency, talk = read(EMERGENCY + TALK, "help_lines.toml")
    assert (emergency.kind, emergency.call, emergency.hours) == (Kind.EMERGENCY, ("112",), None)
    assert (talk.name, talk.ages, talk.call) == ("Ear", Ages.EVERYBODY, ("116 111",))


@pytest.mark.parametrize(
    ("country", "ages", "names"),
    [
        ("FR", Ages.CHILD, ["Take It Down"]),
        ("GB", Ages.CHILD, ["Take It Down", "Report Remove"]),
        ("GB", Ages.ADULT, ["StopNCII"]),
        ("FR", None, ["Take It Down", "StopNCII"]),
        (None, Ages.CHILD, ["Take It Down", "Report Remove"]),
        (None, None, ["Take It Down", "Report Remove", "StopNCII"]),
    ],
)
def test_a_removal_service_is_named_to_those_it_is_for(
    country: str | None, ages: Ages | None, names: list[str]
) -> None:
    assert [service.name for service in services_for(country, ages)] == names


def test_every_removal_service_says_what_it_needs_and_when_that_was_read() -> None:
    for service in SERVICES:
        assert "You need the picture" in str(service.need)
        assert service.source
        assert service.checked_on
