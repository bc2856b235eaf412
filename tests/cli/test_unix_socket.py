"""The door listens on a Unix socket where the settings say so, for its user and group alone."""

import os
import time
from pathlib import Path

import httpx

from amparo.cli import processes
from amparo.cli.init import write_home
from amparo.home import Home
from tests.conftest import PRACTICE


def test_the_door_answers_on_a_unix_socket_that_others_cannot_use(amparo_home: Path, tmp_path: Path) -> None:
    here = Home(tmp_path / "home")
    write_home(here, PRACTICE)
    socket = here.run / "door.sock"
    settings = here.settings_file.read_text()
    here.settings_file.write_text(settings.replace('"127.0.0.1:8001"', f'"unix:{socket}"'))
    door = processes.start("door", here.path, tmp_path / "door.log")
    try:
        until = time.monotonic() + 60
        while not socket.exists() and time.monotonic() < until and door.poll() is None:
            time.sleep(0.1)
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket))) as client:
            assert client.get("http://127.0.0.1/healthz").text.strip() == "ok", (tmp_path / "door.log").read_text()
        assert os.stat(socket).st_mode & 0o777 == 0o660
    finally:
        door.terminate()
        door.wait(timeout=30)
