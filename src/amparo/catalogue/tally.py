"""How many files came to what: counted once each, over all the sessions that a run takes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Fate(Enum):
    """What became of a file. All but `REFUSED` and `UNREAD` are kept and known again from now on."""

    HASHED = "hashed"
    NOT_HASHABLE = "not_hashable"
    KNOWN = "known"
    REFUSED = "refused"
    UNREAD = "unread"


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `why` and `says` are empty where nothing is wrong; `says` is a sentence for people."""

    fate: Fate
    size_bytes: int = 0
    why: str = ""
    says: str = ""


@dataclass
class Tally:
    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Of what was refused or not read: `fate reason`."""
    size_bytes: int = 0
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.fates[outcome.fate.value] += 1
        self.size_bytes += outcome.size_bytes
        if outcome.fate in (Fate.REFUSED, Fate.UNREAD):
            self.reasons[f"{outcome.fate.value} {outcome.why}"] += 1

    @property
    def files(self) -> int:
        return self.fates.total()

    def of(self, fate: Fate) -> int:
        return self.fates[fate.value]

    def reasons_of(self, fate: Fate) -> list[tuple[str, int]]:
        """Return why, the most frequent first."""
        found = [(why.partition(" ")[2], count) for why, count in self.reasons.items() if why.startswith(fate.value)]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def as_json(self) -> dict[str, Any]:
        return {
            "fates": dict(self.fates),
            "reasons": dict(self.reasons),
            "size_bytes": self.size_bytes,
            "seconds": self.seconds,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Tally":
        return cls(Counter(told["fates"]), Counter(told["reasons"]), told["size_bytes"], told["seconds"])
