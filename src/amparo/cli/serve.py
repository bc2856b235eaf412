"""`amparo door` and `amparo console`: the two web processes, each on its own address."""

import argparse
import os
import urllib.parse
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from amparo.cli import ready
from amparo.home import BadSettings, home

_TARGETS = {"door": "amparo.public.wsgi:application", "console": "amparo.console.wsgi:application"}
# As many requests at once as keep two database connections busy for each core.
_THREADS = 2 * (os.cpu_count() or 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options: where to listen stands in amparo.toml."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    word = str(arguments.word)
    os.environ["AMPARO_PROCESS"] = word
    place = _place(word)
    ready.check(word)
    server = Granian(
        _TARGETS[word],
        **place,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        log_access=False,
        websockets=False,
    )
    server.serve()
    return 0


def _place(word: str) -> dict[str, Any]:
    """Return where to listen, in the words of the server. Raises BadSettings for a place that is none."""
    listen = str(home().read().get(word, {}).get("listen"))
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
