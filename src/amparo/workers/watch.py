"""Notices that the database or the worker is away, and calls a person without asking either of them.

The worker and the door each run one watch. What they know of an outage stands in a small file of their home, so that
between them, and across restarts, a person is called once for it, and once more when it goes on. A database that reads
and does not write is away as well: nothing that comes can be taken, and no alarm can ring.
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

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from amparo.home import home
from amparo.postgres import DatabaseError as WrongDatabase
from amparo.postgres import database_url
from amparo.postgres.databases import is_answering
from amparo.postgres.deadline import deadline
from amparo.records import alarms, heartbeats
from amparo.workers import pager

log = logging.getLogger(__name__)

AWAY, STILL_AWAY, SILENT = "database_away", "database_still_away", "worker_silent"
WORKER_SILENT_AFTER = timedelta(seconds=30)
_LOOK_EVERY_SECONDS = 3.0
# A restart takes a moment, and is no reason to wake anybody. With the looks in between, a call comes within 20 s.
_CALLS_AFTER = (timedelta(seconds=10), timedelta(minutes=10))
# Longer than what the server is told to wait, which ends a wait in a better way.
_CUT_AFTER_SECONDS = 6.0
_CALLS_AGAIN_AFTER_SECONDS = 10.0
_CALLED, _TRIED = "called: worker", "tried: worker"
_MEMORY_BYTES = 256
_AWAY_ERRORS = (WrongDatabase, DatabaseError, InterfaceError)

Call = Callable[[str, str], None]


class Outage:
    """The outage that is going on, if any, as `place` remembers it."""

    def __init__(self, place: Path, call: Call = pager.call) -> None:
        self._place, self._call = place, call

    def note(self, now: datetime) -> None:
        """Note that the database is away; call a person when it has been so for a while, and later again.

        A call that failed is repeated by the next look, whichever process takes it: one may reach the pager although
        another one may not. One that was killed while it called is repeated too, so two calls may come.
        """
        with self._held() as file:
            known = _read(file)
            since = str(known.get("since") or now.isoformat())
            calls = int(known.get("calls") or 0)
            _write(file, {"since": since, "calls": calls})
            due = sum(now - datetime.fromisoformat(since) >= after for after in _CALLS_AFTER)
            if due <= calls:
                return
            kind = AWAY if due == 1 else STILL_AWAY
            log.error("the database is away since %s; calling a person (%s)", since, kind)
            try:
                self._call(kind, "database")
            except pager.NotCalled:
                log.error("the pager did not take the call %s; the next look repeats it", kind)
                return
            _write(file, {"since": since, "calls": due})

    def end(self, now: datetime) -> None:
        """Note that the database answers and writes."""
        with self._held() as file:
            if since := _read(file).get("since"):
                log.warning("the database is back; it was away since %s", since)
                _write(file, {"back_at": now.isoformat()})

    def is_over_for(self, length: timedelta, now: datetime) -> bool:
        """Whether no outage goes on or ended less than so long ago. In one, no worker could give a sign of life."""
        with self._held() as file:
            known = _read(file)
            back_at = known.get("back_at")
            return "since" not in known and (back_at is None or now - datetime.fromisoformat(str(back_at)) > length)

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
    """Look once whether the database answers and writes and, if it does, whether a worker lives."""
    try:
        with _asking():
            heartbeats.prove_writing(now)
            is_over = outage.is_over_for(WORKER_SILENT_AFTER, now)
            silent_alarm = _call_due_for_a_silent_worker(now) if is_over else None
    except _AWAY_ERRORS as error:
        log.error("the database does not answer, or does not write (%s)", type(error).__name__)
        outage.note(now)
        return
    outage.end(now)
    if silent_alarm is not None:
        _call_for_a_silent_worker(silent_alarm)


@contextmanager
def _asking() -> Iterator[None]:
    """A fresh connection that keeps nobody waiting: a server whose disk hangs takes one, and never commits."""
    if not is_answering(database_url(home().database)):
        raise OperationalError("the database does not answer")
    connection.close()
    connection.ensure_connection()
    try:
        with deadline(connection.connection, _CUT_AFTER_SECONDS):
            yield
    finally:
        connection.close()


def _call_due_for_a_silent_worker(now: datetime) -> datetime | None:
    """Ring where no worker has been alive for a while; return that alarm's time where it is on us to call now.

    A person is called once until somebody has taken it up. One process at a time tries, again until a call arrives.
    """
    if not is_worker_silent(now):
        return None
    if alarms.ring(SILENT, "worker", now):
        log.error("no worker has been alive for %d seconds", WORKER_SILENT_AFTER.seconds)
    opened_at = alarms.opened_at(SILENT, "worker")
    if opened_at is None or heartbeats.last(_CALLED) == opened_at:
        return None
    return opened_at if heartbeats.is_due(_TRIED, now, _CALLS_AGAIN_AFTER_SECONDS) else None


def _call_for_a_silent_worker(opened_at: datetime) -> None:
    try:
        pager.call(SILENT, "worker")
    except pager.NotCalled:
        log.error("the pager did not take the call %s; it is repeated", SILENT)
        return
    try:
        with _asking():
            heartbeats.beat(_CALLED, opened_at)
    except _AWAY_ERRORS as error:
        log.error("the call %s was made and not noted (%s); it comes once more", SILENT, type(error).__name__)


def is_worker_silent(now: datetime) -> bool:
    """Whether no worker has been alive for a while. Before the first one has ever been, none is missed."""
    last = heartbeats.last("worker")
    return last is not None and now - last > WORKER_SILENT_AFTER


def _read(descriptor: int) -> dict[str, str | int]:
    """Return what stands in the file; nothing where a kill left half of it."""
    content = os.pread(descriptor, 4096, 0)
    if len(content) < _MEMORY_BYTES:
        # The room is taken while there is some: the outage may be that this very disk is full.
        os.pwrite(descriptor, b" " * (_MEMORY_BYTES - len(content)), len(content))
    try:
        known = json.loads(content.strip() or b"{}")
        if isinstance(known, dict) and known:
            datetime.fromisoformat(str(known["since"] if "since" in known else known["back_at"]))
            return known
    except (KeyError, ValueError):
        log.warning("the memory of the outage is damaged; it begins anew")
    return {}


def _write(descriptor: int, known: dict[str, str | int]) -> None:
    """Write over what stands there, at once and without needing room."""
    os.pwrite(descriptor, json.dumps(known).encode().ljust(_MEMORY_BYTES), 0)
    os.ftruncate(descriptor, _MEMORY_BYTES)
