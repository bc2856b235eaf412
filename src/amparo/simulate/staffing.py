"""Who is on the staff and when: read from a TOML file, so that a replay says whose work its figures assume."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from amparo.cases.actor import Reviewer, Staffing, Voter
from amparo.cases.refs import StaffId
from amparo.policies.table import MalformedPolicy, Table, read_toml

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFT = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")
_OFFSET = re.compile(r"UTC(?:([+-])(\d\d):([0-5]\d))?")
_DAY = timedelta(days=1)
_LOOKS_AHEAD_DAYS = 400


class MalformedStaffing(ValueError):
    """A staffing file that cannot be used. The text names file, line and reason."""


@dataclass(frozen=True)
class Shift:
    """Hours of a week in local time. `length` reaches past midnight where the end is not after the start."""

    days: frozenset[int]
    start: time
    length: timedelta


@dataclass(frozen=True)
class Person:
    """Somebody who decides. On duty a card is taken up after `takes_up_after`; called, after `answers_after`."""

    id: StaffId
    is_lead: bool
    zone: tzinfo
    on_duty: tuple[Shift, ...]
    on_call: tuple[Shift, ...]
    days_off: frozenset[date]
    takes_up_after: timedelta
    answers_after: timedelta
    look: timedelta

    @property
    def reviewer(self) -> Reviewer:
        return Reviewer(self.id, self.is_lead)

    def is_on_duty(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self._spans(self.on_duty, now - _DAY, 2, self.days_off))

    def is_on_call(self, now: datetime) -> bool:
        """Whether a call would be heard; holidays are no reason not to hear it."""
        return any(start <= now < end for start, end in self._spans(self.on_call, now - _DAY, 2, frozenset()))

    def next_duty(self, now: datetime) -> datetime | None:
        """Return when the next duty begins, or None for somebody who has none for a year."""
        spans = self._spans(self.on_duty, now, _LOOKS_AHEAD_DAYS, self.days_off)
        return next((start for start, _ in spans if start > now), None)

    def _spans(
        self, shifts: tuple[Shift, ...], since: datetime, days: int, off: frozenset[date]
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the shifts that begin on that many days from a moment's own day on, first begun first."""
        first = since.astimezone(self.zone).date()
        for day in (first + _DAY * number for number in range(days)):
            if day in off:
                continue
            for shift in sorted(shifts, key=lambda each: each.start):
                if day.weekday() in shift.days:
                    start = datetime.combine(day, shift.start, self.zone).astimezone(UTC)
                    yield start, start + shift.length


@dataclass(frozen=True)
class Staff:
    """Everybody of one platform, and the text that says so."""

    people: tuple[Person, ...]
    text: str

    @property
    def staffing(self) -> Staffing:
        """The same people as possible voters: each enrolment is approved, nobody has an account of their own."""
        return Staffing(tuple(Voter(person.id, person.is_lead, True) for person in self.people))


NOBODY = Staff((), "person = []\n")


def parse_staffing(text: str, file: str) -> Staff:
    """Return the staff that a TOML text states. Raises MalformedStaffing naming `file`, line and reason."""
    try:
        root = read_toml(text, file, "staffing file")
        zone, off = _zone(root), frozenset(root.days("days_off"))
        people = tuple(_person(table, zone, off) for table in root.tables("person"))
        for number, person in enumerate(people):
            if person.id in [earlier.id for earlier in people[:number]]:
                root.tables("person")[number].refuse("id", f"{person.id!r} stands there twice")
        root.refuse_unknown()
    except MalformedPolicy as error:
        raise MalformedStaffing(str(error)) from None
    return Staff(people, text)


def _person(table: Table, zone: tzinfo, off: frozenset[date]) -> Person:
    return Person(
        id=StaffId(table.text("id", pattern=r"[a-z][a-z0-9-]*")),
        is_lead=table.choice("role", {"reviewer": False, "lead": True}),
        zone=zone,
        on_duty=_shifts(table, "on_duty"),
        on_call=_shifts(table, "on_call"),
        days_off=off,
        takes_up_after=table.length("takes_up_after", absent=timedelta()),
        answers_after=table.length("answers_after", absent=timedelta()),
        look=table.length("look"),
    )


def _shifts(table: Table, key: str) -> tuple[Shift, ...]:
    return tuple(_shift(table, key, text) for text in table.texts(key))


def _shift(table: Table, key: str, text: str) -> Shift:
    found = _SHIFT.fullmatch(text)
    if found is None:
        table.refuse(key, f'{text!r} is no shift; write "mon-fri 09:00-17:00" or "sat 22:00-06:00"')
    first, last = found[1], found[2] or found[1]
    if first not in _DAYS or last not in _DAYS:
        table.refuse(key, f"{text!r} names no day; the days are {', '.join(_DAYS)}")
    start, end = (timedelta(hours=int(h), minutes=int(m)) for h, m in ((found[3], found[4]), (found[5], found[6])))
    if start >= _DAY or end > _DAY:
        table.refuse(key, f"{text!r} names an hour that there is not; a day goes from 00:00 to 24:00")
    begin, count = _DAYS.index(first), (_DAYS.index(last) - _DAYS.index(first)) % 7 + 1
    days = frozenset((begin + number) % 7 for number in range(count))
    length = end - start if end > start else end - start + _DAY
    return Shift(days, time(start.seconds // 3600, start.seconds // 60 % 60), length)


def _zone(root: Table) -> tzinfo:
    name = root.text("time_zone", absent="UTC")
    found = _OFFSET.fullmatch(name)
    try:
        if found is None:
            return ZoneInfo(name)
        offset = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
        return timezone(-offset if found[1] == "-" else offset)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        root.refuse("time_zone", f'{name!r} is not known here; write one such as "Europe/Warsaw" or "UTC-08:00"')
