"""How long the door waits for a database that neither answers nor fails: one whose disk hangs, or that is frozen.

The server's own limits (`settings.py`) end what it still can end. Here a request's connection is cut from our side, and
after one such wait the others go to the spool at once; every few seconds one of them tries the database again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from amparo.postgres.deadline import cut

_LOOK_EVERY_SECONDS = 0.25


class Patience:
    """The patience of one process, shared by its threads. `limit_seconds` is how long one request may wait in all.

    It is above the server's own limits, which end a wait in a better way. After a wait of `slow_seconds` that failed,
    the door rests from asking for `rest_seconds`.
    """

    def __init__(
        self,
        limit_seconds: float = 10.0,
        slow_seconds: float = 1.0,
        rest_seconds: float = 3.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit_seconds, self._slow_seconds, self._rest_seconds = limit_seconds, slow_seconds, rest_seconds
        self._now = now
        self._lock = threading.Lock()
        self._waiting: dict[int, tuple[float, BaseDatabaseWrapper]] = {}
        self._rests_until: float | None = None
        self._watcher: threading.Thread | None = None

    @contextmanager
    def limits(self) -> Iterator[None]:
        """Cut this thread's connection if what stands in the `with` lasts too long; the wait then ends as a failure."""
        thread = threading.get_ident()
        with self._lock:
            self._waiting[thread] = (self._now(), connections["default"])
            self._watch()
        try:
            yield
        finally:
            with self._lock:
                self._waiting.pop(thread, None)

    def is_resting(self) -> bool:
        """Whether this request had better not ask the database. Once in a while one is told to try."""
        with self._lock:
            if self._rests_until is None:
                return False
            if self._now() < self._rests_until:
                return True
            self._rests_until = self._now() + self._rest_seconds
            return False

    def failed(self) -> None:
        """Note that this thread's request found the database away; if it took long, the next ones do not ask."""
        with self._lock:
            began, _ = self._waiting.get(threading.get_ident(), (self._now(), None))
            is_slow = self._now() - began >= self._slow_seconds
            self._rests_until = self._now() + self._rest_seconds if is_slow else None

    def answered(self) -> None:
        """Note that the database answers."""
        if self._rests_until is not None:
            with self._lock:
                self._rests_until = None

    def _watch(self) -> None:
        if self._watcher is None or not self._watcher.is_alive():
            self._watcher = threading.Thread(target=self._cut_overdue, name="patience", daemon=True)
            self._watcher.start()

    def _cut_overdue(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_SECONDS)
            with self._lock:
                overdue = self._now() - self._limit_seconds
                for thread, (began, database) in list(self._waiting.items()):
                    if began < overdue:
                        _cut(database)
                        del self._waiting[thread]


def _cut(database: BaseDatabaseWrapper) -> None:
    if database.connection is not None:  # Else it is being made, which has a limit of its own.
        cut(database.connection)
