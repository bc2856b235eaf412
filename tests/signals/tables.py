"""Tables of texts and of what they say, as TOML; and how much of it the rules hear."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from amparo.policies.signal import Signal
from amparo.signals import find

HERE = Path(__file__).parent
KINDS = ("signals", "near", "ordinary")


@dataclass(frozen=True)
class Text:
    """`says`: what it says by the definitions. Kind `near` only looks as if it did; `ordinary` is any complaint."""

    table: str
    kind: str
    words: str
    says: frozenset[Signal]

    @property
    def heard(self) -> frozenset[Signal]:
        return frozenset(hit.signal for hit in find(self.words))


@dataclass(frozen=True)
class Measure:
    """What was said and heard in one table. An alarm is false in a text that says nothing at all."""

    table: str
    said: int
    heard: int
    quiet_texts: int
    false_alarms: int
    mistakes: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.heard / self.said

    @property
    def false_share(self) -> float:
        return self.false_alarms / self.quiet_texts

    def __str__(self) -> str:
        heard = f"heard {self.heard} of {self.said} signals ({self.recall:.0%})"
        false = f"false alarms in {self.false_alarms} of {self.quiet_texts} texts ({self.false_share:.0%})"
        return "\n  ".join([f"{self.table}: {heard}, {false}", *self.mistakes])


def texts(folder: str) -> dict[str, list[Text]]:
    """Return the texts of each table of a folder beside this file, by the table's name. No folder: no table."""
    return {path.stem: table(path) for path in sorted((HERE / folder).glob("*.toml"))}


def table(path: Path) -> list[Text]:
    rows = tomllib.loads(path.read_text("utf-8"))["text"]
    found = [Text(path.stem, row["kind"], row["words"], frozenset(map(Signal, row["signals"]))) for row in rows]
    wrong = [text.words for text in found if text.kind not in KINDS]
    if wrong:
        raise ValueError(f"{path.name}: a kind is one of {', '.join(KINDS)}; look at {wrong[0]!r}.")
    return found


def measure(name: str, rows: list[Text]) -> Measure:
    quiet = [text for text in rows if not text.says]
    mistakes = []
    for text in rows:
        missed, extra = text.says - text.heard, text.heard - text.says
        if missed or (extra and not text.says):
            mistakes.append(f"missed {_names(missed)}, false {_names(extra)}: {text.words}")
    return Measure(
        table=name,
        said=sum(len(text.says) for text in rows),
        heard=sum(len(text.says & text.heard) for text in rows),
        quiet_texts=len(quiet),
        false_alarms=sum(1 for text in quiet if text.heard),
        mistakes=tuple(mistakes),
    )


def _names(signals: frozenset[Signal]) -> str:
    return "/".join(sorted(signal.value for signal in signals)) or "nothing"
