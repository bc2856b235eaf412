"""Runs one of PostgreSQL's programs on a data directory, as the server's user."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amparo.postgres.account import Account
from amparo.postgres.errors import CannotStart


@contextmanager
def reachable_data(data: Path, account: Account) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the argument for `-D` and the `subprocess` options with which `account` can work on `data`.

    Below a closed directory such as /root the server's user could not even open its own data by name. Root opens the
    directory and hands down the handle instead, so the data stay where the operator put them and no directory above
    is opened to others.
    """
    options: dict[str, Any] = {**account.popen_options(), "cwd": "/", "env": environment()}
    if account.can_reach(data):
        yield str(data), options
        return
    if not sys.platform.startswith("linux"):
        raise CannotStart(
            f"The server runs as user {account.uid}, who cannot reach {data}. "
            "Open the directories above it (chmod o+x), put the home elsewhere, or do not run this as root."
        )
    handle = os.open(data, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}", {**options, "pass_fds": (handle,)}
    finally:
        os.close(handle)


def environment() -> dict[str, str]:
    """Return the little that the server may know of our environment: no secrets, and no PGPORT or PGOPTIONS."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {"LC_ALL": "C", "PATH": os.defpath, **kept}
