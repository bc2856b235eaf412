"""`amparo doctor` on a whole installation that runs: every row is right, and each thing that is missing is found."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from amparo.cli import processes
from amparo.cli.new_home import write_home
from amparo.home import Home
from amparo.vault.keys import read_recipients
from amparo.vault.spool import Label, set_aside
from amparo.vault.spool_writer import Spool
from tests.conftest import PRACTICE, NewDatabase

ROWS = (
    "policies", "connectors and their secrets", "the key of certificates", "database", "vault", "worker", "door",
    "console", "api", "media sandbox", "disk", "reports of an outage that wait", "reports of an outage that lie aside",
)  # fmt: skip
WORDS = ("vault", "worker", "door", "console", "api")


@dataclass
class Installation:
    """A home with its database. `door` is the Unix socket on which its door listens."""

    here: Home
    database: str
    door: Path

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        program = [sys.executable, "-m", "amparo", *words]
        env = os.environ | self.environment
        return subprocess.run(program, env=env, capture_output=True, text=True, timeout=120, check=False)

    def doctor(self) -> tuple[int, dict[str, dict[str, Any]]]:
        told = self.run("doctor", "--json")
        assert told.stdout, told.stderr
        return told.returncode, {row["what"]: row for row in json.loads(told.stdout)}

    @property
    def environment(self) -> dict[str, str]:
        return {"AMPARO_HOME": str(self.here.path), "DATABASE_URL": self.database}


@contextmanager
def _installation(database: str) -> Iterator[Installation]:
    """A home on that database. Its path is short, because a socket's path has 107 characters at most."""
    with (
        tempfile.TemporaryDirectory(prefix="doctor-") as folder,
        socket.socket() as free,
        socket.socket() as free_too,
    ):
        free.bind(("127.0.0.1", 0))
        free_too.bind(("127.0.0.1", 0))
        here = Home(Path(folder) / "home")
        write_home(here, PRACTICE)
        door = here.run / "door.sock"
        settings = here.settings_file.read_text().replace('"127.0.0.1:8001"', f'"unix:{door}"')
        settings = settings.replace('"127.0.0.1:8002"', f'"127.0.0.1:{free.getsockname()[1]}"')
        here.settings_file.write_text(settings.replace('"127.0.0.1:8004"', f'"127.0.0.1:{free_too.getsockname()[1]}"'))
        free.close()
        free_too.close()
        yield Installation(here, database, door)


@pytest.fixture(scope="module")
def healthy(new_database: NewDatabase) -> Iterator[Installation]:
    """An installation all of whose processes run, the door on a Unix socket."""
    with _installation(new_database("healthy")) as installation:
        told = installation.run("init", "--upgrade")
        assert told.returncode == 0, told.stderr
        log = installation.here.path / "log"
        started = [processes.start_module("amparo", [word], installation.environment, log) for word in WORDS]
        try:
            until = time.monotonic() + 90
            while installation.doctor()[0] and time.monotonic() < until:
                time.sleep(0.5)
            yield installation
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(timeout=60)


@pytest.fixture
def asleep(new_database: NewDatabase) -> Iterator[Installation]:
    """An installation of which only the database runs."""
    with _installation(new_database("asleep")) as installation:
        told = installation.run("init", "--upgrade")
        assert told.returncode == 0, told.stderr
        yield installation


@pytest.fixture
def lonely() -> Iterator[Installation]:
    """A home of which nothing runs, not even the database."""
    with _installation("postgresql://nobody@127.0.0.1:9/none") as installation:
        yield installation


def test_of_an_installation_that_runs_every_row_is_right(healthy: Installation) -> None:
    code, rows = healthy.doctor()
    assert {what: row["mend"] for what, row in rows.items() if row["is_right"] is not True} == {}
    assert (tuple(rows), code) == (ROWS, 0)


def test_a_door_that_others_do_not_find_on_its_unix_socket_is_missed(healthy: Installation) -> None:
    with _gone(healthy.door):
        code, rows = healthy.doctor()
    assert {what for what, row in rows.items() if row["is_right"] is False} == {"door"}
    assert (code, rows["door"]["mend"]) == (1, "The door does not answer. Start `amparo door` (or `amparo up`).")


