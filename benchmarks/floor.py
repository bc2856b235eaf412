"""The baseline: what this machine does with one row for each POST, made durable, through the same server.

No framework, no rule, no page: a bare WSGI function that inserts what came and says "ok". Nothing that keeps its word
can be faster here with this server, this driver and this database.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit

import psycopg
from granian import Granian
from granian.constants import Interfaces

from amparo.cli import processes
from amparo.lifeline import die_with_parent
from benchmarks.clients import Visit, request
from benchmarks.world import World, free_port, wait_for

NAME = "baseline: one row by bare WSGI"
_ROW = "INSERT INTO bench_floor (body) VALUES (%s)"
_own = threading.local()


def started(world: World) -> str:
    """Start the baseline beside the door, on the same database server; return its address."""
    with psycopg.connect(world.database) as connection:
        connection.execute("CREATE TABLE bench_floor (id bigserial PRIMARY KEY, body text NOT NULL)")
    port = free_port()
    more = {"BENCH_DATABASE": world.database}
    world.parts["floor"] = processes.start_module("benchmarks.floor", [str(port)], more, world.log("floor"))
    wait_for(f"http://127.0.0.1:{port}/", world.parts["floor"], world.log("floor"))
    return f"http://127.0.0.1:{port}"


def visits(address: str) -> Iterator[Visit]:
    """Yield people who post as many bytes as a report has."""
    return (_visit(urlsplit(address).netloc) for _ in repeat(None))


def held(database: str) -> int:
    """Return how many rows there are."""
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM bench_floor").fetchone()
    return 0 if row is None else int(row[0])


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Insert what was posted, and answer once it is on disk."""
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        _connection().execute(_ROW, [body.decode()], prepare=True)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def _connection() -> psycopg.Connection:
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(os.environ["BENCH_DATABASE"], autocommit=True)
    return _own.connection  # type: ignore[no-any-return]


def _visit(host: str) -> Visit:
    yield request("POST", host, "/", fields={"body": "x" * 200})
    return "ok"


def _serve(port: int) -> None:
    """Serve with as many processes and threads as the door has."""
    from amparo.cli.serve import PROCESSES, THREADS

    Granian(
        "benchmarks.floor:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES["door"],
        blocking_threads=THREADS["door"],
        log_access=False,
        websockets=False,
    ).serve()


if "BENCH_DATABASE" in os.environ:  # In a child of the server, which would go on holding the port.
    die_with_parent()
if __name__ == "__main__":
    _serve(int(sys.argv[1]))
