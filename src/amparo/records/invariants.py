"""Looks for what must never be: see `invariants.sql`."""

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

SQL = (Path(__file__).parent / "invariants.sql").read_text()


@dataclass(frozen=True)
class Breach:
    """One thing that must never be; `about` is the case, notice or object."""

    what: str
    about: str


def breaches() -> list[Breach]:
    """Return every breach there is now; an empty list is the only good answer."""
    with connection.cursor() as cursor:
        # Without parameters, so that the operator ? stays an operator.
        cursor.execute(SQL)
        return [Breach(*row) for row in cursor.fetchall()]
