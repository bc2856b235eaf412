"""What stands in the database of a running demo, looked at from outside and never written."""

from dataclasses import dataclass
from typing import Any

import psycopg

from amparo.cli.demo import World
from amparo.postgres import database_url

_TABLES = ("notice", "intake", "noticecode")


@dataclass(frozen=True)
class CaseRow:
    id: str
    is_open: bool
    notices: tuple[str, ...]


class Books:
    """Reads the books of one demo."""

    def __init__(self, world: World) -> None:
        self._url = database_url(world.home / "database")

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of everything that a report alone makes."""
        query = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM records_{table}" for table in _TABLES)  # noqa: S608
        return dict(self._rows(query))

    def case_of(self, subject: str) -> CaseRow:
        """Return the one case about a subject, with the notices that name it."""
        ((case, is_open),) = self._rows("SELECT id, is_open FROM records_case WHERE subject_id = %s", subject)
        notices = self._rows('SELECT notice FROM records_casenotice WHERE "case" = %s', case)
        return CaseRow(case, is_open, tuple(notice for (notice,) in notices))

    def knows(self, subject: str) -> bool:
        """Whether there is a case about a subject."""
        return bool(self._rows("SELECT 1 FROM records_case WHERE subject_id = %s", subject))

    def newest_notice(self) -> str:
        """Return the notice that was opened last."""
        ((notice,),) = self._rows("SELECT id FROM records_notice ORDER BY opened_at DESC LIMIT 1")
        return str(notice)

    def running_clocks(self, aggregate: str) -> set[str]:
        """Return the names of the clocks that run on a case or a notice and are still to come."""
        found = self._rows("SELECT name FROM records_clock WHERE aggregate = %s AND due_at > now()", aggregate)
        return {name for (name,) in found}

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url) as connection:
            return connection.execute(query, values).fetchall()
