"""How many files came to what: counted once each, over all the sessions that a run takes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fate(Enum):
    """What became of a file. The first three are known again from now on.

    `REFUSED`: it is not opened, now or later. `UNREAD`: it cannot be had. `MISSED`: it could not be had this time.
    """

    HASHED = "hashed"
    NOT_HASHABLE = "not_hashable"
    KNOWN = "known"
    REFUSED = "refused"
    UNREAD = "unread"
    MISSED = "missed"


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `why` and `says` are empty where nothing is wrong; `says` is a sentence for people."""

    fate: Fate
    size_bytes: int = 0
    why: str = ""
    says: str = ""


@dataclass
class Tally:
    """What became of the files of one run, each counted once, in whichever session.

    `fates`: how many files by the value of their Fate. `reasons`: of those that are not known, how many by `fate why`.
    `size_bytes`: of all that were read. `seconds`: how long its sessions took together, waiting included.
    """

    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    size_bytes: int = 0
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        """Count one more file. Repeating it counts another one."""
        self.fates[outcome.fate.value] += 1
        self.size_bytes += outcome.size_bytes
        if outcome.why and outcome.fate is not Fate.NOT_HASHABLE:
            self.reasons[f"{outcome.fate.value} {outcome.why}"] += 1

    @property
    def files(self) -> int:
        """How many were counted, whatever became of them."""
        return self.fates.total()

    def of(self, fate: Fate) -> int:
        """Return how many files came to that."""
        return self.fates[fate.value]

    def reasons_of(self, fate: Fate) -> list[tuple[str, int]]:
        """Return why files came to that, and how many each, the most frequent first."""
        found = [(why.partition(" ")[2], count) for why, count in self.reasons.items() if why.startswith(fate.value)]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def as_json(self) -> dict[str, Any]:
        """Return what `read` makes the same tally of."""
        return {
            "fates": dict(self.fates),
            "reasons": dict(self.reasons),
            "size_bytes": self.size_bytes,
            "seconds": self.seconds,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Tally":
        """Return the tally that was told by `as_json`. Raises KeyError for anything else."""
        return cls(Counter(told["fates"]), Counter(told["reasons"]), told["size_bytes"], told["seconds"])
