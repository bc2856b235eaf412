"""The door listens on a Unix socket where the settings say so, for its user and group alone."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from amparo.cli import processes
from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.conftest import PRACTICE


def test_the_door_answers_on_a_unix_socket_that_others_cannot_use(amparo_home: Path, tmp_path: Path) -> None:
    with _door_on_a_socket(tmp_path) as (door, socket):
        answer = _when_it_serves(door, socket)
        assert answer == "ok", (tmp_path / "door.log").read_text()
        assert os.stat(socket).st_mode & 0o777 == 0o660


def test_a_door_that_is_told_to_stop_while_it_starts_stops(amparo_home: Path, tmp_path: Path) -> None:
    with _door_on_a_socket(tmp_path) as (door, socket):
        while not socket.exists() and door.poll() is None:
            time.sleep(0.02)
        door.terminate()
        door.wait(timeout=60)


@contextmanager
def _door_on_a_socket(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    here = Home(tmp_path / "home")
    write_home(here, PRACTICE)
    socket = here.run / "door.sock"
    settings = here.settings_file.read_text()
    here.settings_file.write_text(settings.replace('"127.0.0.1:8001"', f'"unix:{socket}"'))
    door = processes.start("door", here.path, tmp_path / "door.log")
    try:
        yield door, socket
    finally:
        door.terminate()
        door.wait(timeout=60)


def _when_it_serves(door: "subprocess.Popen[bytes]", socket: Path) -> str:
    """Return what it says of its health, asked until somebody listens: the file is there before."""
    until = time.monotonic() + 60
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket))) as client:
        while time.monotonic() < until and door.poll() is None:
            try:
                return client.get("http://127.0.0.1/healthz").text.strip()
            except httpx.ConnectError:
                time.sleep(0.1)
    return "nobody listens"
