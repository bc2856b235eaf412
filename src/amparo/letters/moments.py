"""Times as people read them: a clock time with its time zone, and the day only where it is another day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language


def clock_time(at: datetime, now: datetime) -> str:
    """Return a moment such as `15:40 UTC`, or `22 November, 15:40 UTC` where that is not today."""
    zone = ZoneInfo(settings.TIME_ZONE_SHOWN)
    local = at.astimezone(zone)
    clock = f"{local:%H:%M} {local.tzname()}"
    if local.date() == now.astimezone(zone).date():
        return clock
    return f"{date_format(local, _day_and_month())}, {clock}"


def day(at: datetime) -> str:
    """Return the day of a moment, such as `19 February 2027`."""
    return date_format(at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN)), f"{_day_and_month()} Y")


def _day_and_month() -> str:
    """Return how a day is written: in Norwegian with a full stop, in Polish with the month's other case."""
    return "j. E" if get_language() == "nb" else "j E"


def for_programs(at: datetime) -> str:
    """Return a time as programs read it: UTC, to the second, such as `2026-03-01T09:00:07Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
