"""A home, a database and the door's own settings; visitors that keep cookies as browsers do; a door over real HTTP."""

import os
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import django
import httpx
import pytest
from django.conf import settings
from django.test.utils import override_settings

from amparo.cli.init import Wanted, write_home
from amparo.home import Home
from tests.conftest import NewDatabase
from tests.public.visitor import Visitor

_OF_THE_DOOR = (
    "MIDDLEWARE", "ROOT_URLCONF", "ALLOWED_HOSTS", "CSRF_COOKIE_NAME", "CSRF_TRUSTED_ORIGINS", "SITE_NAME", "LEAVE_URL",
    "SECRET_KEY", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "TIME_ZONE_SHOWN",
)  # fmt: skip


@pytest.fixture(scope="session")
def door_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, door_address: str) -> Home:
    """A home as `amparo init` writes it, with its tables in a database of the tests' server."""
    here = Home(tmp_path_factory.mktemp("home"))
    wanted = Wanted(
        site_name="Plaza", site_url="http://plaza.test", connector="plaza", secret="not-used-here", regimes=("EU",),
        door_listen=door_address, console_listen="127.0.0.1:1", door_url=f"http://{door_address}",
        console_url="http://127.0.0.1:1",
    )  # fmt: skip
    write_home(here, wanted)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")
    if not settings.configured:
        os.environ.setdefault("DATABASE_URL", new_database("door"))
        os.environ["AMPARO_HOME"] = str(here.path)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return here


@pytest.fixture
def at_the_door(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process as the door: its settings, its home."""
    import amparo.settings
    from amparo import plugins

    monkeypatch.setenv("AMPARO_HOME", str(home.path))
    monkeypatch.setenv("AMPARO_PROCESS", "door")
    read = runpy.run_path(str(amparo.settings.__file__))
    plugins.installation.cache_clear()
    plugins.sealer.cache_clear()
    with override_settings(**{name: read[name] for name in _OF_THE_DOOR}):
        yield
    plugins.installation.cache_clear()
    plugins.sealer.cache_clear()


_networks = count(1)


@pytest.fixture
def new_visitor(at_the_door: None) -> Callable[[], Visitor]:
    """Visitors, each from a network of their own, so that no budget of hides ends in the middle of the tests."""

    def make() -> Visitor:
        number = next(_networks)
        return Visitor(f"10.{number // 250}.{number % 250}.7")

    return make


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    return new_visitor()


@pytest.fixture(scope="session")
def served_door(home: Home, door_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The door as `amparo door` serves it, over real HTTP. The value is its address."""
    log = tmp_path_factory.mktemp("door") / "door.log"
    env = {**os.environ, "AMPARO_HOME": str(home.path)}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "amparo", "door"], env=env, stdout=output, stderr=output)
    try:
        _wait(f"http://{door_address}/healthz", process, log)
        yield f"http://{door_address}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"The door did not come up:\n{log.read_text()}")
