"""A process that `freshness` starts: `alone`, which comes first, `finder` or `adder`. It prints one line at its end."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django
import numpy as np

from benchmarks.freshness import TIMES

if TYPE_CHECKING:
    from amparo.records.matcher import Matcher

_PAUSE_SECONDS = 0.06
_BANK = "bench"


def main() -> None:
    django.setup()
    {"alone": _alone, "finder": _find, "adder": _add}[sys.argv[1]]()


def _hashes(name: str) -> list[str]:
    """Return the hashes that the processes have agreed upon."""
    chance = np.random.default_rng(sum(map(ord, name)))
    return [chance.bytes(32).hex() for _ in range(TIMES)]


def _migrate() -> None:
    from django.core.management import call_command

    from amparo.records import banks

    call_command("migrate", verbosity=0, interactive=False)
    banks.create(_BANK, source="made up", confirmed_by="chance", now=datetime.now(UTC))


def _put(digits: str) -> float:
    """Add a hash; return the time before."""
    from amparo.records import banks

    before = time.monotonic()
    banks.add(_BANK, {"pdq": digits}, "bench", source=banks.Source.LIST)
    return before


def _alone() -> None:
    _migrate()
    took = []
    with _matcher() as matcher:
        for digits in _hashes("alone"):
            time.sleep(_PAUSE_SECONDS)
            before = _put(digits)
            while not matcher.lookup("pdq", digits):
                pass
            took.append(time.monotonic() - before)
    print("took", *took)


def _find() -> None:
    found = []
    with _matcher() as matcher:
        print("ready", flush=True)
        for digits in _hashes("elsewhere"):
            while not matcher.lookup("pdq", digits):
                time.sleep(0.0005)
            found.append(time.monotonic())
    print("found", *found)


def _add() -> None:
    added = []
    for digits in _hashes("elsewhere"):
        time.sleep(_PAUSE_SECONDS)
        added.append(_put(digits))
    print("added", *added)


@contextmanager
def _matcher() -> Iterator["Matcher"]:
    """Yield a matcher that is ready. Hashes alone are looked up, so no two files are compared."""
    from amparo.home import home
    from amparo.records.matcher import Matcher

    with Matcher(home().index, lambda work, item, hits: None) as matcher:
        while not matcher.status().is_complete:
            time.sleep(0.01)
        yield matcher


if __name__ == "__main__":
    main()
