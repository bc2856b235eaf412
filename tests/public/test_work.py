"""Work is good for one form, for an hour, and only if it was done."""

from datetime import UTC, datetime, timedelta

import pytest

from amparo.public.work import LIGHT, proven, search, seconds_since, task

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BITS = 6


@pytest.fixture(scope="module")
def given() -> tuple[str, str]:
    found = task(BITS, "one form", NOW)
    return found, search(found)


def test_done_work_is_proven_for_its_form(given: tuple[str, str]) -> None:
    assert proven(*given, "one form", NOW) == BITS


def test_in_calm_times_nothing_is_asked() -> None:
    assert task(0, "one form", NOW) == ""


def _changed(given: tuple[str, str], what: str) -> tuple[str, str, str, datetime]:
    asked, done = given
    until, bits = asked.split(".")[1:3]
    return {
        "another form": (asked, done, "another form", NOW),
        "an hour later": (asked, done, "one form", NOW + timedelta(hours=1)),
        "an easier task than was signed": (asked.replace(f".{bits}.", ".1."), done, "one form", NOW),
        "a longer task than was signed": (asked.replace(until, str(int(until) + 60)), done, "one form", NOW),
        "a piece left out": (asked, done.rpartition("-")[0], "one form", NOW),
        "numbers that do not fit": (asked, "-".join("7" * 16), "one form", NOW),
        "no work": (asked, "", "one form", NOW),
        "no task": ("", done, "one form", NOW),
        "letters of another script": (asked, done.replace("1", "\u0661"), "one form", NOW),
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "another form",
        "an hour later",
        "an easier task than was signed",
        "a longer task than was signed",
        "a piece left out",
        "numbers that do not fit",
        "no work",
        "no task",
        "letters of another script",
    ],
)
def test_anything_else_proves_nothing(given: tuple[str, str], what: str) -> None:
    asked, done, about, at = _changed(given, what)
    if what == "letters of another script":
        done = done if "\u0661" in done else "\u0661-" + done.partition("-")[2]
    assert proven(asked, done, about, at) == 0


def test_what_no_door_asked_cannot_be_searched() -> None:
    with pytest.raises(ValueError, match="no task"):
        search(f"1.0.{LIGHT}.short")


@pytest.mark.parametrize("until", ["999999999999", "253402300800", "0"])
def test_a_task_that_nobody_signed_is_none_whatever_time_it_names(until: str) -> None:
    done = "-".join("0" * 16)
    assert proven(f"1.{until}.13.{'0' * 64}", done, "one form", NOW) == 0
    assert seconds_since(f"1.{until}.13.{'0' * 64}", "one form", NOW) == 0


def test_a_task_tells_how_long_ago_it_was_given_for_its_form_alone() -> None:
    given = task(BITS, "one form", NOW)
    assert seconds_since(given, "one form", NOW + timedelta(seconds=31)) == 31
    assert seconds_since(given, "another form", NOW + timedelta(seconds=31)) == 0
