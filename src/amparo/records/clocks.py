"""Clocks as rows: whoever asks what is due asks here, so no lost job can lose a deadline."""

from datetime import datetime

from amparo.records import models


def due(now: datetime, limit: int = 200) -> list[tuple[str, str]]:
    """Return case or notice and key of the clocks whose time, or whose time to page, has come, longest due first."""
    rows = models.Clock.objects.filter(wakes_at__lte=now).order_by("wakes_at")
    return list(rows.values_list("aggregate", "key")[:limit])
