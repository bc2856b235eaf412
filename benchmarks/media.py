"""What it costs to open a file in a sandbox, beside the same decode in one process without any wall.

Both read the same bytes from memory and produce the same pixels with the same code; the sandbox also starts and ends a
process for each file, locks it in, and carries the pixels over to the asker, who checks them.
"""

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from amparo.home import BadSettings
from amparo.media.errors import MediaError
from amparo.media.inside.decoding import decode, load_decoders
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Depth, Job, Limits
from benchmarks import machine
from benchmarks.bench import Effort
from benchmarks.media_files import files
from benchmarks.rows import Result, Row

PEER = "in one process, no sandbox"
_SMALL = "jpeg 640x640"
_APART_MS = 500

Say = Callable[[str], None]


@dataclass(frozen=True)
class Figure:
    """What one file takes: the time until it is read to its end, and the processor time of all who had a part in it."""

    seconds: float
    cpu_seconds: float


def measure(effort: Effort, say: Say) -> Result:
    """Measure each kind of file one after another, in turns with the baseline; then starts, then every core."""
    facts = machine.facts()
    say("drawing pictures and a video")
    made = files()
    load_decoders()
    with Sandbox() as sandbox:
        level = sandbox.level()
        if not level.is_full:
            raise BadSettings(f"There is no full sandbox here to measure. {level.mend}")
        try:
            rows = [row for name, file in made.items() for row in _rows(sandbox, name, file, effort, say)]
            rows += _every_core(sandbox, made[_SMALL], effort, say)
        except MediaError as error:
            raise BadSettings(f"A file could not be opened: {error}") from None
    rows.append(_starts(made[_SMALL], effort, say))
    return Result("media", rows, facts, _notes(str(level), rows))


def _rows(sandbox: Sandbox, name: str, file: bytes, effort: Effort, say: Say) -> list[Row]:
    inside, plain = [], []
    for turn in range(1, effort.repeats + 1):
        say(f"{name}: turn {turn} of {effort.repeats}")
        inside.append(_figure(lambda: _sandboxed(sandbox, file), effort.seconds / 4))
        plain.append(_figure(lambda: _in_process(file), effort.seconds / 4))
    ours, theirs = _median(inside, "seconds"), _median(plain, "seconds")
    cpu, their_cpu = _median(inside, "cpu_seconds"), _median(plain, "cpu_seconds")
    return [
        Row(name, "rate", round(1 / ours, 2), "/s", PEER, round(1 / theirs, 2)),
        Row(name, "p50 ms", round(1000 * ours, 2), "ms", PEER, round(1000 * theirs, 2), is_better_high=False),
        Row(name, "cpu ms", round(1000 * cpu, 2), "ms each", PEER, round(1000 * their_cpu, 2), is_better_high=False),
        Row(name, "cost ms", round(1000 * (cpu - their_cpu), 2), "ms", is_better_high=False),
    ]


def _every_core(sandbox: Sandbox, file: bytes, effort: Effort, say: Say) -> list[Row]:
    """Return the rate with as many askers as there are cores."""
    cores, rates = os.cpu_count() or 1, []
    say(f"{_SMALL}: {cores} at once")
    with ThreadPoolExecutor(cores) as threads:
        for _ in range(effort.repeats):
            until, started = time.monotonic() + effort.seconds / 4, time.monotonic()

            def ask(_: int, until: float = until) -> int:
                count = 0
                while time.monotonic() < until:
                    _sandboxed(sandbox, file)
                    count += 1
                return count

            opened = sum(threads.map(ask, range(cores)))
            rates.append(opened / (time.monotonic() - started))
    return [Row(f"{_SMALL}, {cores} at once", "rate", round(statistics.median(rates), 2), "/s")]


def _starts(file: bytes, effort: Effort, say: Say) -> Row:
    """Return how long a new sandbox takes to its first file: what a hostile file costs the next one."""
    say("starting sandboxes")
    took = []
    with Sandbox() as sandbox:
        sandbox.level()
        for _ in range(max(effort.repeats, 3) * 2):
            started = time.perf_counter()
            with sandbox.opened(file) as media:
                next(media.frames)  # Left before its end, so that its sandbox is thrown away.
            took.append(time.perf_counter() - started)
    return Row("a new sandbox and its first file", "p50 ms", round(1000 * statistics.median(took), 2), "ms",
               is_better_high=False)  # fmt: skip


def _figure(work: Callable[[], None], seconds: float) -> Figure:
    """Return what one call takes, of at least three. Processor time counts every process below ours, ended or not."""
    work()
    took: list[float] = []
    before, until = machine.cpu_seconds(os.getpid()), time.perf_counter() + seconds
    while len(took) < 3 or time.perf_counter() < until:
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return Figure(statistics.median(took), (machine.cpu_seconds(os.getpid()) - before) / len(took))


def _median(runs: list[Figure], name: str) -> float:
    return float(statistics.median(getattr(run, name) for run in runs))


def _sandboxed(sandbox: Sandbox, file: bytes) -> None:
    with sandbox.opened(file, apart_ms=_APART_MS) as media:
        for _ in media.frames:
            pass


def _in_process(file: bytes) -> None:
    job = Job(Depth.KEY_FRAMES, _APART_MS, Limits())
    with os.fdopen(os.memfd_create("file"), "w+b") as memory, open(os.devnull, "wb") as nowhere:
        memory.write(file)
        memory.flush()
        decode(job, memory.fileno(), nowhere.fileno())


def _notes(level: str, rows: list[Row]) -> list[str]:
    costs = [row.value for row in rows if row.metric == "cost ms"]
    return [
        f"The sandbox: {level}.",
        f"The walls cost {min(costs):.1f} to {max(costs):.1f} ms of processor a file, more for more pixels.",
        "Each file has a fresh process; the decoders are loaded once, in a process that never sees a file.",
        f"The baseline is no peer but the floor: {PEER}, with the same code, its pixels thrown away.",
        "A sandbox whose process did not end in order is thrown away; the last row is what that costs.",
    ]
