"""Writes a database into one file and fills an empty one from it, with PostgreSQL's own programs.

They take the address in parts: a password on a command line could be read by every user of the machine.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from amparo.postgres.binaries import find_program
from amparo.postgres.errors import CannotCopy

# Who was signed in then is signed in no longer.
_LEFT_OUT = ("django_session",)


def dump(url: str, file: Path, snapshot: str) -> None:
    """Write everything the database said at `snapshot` (of pg_export_snapshot) into `file`, while others go on.

    Raises NoBinaries, or CannotCopy with what pg_dump says.
    """
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    words += [f"--exclude-table-data={table}" for table in _LEFT_OUT]
    _run("pg_dump", url, words)


def load(url: str, file: Path) -> None:
    """Fill the empty database at `url` from `file`: all of it or nothing. Raises NoBinaries or CannotCopy."""
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)]
    _run("pg_restore", url, words)


def is_empty(url: str) -> bool:
    """Whether the database at `url` holds no table. Raises CannotCopy where it does not answer."""
    with _connected(url) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1"
        )
        return found.fetchone() is None


def major_of(url: str) -> int:
    """Return the major version of the server at `url`. Raises CannotCopy where it does not answer."""
    with _connected(url) as connection:
        return connection.info.server_version // 10000


def _connected(url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as why:
        raise CannotCopy("The database does not answer. Start it, or correct DATABASE_URL.") from why


def _run(name: str, url: str, words: list[str]) -> None:
    program = find_program(name, major_of(url))
    parts = {name: str(part) for name, part in conninfo_to_dict(url).items()}
    password = parts.pop("password", "")
    kept = {each: os.environ[each] for each in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR") if each in os.environ}
    environment = {**kept, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    command: list[str | Path] = [program, f"--dbname={make_conninfo(**parts)}", *words]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise CannotCopy(f"{program} failed. It says:\n{told.stderr.strip()}")
