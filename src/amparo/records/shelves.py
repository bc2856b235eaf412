"""What there is to search, in three shelves, and how every process finds exactly which rows are new on them.

A row says which transaction wrote it (`added`). A reading notes the oldest transaction that was still running; what
it could not see was written by that one or a later one. So the next reading asks for rows from there on, and leaves
out those it has. Asking for ids above the last one would lose rows: a lower id may be committed later.

Rows of before a restore carry numbers from another cluster, which may be of its future. A reading asks up to its own
time only, and the reading of all (from 0) asks no number at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, LiteralString

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

from amparo.matching.hamming import Hashes
from amparo.matching.postings import Postings
from amparo.records.packed_frames import BrokenFrames, unpack

CHANNEL = "amparo_media"
BROKEN_ROW = "index_row"
"""The alarm about a row that cannot be read, by its shelf and number."""
_IDS_AT_ONCE = 20_000
_ROWS_AT_ONCE = 500


class Shelf(Enum):
    """One index each. Bank items of which there are frames stand in all eight turns, and a query is looked up as it is;
    of the others there is the plain hash alone, and a query is looked up in all eight turns.
    """

    FILES = "files"
    BANK_FRAMES = "bank-frames"
    BANK_HASHES = "bank-hashes"


_ROWS: dict[Shelf, LiteralString] = {
    Shelf.FILES: "records_mediafile WHERE searchable > 0",
    Shelf.BANK_FRAMES: "records_bankitem WHERE turns = 8 AND searchable > 0",
    Shelf.BANK_HASHES: "records_bankitem WHERE turns = 1 AND searchable > 0",
}
_TABLES: dict[Shelf, LiteralString] = {
    Shelf.FILES: "records_mediafile",
    Shelf.BANK_FRAMES: "records_bankitem",
    Shelf.BANK_HASHES: "records_bankitem",
}


@dataclass(frozen=True)
class Ids:
    """Some rows of a shelf: their numbers, and how many hashes each has."""

    ids: NDArray[np.int64]
    hashes: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> "Ids":
        return Ids(self.ids[chosen], self.hashes[chosen])


@dataclass(frozen=True)
class Owned:
    """The hashes of some rows, ready for an index; `broken`: rows that cannot be read, each with the reason."""

    hashes: Hashes
    postings: Postings
    broken: dict[int, str]


class Rows:
    """Reads the shelves over a connection of its own, on which no transaction of a caller is ever open.

    Raises psycopg's errors; the connection is then thrown away, and the next reading makes a new one.
    """

    def __init__(self) -> None:
        self._kept: psycopg.Connection[Any] | None = None

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @contextmanager
    def _connected(self) -> Iterator["psycopg.Connection[Any]"]:
        if self._kept is None or self._kept.closed:
            self._kept = own_connection()
        try:
            yield self._kept
        except psycopg.Error:
            self.close()
            raise

    def lineage(self) -> str:
        """Return what names this database and its history: another one's numbers say nothing here."""
        with self._connected() as books:
            row = books.execute(
                "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),"
                " (SELECT timeline_id FROM pg_control_checkpoint()) FROM pg_control_system()"
            ).fetchone()
        assert row is not None  # noqa: S101 - for the type checker: this is always one row
        return ":".join(map(str, row))

    def horizon(self) -> int:
        """Return the oldest transaction that is still running: every older one can be seen from now on."""
        with self._connected() as books:
            row = books.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").fetchone()
        assert row is not None  # noqa: S101 - for the type checker: this is always one row
        return int(row[0])

    def ids(self, shelf: Shelf, since: int) -> Iterator[Ids]:
        """Yield the rows that transactions wrote from `since` on, in the order of their numbers. 0: all there are."""
        query = sql.SQL(
            "SELECT id, searchable * {turns} FROM {rows} AND id > %(after)s {new} ORDER BY id LIMIT %(most)s"
        )
        new = sql.SQL(
            "AND added >= %(since)s::text::xid8 AND added < pg_snapshot_xmax(pg_current_snapshot())" if since else ""
        )
        turns = sql.Literal(8 if shelf is Shelf.BANK_FRAMES else 1)
        asked = query.format(turns=turns, rows=sql.SQL(_ROWS[shelf]), new=new)
        after = 0
        while True:
            with self._connected() as books:
                words = {"after": after, "since": str(since), "most": _IDS_AT_ONCE}
                found = books.execute(asked, words).fetchall()
            if found:
                columns = np.array(found, np.int64)
                yield Ids(columns[:, 0], columns[:, 1])
                after = int(columns[-1, 0])
            if len(found) < _IDS_AT_ONCE:
                return

    def owned(self, shelf: Shelf, ids: Sequence[int]) -> Iterator[Owned]:
        """Yield the hashes of these rows, some at a time. A row that is gone by now is left out."""
        asked = sql.SQL("SELECT id, frames FROM {} WHERE id = ANY(%s)").format(sql.SQL(_TABLES[shelf]))
        for begin in range(0, len(ids), _ROWS_AT_ONCE):
            with self._connected() as books:
                rows = books.execute(asked, [list(ids[begin : begin + _ROWS_AT_ONCE])], binary=True).fetchall()
            yield _owned(rows, 8 if shelf is Shelf.BANK_FRAMES else 1)

    def alive(self, shelf: Shelf, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of these numbers, in order, still have a row."""
        asked = sql.SQL("SELECT id FROM {} WHERE id BETWEEN %s AND %s").format(sql.SQL(_TABLES[shelf]))
        found = [np.empty(0, np.int64)]
        for begin in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[begin : begin + _IDS_AT_ONCE]
            with self._connected() as books:
                rows = books.execute(asked, [int(some[0]), int(some[-1])]).fetchall()
            found.append(np.array(rows, np.int64).ravel())
        return np.isin(ids, np.concatenate(found))


def own_connection() -> "psycopg.Connection[Any]":
    """Return a new connection to this process's database, on which each statement is a transaction."""
    words = connection.get_connection_params()
    return psycopg.connect(**{**words, "autocommit": True, "cursor_factory": psycopg.Cursor})


def tell() -> None:
    """Have every process look for new rows as soon as the running transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _owned(rows: Sequence[tuple[int, bytes]], turns: int) -> Owned:
    hashes, postings, broken = [np.empty((0, 32), np.uint8)], [np.empty(0, np.uint64)], dict[int, str]()
    for number, value in rows:
        try:
            packed = unpack(bytes(value))
            if packed.hashes.shape[1] != turns:
                raise BrokenFrames("They have another number of turns than their row says.")
            some, of = packed.postings(number)
        except ValueError as error:
            broken[number] = str(error)
        else:
            hashes.append(some)
            postings.append(of)
            if not len(of):
                broken[number] = "None of them says enough, and the row says otherwise."
    return Owned(np.concatenate(hashes), np.concatenate(postings), broken)
