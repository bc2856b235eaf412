"""`amparo door` and `amparo console`: the two web processes, each on its own address."""

import argparse
import os
import urllib.parse

from granian import Granian
from granian.constants import Interfaces

from amparo.cli import ready
from amparo.home import BadSettings, home

_TARGETS = {"door": "amparo.public.wsgi:application", "console": "amparo.console.wsgi:application"}
# As many requests at once as keep two database connections busy for each core.
_THREADS = 2 * (os.cpu_count() or 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options: the address stands in amparo.toml."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    word = str(arguments.word)
    os.environ["AMPARO_PROCESS"] = word
    host, port = _address(word)
    ready.check(word)
    server = Granian(
        _TARGETS[word],
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        log_access=False,
        websockets=False,
    )
    server.serve()
    return 0


def _address(word: str) -> tuple[str, int]:
    """Return where to listen. Raises BadSettings for an address that is none."""
    listen = home().read().get(word, {}).get("listen")
    try:
        parts = urllib.parse.urlsplit(f"//{listen}")
        if not listen or parts.hostname is None or parts.port is None:
            raise ValueError
        return parts.hostname, parts.port
    except ValueError:
        raise BadSettings(f'Set [{word}] listen = "127.0.0.1:8001" (an address and a port) in amparo.toml.') from None
