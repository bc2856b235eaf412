"""How many whole reports a second the door makes durable, and how long each waits for its receipt.

A report counts if the database holds it afterwards: sent, with the code that was shown, its case open, its post on the
way to be hidden, clocks running. Load and server share the machine.
"""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from benchmarks import floor, machine, reports
from benchmarks.bench import Effort
from benchmarks.clients import Load, Visit, drive
from benchmarks.rows import Result, Row
from benchmarks.world import World, running_world

RATE_BAR, P99_BAR_MS = 150.0, 300.0
_LINES = 16
_POSTS_EACH_SECOND = 250

Say = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """One run: what the database holds of it by the second, how long a report took, what it cost.

    `others` is the share of the cores that processes which do not belong to the run had meanwhile.
    """

    rate: float
    posts: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    client_ms: float
    database_ms: float
    others: float
    lost: int


def measure(effort: Effort, say: Say) -> Result:
    """Measure reports in one form, by the five forms, at a steady rate, beside a worker, and the baseline."""
    with running_world() as world:
        facts = {**machine.facts(), **machine.database_facts(world.database)}
        beside = _beside_the_worker(world, effort, say)
        posts = reports.made_up_posts(world.site)
        whole, forms = reports.in_one_post(world.door, posts), reports.by_the_forms(world.door, posts)
        plain = floor.started(world)
        say("warming up")
        _run(world, whole, min(effort.seconds, 2.0))
        one, steady, five, bare = [], [], [], []
        for turn in range(1, effort.repeats + 1):
            say(f"turn {turn} of {effort.repeats}: reports in one form, steadily, by five forms; the baseline")
            one.append(_run(world, whole, effort.seconds))
            steady.append(_run(world, whole, effort.seconds, each_second=RATE_BAR))
            five.append(_run(world, forms, effort.seconds))
            bare.append(_floor(world, plain, effort.seconds / 2))
    whole_rows = _rows("durable reports", one, peer=bare, has_bar=True)
    paced = f"durable reports, {RATE_BAR:.0f} coming each second"
    rows = [
        *whole_rows,
        Row(paced, "p50 ms", _median(steady, "p50_ms"), "ms", is_better_high=False),
        Row(paced, "p99 ms", _median(steady, "p99_ms"), "ms", bar=P99_BAR_MS, is_better_high=False),
        *_rows("durable reports by the five forms", five),
        Row("durable reports by the five forms", "forms", _median(five, "posts"), "/s"),
        *_rows("durable reports beside a busy worker", beside),
    ]
    return Result("intake", rows, facts, _notes(one, [*one, *steady, *five, *beside]))


def _beside_the_worker(world: World, effort: Effort, say: Say) -> list[Figure]:
    number = int(effort.seconds * effort.repeats * _POSTS_EACH_SECOND) + _LINES
    say(f"publishing {number} posts for a worker to hide")
    published = world.posts(number)
    world.start("worker")
    # Should there be too few, later reports join cases that are open already.
    visits = reports.in_one_post(world.door, cycle(published))
    say("reports in one form, beside a worker and the platform it orders about")
    figures = [_run(world, visits, effort.seconds) for _ in range(effort.repeats)]
    world.end("worker")
    return figures


def _run(world: World, visits: Iterator[Visit], seconds: float, each_second: float = 0.0) -> Figure:
    before, busy = world.cpu_seconds(), machine.busy_seconds()
    load = drive(world.door, visits, seconds=seconds, lines=_LINES * (4 if each_second else 1), each_second=each_second)
    after, busy = world.cpu_seconds(), machine.busy_seconds() - busy
    held = reports.held(world.database, load.came_of_it)
    own = {name: after[name] - before[name] for name in after}
    others = busy - sum(own.values()) - load.cpu_seconds
    return _figure(load, held, own["door"], own["database"], others)


def _floor(world: World, address: str, seconds: float) -> Figure:
    before, cpu = floor.held(world.database), world.cpu_seconds()
    load = drive(address, floor.visits(address), seconds=seconds, lines=_LINES)
    after = world.cpu_seconds()
    held = floor.held(world.database) - before
    return _figure(load, held, after["floor"] - cpu["floor"], after["database"] - cpu["database"])


def _figure(load: Load, held: int, server: float, database: float, others: float = 0.0) -> Figure:
    each = max(held, 1)
    took = sorted(load.seconds)
    return Figure(
        rate=held / load.lasted,
        posts=load.posts / load.lasted,
        p50_ms=1000 * took[len(took) // 2],
        p99_ms=1000 * took[min(int(len(took) * 0.99), len(took) - 1)],
        cpu_ms=1000 * (server + database + load.cpu_seconds) / each,
        client_ms=1000 * load.cpu_seconds / each,
        database_ms=1000 * database / each,
        others=max(others, 0.0) / load.lasted / (os.cpu_count() or 1),
        lost=len(load.came_of_it) - held,
    )


def _rows(what: str, runs: Sequence[Figure], *, peer: Sequence[Figure] = (), has_bar: bool = False) -> list[Row]:
    def row(metric: str, name: str, unit: str, bar: float | None, *, is_better_high: bool) -> Row:
        beside, its = (floor.NAME, _median(peer, name)) if peer else (None, None)
        asked = bar if has_bar else None
        return Row(what, metric, _median(runs, name), unit, beside, its, asked, is_better_high)

    return [
        row("rate", "rate", "/s", RATE_BAR, is_better_high=True),
        row("p50 ms", "p50_ms", "ms", None, is_better_high=False),
        row("p99 ms", "p99_ms", "ms", P99_BAR_MS, is_better_high=False),
        row("cpu ms", "cpu_ms", "ms each", None, is_better_high=False),
    ]


def _median(runs: Sequence[Figure], name: str) -> float:
    return round(float(statistics.median(getattr(run, name) for run in runs)), 2)


def _notes(whole: Sequence[Figure], runs: Sequence[Figure]) -> list[str]:
    lost = sum(run.lost for run in runs)
    cpu, client, database = (_median(whole, name) for name in ("cpu_ms", "client_ms", "database_ms"))
    door = cpu - client - database
    used = _median(whole, "rate") * cpu / 10 / (os.cpu_count() or 1)
    others = 100 * _median(whole, "others")
    return [
        f"Answered with a code and not in the database: {lost} reports.",
        "Counted are reports that the database holds: sent, with their code, case open, hide ordered, clocks running.",
        f"A report costs {cpu:.1f} ms of processor: door {door:.1f}, database {database:.1f}, client {client:.1f}.",
        f"That used {used:.0f} % of the cores; what does not belong to the run used {others:.0f} % meanwhile.",
        "Where the two come near 100 %, the processors are what limits the rate.",
        f"{_LINES} people at once over kept-alive HTTP, each for the length of some visits from a network of its own.",
        "The only setting that is not as shipped: the budget of automatic hides in all, so that every post is hidden.",
        "By five forms, a report is 5 POSTs and the 4 pages between them. Without a worker no order is carried out.",
        "Beside a busy worker: it, Plaza, the door, the database and the clients share the cores.",
    ]
