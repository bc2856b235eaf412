"""Plain SQL on Django's connection, for the one path that every report takes: prepared once, and sent together.

The queries of pages go through Django's tables. A report's transaction has some ten statements that never change;
made anew each time by the ORM and sent one by one they took most of its time.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from django.db import connection

_Statement = tuple[LiteralString, Sequence[Any]]


def ask(sql: LiteralString, given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement that answers with rows, and return them. Raises Django's database errors."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(sql, given, prepare=True).fetchall()


class Batch:
    """Statements whose answers nobody waits for. They are sent together, in their order, when `run` is called."""

    def __init__(self) -> None:
        self._statements: list[_Statement] = []

    def add(self, sql: LiteralString, *given: Any) -> None:
        self._statements.append((sql, given))

    def add_rows(self, sql: LiteralString, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add one statement for many rows, given to it as one JSON array of objects; none where there are no rows."""
        if rows:
            self._statements.append((sql, [json.dumps(rows, separators=(",", ":"))]))

    def run(self) -> None:
        """Carry them out. Raises Django's database errors; the transaction is then beyond use."""
        with connection.wrap_database_errors, connection.connection.pipeline(), _cursor() as cursor:
            for sql, given in self._statements:
                cursor.execute(sql, given, prepare=True)
        self._statements.clear()


def _cursor() -> "psycopg.Cursor[tuple[Any, ...]]":
    # Django's own cursors put the values into the text of a statement, so that none is ever the same again.
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)
