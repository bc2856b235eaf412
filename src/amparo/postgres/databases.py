"""Addresses of databases, and databases by name: for every process that uses the server, and for tests."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from amparo.postgres.errors import CannotStart, DatabaseError
from amparo.postgres.home import Home


def database_url(path: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of Amparo's database: DATABASE_URL, or else that of the embedded server in `path`.

    It holds the password: keep it out of logs. Whether a server answers there is another question
    (`wait_until_ready`). Raises NotPrepared before `amparo init`.
    """
    return environ.get("DATABASE_URL") or Home.at(path).url()


def is_answering(url: str) -> bool:
    """Whether the server at `url` answers a query now; one that starts or recovers does not.

    Raises DatabaseError when it answers that the password is wrong or the database is missing: waiting will not help.
    """
    try:
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError as why:
        if "authentication failed" in str(why):
            raise DatabaseError("The database refuses our password. Restore the password file that it was made with,"
                                " or correct DATABASE_URL.") from why  # fmt: skip
        if "does not exist" in str(why) and "FATAL" in str(why):
            raise DatabaseError(
                "The server answers, but the database is missing. Create it, or correct DATABASE_URL."
            ) from why
        return False
    return True


def wait_until_ready(url: str, patience: float = 60) -> None:
    """Return when the server at `url` answers: for a process that was started beside its database.

    Raises CannotStart after `patience` seconds.
    """
    gives_up_at = time.monotonic() + patience
    while not is_answering(url):
        if time.monotonic() > gives_up_at:
            raise CannotStart(
                f"No database has answered for {patience:.0f} seconds. "
                "Start `amparo database`, or correct DATABASE_URL."
            )
        time.sleep(0.05)


def create_database(url: str, name: str, template: str | None = None) -> str:
    """Create the empty database `name`, or a copy of `template`, on the server of `url`, and return its address.

    Nobody may be connected to `template` meanwhile.
    """
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
    return urlsplit(url)._replace(path="/" + quote(name, safe="")).geturl()


def drop_database(url: str, name: str) -> None:
    """Drop the database `name` on the server of `url` if it is there, and cut off whoever uses it.

    `url` itself must name another database.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
