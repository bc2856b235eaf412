"""Everything the database says at one moment, while others go on writing: for a backup and for an export."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model

from amparo.records import models

_COUNTED: dict[str, type[Model]] = {
    "events": models.Event,
    "cases": models.Case,
    "notices": models.Notice,
    "objects": models.SealedObject,
    "accesses": models.Access,
    "people": models.Staff,
}


@dataclass(frozen=True)
class Sealed:
    """A sealed object as its row knows it: `sha256` is of the bytes in the vault's store."""

    id: str
    sha256: str


@contextmanager
def one_moment() -> Iterator[str]:
    """Let every query inside see the same moment, and give its name, by which another session can see it, too.

    Nothing can be written inside.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone()
        yield str(name)


def counts() -> dict[str, int]:
    """Return how many there are of what must never be fewer."""
    return {name: model._default_manager.count() for name, model in _COUNTED.items()}


def sealed_objects() -> Iterator[Sealed]:
    """Yield every sealed object that is not destroyed, some at a time."""
    for row in models.SealedObject.objects.order_by("id").values_list("id", "sha256").iterator(chunk_size=2000):
        yield Sealed(*row)


def some_sealed_objects(most: int) -> list[str]:
    """Return the ids of up to `most` sealed objects, by chance."""
    return list(models.SealedObject.objects.order_by("?").values_list("id", flat=True)[:most])


def some_aggregates(most: int) -> list[str]:
    """Return up to `most` cases and as many notices, by chance."""
    cases = models.Case.objects.filter(state__isnull=False).order_by("?").values_list("id", flat=True)[:most]
    return [*cases, *models.Notice.objects.order_by("?").values_list("id", flat=True)[:most]]
