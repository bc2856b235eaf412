import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from supervised import until

from amparo.postgres import Home, prepare, start


def test_a_prepared_home_serves_the_database_as_promised(home: Path, binaries: Path) -> None:
    prepare(home)
    with start(home) as server, psycopg.connect(server.url) as connection:
        told = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_encoding", "data_checksums", "fsync", "full_page_writes", "synchronous_commit")
        }
        assert connection.info.dbname == connection.info.user == "amparo"
        collation = connection.execute("SELECT datcollate FROM pg_database WHERE datname = 'amparo'").fetchone()
    assert told == {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
    }
    assert collation == ("C",)


def test_nobody_else_may_read_the_password_the_data_or_the_home(home: Path) -> None:
    prepared = prepare(home)
    assert prepared.password_file.stat().st_mode & 0o777 == 0o600
    assert prepared.password_file.stat().st_uid == os.geteuid()
    assert prepared.data.stat().st_mode & 0o777 == 0o700
    assert prepared.path.stat().st_mode & 0o777 == 0o700


def test_each_home_has_a_password_of_256_bits_of_its_own(tmp_path: Path) -> None:
    first, second = (Home.at(tmp_path / name) for name in ("first", "second"))
    for home in (first, second):
        home.path.mkdir()
        assert len(bytes.fromhex(home.ensure_password())) == 32
    assert first.ensure_password() != second.ensure_password()


def test_preparing_again_changes_nothing(prepared: Home) -> None:
    before = prepared.url(), (prepared.data / "global" / "pg_control").read_bytes()
    prepare(prepared.path)
    assert (prepared.url(), (prepared.data / "global" / "pg_control").read_bytes()) == before


def test_a_connection_without_the_right_password_is_refused(prepared: Home) -> None:
    with start(prepared.path) as server:
        host = str(prepared.socket_directory())
        for password in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(host=host, port=5432, user="amparo", dbname="amparo", password=password)
        assert prepared.password_file.read_text().strip() in server.url


def test_a_preparation_killed_half_way_is_finished_by_the_next_one(home: Path) -> None:
    program = f"from pathlib import Path; from amparo.postgres import prepare; prepare(Path({str(home)!r}))"
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    until((home / "data.new" / "PG_VERSION").exists, "the first of its files")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (home / "data").exists()
    prepare(home)
    with start(home) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
