"""Ends a wait on a server that neither answers nor fails: one whose disk hangs, or that is frozen."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def deadline(connection: "psycopg.Connection[object]", seconds: float) -> Iterator[None]:
    """Cut a connection if what stands in the `with` lasts longer; the wait then ends as psycopg's OperationalError."""
    timer = threading.Timer(seconds, cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cut(connection: "psycopg.Connection[object]") -> None:
    """Shut a connection down under the thread that waits on it: to that thread the server has gone away."""
    try:
        with socket.socket(fileno=os.dup(connection.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error):
        return  # It has just ended by itself.
