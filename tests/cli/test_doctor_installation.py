"""`amparo doctor` on a whole installation that runs: every row is right, and each thing that is missing is found."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amparo.cli import processes
from amparo.cli.init import write_home
from amparo.home import Home
from tests.conftest import PRACTICE, NewDatabase

ROWS = ("policies", "connectors and their secrets", "database", "vault", "door", "console", "disk")
WORDS = ("vault", "worker", "door", "console")


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
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        here = Home(Path(folder) / "home")
        write_home(here, PRACTICE)
        door = here.run / "door.sock"
        settings = here.settings_file.read_text().replace('"127.0.0.1:8001"', f'"unix:{door}"')
        here.settings_file.write_text(settings.replace('"127.0.0.1:8002"', f'"127.0.0.1:{free.getsockname()[1]}"'))
        free.close()
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


def test_of_an_installation_that_runs_every_row_is_right(healthy: Installation) -> None:
    code, rows = healthy.doctor()
    assert {what: row["mend"] for what, row in rows.items() if row["is_right"] is not True} == {}
    assert (tuple(rows), code) == (ROWS, 0)


def test_a_door_that_others_do_not_find_on_its_unix_socket_is_missed(healthy: Installation) -> None:
    with _gone(healthy.door):
        code, rows = healthy.doctor()
    assert {what for what, row in rows.items() if row["is_right"] is False} == {"door"}
    assert (code, rows["door"]["mend"]) == (1, "The door does not answer. Start `amparo door` (or `amparo up`).")


@contextmanager
def _gone(path: Path) -> Iterator[None]:
    """Let nobody find a file for a while."""
    away = path.with_suffix(".away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)
