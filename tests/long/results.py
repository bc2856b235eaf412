"""Writes the last result of a long programme into the table that is committed."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "long-programmes.md"

_HEAD = """\
# Long programmes: last results

`./run test --long` runs them and writes this table. Each row is what its last run on some machine gave.

| programme | figure | value | held | when | on |
| --- | --- | --- | --- | --- | --- |
"""


def write_down(programme: str, figures: dict[str, tuple[object, bool]]) -> None:
    """Replace a programme's rows. `figures`: name → (value, whether the bar was held)."""
    rows = TABLE.read_text().splitlines()[6:] if TABLE.exists() else []
    kept = [row for row in rows if row.startswith("| ") and not row.startswith(f"| {programme} |")]
    when, where = f"{datetime.now(UTC):%Y-%m-%d}", f"{os.cpu_count()} cores, {platform.system()}"
    new = [
        f"| {programme} | {name} | {value} | {'yes' if held else '**no**'} | {when} | {where} |"
        for name, (value, held) in figures.items()
    ]
    assert not any(re.search(r"/(home|root|work)/", row) for row in new), "a machine's path has no place in a table"
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text(_HEAD + "\n".join(sorted(kept + new)) + "\n")
