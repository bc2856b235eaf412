"""The database for as long as a command needs it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from amparo.home import Home
from amparo.postgres import Server, database_url, start
from amparo.postgres.databases import is_answering


@contextmanager
def running_database(here: Home) -> Iterator[str]:
    """Give the address of a database that answers: somebody else's, one that runs already, or one started for this.

    Raises DatabaseError.
    """
    url = database_url(here.database)
    server: Server | None = None
    if "DATABASE_URL" not in os.environ and not is_answering(url):
        server = start(here.database)
    try:
        yield url
    finally:
        if server is not None:
            server.stop()
