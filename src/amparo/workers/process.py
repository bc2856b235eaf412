"""The worker process: takes jobs, runs the clocks down each second, sweeps up what no job took, empties the spool."""

import asyncio
import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from time import monotonic

from django.db import DatabaseError, close_old_connections
from procrastinate.contrib.django import app

from amparo.cases.actor import System
from amparo.cases.commands import ExpireClock
from amparo.cases.refs import CaseId
from amparo.home import home
from amparo.network_key import forget_others
from amparo.plugins import Installation, installation, matcher, vault
from amparo.records import alarms, budgets, clocks, effects, heartbeats, invariants, signatures
from amparo.records.away import is_away
from amparo.records.segment_keeper import SegmentKeeper
from amparo.records.segments import IndexFolder
from amparo.vault.spool import sweep
from amparo.workers import backwards, certificates, jobs, media, newest, pager, spool, watch, webhooks

log = logging.getLogger(__name__)

CONCURRENCY = 8
_TICK_SECONDS = 1.0
_HEARTBEAT_SECONDS = 5.0
_STALLED_AFTER_SECONDS = 20.0
_HOURLY_SECONDS = 3600.0
_MINUTELY_SECONDS = 60.0
_TIDY_SECONDS = 5.0


def run(stop: threading.Event) -> None:
    """Work until `stop` is set. Whatever fails is logged by its kind and tried again; only `stop` ends it."""
    ticking = threading.Thread(target=_every_second, args=(stop,), name="ticks", daemon=True)
    taking_in = threading.Thread(target=_take_in_every_second, args=(stop,), name="spool", daemon=True)
    watching = threading.Thread(target=watch.run, args=(stop,), name="watch", daemon=True)
    # Beside the work: no sandbox that starts slowly, or not at all, may keep a worker from its clocks.
    threading.Thread(target=media.report, name="media", daemon=True).start()
    indexing = threading.Thread(target=_keep_the_index, args=(stop,), name="index", daemon=True)
    newly = threading.Thread(target=_watch_the_newest, args=(stop,), name="newest", daemon=True)
    before = threading.Thread(target=_search_backwards, args=(stop,), name="backwards", daemon=True)
    telling = threading.Thread(target=_tell_programs, args=(stop,), name="webhooks", daemon=True)
    threads = (ticking, taking_in, watching, indexing, newly, before, telling)
    for thread in threads:
        thread.start()
    while not stop.is_set():
        try:
            asyncio.run(_take_jobs(stop))
        except Exception as error:
            log.error("the job queue is away (%s); trying again", type(error).__name__)
            stop.wait(1.0)
    for thread in threads:
        thread.join(timeout=5.0)


def tick(here: Installation) -> None:
    """Expire what is due, hand neglected effects to the queue, and show that a worker is alive."""
    now = here.casebook.now()
    heartbeats.beat("worker", now)
    expire_due(here, now)
    for aggregate in effects.neglected(now):
        jobs.look_now(aggregate)
    certificates.make_due(here)
    if heartbeats.is_due("invariants", now, _MINUTELY_SECONDS):
        for breach in invariants.breaches():
            if alarms.ring(f"broken: {breach.what}"[:60], breach.about, now):
                log.error("this must never be: %s, %s", breach.what, breach.about)
                pager.page("broken", breach.about)
    if heartbeats.is_due("hourly", now, _HOURLY_SECONDS):
        budgets.forget_old(now)
        signatures.forget_old(now)


def expire_due(here: Installation, now: datetime) -> list[tuple[str, str]]:
    """Expire the clocks that are due; return of which cases and notices, and their keys. May be done by several."""
    due = clocks.due(now)
    for aggregate, key in due:
        try:
            here.casebook.execute(ExpireClock(CaseId(aggregate), key, System("clocks")))
        except Exception as error:
            if is_away(error):
                raise
            pager.call_for_broken("a clock", aggregate, error, now)
            clocks.put_off(aggregate, key, now)
    return due


