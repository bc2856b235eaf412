"""What a database says of itself: made for practice, or not. Said once, while it is empty, and never changed."""

from datetime import datetime

from amparo.cases.refused import Refused
from amparo.records import models


def make(now: datetime) -> None:
    """Mark an empty database as one for practice. May be repeated. Raises Refused for one that holds anything."""
    if is_there():
        return
    if any(table.objects.exists() for table in (models.Staff, models.Case, models.Notice, models.Event)):
        raise Refused(
            "not_for_practice",
            "This database holds something already, so it cannot become one for practice. Name an empty one.",
        )
    models.PracticeMark.objects.create(made_at=now)


def is_there() -> bool:
    """Return whether this database was made for practice."""
    return models.PracticeMark.objects.exists()
