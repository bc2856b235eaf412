"""How far the looking through of a source is, so that it goes on where it was left, on whichever machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from amparo.records import models


class Busy(Exception):
    """Another process looks through the same source just now."""


@dataclass(frozen=True)
class Begun:
    """A run that was begun before and is not at its end. `tally` is what the run itself keeps of its counts."""

    began_at: datetime
    cursor: str | None
    tally: Mapping[str, Any]


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Let no other process look through the source meanwhile. Raises Busy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('amparo catalogue'), hashtext(%s))", [source])
        if not cursor.fetchone()[0]:
            raise Busy
    try:
        yield
    finally:
        # Closed and not unlocked: so it holds for a connection, too, that is broken already.
        connection.close()


def begun(source: str) -> Begun | None:
    """Return the run that was begun and is not at its end, or None."""
    row = models.CatalogueRun.objects.filter(source=source, ended_at=None).first()
    return None if row is None else Begun(row.began_at, row.cursor, row.tally)


def begin(source: str, tally: Mapping[str, Any], now: datetime) -> None:
    """Begin a run at the beginning; the last one of that source is forgotten."""
    wanted = {"began_at": now, "noted_at": now, "ended_at": None, "cursor": None, "tally": dict(tally)}
    models.CatalogueRun.objects.update_or_create(source=source, defaults=wanted)


def note(source: str, cursor: str | None, tally: Mapping[str, Any], now: datetime) -> None:
    """Note how far it is."""
    models.CatalogueRun.objects.filter(source=source).update(cursor=cursor, tally=dict(tally), noted_at=now)


def end(source: str, now: datetime) -> None:
    """Note that it came to its end: the next run begins at the beginning."""
    models.CatalogueRun.objects.filter(source=source).update(ended_at=now)
