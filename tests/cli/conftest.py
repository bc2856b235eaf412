"""A home and a database for `amparo hash`, with stand-ins for the records."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.cli.new_home import write_home
from amparo.cli.typed import CALLED_AS
from amparo.home import Home
from tests.cli.hashing import Hashing
from tests.conftest import PRACTICE, NewDatabase


@pytest.fixture(autouse=True)
def called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the tests were started: `./run test` says so to whatever it starts."""
    monkeypatch.delenv(CALLED_AS, raising=False)


@pytest.fixture(scope="module")
def hashing_database(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> str:
    url, home = new_database("hashing"), tmp_path_factory.mktemp("tables") / "home"
    write_home(Home(home), PRACTICE)
    env = {**os.environ, "AMPARO_HOME": str(home), "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "amparo", "init", "--upgrade"], env=env, check=True, capture_output=True)
    return url


@pytest.fixture
def hashing(hashing_database: str, tmp_path: Path) -> Hashing:
    write_home(Home(tmp_path / "home"), PRACTICE)
    return Hashing(tmp_path / "home", hashing_database, tmp_path / "book")
