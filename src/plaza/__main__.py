"""Start Plaza: `python -m plaza --home DIR --listen 127.0.0.1:PORT --door-url URL [--seed] [--items N]`.

One process and one thread of Python: killing it leaves nothing behind.
"""

import argparse
import asyncio
import contextlib
import errno
import signal
import socket
import sys
from pathlib import Path

import httpx
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from plaza.crowd import crowd
from plaza.home import Home
from plaza.seed import seed
from plaza.settings import is_loopback_host, is_loopback_url
from plaza.site import install, site


def main(words: list[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    arguments = _arguments().parse_args(words)
    if not is_loopback_url(arguments.door_url):
        raise SystemExit("--door-url is an address of this machine, such as http://127.0.0.1:8000.")
    host, port = _address(arguments.listen)
    url = f"http://{host}:{port}"
    installation = install(Home(arguments.home), url, arguments.door_url)
    if arguments.seed:
        seed(installation)
    if arguments.items:
        crowd(installation, arguments.items, arguments.pictures)
    app = site(installation)
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_level=LogLevels.error,
        http1_settings=HTTP1Settings(max_buffer_size=1 << 20),
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(server, url))
    installation.database.close()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("plaza", description="A small social site to practise on.")
    parser.add_argument("--home", type=Path, required=True, help="directory for its key, database and media")
    parser.add_argument("--listen", required=True, metavar="127.0.0.1:PORT", help="port 0 picks a free one")
    parser.add_argument("--door-url", required=True, metavar="URL", help="base address of the door that takes reports")
    parser.add_argument("--seed", action="store_true", help="fill an empty Plaza with accounts and posts")
    parser.add_argument("--items", type=_count, default=0, metavar="N", help="have N small posts of a crowd")
    parser.add_argument("--pictures", type=_count, default=500, metavar="N", help="how many pictures these share")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError("is a whole number from 1 to 10,000,000")
    return int(text)


def _address(listen: str) -> tuple[str, int]:
    """Return host and port; picks a free port for 0 and stops with a sentence when the port is taken."""
    host, _, number = listen.rpartition(":")
    if not is_loopback_host(host) or ":" in host or not number.isdecimal() or int(number) > 65_535:
        raise SystemExit("--listen is an address of this machine and a port, such as 127.0.0.1:8020.")
    with socket.socket() as probe:
        # The server shares ports on purpose (SO_REUSEPORT), so it would not notice another one: we look first.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(number)))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
            raise SystemExit(f"{listen} {reason}. Choose another port.") from None
        return host, int(probe.getsockname()[1])


async def _serve(server: Server, url: str) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    announcing = asyncio.create_task(_announce(url))
    await server.serve()
    announcing.cancel()


async def _announce(url: str) -> None:
    """Say that Plaza is ready once it has answered a request, not before."""
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                await client.get(f"{url}/static/plaza.css")
                break
            await asyncio.sleep(0.02)
    sys.stdout.write(f"Plaza is ready at {url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
