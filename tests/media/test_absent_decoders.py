"""No process that holds a key, a table or a session ever loads a decoder: looked at in the real processes, at work."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from amparo.cli import processes
from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.conftest import PRACTICE, NewDatabase

_DECODERS = {"PIL", "av", "simplejpeg", "numpy"}
_PATIENCE_SECONDS = 90.0
# Runs in each of our processes, as Python runs it at every start: writes down what is loaded, again and again.
_WATCH = """
import json, os, sys, threading, time
def look():
    folder = os.environ["LOADED_MODULES"]
    while True:
        told = json.dumps([os.environ.get("AMPARO_PROCESS", ""), sorted(sys.modules)])
        with open(f"{folder}/{os.getpid()}.new", "w") as file:
            file.write(told)
        os.rename(f"{folder}/{os.getpid()}.new", f"{folder}/{os.getpid()}.json")
        time.sleep(0.2)
def watch():
    threading.Thread(target=look, daemon=True).start()
if "LOADED_MODULES" in os.environ:
    os.register_at_fork(after_in_child=watch)
    watch()
"""
_SIGN_OF_WORK = {
    "door": "amparo.public.urls",
    "console": "amparo.console.urls",
    "api": "amparo.api.urls",
    "worker": "amparo.media.level",
    "vault": "amparo.vault.opening",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Path]:
    """A whole installation at work, and the folder in which its processes write down what they have loaded."""
    folder = tmp_path_factory.mktemp("processes")
    (folder / "sitecustomize.py").write_text(_WATCH)
    (folder / "loaded").mkdir()
    here = Home(folder / "home")
    write_home(here, PRACTICE)
    settings = here.settings_file.read_text()
    for name, port in (("door", "8001"), ("console", "8002"), ("api", "8004")):
        settings = settings.replace(f'listen = "127.0.0.1:{port}"', f'listen = "unix:{here.run / name}.sock"')
    here.settings_file.write_text(settings)
    kept = dict(os.environ)
    os.environ |= {
        "DATABASE_URL": new_database("absent_decoders"),
        "LOADED_MODULES": str(folder / "loaded"),
        "PYTHONPATH": str(folder),
    }
    running: subprocess.Popen[bytes] | None = None
    try:
        upgraded = processes.start_module("amparo", ["init", "--upgrade"], {"AMPARO_HOME": str(here.path)})
        assert upgraded.wait(timeout=120) == 0
        running = processes.start("up", here.path, folder / "up.log")
        yield folder / "loaded"
    finally:
        os.environ.clear()
        os.environ.update(kept)
        if running is not None:
            running.terminate()
            running.wait(timeout=60)


def _ask(socket: Path) -> None:
    """Ask for a page, since much is loaded only for the first one."""
    with contextlib.suppress(httpx.HTTPError), httpx.Client(transport=httpx.HTTPTransport(uds=str(socket))) as client:
        client.get("http://127.0.0.1/")


@pytest.mark.parametrize("process", _SIGN_OF_WORK)
def test_a_process_of_ours_has_no_decoder_loaded(process: str, loaded: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    found: list[set[str]] = []
    while time.monotonic() < until and not any(_SIGN_OF_WORK[process] in modules for modules in found):
        time.sleep(0.2)
        if process in ("door", "console", "api"):
            _ask(loaded.parent / "home" / "run" / f"{process}.sock")
        told = [json.loads(file.read_text()) for file in loaded.glob("*.json")]
        found = [set(modules) for name, modules in told if name == process]
    assert any(_SIGN_OF_WORK[process] in modules for modules in found), (loaded.parent / "up.log").read_text()
    # These two hash pixels that the sandbox gives them, which are arrays to them.
    forbidden = _DECODERS - ({"numpy"} if process in ("api", "worker") else set())
    assert [modules & forbidden for modules in found] == [set()] * len(found)
