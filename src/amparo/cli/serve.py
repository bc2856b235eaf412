"""`amparo door`, `amparo console` and `amparo api`: the web processes, each on its own address."""

import argparse
import os
import urllib.parse
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from amparo.cli import ready
from amparo.home import BadSettings, home

_TARGETS = {
    "door": "amparo.public.wsgi:application",
    "console": "amparo.console.wsgi:application",
    "api": "amparo.api.wsgi:application",
}
# Python computes on one core at a time, so the door has a process for each, up to as many as one database is worth.
# The console has one: few people use it, and it counts their attempts to sign in in its own memory. The API has one:
# its work is done in the sandbox and the kernel, which use every core, and each process would hold the index again.
PROCESSES = {"door": min(os.cpu_count() or 1, 4), "console": 1, "api": 1}
# Each thread has a connection of its own. While one waits for the disk, or for the sandbox, the others compute.
THREADS = {"door": 4, "console": 4, "api": max(4, 2 * (os.cpu_count() or 1))}
# A process that is told to stop before it serves does not hear it: it is killed after so many seconds.
_SECONDS_TO_STOP = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options: where to listen stands in amparo.toml."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    word = str(arguments.word)
    os.environ["AMPARO_PROCESS"] = word
    place = _place(word)
    ready.check(word)
    if word == "api":
        from amparo.api.limits import limits

        limits()
    if word == "door":
        from amparo.public import brake

        brake.limits()
    server = Granian(
        _TARGETS[word],
        **place,
        interface=Interfaces.WSGI,
        workers=PROCESSES[word],
        blocking_threads=THREADS[word],
        workers_kill_timeout=_SECONDS_TO_STOP,
        log_access=False,
        websockets=False,
    )
    server.serve()
    return 0


def _place(word: str) -> dict[str, Any]:
    """Return where to listen, in the words of the server. Raises BadSettings for a place that is none."""
    table = home().read().get(word)
    if table is None and word == "api":
        raise BadSettings(
            'This home has no [api]. Add it to amparo.toml: [api] listen = "127.0.0.1:8004", hosts = ["127.0.0.1"].'
        )
    listen = str((table or {}).get("listen"))
    if listen.startswith("unix:/"):
        # For this user and its group: the proxy's user has to be in it.
        return {"uds": Path(listen.removeprefix("unix:")), "uds_permissions": 0o660}
    try:
        parts = urllib.parse.urlsplit(f"//{listen}")
        if parts.hostname is None or parts.port is None:
            raise ValueError
        return {"address": parts.hostname, "port": parts.port}
    except ValueError:
        raise BadSettings(
            f'Set [{word}] listen = "127.0.0.1:8001" (an address and a port, or unix:/ and a path) in amparo.toml.'
        ) from None
