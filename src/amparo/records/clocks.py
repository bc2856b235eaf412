"""Clocks as rows: whoever asks what is due asks here, so no lost job can lose a deadline."""

from datetime import datetime, timedelta

from amparo.records import models

_AGAIN_AFTER = timedelta(minutes=1)


def due(now: datetime, limit: int = 200) -> list[tuple[str, str]]:
    """Return case or notice and key of the clocks whose time, or whose time to page, has come, longest due first."""
    rows = models.Clock.objects.filter(wakes_at__lte=now).order_by("wakes_at")
    return list(rows.values_list("aggregate", "key")[:limit])


def next_wake(after: datetime) -> datetime | None:
    """Return when, after a moment, the next clock is due or has its time to page; None where none runs."""
    rows = models.Clock.objects.filter(wakes_at__gt=after).order_by("wakes_at")
    return rows.values_list("wakes_at", flat=True).first()


def put_off(aggregate: str, key: str, now: datetime) -> None:
    """Try a clock that could not be expired again in a minute, so that many such ones keep no other waiting."""
    models.Clock.objects.filter(aggregate=aggregate, key=key).update(wakes_at=now + _AGAIN_AFTER)
