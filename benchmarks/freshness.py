"""How soon a hash that is added is matched: by the process that added it, and by another one, through PostgreSQL."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from amparo.home import BadSettings
from amparo.postgres import create_database, prepare, start
from benchmarks.rows import Row

TIMES = 11
BARS_MS = {"this process": 50.0, "another process": 1000.0}
_PATIENCE_SECONDS = 120


def measure(say: Callable[[str], None]) -> list[Row]:
    """Return a row for each kind of process: the median from before the hash is committed until it is found."""
    say("adding hashes through PostgreSQL")
    with tempfile.TemporaryDirectory(prefix="amparo-bench-") as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o755)
        prepare(home / "database")
        with start(home / "database") as server:
            url = create_database(server.url, "freshness")
            environment = {
                **os.environ,
                "AMPARO_HOME": str(home),
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "amparo.settings",
            }
            took = {"this process": _local(environment), "another process": _elsewhere(environment)}
    return [
        Row(f"add, {where}", "add to matchable ms", float(f"{1000 * median(seconds):.3g}"), "ms",
            bar=BARS_MS[where], is_better_high=False)
        for where, seconds in took.items()
    ]  # fmt: skip


def _local(environment: dict[str, str]) -> list[float]:
    alone = _program("alone", environment)
    return [float(each) for each in _answer(alone, "took").split()]


def _elsewhere(environment: dict[str, str]) -> list[float]:
    """Both look at the one clock of the machine."""
    finder = _program("finder", environment)
    _answer(finder, "ready", ends=False)
    adder = _program("adder", environment)
    added = [float(each) for each in _answer(adder, "added").split()]
    found = [float(each) for each in _answer(finder, "found").split()]
    return [end - begin for begin, end in zip(added, found, strict=True)]


def _program(act: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "benchmarks.freshness_process", act]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)


def _answer(program: "subprocess.Popen[str]", word: str, *, ends: bool = True) -> str:
    """Return what a program says after that word, on a line of its own. Raises BadSettings where it says another."""
    assert program.stdout is not None  # noqa: S101 - for the type checker: it was started with a pipe
    said, _, rest = program.stdout.readline().strip().partition(" ")
    if ends:
        program.wait(_PATIENCE_SECONDS)
    if said != word:
        program.kill()
        raise BadSettings(f"The process that measures freshness ended with {program.wait()} before it said {word!r}.")
    return rest
