"""One real PostgreSQL for the whole run, as durable as in production; each test area takes databases of it."""

from collections.abc import Iterator
from typing import Protocol

import pytest

from amparo.postgres import Server, create_database, drop_database, prepare, start


class NewDatabase(Protocol):
    """Makes the database `name` anew, empty or as a copy of another one, and returns its URL."""

    def __call__(self, name: str, template: str | None = None) -> str: ...


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
