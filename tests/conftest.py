"""One real PostgreSQL for the whole run, as durable as in production; each test area takes databases of it."""

import gc
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import django
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from xdist.remote import Producer

from amparo.cli.new_home import write_home
from amparo.cli.new_settings import Wanted
from amparo.home import Home
from amparo.postgres import Server, create_database, drop_database, prepare, start
from tests.scheduling import ByFile, place_in_line

PRACTICE = Wanted(
    site_name="Plaza",
    site_url="http://plaza.test:8000",
    connector="plaza",
    secret="not a secret",
    regimes=("US", "GB"),
    door_listen="127.0.0.1:8001",
    console_listen="127.0.0.1:8002",
    door_url="http://127.0.0.1:8001",
    console_url="http://127.0.0.1:8002",
)


class NewDatabase(Protocol):
    """Makes the database `name` anew, empty or as a copy of another one, and returns its URL."""

    def __call__(self, name: str, template: str | None = None) -> str: ...


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Forget the language of a page that was shown: the door's process and the console's are one here."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An embedded server of our own, gone with all its databases when the tests end."""
    home = tmp_path_factory.mktemp("database") / "home"
    prepare(home)
    with start(home) as server:
        yield server


@pytest.fixture(scope="session")
def new_database(postgres_server: Server) -> NewDatabase:
    """`new_database("people")` is the URL of an empty database; the same name again drops the earlier one."""

    def make(name: str, template: str | None = None) -> str:
        drop_database(postgres_server.url, name)
        return create_database(postgres_server.url, name, template)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long programmes, and write their results down")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="a long programme: ./run test --long"))
    items.sort(key=place_in_line)


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was collected: thousands of tests that stay until the end."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Give this process a home, as `amparo init` writes it, before any module with tables is imported."""
    path = Path(tempfile.mkdtemp(prefix="amparo-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(path, ignore_errors=True))
    os.environ["AMPARO_HOME"] = str(path)
    # Nothing answers there: `amparo_home` says which database it is, once it runs.
    os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    os.environ["DJANGO_SETTINGS_MODULE"] = "amparo.settings"
    write_home(Home(path), PRACTICE)
    # The tests of one process are a flood. Those of the brake say for themselves what is calm.
    settings = path / "amparo.toml"
    calm = re.sub(r"(reports|network)_per_minute = \d+", r"\1_per_minute = 1000000", settings.read_text())
    settings.write_text(calm)
    django.setup()


@pytest.fixture(scope="session")
def amparo_home(new_database: NewDatabase) -> Path:
    """The home of this process, on a database of its own with every table."""
    os.environ["DATABASE_URL"] = new_database("installation")
    from amparo.settings import database_settings

    connection.settings_dict.update(database_settings())
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    return Path(os.environ["AMPARO_HOME"])


@pytest.fixture
def empty_books(amparo_home: Path) -> Iterator[None]:
    """The database without a row of ours, before and after; what must never be is looked for in between."""
    from amparo import plugins
    from amparo.records.invariants import breaches

    # A test before this one may have had another home, and whatever was sealed for this one would lie there.
    plugins.sealer.cache_clear()
    empty()
    yield
    assert breaches() == []
    empty()
    _forget_the_index()
    connections.close_all()


@pytest.fixture
def draw() -> Callable[[int], bytes]:
    """Randomness that is the same in every run."""
    return random.Random(20260301).randbytes


def _forget_the_index() -> None:
    """Rows are numbered from 1 again, so what an index holds under those numbers is no longer so."""
    from amparo import plugins
    from amparo.home import home

    if plugins.matcher.cache_info().currsize:
        plugins.matcher().index.stop()
        plugins.matcher.cache_clear()
    shutil.rmtree(home().index, ignore_errors=True)


def empty() -> None:
    """Take every row out, and let numbers begin anew.

    Rows are deleted: a table that is truncated gets new files, which takes longer than most tests do.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND (tablename LIKE 'records_%' OR tablename = 'django_session' OR tablename IN"
            " ('procrastinate_jobs', 'procrastinate_events', 'procrastinate_periodic_defers'))"
        )
        names = [name for (name,) in cursor.fetchall()]
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)  # noqa: S608 - names of ours
        cursor.execute(" UNION ALL ".join(asked))
        if filled := [name for (name,) in cursor.fetchall()]:
            # Without triggers, so that the order is no matter: what refers to a row goes in the same step.
            deletes = "; ".join(f"DELETE FROM {name}" for name in filled)  # noqa: S608 - names of ours
            cursor.execute(f"SET LOCAL session_replication_role = replica; {deletes}")
        cursor.execute(
            "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL"
            " AND (sequencename LIKE 'records_%' OR sequencename LIKE 'procrastinate_jobs_%')"
        )
