from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from amparo.postgres import Home, NotDurable, Server, check_durable, start


@contextmanager
def served_with(home: Home, setting: str) -> Iterator[psycopg.Connection]:
    with (home.data / "postgresql.conf").open("a") as conf:
        conf.write(setting + "\n")
    with start(home.path) as server, psycopg.connect(server.url) as connection:
        yield connection


def test_the_server_as_we_make_it_is_accepted(postgres_server: Server) -> None:
    with psycopg.connect(postgres_server.url) as connection:
        check_durable(connection)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_server_with_a_promise_switched_off_is_refused_by_its_name(prepared: Home, setting: str) -> None:
    with (
        served_with(prepared, f"{setting} = off") as connection,
        pytest.raises(NotDurable, match=f"reports could be lost. {setting} is off, so .*; set {setting} = on.$"),
    ):
        check_durable(connection)


def test_every_reason_is_named_at_once(prepared: Home) -> None:
    with (
        served_with(prepared, "fsync = off\nsynchronous_commit = off") as connection,
        pytest.raises(NotDurable, match=r"fsync is off.*synchronous_commit is off"),
    ):
        check_durable(connection)


@pytest.mark.parametrize("value", ["on", "remote_apply", "remote_write", "local"])
def test_a_commit_that_waits_for_the_disk_is_accepted(postgres_server: Server, value: str) -> None:
    with psycopg.connect(postgres_server.url) as connection:
        connection.execute(f"SET synchronous_commit = {value}")
        check_durable(connection)


def test_a_setting_of_this_session_alone_is_seen(postgres_server: Server) -> None:
    with (
        psycopg.connect(postgres_server.url, options="-c synchronous_commit=off") as connection,
        pytest.raises(NotDurable, match="synchronous_commit is off"),
    ):
        check_durable(connection)


def test_local_commits_are_refused_where_a_standby_is_named(prepared: Home) -> None:
    with (
        served_with(prepared, "synchronous_standby_names = 'second'\nsynchronous_commit = local") as connection,
        pytest.raises(NotDurable, match="synchronous_commit is local although a standby is named"),
    ):
        check_durable(connection)


def test_a_standby_is_refused(prepared: Home) -> None:
    (prepared.data / "standby.signal").touch()
    with (
        served_with(prepared, "hot_standby = on") as connection,
        pytest.raises(NotDurable, match=r"is a standby .* point DATABASE_URL at the primary"),
    ):
        check_durable(connection)


class OldServer:
    """Answers what a PostgreSQL 12 answers; a real one is not to be had."""

    def cursor(self) -> "OldServer":
        return self

    def __enter__(self) -> "OldServer":
        return self

    def __exit__(self, *error: object) -> None: ...

    def execute(self, statement: str, values: object = None) -> None: ...

    def fetchall(self) -> list[tuple[str, str]]:
        on = [(name, "on") for name in ("fsync", "full_page_writes", "synchronous_commit")]
        return [*on, ("synchronous_standby_names", ""), ("server_version_num", "120022")]

    def fetchone(self) -> tuple[bool]:
        return (False,)


def test_a_server_older_than_13_is_refused() -> None:
    with pytest.raises(NotDurable, match="older than PostgreSQL 13; upgrade it"):
        check_durable(OldServer())
