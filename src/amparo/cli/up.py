"""`amparo up`: every process of a home, started in order and started again when one dies.

For one machine and for the demo. On a server, let its own supervisor run the commands instead.
"""

import argparse
import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amparo.cli import processes
from amparo.home import BadSettings, Home, home
from amparo.postgres import database_url, wait_until_ready

WORDS = ("vault", "worker", "door", "console", "api")
_LOOK_EVERY_SECONDS = 0.2
_SHORTEST_LIFE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def run(arguments: argparse.Namespace) -> int:
    """Run everything until told to stop."""
    here = home()
    here.read()
    with _alone(here.run):
        keep_running(here.path, processes.stop_on_signals(), log=None)
    return 0


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    """Refuse to run beside another one of this home: they would take each other's ports in turn. Ends with us."""
    run.mkdir(mode=0o700, exist_ok=True)
    with (run / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadSettings("This home runs already. Stop the other `amparo up`, or name another home.") from None
        yield


def keep_running(path: Path, stop: threading.Event, log: Path | None) -> None:
    """Start the processes of a home and start again whichever dies, until `stop` is set; then end them in order."""
    started: list[_Kept] = []
    if "DATABASE_URL" not in os.environ:
        started.append(_Kept("database", path, log))
        wait_until_ready(database_url(path / "database"))
    # A home from before there was an API has no address for it, and goes on as it was.
    words = [word for word in WORDS if word != "api" or "api" in Home(path).read()]
    started += [_Kept(word, path, log) for word in words]
    while not stop.wait(_LOOK_EVERY_SECONDS):
        for each in started:
            each.start_again_if_dead()
    for each in reversed(started):
        each.end()


class _Kept:
    """One process that is kept running; it is given more time each time it dies young."""

    def __init__(self, word: str, path: Path, log: Path | None) -> None:
        self._word, self._path, self._log = word, path, log
        self._pause = self._not_before = 0.0
        self._start()

    def start_again_if_dead(self) -> None:
        code = self._process.poll()
        now = time.monotonic()
        if code is None or now < self._not_before:
            return
        if self._not_before == 0.0:
            lived = now - self._started_at
            young = lived < _SHORTEST_LIFE_SECONDS
            self._pause = min(max(self._pause * 2, 0.5), _LONGEST_PAUSE_SECONDS) if young else 0.0
            self._not_before = now + self._pause
            print(f"amparo {self._word} ended ({code}); starting it again", file=sys.stderr)
            if self._pause:
                return
        self._start()

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _start(self) -> None:
        self._process = processes.start(self._word, self._path, self._log)
        self._started_at = time.monotonic()
        self._not_before = 0.0
