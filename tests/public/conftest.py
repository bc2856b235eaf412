"""This process as the door; visitors that keep cookies; staff to move cases on; a door over real HTTP.

This file is loaded before there is a home, so what needs tables is imported where it is used.
"""

import os
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.conftest import PRACTICE, NewDatabase

if TYPE_CHECKING:
    from tests.public.staff import Staff
    from tests.public.visitor import Visitor

_networks = count(1)
_posts = count(1000)


@pytest.fixture
def at_the_door(empty_books: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process with the middleware and addresses of the door, and an installation of its own."""
    from django.test.utils import override_settings

    import amparo.settings
    from amparo import plugins

    monkeypatch.setenv("AMPARO_PROCESS", "door")
    read = runpy.run_path(str(amparo.settings.__file__))
    of_the_door = {name: read[name] for name in ("MIDDLEWARE", "ROOT_URLCONF", "CSRF_COOKIE_NAME", "ALLOWED_HOSTS")}
    plugins.installation.cache_clear()
    with override_settings(**of_the_door):
        yield
    plugins.installation.cache_clear()


@pytest.fixture
def new_visitor(at_the_door: None) -> "Callable[[], Visitor]":
    """Visitors, each from a network of their own, so that no budget of hides ends in the middle of a test."""

    from tests.public.visitor import Visitor

    def make() -> Visitor:
        number = next(_networks)
        return Visitor(f"10.{number // 250}.{number % 250}.7")

    return make


@pytest.fixture
def visitor(new_visitor: "Callable[[], Visitor]") -> "Visitor":
    return new_visitor()


@pytest.fixture
def staff(at_the_door: None) -> "Staff":
    """A reviewer and a lead, and the platform as it is seen: what moves a case on."""
    from tests.public.staff import Staff

    return Staff.enrolled()


@pytest.fixture
def post() -> str:
    """A link to a post that nobody has reported yet."""
    return f"{PRACTICE.site_url}/post/{next(_posts)}"


def elsewhere(listen: str) -> str:
    """Where "Leave this page" leads in these tests."""
    return f"http://localhost:{listen.rpartition(':')[2]}/static/public/dot.svg"


@contextmanager
def serving(database: str, folder: Path, at: str = "/healthz", calm: int = 600, framed_by: str = "") -> Iterator[str]:
    """`amparo door` with a home of its own on a free port, once it answers `at`. The value is its address.

    `calm` is how many reports a minute it takes for calm. `framed_by`: the site whose pages may frame the report
    button's page.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    address, log = f"http://{listen}", folder / "door.log"
    write_home(Home(folder / "home"), replace(PRACTICE, door_listen=listen, door_url=address))
    # "Leave this page" leads to another site, which to a browser is another name: a test must reach nobody.
    settings = folder / "home" / "amparo.toml"
    written = settings.read_text().replace("https://www.wikipedia.org/", elsewhere(listen))
    written = written.replace("\nreports_per_minute = 600", f"\nreports_per_minute = {calm}")
    settings.write_text(written.replace("framed_by = []", f'framed_by = ["{framed_by}"]') if framed_by else written)
    env = {**os.environ, "AMPARO_HOME": str(folder / "home"), "DATABASE_URL": database}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "amparo", "door"], env=env, stdout=output, stderr=output)
    try:
        _wait(f"{address}{at}", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def served_door(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The door over real HTTP, on the database of this process, in which its watch shows signs of life."""
    with serving(os.environ["DATABASE_URL"], tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture
def doomed_database(amparo_home: Path, new_database: NewDatabase) -> str:
    """A database with every table, for a test that takes it away."""
    url = new_database("doomed")
    env = {**os.environ, "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "amparo", "init", "--upgrade"], env=env, check=True, capture_output=True)
    return url


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"The door did not come up:\n{log.read_text()}")
