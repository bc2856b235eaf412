"""How far the watch over what each platform newly shows is, whichever worker keeps it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce

from amparo.records import models


@dataclass(frozen=True)
class Round:
    """A pass over a platform's whole list. `ended_at` is None of one that is under way, at `cursor`."""

    cursor: str | None
    ended_at: datetime | None


def looked_to(platform: str) -> datetime | None:
    """Return when the last look began that came to its end, or None where there was none."""
    return models.WatchedPlatform.objects.filter(platform=platform).values_list("looked_to", flat=True).first()


def complete(platform: str, began_at: datetime) -> None:
    """Note that a look came to its end. All that was listed when it began was looked at, or is the round's to see."""
    models.WatchedPlatform.objects.update_or_create(platform=platform, defaults={"looked_to": began_at})


def last_round(platform: str) -> Round | None:
    """Return the round that is under way or was the last, or None where none was ever begun."""
    row = models.WatchedPlatform.objects.filter(platform=platform, round_began_at__isnull=False).first()
    return None if row is None else Round(row.round_cursor, row.round_ended_at)


def begin_round(platform: str, now: datetime) -> None:
    """Begin a round at the beginning of the list."""
    wanted = {"round_began_at": now, "round_ended_at": None, "round_cursor": None}
    models.WatchedPlatform.objects.update_or_create(platform=platform, defaults=wanted)


def note_round(platform: str, cursor: str | None) -> None:
    """Note how far the round is."""
    models.WatchedPlatform.objects.filter(platform=platform).update(round_cursor=cursor)


def end_round(platform: str, now: datetime) -> None:
    """Note that the round came to its end."""
    models.WatchedPlatform.objects.filter(platform=platform).update(round_ended_at=now, round_cursor=None)


def failing_since(platform: str, now: datetime) -> datetime:
    """Note that a platform cannot be watched, and return since when that is so."""
    row, _ = models.WatchedPlatform.objects.get_or_create(platform=platform)
    models.WatchedPlatform.objects.filter(platform=platform).update(failing_since=Coalesce("failing_since", now))
    return row.failing_since or now


def works(platform: str) -> None:
    """Note that a platform can be watched."""
    models.WatchedPlatform.objects.filter(platform=platform, failing_since__isnull=False).update(
        failing_since=None, rung_at=None
    )


def is_to_ring(platform: str, now: datetime, every: timedelta) -> bool:
    """Whether that much time has passed since this last returned true, within one time of failing."""
    never, long_ago = (models.WatchedPlatform.objects.filter(platform=platform) for _ in range(2))
    return bool(
        never.filter(rung_at=None).update(rung_at=now) or long_ago.filter(rung_at__lte=now - every).update(rung_at=now)
    )
