from pathlib import Path
from typing import Any

import psycopg
import pytest

from amparo.postgres import (
    CannotStart,
    DatabaseError,
    Home,
    NotPrepared,
    Server,
    create_database,
    database_url,
    drop_database,
    start,
    wait_until_ready,
)


def test_database_url_from_the_environment_comes_first(home: Path) -> None:
    chosen = "postgresql://amparo@db.example/amparo"
    assert database_url(home, {"DATABASE_URL": chosen}) == chosen


def test_without_it_the_embedded_database_is_the_one(prepared: Home) -> None:
    with start(prepared.path), psycopg.connect(database_url(prepared.path, {})) as connection:
        assert connection.info.dbname == "amparo"


def test_before_init_the_address_is_refused_in_a_sentence(home: Path) -> None:
    with pytest.raises(NotPrepared, match="Run `amparo init` first, or set DATABASE_URL"):
        database_url(home, {})


def test_a_lost_password_file_is_named(prepared: Home) -> None:
    prepared.password_file.unlink()
    with pytest.raises(NotPrepared, match=r"password is missing. Restore it from the backup"):
        database_url(prepared.path, {})


def test_a_wrong_password_is_told_at_once_and_without_the_password(prepared: Home) -> None:
    prepared.password_file.write_text("not-the-one\n")
    with pytest.raises(DatabaseError, match="refuses our password") as told:
        start(prepared.path)
    assert "not-the-one" not in str(told.value)


def test_waiting_for_a_database_that_nobody_starts_ends_in_a_sentence(prepared: Home) -> None:
    with pytest.raises(CannotStart, match="Start `amparo database`, or correct DATABASE_URL"):
        wait_until_ready(prepared.url(), patience=0.2)


def test_a_database_can_be_made_copied_and_dropped_while_in_use(postgres_server: Server) -> None:
    name = 'of "odd" name/ż'
    url = create_database(postgres_server.url, name)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    copy = create_database(postgres_server.url, "copy", template=name)
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        connection.commit()
        drop_database(postgres_server.url, "copy")
    drop_database(postgres_server.url, "copy")
    drop_database(postgres_server.url, name)
    with pytest.raises(DatabaseError, match="the database is missing"):
        wait_until_ready(copy)


def test_a_new_database_of_the_tests_is_empty_each_time(new_database: Any) -> None:
    for _ in range(2):
        with psycopg.connect(new_database("twice")) as connection:
            connection.execute("CREATE TABLE only_once (number int)")
