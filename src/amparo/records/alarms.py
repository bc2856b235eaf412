"""Calls for a person: one open per matter, counted when it rings again, closed by whoever takes it up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from amparo.records import models


@dataclass(frozen=True)
class OpenAlarm:
    id: int
    kind: str
    aggregate: str
    at: datetime
    last_at: datetime
    times: int


def ring(kind: str, aggregate: str, at: datetime) -> bool:
    """Ring an alarm; return whether it is a new one. One that is open already only counts on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_alarm (at, kind, aggregate, times, last_at) VALUES (%s, %s, %s, 1, %s)"
            " ON CONFLICT (aggregate, kind) WHERE closed_at IS NULL"
            " DO UPDATE SET times = records_alarm.times + 1, last_at = EXCLUDED.last_at"
            " RETURNING times",
            [at, kind, aggregate, at],
        )
        (times,) = cursor.fetchone()
    return bool(times == 1)


def opened_at(kind: str, aggregate: str) -> datetime | None:
    """Return when the open alarm of a matter first rang, or None where there is none."""
    rows = models.Alarm.objects.filter(kind=kind, aggregate=aggregate, closed_at__isnull=True)
    return rows.values_list("at", flat=True).first()


def open_alarms() -> list[OpenAlarm]:
    """Return what still needs a person, newest first."""
    rows = models.Alarm.objects.filter(closed_at__isnull=True).order_by("-last_at")
    return [OpenAlarm(row.id, row.kind, row.aggregate, row.at, row.last_at, row.times) for row in rows]


def close_for(aggregate: str, kinds: Collection[str], by: str, now: datetime) -> None:
    """Note that a person has done what these alarms of one matter called for."""
    rows = models.Alarm.objects.filter(aggregate=aggregate, kind__in=kinds, closed_at__isnull=True)
    rows.update(closed_at=now, closed_by=by)


def close(alarm: int, by: str, now: datetime) -> None:
    """Note that a person has taken an alarm up."""
    models.Alarm.objects.filter(id=alarm, closed_at__isnull=True).update(closed_at=now, closed_by=by)
