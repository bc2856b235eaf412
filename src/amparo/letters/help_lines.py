"""People to talk to, by country. A wrong number is a safety fault, so each line says where and when it was checked.

The table is `help_lines.toml`. A line whose check is older than 90 days is still shown, after the directory, with the
words "check before you call"; emergency numbers are set by law and stay where they are. How a line is
said is in `help_words`.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache
from importlib.resources import files

from amparo.policies.table import Table, read_toml

_CHECK_LASTS = timedelta(days=90)
DIRECTORY = "findahelpline.com"

_SOURCES = {
    "own_page": "a stored copy of the provider's own page",
    "support_list": "the Anneal support list, checked against the providers",
    "reporting_list": "the HumanityOS list of emergency numbers and hotlines, with quotations checked",
    "norwegian_directory": "a Norwegian directory of help, kept by its community",
}
_NUMBER = r"[0-9]+([ -][0-9]+)*"
_SITE = r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9./_-]+)?"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"


class Kind(Enum):
    """What a line is there for."""

    EMERGENCY = "emergency"
    PICTURE = "picture"
    TALK = "talk"
    CRISIS = "crisis"
    REPORT = "report"


class Ages(Enum):
    """Whom a line is for."""

    CHILD = "child"
    ADULT = "adult"
    EVERYBODY = "everybody"


class Hours(Enum):
    """When somebody is there. UNKNOWN is said too: a line without hours would read as "open now"."""

    DAY_AND_NIGHT = "day_and_night"
    EVERY_DAY = "every_day"
    MONDAY_TO_SATURDAY = "monday_to_saturday"
    WEEKDAYS_IN_THE_DAYTIME = "weekdays_in_the_daytime"
    FORM = "form"
    UNKNOWN = "unknown"


_WITH_TIMES = (Hours.EVERY_DAY, Hours.MONDAY_TO_SATURDAY)


@dataclass(frozen=True)
class HelpLine:
    """One line. `name` and `hours` are None for the emergency numbers alone, which nobody staffs by hours."""

    country: str
    kind: Kind
    name: str | None
    ages: Ages
    under: int | None
    call: tuple[str, ...]
    text: str | None
    word: str | None
    site: str | None
    hours: Hours | None
    opens: str | None
    closes: str | None
    source: str
    checked_on: date

    def is_stale(self, today: date) -> bool:
        """Emergency numbers are law and last for decades, so their check does not run out."""
        return self.kind is not Kind.EMERGENCY and today > self.checked_on + _CHECK_LASTS


@cache
def table() -> tuple[HelpLine, ...]:
    """Return every line that is shipped."""
    file = files("amparo.letters") / "help_lines.toml"
    return read(file.read_text(encoding="utf-8"), "help_lines.toml")


def read(text: str, file: str) -> tuple[HelpLine, ...]:
    """Return the lines of a table. Raises MalformedPolicy with file, line and reason where one cannot be shown."""
    root = read_toml(text, file, "table of help lines")
    lines = tuple(_line(each) for each in root.tables("line"))
    root.refuse_unknown()
    for country in {line.country for line in lines}:
        if [line.kind for line in lines if line.country == country].count(Kind.EMERGENCY) != 1:
            root.refuse("line", f"{country} needs one line of the kind emergency")
    return lines


def _line(row: Table) -> HelpLine:
    kind = row.one_of("kind", Kind)
    is_emergency = kind is Kind.EMERGENCY
    hours = None if is_emergency else row.one_of("hours", Hours)
    has_times = hours in _WITH_TIMES
    ages = row.choice("ages", {each.value: each for each in Ages}, Ages.EVERYBODY)
    under = row.text("under", "[12][0-9]", None) if ages is Ages.CHILD else None
    text = row.text("text", _NUMBER, None)
    line = HelpLine(
        country=row.text("country", r"[A-Z]{2}"),
        kind=kind,
        name=None if is_emergency else row.text("name"),
        ages=ages,
        under=None if under is None else int(under),
        call=tuple(row.texts("call")),
        text=text,
        word=None if text is None else row.text("word", r"[A-Z]+", None),
        site=row.text("site", _SITE, None),
        hours=hours,
        opens=row.text("opens", _CLOCK) if has_times else None,
        closes=row.text("closes", _CLOCK) if has_times else None,
        source=row.choice("source", _SOURCES),
        checked_on=row.day("checked_on"),
    )
    for number in line.call:
        if not re.fullmatch(_NUMBER, number):
            row.refuse("call", f"{number!r} is not a phone number; write digits, with spaces or hyphens between them")
    if not (line.call or line.text or (line.site and hours is Hours.FORM)):
        row.refuse("kind", 'a line needs "call" or "text", or "site" with the hours "form"')
    if is_emergency and not line.call:
        row.refuse("kind", 'an emergency number is one to call; write it in "call"')
    return line


def countries() -> tuple[str, ...]:
    """Return the countries that have lines here. Everybody else gets the directory."""
    return tuple(dict.fromkeys(line.country for line in table()))


def lines_for(
    country: str | None, today: date, ages: Ages = Ages.CHILD, may_hurt_themself: bool = False
) -> tuple[Sequence[HelpLine], Sequence[HelpLine]]:
    """Return a country's lines in order, those to show before the directory and the stale ones to show after it.

    First come those for the same `ages`, and for who may hurt themself the emergency numbers and the crisis lines.
    """
    own = [line for line in table() if line.country == country]
    own.sort(key=lambda line: (_place(line, ages, may_hurt_themself), line.hours is Hours.UNKNOWN))
    return [line for line in own if not line.is_stale(today)], [line for line in own if line.is_stale(today)]


def _place(line: HelpLine, ages: Ages, may_hurt_themself: bool) -> int:
    is_for_others = line.ages not in (ages, Ages.EVERYBODY)
    if may_hurt_themself and line.kind is Kind.EMERGENCY:
        return 0
    if may_hurt_themself and line.kind is Kind.CRISIS and not is_for_others:
        return 1
    if line.kind is Kind.EMERGENCY:
        return 5
    if line.kind is Kind.REPORT:
        return 6
    if is_for_others:
        return 4
    return 2 if line.ages is ages else 3


def names() -> Collection[str]:
    """Return the lines' own names and sites. They are names and not reading: nobody can make them shorter."""
    return frozenset(each for line in table() for each in (line.name, line.site) if each is not None)
