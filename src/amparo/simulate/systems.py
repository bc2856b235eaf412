"""The 21 systems of the founding case, and which of them work: only those that named tests show."""

from dataclasses import dataclass
from importlib.resources import files

from amparo.policies.table import Table, read_toml


@dataclass(frozen=True)
class System:
    """One system. `shown_by`: the tests, as pytest names them. `missing`: what it lacks, empty where it works."""

    number: int
    name: str
    works: bool
    shown_by: tuple[str, ...]
    missing: str


def systems() -> tuple[System, ...]:
    """Return them in their order, as `systems.toml` has them."""
    name = "systems.toml"
    root = read_toml((files("amparo.simulate") / name).read_text(encoding="utf-8"), name, "list of systems")
    found = tuple(_system(table, number) for number, table in enumerate(root.tables("system"), start=1))
    root.refuse_unknown()
    return found


def _system(table: Table, number: int) -> System:
    shown_by = tuple(table.texts("shown_by"))
    missing = table.text("missing", absent=None) or ""
    if bool(shown_by) is bool(missing):
        table.refuse("shown_by", "a system names either the tests that show it or what it lacks")
    return System(number, table.text("name"), bool(shown_by), shown_by, missing)
