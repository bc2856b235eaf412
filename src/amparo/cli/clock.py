"""`amparo clock`: the time of a practice home, and how it is moved on. No other home has a clock that can be.

It stops at every moment at which something is due, lets the running worker do what follows, and goes on: so a test sees
the same order of events as somebody who waits for two days.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amparo.cli.running import running_database
from amparo.home import BadSettings, Home, home
from amparo.practice import CLOCK_FILE, PracticeClock, is_practice, length_of, said

if TYPE_CHECKING:
    from amparo.plugins import Installation

_PATIENCE_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 0.02
_SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Stop:
    """A moment at which the clock stood still, and what was due then."""

    at: str
    about: str
    clock: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, how far, and how the answer is given."""
    parser.add_argument("act", choices=["show", "advance"], help="say what time it is there, or move it on")
    parser.add_argument("length", nargs="?", help="how far: a number and s, min, h or d, such as 48h")
    parser.add_argument(
        "--json", action="store_true", help="print what was due on the way, and which alarms ring, as JSON"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the time, or move it on and say what was due on the way. Raises BadSettings in a home that is real."""
    here = home()
    if not is_practice(here.read()):
        raise BadSettings(
            "This home is real, and its time passes by itself. Make one for tests: amparo init --practice."
        )
    if (arguments.length is None) != (arguments.act == "show"):
        raise BadSettings("Say: amparo clock show, or amparo clock advance 48h.")
    clock = PracticeClock(here.path / CLOCK_FILE)
    length = None if arguments.length is None else length_of(arguments.length)
    stops: list[Stop] = []
    with clock.alone(), _books(here) as installation:
        if length is not None:
            for stop in advance(installation, clock, length):
                stops.append(stop)
                if not arguments.json:
                    print(f"{stop.at}  {stop.clock:<24} {stop.about}", flush=True)
        _say(clock, stops, as_json=arguments.json)
    return 0


def _say(clock: PracticeClock, stops: list[Stop], *, as_json: bool) -> None:
    from amparo.records import alarms

    now, ahead = f"{clock.now():%Y-%m-%d %H:%M} UTC", said(clock.ahead)
    ringing = [{"kind": alarm.kind, "about": alarm.aggregate} for alarm in alarms.open_alarms()]
    if as_json:
        found = {"now": now, "ahead": ahead, "due": [asdict(stop) for stop in stops], "alarms": ringing}
        print(json.dumps(found, indent=1))
        return
    for alarm in ringing:
        print(f"An alarm rings: {alarm['kind']} for {alarm['about']}")
    print(f"It is {now} here, {ahead} ahead.")


@contextmanager
def _books(here: Home) -> "Iterator[Installation]":
    with running_database(here):
        import django

        django.setup()
        from django.db import connection

        from amparo import plugins

        try:
            # The database has to say so, too: a line in a file must not move the time of real cases.
            plugins.check_books()
            yield plugins.installation()
        finally:
            connection.close()


def advance(
    here: "Installation",
    clock: PracticeClock,
    length: timedelta,
    pause: Callable[[float], None] = time.sleep,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> Iterator[Stop]:
    """Move the clock on, from one moment at which something is due to the next; yield what was. Needs a worker."""
    from amparo.records import clocks, effects, heartbeats
    from amparo.workers.process import expire_due

    last = heartbeats.last("worker")
    if last is None or clock.now() - last > _SILENT_AFTER:
        raise BadSettings("No worker is running, so nothing would follow. Start `amparo up`, then say it again.")
    end = clock.now() + length
    moment = clock.now()
    while True:
        # Read before the clock is there: then the worker may be the first to see that it is due.
        due = clocks.due(moment)
        clock.move_to(moment)
        expire_due(here, clock.now())
        for about, key in due:
            yield Stop(f"{moment:%Y-%m-%d %H:%M:%S}", about, key)
        _wait(lambda: effects.are_at_rest(clock.now()), pause, patience_seconds)
        if moment == end:
            return
        next_at = clocks.next_wake(after=moment)
        moment = end if next_at is None else min(next_at, end)


def _wait(is_over: Callable[[], bool], pause: Callable[[float], None], patience_seconds: float) -> None:
    """Wait for the worker, but not for a platform that does not answer: that is part of what is tested."""
    until = time.monotonic() + patience_seconds
    while not is_over() and time.monotonic() < until:
        pause(_LOOK_EVERY_SECONDS)
