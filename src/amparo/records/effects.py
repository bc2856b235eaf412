"""Effects as work to do: claimed by an update that names the state it expects, kept until done, never dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet

from amparo.cases.effects import EffectName
from amparo.records import models
from amparo.records.statements import ask

# Longer than an order and its looks take; a worker that dies gives its effects back after this. What may take longer,
# fetching files, is claimed again meanwhile and does nothing then: see `alone`.
LEASE = timedelta(seconds=20)
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=1)


_NEGLECTED = """
SELECT aggregate FROM records_effect WHERE done_at IS NULL AND next_try_at <= %(now)s
AND aggregate NOT IN (SELECT args ->> 'aggregate' FROM procrastinate_jobs
                      WHERE status = 'todo' AND task_name = 'look' AND args ->> 'aggregate' IS NOT NULL)
ORDER BY next_try_at LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Work:
    """One claimed effect. `tries` counts this one; more than one means that an earlier try may have done the work."""

    key: str
    name: EffectName
    aggregate: str
    seq: int
    tries: int


def claim(aggregate: str, now: datetime) -> list[Work]:
    """Claim every effect of a case or notice that is due, in the order in which they arose."""
    keys = models.Effect.objects.filter(aggregate=aggregate, done_at__isnull=True, next_try_at__lte=now)
    claimed = []
    for row in keys.order_by("seq", "key").values("key", "name", "aggregate", "seq", "tries"):
        won = models.Effect.objects.filter(
            key=row["key"], tries=row["tries"], done_at__isnull=True, next_try_at__lte=now
        ).update(tries=F("tries") + 1, next_try_at=now + LEASE)
        if won == 1:
            claimed.append(Work(row["key"], EffectName(row["name"]), row["aggregate"], row["seq"], row["tries"] + 1))
    return claimed


def finish(work: Work, outcome: str, now: datetime) -> None:
    """Note that an effect is done and how it ended. One that something else has ended meanwhile stays as it was."""
    models.Effect.objects.filter(key=work.key, done_at__isnull=True).update(done_at=now, outcome=outcome)


def postpone(work: Work, now: datetime) -> None:
    """Leave an effect to a later try: after a second, then twice as long each time, up to a minute, for ever."""
    wait = min(_FIRST_WAIT * 2 ** min(work.tries - 1, 10), _LONGEST_WAIT)
    models.Effect.objects.filter(key=work.key, done_at__isnull=True).update(next_try_at=now + wait)


def is_wanted(work: Work) -> bool:
    """Whether an effect is still to be done: neither seen done nor superseded by a newer order."""
    return models.Effect.objects.filter(key=work.key, done_at__isnull=True).exists()


def has_earlier(work: Work) -> bool:
    """Whether an earlier effect of that name waits for the same case."""
    return _earlier(work).exists()


def give_up_earlier(work: Work, outcome: str, now: datetime) -> None:
    """End the earlier effects of that name: this one does what they were to do."""
    _earlier(work).update(done_at=now, outcome=outcome)


def neglected(now: datetime, limit: int = 200) -> list[str]:
    """Return cases and notices with effects that are due and no job that waits, what waits longest first.

    One whose job waits is left to it: in a flood that is much and for long, and naming it each second would fill the
    queue with the same jobs again, before those that came meanwhile.
    """
    rows = ask(_NEGLECTED, {"now": now, "limit": limit})
    return list(dict.fromkeys(aggregate for (aggregate,) in rows))


def are_at_rest(now: datetime) -> bool:
    """Whether nothing is to be done now, nor being done: every try that waits does so for longer than a claim lasts."""
    return not models.Effect.objects.filter(done_at__isnull=True, next_try_at__lte=now + LEASE).exists()


def _earlier(work: Work) -> QuerySet[models.Effect]:
    of_case = models.Effect.objects.filter(aggregate=work.aggregate, name=work.name.value, done_at__isnull=True)
    return of_case.filter(seq__lt=work.seq)


@contextmanager
def held(matter: str) -> Iterator[None]:
    """Hold a matter, waiting for whoever holds it now. A dead worker's hold ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [matter])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [matter])


@contextmanager
def alone(matter: str) -> Iterator[bool]:
    """Yield whether nobody else is at this matter now: a case's orders, or its content. A dead worker's turn ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [matter])
        (is_ours,) = cursor.fetchone()
    try:
        yield bool(is_ours)
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [matter])
