"""What a benchmark is, and which there are. A new one is one file with a `measure`, and one line here."""

import importlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from amparo.home import BadSettings
from benchmarks.rows import Result

# name → (module, what it measures). A module is imported only when its name is said.
BENCHES = {
    "intake": ("benchmarks.intake", "whole reports through the door's HTTP, counted in the database"),
    "door": ("benchmarks.door", "what the door asks of a reporter, by way and language; its first page on a slow line"),
    "hash": ("benchmarks.hash", "from the bytes of a picture or video to its PDQ hash, beside threatexchange"),
    "match": ("benchmarks.match", "exact lookup among millions of hashes, beside threatexchange's index and faiss"),
    "clips": ("benchmarks.clips", "clips hidden in compilations, changed in twenty ways, beside vPDQ's rule"),
    "device": (
        "benchmarks.device",
        "how far a browser's code of a picture lies from the server's hash of the same file",
    ),
    "media": ("benchmarks.media", "opening pictures and videos in the sandbox, and what its walls cost"),
}


@dataclass(frozen=True)
class Effort:
    """How long each figure is measured, and how often: the median of the repeats is the figure.

    `sizes` are how many hashes are searched, where hashes are searched.
    """

    seconds: float = 6.0
    repeats: int = 3
    sizes: tuple[int, ...] = (1_000_000, 10_000_000)


def sizes_in(words: str) -> tuple[int, ...]:
    """Return the numbers in words such as "1M,10M,50k". Raises BadSettings where they are no such words."""
    found = re.fullmatch(r"(\d+[kM]?)(,\d+[kM]?)*", words)
    if found is None:
        raise BadSettings(f"--n takes numbers of hashes such as 1M,10M, and not {words!r}.")
    times = {"k": 1_000, "M": 1_000_000}
    sizes = tuple(int(word.rstrip("kM")) * times.get(word[-1], 1) for word in words.split(","))
    if min(sizes) < 1000:
        raise BadSettings("A search among fewer than 1000 hashes says nothing: make --n larger.")
    return sizes


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
