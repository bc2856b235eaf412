"""Notices that the database or the worker is away, and calls a person without asking either of them.

The worker and the door each run one watch. What they know of an outage stands in a small file of their home, so that
between them, and across restarts, a person is called once for it, and once more when it goes on.
"""

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, InterfaceError, close_old_connections

from amparo.home import home
from amparo.postgres import DatabaseError as WrongDatabase
from amparo.postgres import database_url
from amparo.postgres.databases import is_answering
from amparo.records import alarms, heartbeats
from amparo.workers import pager

log = logging.getLogger(__name__)

AWAY, STILL_AWAY, SILENT = "database_away", "database_still_away", "worker_silent"
WORKER_SILENT_AFTER = timedelta(seconds=30)
_LOOK_EVERY_SECONDS = 3.0
# A restart takes a moment, and is no reason to wake anybody. With the looks in between, a call comes within 20 s.
_CALLS_AFTER = (timedelta(seconds=10), timedelta(minutes=10))

Page = Callable[[str, str], None]


class Outage:
    """The outage that is going on, if any, as `place` remembers it."""

    def __init__(self, place: Path, page: Page = pager.page) -> None:
        self._place, self._page = place, page

    def note(self, now: datetime) -> None:
        """Note that the database is away; call a person when it has been so for a while, and later again."""
        with self._held() as file:
            known = _read(file)
            since = str(known.get("since") or now.isoformat())
            calls = int(known.get("calls") or 0)
            due = sum(now - datetime.fromisoformat(since) >= after for after in _CALLS_AFTER)
            _write(file, {"since": since, "calls": max(calls, due)})
        if due > calls:
            kind = AWAY if due == 1 else STILL_AWAY
            log.error("the database is away since %s; calling a person (%s)", since, kind)
            self._page(kind, "database")

    def end(self, now: datetime) -> None:
        """Note that the database answers."""
        if not self._place.exists() or self._place.stat().st_size == 0:
            return
        with self._held() as file:
            if since := _read(file).get("since"):
                log.warning("the database is back; it was away since %s", since)
            _write(file, {})

    @contextmanager
    def _held(self) -> Iterator[int]:
        descriptor = os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)


def run(stop: threading.Event) -> None:
    """Watch until `stop` is set. Nothing ends it."""
    outage = Outage(home().run / "outage.json")
    while not stop.wait(_LOOK_EVERY_SECONDS):
        try:
            look(outage, datetime.now(UTC))
        except Exception as error:
            # It is what calls when nothing else can, so no mistake of ours may end it.
            log.error("a look of the watch broke (%s); going on", type(error).__name__)


def start() -> None:
    """Watch beside whatever else this process does, until it ends."""
    threading.Thread(target=run, args=(threading.Event(),), name="watch", daemon=True).start()


def look(outage: Outage, now: datetime) -> None:
    """Look once whether the database answers and, if it does, whether a worker lives."""
    try:
        answers = is_answering(database_url(home().database))
    except WrongDatabase:
        answers = False
    if not answers:
        outage.note(now)
        return
    outage.end(now)
    try:
        close_old_connections()
        ring_for_a_silent_worker(now)
    except (DatabaseError, InterfaceError) as error:
        log.error("the database went away during a look (%s)", type(error).__name__)


def ring_for_a_silent_worker(now: datetime) -> None:
    """Call a person, once until somebody has taken it up, where no worker has been alive for a while."""
    if is_worker_silent(now) and alarms.ring(SILENT, "worker", now):
        log.error("no worker has been alive for %d seconds", WORKER_SILENT_AFTER.seconds)
        pager.page(SILENT, "worker")


def is_worker_silent(now: datetime) -> bool:
    """Whether no worker has been alive for a while. Before the first one has ever been, none is missed."""
    last = heartbeats.last("worker")
    return last is not None and now - last > WORKER_SILENT_AFTER


def _read(descriptor: int) -> dict[str, str | int]:
    """Return what stands in the file; nothing where a kill left half of it."""
    try:
        known = json.loads(os.pread(descriptor, 4096, 0) or b"{}")
        if isinstance(known, dict) and known:
            datetime.fromisoformat(str(known["since"]))
            return known
    except (KeyError, ValueError):
        log.warning("the memory of the outage is damaged; it begins anew")
    return {}


def _write(descriptor: int, known: dict[str, str | int]) -> None:
    os.ftruncate(descriptor, 0)
    if known:
        os.pwrite(descriptor, json.dumps(known).encode(), 0)
