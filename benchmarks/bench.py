"""What a benchmark is, and which there are. A new one is one file with a `measure`, and one line here."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from benchmarks.rows import Result

# name → (module, what it measures). A module is imported only when its name is said.
BENCHES = {
    "intake": ("benchmarks.intake", "whole reports through the door's HTTP, counted in the database"),
    "media": ("benchmarks.media", "opening pictures and videos in the sandbox, and what its walls cost"),
}


@dataclass(frozen=True)
class Effort:
    """How long each figure is measured, and how often: the median of the repeats is the figure."""

    seconds: float = 6.0
    repeats: int = 3


class Bench(Protocol):
    """A module that measures one thing."""

    def measure(self, effort: Effort, say: Callable[[str], None]) -> Result:
        """Measure, and `say` what is being done meanwhile. Raises BadSettings where it cannot run."""


def bench(name: str) -> Bench:
    """Return the benchmark of that name. Raises KeyError."""
    return cast(Bench, importlib.import_module(BENCHES[name][0]))


def say(what: str) -> None:
    """Show progress beside the result, so that --json stays clean."""
    print(f"  … {what}", file=sys.stderr, flush=True)
