"""Keeps the database of a home running until it is told to stop: what `amparo database` does."""

import logging
import threading
import time
from pathlib import Path

from amparo.postgres.errors import DatabaseError
from amparo.postgres.server import Server

logger = logging.getLogger(__name__)

FREE_RETRIES = 5
LONGEST_PAUSE_SECONDS = 30.0


def supervise(path: Path, stop: threading.Event) -> None:
    """Serve the database in `path` until `stop` is set, and start it again each time it dies.

    The first start must succeed, unless the server is killed: its error is for the person at the terminal. Later ones
    are tried for ever: at once after a server that had answered, with growing pauses when starts keep failing. A
    server that recovers after a crash is never interrupted, however long it takes. Call it from a thread that lives
    as long as the process. Raises a DatabaseError from the first start only.
    """
    with Server(path) as server:
        try:
            server.launch()
            _wait_until_it_answers(server, stop)
        except DatabaseError:
            if not server.was_killed:
                raise
        while not stop.is_set():
            while server.is_alive and not stop.wait(0.05):
                pass
            if stop.is_set():
                break
            logger.error("The database died; starting it again.")
            _start_again(server, stop)
        logger.info("The database is stopping.")


def _start_again(server: Server, stop: threading.Event) -> None:
    """Return when the server answers again, or `stop` is set."""
    failures = 0
    while not stop.wait(pause_before_start(failures)):
        try:
            server.launch()
            _wait_until_it_answers(server, stop)
        except DatabaseError as why:
            failures += 1
            logger.error("The database does not start (%d times in a row): %s", failures, why)
        else:
            return


def pause_before_start(failures: int) -> float:
    """Return how many seconds to wait after `failures` failed starts in a row."""
    if failures <= FREE_RETRIES:
        return 0.0
    return float(min(LONGEST_PAUSE_SECONDS, 2.0 ** min(failures - FREE_RETRIES - 1, 10)))


def _wait_until_it_answers(server: Server, stop: threading.Event) -> None:
    began = time.monotonic()
    told = False
    while not stop.is_set() and not server.answers():
        if not told and time.monotonic() - began > 30:
            logger.warning("The database is still recovering; it is left alone until it has finished.")
            told = True
        stop.wait(0.05)
    if not stop.is_set():
        logger.info("The database is ready (process %d).", server.pid)
