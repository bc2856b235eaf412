import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from supervised import until

from amparo.postgres import AlreadyServed, CannotStart, Home, NoBinaries, NotPrepared, Server, prepare, start
from amparo.postgres.account import server_account
from amparo.postgres.tenants import tenants, wait_for_departure


def test_a_started_server_answers_and_a_stopped_one_leaves_no_process(home: Path, binaries: Path) -> None:
    prepare(home)
    with start(home) as server, psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert server.pid in tenants(server.home.data)
    assert tenants(server.home.data) == set()


def test_the_server_is_never_root_and_its_data_are_its_own(prepared: Home) -> None:
    with start(prepared.path) as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
    assert owner != 0
    assert owner == prepared.data.stat().st_uid


def test_the_server_listens_on_no_network_address(prepared: Home) -> None:
    with start(prepared.path) as server, psycopg.connect(server.url):
        network = {
            line.split()[9]
            for table in ("tcp", "tcp6", "udp", "udp6")
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        }
        own = {
            os.readlink(handle).removeprefix("socket:[").removesuffix("]")
            for pid in tenants(prepared.data)
            for handle in Path(f"/proc/{pid}/fd").iterdir()
            if os.readlink(handle).startswith("socket:")
        }
    assert own
    assert own & network == set()


def test_only_the_servers_user_and_root_can_come_to_the_socket(prepared: Home) -> None:
    with start(prepared.path):
        directory = prepared.socket_directory()
        found = directory.lstat()
        assert stat.S_ISSOCK((directory / ".s.PGSQL.5432").stat().st_mode)
    assert stat.S_ISDIR(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == prepared.data.stat().st_uid


@pytest.mark.parametrize("name", ["x" * 200, 'a, "b" and \\c', "ż@% ?&#"], ids=["long", "list marks", "url marks"])
def test_a_home_of_any_name_is_served_and_keeps_its_address(tmp_path: Path, name: str) -> None:
    home = prepare(tmp_path / name)
    addresses = set()
    for _ in range(2):
        with start(home.path) as server, psycopg.connect(server.url):
            addresses.add(server.url)
    assert addresses == {home.url()}


def test_a_socket_directory_that_somebody_else_made_first_is_not_used(tmp_path: Path) -> None:
    home = prepare(tmp_path / ("x" * 200))
    foreseen = home.socket_directory()
    foreseen.mkdir(mode=0o755)
    try:
        with start(home.path) as server, psycopg.connect(server.url):
            assert home.socket_directory() != foreseen
            assert stat.S_IMODE(home.socket_directory().stat().st_mode) == 0o700
    finally:
        foreseen.rmdir()


def test_a_copied_home_never_leads_to_the_server_of_the_first_one(tmp_path: Path) -> None:
    first, second = tmp_path / ("x" * 200), tmp_path / ("y" * 200)
    prepare(first)
    with start(first) as server:
        server.stop()
        subprocess.run(["cp", "-a", first, second], check=True)
    early = Home.at(second).url()
    with start(first), start(second) as copy, psycopg.connect(early) as connection:
        told = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert told is not None
        assert told[0] in tenants(copy.home.data)


def test_a_second_start_is_refused_and_the_first_goes_on(prepared: Home) -> None:
    with start(prepared.path) as server:
        with pytest.raises(AlreadyServed, match=f"already served by process {os.getpid()}. Stop that one"):
            start(prepared.path)
        assert server.answers()


def test_a_home_without_a_database_is_refused(home: Path) -> None:
    with pytest.raises(NotPrepared, match="Run `amparo init` first, or set DATABASE_URL"):
        start(home)


def test_data_of_another_major_version_are_refused(prepared: Home) -> None:
    (prepared.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(NoBinaries, match="made by PostgreSQL 12 and can be served by no other version"):
        start(prepared.path)


def test_a_server_that_cannot_start_is_reported_with_its_last_words(prepared: Home) -> None:
    with (prepared.data / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'a lot'\n")
    with pytest.raises(CannotStart, match=r"died while it started(.|\n)*postgres.log(.|\n)*shared_buffers"):
        start(prepared.path)
    assert prepared.claim().writable()  # The home is free again.


def test_a_lock_file_whose_number_belongs_to_another_process_now_does_not_stop_the_start(prepared: Home) -> None:
    account = server_account(prepared.data)
    stranger = subprocess.Popen(["sleep", "60"], **account.popen_options())
    try:
        lock = prepared.data / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{prepared.data}\n1\n5432\n\n\n")
        sockets = prepared.ensure_socket_directory(account)
        (sockets / ".s.PGSQL.5432.lock").write_text(lock.read_text())
        with start(prepared.path) as server:
            assert server.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_somebody_started_by_hand_is_not_disturbed(
    prepared: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(prepared.path) as by_hand:
        by_hand._claim.close()
        monkeypatch.setattr("amparo.postgres.server.wait_for_departure", impatient)
        with pytest.raises(AlreadyServed, match=f"Process .* still serves the database in {prepared.data}"):
            start(prepared.path)
        assert by_hand.answers()


def impatient(data: Path, patience: float) -> None:
    wait_for_departure(data, patience=0.2)


def test_a_shell_that_stands_in_the_data_directory_is_left_alone(prepared: Home) -> None:
    shell = subprocess.Popen(["sleep", "60"], cwd=prepared.data)
    try:
        with start(prepared.path) as server:
            assert server.answers()
        assert shell.poll() is None
    finally:
        shell.kill()
        shell.wait()


def test_a_session_at_work_does_not_hold_up_the_stop(prepared: Home) -> None:
    server = start(prepared.path)
    with closing(psycopg.connect(server.url)) as connection:
        connection.pgconn.send_query(b"SELECT pg_sleep(600)")
        time.sleep(0.2)
        server.stop()
    assert tenants(prepared.data) == set()


def test_a_server_that_hangs_is_ended_by_force(prepared: Home) -> None:
    server = start(prepared.path)
    os.kill(server.pid, signal.SIGSTOP)  # It will not hear the polite orders.
    process = server._process
    assert process is not None
    server.stop(patience=0.2)
    assert process.poll() == -signal.SIGKILL
    until(lambda: not tenants(prepared.data), "the end of the sessions")


def test_what_people_wrote_does_not_come_into_the_log(prepared: Home) -> None:
    with start(prepared.path) as server, psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE words (said text UNIQUE, short text CHECK (length(short) < 5))")
        connection.execute("INSERT INTO words VALUES ('a secret word', 'a')")
        for row in (("a secret word", "b"), ("another", "a secret word")):
            with pytest.raises(psycopg.IntegrityError):
                connection.execute("INSERT INTO words VALUES (%s, %s)", row)
    log = prepared.log.read_text()
    assert "violates" in log
    assert "secret" not in log
    assert prepared.log.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: data restored by root; needs root")
def test_data_that_root_restored_are_given_to_the_servers_user(prepared: Home) -> None:
    subprocess.run(["chown", "-R", "0:0", prepared.data], check=True)
    with start(prepared.path) as server:
        assert server.answers()
    assert prepared.data.stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: a home below open directories as root; needs root")
def test_root_keeps_the_socket_in_a_home_that_the_server_can_reach() -> None:
    open_place = Path(tempfile.mkdtemp())
    open_place.chmod(0o755)
    try:
        (open_place / "home").mkdir(mode=0o711)
        home = prepare(open_place / "home")
        with Server(home.path) as server:
            server.launch()
            server.wait_until_ready()
            assert home.socket_directory() == home.path / "run"
            assert f"\0{home.data}\0" in Path(f"/proc/{server.pid}/cmdline").read_text()
    finally:
        shutil.rmtree(open_place)
