"""A TOML text read key by key, so that every fault is named by file, line and reason and no key goes unread."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, NoReturn, TypeVar

_LENGTH = re.compile(r"([1-9][0-9]{0,8})(s|min|h|d|y)")
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_UNITS["y"] = timedelta(days=365)
_LONGEST = 100 * _UNITS["y"]

E_ = TypeVar("E_", bound=Enum)
T = TypeVar("T")


class MalformedPolicy(ValueError):
    """A policy file that cannot be used. The text names file, line and reason."""


def read_toml(text: str, file: str, kind: str = "policy") -> "Table":
    """Return the root table of a TOML text, which is a `kind` of file. Raises MalformedPolicy where it is not TOML."""
    try:
        return Table(tomllib.loads(text), "", text, file, kind)
    except ValueError as error:  # TOMLDecodeError, and what Python says of a number with thousands of digits
        # No line is named for a text that ends too early: then it is the last.
        found = re.fullmatch(r"(.*) \(at line (\d+), column \d+\)", str(error), flags=re.DOTALL)
        line = found[2] if found else str(max(1, len(text.splitlines())))
        raise MalformedPolicy(f"{file}, line {line}: is not TOML: {found[1] if found else error}.") from None


_ABSENT: Any = object()


class Table:
    """One TOML table read key by key; it remembers what was read, so that unknown keys can be refused."""

    def __init__(self, values: Mapping[str, Any], path: str, text: str, file: str, kind: str = "policy") -> None:
        self._values, self._path, self._text, self._file, self._kind = values, path, text, file, kind
        self._read: dict[str, list[Table]] = {}

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Raise MalformedPolicy for one key of this table."""
        shown = f"{self._path}.{key}".strip(".")
        raise MalformedPolicy(f"{self._file}, line {line_of(self._text, shown)}: {shown}: {reason}.")

    def refuse_unknown(self) -> None:
        """Raise MalformedPolicy for the first key, here or below, that nothing has read."""
        for key in self._values:
            if key not in self._read:
                self.refuse(key, f"is not a key of a {self._kind}; take it out or correct its spelling")
            for below in self._read[key]:
                below.refuse_unknown()

    def _get(self, key: str, kind: type[T] | tuple[type[T], ...], wanted: str, absent: Any = _ABSENT) -> Any:
        self._read.setdefault(key, [])
        if key not in self._values:
            if absent is _ABSENT:
                self.refuse(key, f"is missing; {wanted}")
            return absent
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(key, wanted)
        return value

    def text(self, key: str, pattern: str | None = None, absent: Any = _ABSENT) -> Any:
        value = self._get(key, str, "needs a text in quotes", absent)
        if isinstance(value, str) and (not value.strip() or (pattern and not re.fullmatch(pattern, value))):
            self.refuse(key, f"{value!r} does not have the form {pattern}" if pattern else "is empty")
        return value

    def number(self, key: str, least: int = 0, most: int = 10**9) -> int:
        value = int(self._get(key, int, "needs a whole number"))
        if not least <= value <= most:
            self.refuse(key, f"{value} is not between {least} and {most}")
        return value

    def fraction(self, key: str) -> float | None:
        value = self._get(key, (int, float), "needs a share of the length, such as 0.5", None)
        if value is not None and not 0 < value < 1:
            self.refuse(key, f"{value} is not between 0 and 1")
        return None if value is None else float(value)

    def yes_or_no(self, key: str, absent: Any = _ABSENT) -> bool:
        return bool(self._get(key, bool, "needs true or false", absent))

    def day(self, key: str) -> date:
        value = self._get(key, date, "needs a day, such as 2026-11-21")
        if isinstance(value, datetime):
            self.refuse(key, "needs a day, such as 2026-11-21, without a time")
        return date(value.year, value.month, value.day)

    def moment(self, key: str) -> datetime:
        """Return a moment with its offset from UTC."""
        value = self._get(key, datetime, "needs a moment, such as 2026-11-21T12:00:00Z")
        if value.tzinfo is None:
            self.refuse(key, "needs a moment with its zone, such as 2026-11-21T12:00:00Z")
        return datetime.fromisoformat(value.isoformat())

    def length(self, key: str, absent: Any = _ABSENT) -> timedelta:
        value = self._get(key, str, 'needs a length, such as "15min", "24h" or "90d"', absent)
        if isinstance(value, timedelta):
            return value
        found = _LENGTH.fullmatch(value)
        if found is None:
            self.refuse(key, f'{value!r} is not a length; write "60s", "15min", "24h", "90d" or "1y"')
        if int(found[1]) * _UNITS[found[2]].total_seconds() > _LONGEST.total_seconds():
            self.refuse(key, f"{value!r} is longer than {_LONGEST.days // 365} years")
        return int(found[1]) * _UNITS[found[2]]

    def choice(self, key: str, among: Mapping[str, T], absent: Any = _ABSENT) -> T:
        value = self._get(key, str, f"needs one of {', '.join(among)}", absent)
        if value is absent:
            return value  # type: ignore[no-any-return]
        if value not in among:
            self.refuse(key, f"{value!r} is not one of {', '.join(among)}")
        return among[value]

    def one_of(self, key: str, kind: type[E_]) -> E_:
        return self.choice(key, {member.value: member for member in kind})

    def choices(self, key: str, kind: type[E_]) -> list[E_]:
        among = {member.value: member for member in kind}
        values = self._get(key, list, f"needs a list of {', '.join(among)}")
        for value in values:
            if not isinstance(value, str) or value not in among:
                self.refuse(key, f"{value!r} is not one of {', '.join(among)}")
        return [among[value] for value in values]

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; an absent key is an empty one."""
        values = self._get(key, list, "needs a list of texts in quotes", absent=[])
        if not all(isinstance(value, str) for value in values):
            self.refuse(key, "needs a list of texts in quotes")
        return list(values)

    def days(self, key: str) -> list[date]:
        """Return a list of days; an absent key is an empty one."""
        values = self._get(key, list, "needs a list of days, such as [2026-11-21]", absent=[])
        if not all(isinstance(value, date) and not isinstance(value, datetime) for value in values):
            self.refuse(key, "needs a list of days, such as [2026-11-21], without times")
        return list(values)

    def table(self, key: str, absent: Any = _ABSENT) -> "Table":
        values = self._get(key, dict, "needs a table", absent)
        if not self._read[key]:
            self._read[key] = [Table(values, f"{self._path}.{key}".strip("."), self._text, self._file, self._kind)]
        return self._read[key][0]

    def table_or_none(self, key: str) -> "Table | None":
        """Return a table that may be left out."""
        return self.table(key) if key in self._values else None

    def tables(self, key: str, may_be_absent: bool = False) -> "list[Table]":
        values = self._get(key, list, f"needs at least one [[{key}]]", [] if may_be_absent else _ABSENT)
        if self._read[key]:
            return self._read[key]
        for number, value in enumerate(values):
            if not isinstance(value, dict):
                self.refuse(key, f"needs at least one [[{key}]]")
            self._read[key].append(Table(value, f"{key}[{number}]", self._text, self._file, self._kind))
        return self._read[key]


def line_of(text: str, path: str) -> int:
    """Return the line (from 1) where a key stands or, if it is absent, where its nearest table begins."""
    best, best_length, table, counts = 1, 0, "", dict[str, int]()
    parts = path.split(".")
    for number, line in enumerate(text.splitlines(), start=1):
        here = ""
        if header := re.match(r"\s*\[(\[)?\s*([\w.-]+)\s*\]", line):
            table = header[2]
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{counts[table]}]"
            here = table
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            here = f"{table}.{key[1]}".strip(".")
        for length in range(len(parts), best_length, -1):
            if f"{here}.".startswith(".".join(parts[:length]) + "."):
                best, best_length = number, length
    return best
