"""Signs of life, and things to be done only so often by whichever process comes first."""

from datetime import datetime, timedelta

from django.db import connection

from amparo.records import models


def beat(process: str, now: datetime) -> None:
    """Note that a process is alive."""
    models.Heartbeat.objects.update_or_create(process=process, defaults={"at": now})


def prove_writing(now: datetime) -> None:
    """Have the database commit a row and use its disk. Raises Django's database errors where it only reads.

    It waits for no other that does the same: while one hangs in its commit, the others fail and leave nothing behind.
    The connection is left with short limits and is to be closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'; SET statement_timeout = '4s'; SET work_mem = '64kB'")
        # More than fits into that memory. On a full disk a row that is there already can still be written again.
        cursor.execute("SELECT count(*) FROM generate_series(1, 5000)")
    beat("watch", now)


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
