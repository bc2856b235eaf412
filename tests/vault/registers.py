"""Two small registers for the tests: one in memory, and one in a file that outlives a kill -9 of the vault."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import astuple
from pathlib import Path

from amparo.vault.sealed import SealedObject

Access = tuple[str, str, str, str]


class MemoryRegister:
    def __init__(self) -> None:
        self.rows: dict[str, SealedObject] = {}
        self.rights: set[tuple[str, str]] = set()
        self._accesses: list[Access] = []
        self._lock = threading.Lock()

    def insert(self, sealed: SealedObject) -> None:
        self.rows[sealed.id] = sealed

    def grant(self, actor_id: str, owner: str) -> None:
        self.rights.add((actor_id, owner))

    def withdraw(self, actor_id: str, owner: str) -> None:
        self.rights.discard((actor_id, owner))

    def accesses(self) -> list[Access]:
        with self._lock:
            return list(self._accesses)

    def find(self, object_id: str) -> SealedObject | None:
        return self.rows.get(object_id)

    def staff_may_open(self, actor_id: str, owner: str) -> bool:
        return (actor_id, owner) in self.rights

    def record_access(self, object_id: str, actor: str, purpose: str, channel: str) -> None:
        with self._lock:
            self._accesses.append((object_id, actor, purpose, channel))

    def erase_key(self, object_id: str) -> None:
        self.rows.pop(object_id, None)


class FileRegister:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._write(
            "CREATE TABLE IF NOT EXISTS sealed "
            "(id TEXT PRIMARY KEY, kind TEXT, owner TEXT, sealed_key BLOB, sha256 TEXT, size_bytes INTEGER)"
        )
        self._write("CREATE TABLE IF NOT EXISTS rights (actor_id TEXT, owner TEXT)")
        self._write("CREATE TABLE IF NOT EXISTS accesses (object_id TEXT, actor TEXT, purpose TEXT, channel TEXT)")

    def insert(self, sealed: SealedObject) -> None:
        self._write("INSERT INTO sealed VALUES (?, ?, ?, ?, ?, ?)", *astuple(sealed))

    def grant(self, actor_id: str, owner: str) -> None:
        self._write("INSERT INTO rights VALUES (?, ?)", actor_id, owner)

    def withdraw(self, actor_id: str, owner: str) -> None:
        self._write("DELETE FROM rights WHERE actor_id = ? AND owner = ?", actor_id, owner)

    def accesses(self) -> list[Access]:
        return self._read("SELECT object_id, actor, purpose, channel FROM accesses ORDER BY rowid")

    def find(self, object_id: str) -> SealedObject | None:
        rows = self._read("SELECT * FROM sealed WHERE id = ?", object_id)
        return SealedObject(*rows[0]) if rows else None

    def staff_may_open(self, actor_id: str, owner: str) -> bool:
        return bool(self._read("SELECT 1 FROM rights WHERE actor_id = ? AND owner = ?", actor_id, owner))

    def record_access(self, object_id: str, actor: str, purpose: str, channel: str) -> None:
        self._write("INSERT INTO accesses VALUES (?, ?, ?, ?)", object_id, actor, purpose, channel)

    def erase_key(self, object_id: str) -> None:
        self._write("DELETE FROM sealed WHERE id = ?", object_id)

    def _read(self, sql: str, *values: object) -> list:  # type: ignore[type-arg]
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            connection.execute(sql, values)
