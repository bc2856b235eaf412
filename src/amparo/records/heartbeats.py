"""Signs of life, and things to be done only so often by whichever process comes first."""

from datetime import datetime, timedelta

from django.db import connection

from amparo.records import models


def beat(process: str, now: datetime) -> None:
    """Note that a process is alive."""
    models.Heartbeat.objects.update_or_create(process=process, defaults={"at": now})


def is_due(what: str, now: datetime, every_seconds: float) -> bool:
    """Whether that much time has passed since this last returned true, in any process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_heartbeat (process, at) VALUES (%s, %s)"
            " ON CONFLICT (process) DO UPDATE SET at = EXCLUDED.at WHERE records_heartbeat.at <= %s",
            [what, now, now - timedelta(seconds=every_seconds)],
        )
        return bool(cursor.rowcount == 1)


def last(process: str) -> datetime | None:
    """Return when a process last said that it is alive."""
    return models.Heartbeat.objects.filter(process=process).values_list("at", flat=True).first()
