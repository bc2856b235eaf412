"""How much comes in at the door, what is calm, and which work is asked for where it is not.

In calm times nothing is asked: no task, no wait, not one byte more. What then becomes of a report: `turns.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest

from amparo.home import BadSettings, home
from amparo.plugins import without_books
from amparo.public import work
from amparo.public.network import network_of
from amparo.public.rates import Rates

_ALL = "all"
_USUAL = {"reports_per_minute": 600, "per_network_per_minute": 60}


@dataclass(frozen=True)
class Limits:
    """How many reports a minute are calm: in all, and from one network."""

    in_all: float
    per_network: float


@cache
def limits() -> Limits:
    """Return the limits of this process. Raises BadSettings."""
    return read_limits(home().read().get("brake", {}))


def read_limits(written: Mapping[str, Any]) -> Limits:
    """Return what the table says, with the usual figures where it says nothing. Raises BadSettings."""
    figures = {**_USUAL, **written}
    for name in _USUAL:
        value = figures[name]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise BadSettings(f"[brake] {name} is a whole number above 0. Correct it in amparo.toml.")
    return Limits(figures["reports_per_minute"], figures["per_network_per_minute"])


@cache
def rates() -> Rates:
    """Return the counts of this machine's door."""
    return Rates(home().run / "rates")


def asked(request: HttpRequest) -> int:
    """Return how hard the work is that is asked for now, of this network: 0 in calm times."""
    network = network_of(request)
    return _bits(rates().of(_ALL), rates().of(f"network:{network}") if network else 0.0)


def task_for(request: HttpRequest, about: str) -> str:
    """Return the task to put on a page, for the form with that key or the report with that id; "" in calm times."""
    return work.task(asked(request), about, without_books().casebook.now())


def count_report(network: str) -> tuple[int, float]:
    """Count one report from a network; return how hard the work is that is asked for it, and the network's rate."""
    in_all = rates().note(_ALL)
    of_network = rates().note(f"network:{network}") if network else 0.0
    return _bits(in_all, of_network), of_network


def _bits(in_all: float, of_network: float) -> int:
    load = max(in_all / limits().in_all, of_network / limits().per_network)
    if load <= 1:
        return 0
    return work.LIGHT if load <= 2 else work.MIDDLE if load <= 4 else work.HEAVY