@pytest.mark.parametrize("who", ["door", "console", "worker"])
def test_each_socket_of_the_vault_is_tried(healthy: Installation, who: str) -> None:
    with _gone(healthy.here.run / f"vault-{who}.sock"):
        _, rows = healthy.doctor()
    assert rows["vault"]["is_right"] is False
    assert f"does not answer the {who}." in rows["vault"]["mend"]


def test_a_home_from_before_there_was_an_api_lacks_nothing(lonely: Installation) -> None:
    settings = lonely.here.settings_file.read_text()
    lonely.here.settings_file.write_text(re.sub(r"\[api\]\n.*?\n\n", "", settings, flags=re.DOTALL))
    row = lonely.doctor()[1]["api"]
    assert (row["is_right"], row["found"]) == (None, "this home has no [api]: no program can ask about uploads")


def test_a_worker_that_never_was_or_has_been_silent_is_missed(asleep: Installation) -> None:
    with psycopg.connect(asleep.database, autocommit=True) as database:
        worker = asleep.doctor()[1]["worker"]
        assert worker["is_right"] is False
        assert "No worker has ever been alive." in worker["mend"]
        database.execute("INSERT INTO records_heartbeat (process, at) VALUES ('worker', now() - interval '1 hour')")
        worker = asleep.doctor()[1]["worker"]
        assert worker["is_right"] is False
        assert "No worker has been alive since" in worker["mend"]
        assert "Start `amparo worker`" in worker["mend"]


def test_of_an_installation_of_which_nothing_runs_each_row_says_what_to_do(lonely: Installation) -> None:
    code, rows = lonely.doctor()
    wrong = {what for what, row in rows.items() if row["is_right"] is False}
    assert (code, wrong) == (1, {"database", "vault", "door", "console", "api"})
    assert all(rows[what]["mend"] for what in wrong)
    assert rows["worker"]["is_right"] is None, "it is the database that would tell"


@pytest.mark.parametrize(
    ("lost", "mend"),
    [
        pytest.param("certificate.key", "Put it back from your backup", id="the-key-that-signs"),
        pytest.param("certificate.pub", "amparo init --upgrade", id="the-key-that-is-published"),
    ],
)
def test_a_lost_key_of_certificates_is_missed_before_the_worker_starts(
    lonely: Installation, lost: str, mend: str
) -> None:
    (lonely.here.keys / lost).unlink()
    _, rows = lonely.doctor()
    assert rows["the key of certificates"]["is_right"] is False
    assert mend in rows["the key of certificates"]["mend"]


def test_reports_of_an_outage_are_counted_from_a_minute_on(lonely: Installation) -> None:
    _keep(lonely, "a", timedelta(hours=1))
    _keep(lonely, "b", timedelta())
    _, rows = lonely.doctor()
    row = rows["reports of an outage that wait"]
    assert row["is_right"] is False
    assert row["mend"].startswith("1 of 2 have waited for more than a minute.")


def test_a_report_that_just_came_is_no_fault(lonely: Installation) -> None:
    _keep(lonely, "a", timedelta())
    row = lonely.doctor()[1]["reports of an outage that wait"]
    assert (row["is_right"], row["found"]) == (True, "1, being taken in")


def test_reports_that_lie_aside_are_counted(lonely: Installation) -> None:
    for letter in "ab":
        set_aside(lonely.here.spool, _keep(lonely, letter, timedelta(hours=1)))
    _, rows = lonely.doctor()
    assert rows["reports of an outage that wait"]["found"] == "none"
    assert rows["reports of an outage that lie aside"]["is_right"] is False
    assert rows["reports of an outage that lie aside"]["mend"].startswith("2 could not be taken in")


@contextmanager
def _gone(path: Path) -> Iterator[None]:
    """Let nobody find a file for a while."""
    away = path.with_suffix(".away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)


def _keep(installation: Installation, letter: str, ago: timedelta) -> str:
    """Let a door keep something that came so long ago; return its name."""
    here = installation.here
    label = Label(f"notice_{letter * 26}.{letter * 24}", datetime.now(UTC) - ago, "0")
    Spool(here.spool, read_recipients(here.keys / "recipients.txt"), 10 * 1024 * 1024).keep(label, b"a yellow square")
    return label.name