def _every_second(stop: threading.Event) -> None:
    while not stop.is_set():
        _survive(lambda: tick(installation()))
        stop.wait(_TICK_SECONDS)


def _take_in_every_second(stop: threading.Event) -> None:
    """Take in what the door kept in an outage. A thread of its own: no slow vault may hold the clocks.

    What this machine's door may keep for a day only goes first, also where the database is away.
    """
    folder = home().spool
    taking_in: spool.TakeIn | None = None
    day: date | None = None

    def forget() -> None:
        nonlocal day
        today = datetime.now(UTC).date()
        if today != day:
            forget_others(home().run, today)
            day = today

    def look() -> None:
        nonlocal taking_in
        taking_in = taking_in or spool.TakeIn(installation(), vault("worker"), folder)
        taking_in.look()

    _survive(lambda: sweep(folder))
    while not stop.is_set():
        _survive(forget)
        _survive(look)
        stop.wait(_TICK_SECONDS)


def _keep_the_index(stop: threading.Event) -> None:
    """Keep this process's index fresh, and the files of all of this machine's in order."""
    keeper = SegmentKeeper(IndexFolder(home().index))

    def tidy() -> None:
        keeper.tidy(datetime.now(UTC))

    with matcher():
        while not stop.is_set():
            _survive(tidy)
            stop.wait(_TIDY_SECONDS)
    keeper.close()


def _watch_the_newest(stop: threading.Event) -> None:
    """Begin a look each minute at what platforms newly show. Decoding takes its time, so it is a thread of its own."""
    pause = _MINUTELY_SECONDS
    while not stop.wait(pause):
        began = monotonic()
        _survive(lambda: newest.look(installation(), stop))
        pause = max(_MINUTELY_SECONDS - (monotonic() - began), _TICK_SECONDS)


def _search_backwards(stop: threading.Event) -> None:
    """Search for what begins to count among all that was shown before. A list is long, so it is a thread of its own."""
    while not stop.wait(_TICK_SECONDS):
        _survive(lambda: backwards.search(installation(), stop))


def _tell_programs(stop: threading.Event) -> None:
    """Send programs what they are owed. Their endpoints may be slow, so it is a thread of its own."""
    while not stop.wait(_TICK_SECONDS):
        _survive(lambda: webhooks.deliver(installation()))


def _survive(step: Callable[[], object]) -> None:
    try:
        close_old_connections()
        step()
    except DatabaseError as error:
        log.error("the database is away (%s); trying again", type(error).__name__)
    except Exception as error:
        # This thread runs every clock down: nothing may end it.
        log.error("a tick broke (%s); trying again", type(error).__name__)


async def _take_jobs(stop: threading.Event) -> None:
    # An app of its own: the usual one goes on deferring inside Django's transactions, from tasks and ticks alike.
    working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with working.open_async():
        ending = asyncio.create_task(_when(stop))
        rescuing = asyncio.create_task(_rescue(working))
        taking = asyncio.create_task(
            working.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="always",
                install_signal_handlers=False,
                fetch_job_polling_interval=1.0,
                update_heartbeat_interval=_HEARTBEAT_SECONDS,
                stalled_worker_timeout=_STALLED_AFTER_SECONDS,
                shutdown_graceful_timeout=10.0,
            )
        )
        await asyncio.wait({ending, taking, rescuing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (ending, rescuing, taking):
            task.cancel()
        for result in await asyncio.gather(taking, rescuing, ending, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def _when(stop: threading.Event) -> None:
    while not await asyncio.to_thread(stop.wait, 0.5):
        pass


async def _rescue(working: object) -> None:
    """Give the jobs of a worker that died mid-run back to the queue: without this they stay `doing` for ever."""
    manager = working.job_manager  # type: ignore[attr-defined]
    while True:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER_SECONDS):
            await manager.retry_job(job)
        await asyncio.sleep(_HEARTBEAT_SECONDS)
