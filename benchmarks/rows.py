"""One shape for every figure: what was measured, beside whom, and whether it is as good as it has to be."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. `peer` is who else was measured in the same run, `ratio` how many times better we are.

    `bar` is the least (or, for a time, the most) that we ask of ourselves; `holds` is None where we ask nothing.
    """

    what: str
    metric: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    bar: float | None = None
    is_better_high: bool = field(default=True, repr=False)

    @property
    def ratio(self) -> float | None:
        if self.peer_value is None or not self.value or not self.peer_value:
            return None
        return self.value / self.peer_value if self.is_better_high else self.peer_value / self.value

    @property
    def holds(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value >= self.bar if self.is_better_high else self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        """Return the row with its two judgements, in the order in which it is documented."""
        told = asdict(self)
        del told["is_better_high"]
        bar = told.pop("bar")
        return {**told, "ratio": None if self.ratio is None else round(self.ratio, 2), "bar": bar, "holds": self.holds}


@dataclass(frozen=True)
class Result:
    """Everything one benchmark found. `notes` say under which conditions, and what limits it."""

    name: str
    rows: Sequence[Row]
    machine: dict[str, Any]
    notes: Sequence[str]

    def as_json(self) -> str:
        told = {"bench": self.name, "machine": self.machine, "rows": [row.as_json() for row in self.rows]}
        return json.dumps({**told, "notes": list(self.notes)}, indent=2)

    def as_text(self) -> str:
        """Return the table, the machine and the notes as they are printed."""
        heads = ("what", "metric", "value", "unit", "peer", "peer value", "ratio", "bar", "holds")
        table = [heads, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in table) for column in range(len(heads))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table]
        facts = [f"{name}: {value}" for name, value in self.machine.items()]
        return "\n".join([*(line.rstrip() for line in lines), "", *facts, "", *self.notes])


def _cells(row: Row) -> tuple[str, ...]:
    bar = "" if row.bar is None else f"{'≥' if row.is_better_high else '≤'} {_number(row.bar)}"
    holds = {None: "", True: "yes", False: "no"}[row.holds]
    return (
        row.what, row.metric, _number(row.value), row.unit, row.peer or "", _number(row.peer_value),
        _number(row.ratio), bar, holds,
    )  # fmt: skip


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
