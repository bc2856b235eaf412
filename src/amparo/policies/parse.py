"""From TOML to policies. A malformed policy is refused with its file, line and reason; nothing is guessed.

The digest is that of the file's bytes, so a changed comment is a changed version too: what people read is what
is pinned.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any, TypeVar

from amparo.policies.policy import (
    AccountRule,
    AtLimit,
    Budget,
    ClockName,
    ClockRule,
    Hide,
    Lane,
    OnExpiry,
    OnReport,
    Policy,
    Reason,
    Topic,
    Voting,
    Who,
)

_LENGTH = re.compile(r"([1-9][0-9]*)(s|min|h|d|y)")
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_UNITS["y"] = timedelta(days=365)
_EVERY_POLICY_HAS = (ClockName.FIRST_LOOK, ClockName.DECIDED, ClockName.GONE, ClockName.WATCH, ClockName.WINDOW)

E_ = TypeVar("E_", bound=Enum)
T = TypeVar("T")


class MalformedPolicy(ValueError):
    """A policy file that cannot be used. The text names file, line and reason."""


def parse_policy(text: str, file: str) -> Policy:
    """Return the policy that a TOML text states. Raises MalformedPolicy naming `file`, line and reason."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MalformedPolicy(f"{file}: {error}") from None
    root = _Table(tables, "", text, file)
    policy = Policy(
        name=root.text("name", pattern=r"[a-z][a-z0-9-]*"),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        title=root.text("title"),
        lane=Lane[root.table("applies").choice("lane", {lane.name.lower(): lane for lane in Lane}).name],
        topics=frozenset(root.table("applies").choices("topics", Topic)),
        harm=root.number("harm", least=1, most=1000),
        on_report=_on_report(root.table("on_report")),
        remove=_voting(root.table("decide").table("remove")),
        keep=_voting(root.table("decide").table("keep")),
        account=_account(root.table("decide").table("account")),
        reasons=tuple(_reason(t) for t in root.tables("reason")),
        clocks=tuple(_clock(t) for t in root.tables("clock")),
    )
    _check_laws(policy, root)
    root.refuse_unknown()
    return policy


def _on_report(table: "_Table") -> OnReport:
    budget = table.table("budget")
    return OnReport(
        hide=table.one_of("hide", Hide),
        who=table.one_of("who", Who),
        rehide_once=table.yes_or_no("rehide_once"),
        budget=Budget(budget.number("per_network_per_hour", least=1), budget.number("in_all_per_hour", least=1)),
    )


def _voting(table: "_Table") -> Voting:
    return Voting(
        people=table.number("people", least=1, most=5),
        blind=table.yes_or_no("blind", absent=False),
        one_of_lead=table.choice("one_of", {"lead": True}, absent=False),
    )


def _account(table: "_Table") -> AccountRule:
    return AccountRule(
        suspend=table.number("suspend", least=1, most=5),
        suspend_for_good=table.number("suspend_for_good", least=1, most=5),
        suspend_for=table.length("suspend_for"),
        hide_unreviewed_media=table.yes_or_no("hide_unreviewed_media"),
    )


def _reason(table: "_Table") -> Reason:
    return Reason(table.text("id", pattern=r"[a-z][a-z0-9_]*"), table.text("text"))


def _clock(table: "_Table") -> ClockRule:
    length = table.length("length")
    page_at = table.fraction("page_at")
    return ClockRule(
        name=table.one_of("name", ClockName),
        length=length,
        regime=table.text("regime", pattern=r"[A-Z]{2}", absent=None),
        page_at=page_at,
        renew=table.length("renew", absent=length),
        on_expiry=tuple(table.choices("on_expiry", OnExpiry)),
        at_limit=table.choice("at_limit", {limit.value: limit for limit in AtLimit}, absent=None),
        source=table.text("source"),
        checked_on=table.day("checked_on"),
    )


def _check_laws(policy: Policy, root: "_Table") -> None:
    """Refuse a policy that says what no policy may say: the work's laws are not configurable."""
    decide = root.table("decide")
    if policy.remove.people != 1:
        decide.table("remove").refuse(
            "people", "removing takes one person; a second would let one person's absence stop it"
        )
    if policy.lane is not Lane.ORDINARY:
        if policy.keep.people < 2 or not policy.keep.blind:
            decide.table("keep").refuse("people", "keeping sexual imagery up takes at least two people, blind")
        if policy.lane is Lane.CHILD and not policy.keep.one_of_lead:
            decide.table("keep").refuse("one_of", 'in the child lane one of the two is a lead: one_of = "lead"')
        if policy.account.suspend_for_good < 2:
            decide.table("account").refuse("suspend_for_good", "a suspension for good takes at least two people")
    if policy.on_report.hide is not Hide.NEVER and not policy.rules(ClockName.HIDDEN, frozenset()):
        root.refuse("clock", 'a policy that hides needs a clock "hidden", or nobody notices that it failed')
    for name in _EVERY_POLICY_HAS:
        if not policy.rules(name, frozenset()):
            root.refuse("clock", f'a house rule for the clock "{name.value}" is missing, so a case could stand still')
    if not policy.reasons:
        root.refuse("reason", "a refusal cites a rule, so at least one [[reason]] is needed")


_ABSENT: Any = object()


class _Table:
    """One TOML table read key by key; it remembers what was read, so that unknown keys can be refused."""

    def __init__(self, values: Mapping[str, Any], path: str, text: str, file: str) -> None:
        self._values, self._path, self._text, self._file = values, path, text, file
        self._read: dict[str, list[_Table]] = {}

    def refuse(self, key: str, reason: str) -> None:
        """Raise MalformedPolicy for one key of this table."""
        where = _line(self._text, f"{self._path}.{key}".strip("."))
        shown = f"{self._path}.{key}".strip(".")
        raise MalformedPolicy(f"{self._file}, line {where}: {shown}: {reason}.")

    def refuse_unknown(self) -> None:
        """Raise MalformedPolicy for the first key, here or below, that nothing has read."""
        for key in self._values:
            if key not in self._read:
                self.refuse(key, "is not a key of a policy; take it out or correct its spelling")
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
        value: date = self._get(key, date, "needs a day, such as 2026-11-21")
        return value

    def length(self, key: str, absent: Any = _ABSENT) -> timedelta:
        value = self._get(key, str, 'needs a length, such as "15min", "24h" or "90d"', absent)
        if isinstance(value, timedelta):
            return value
        found = _LENGTH.fullmatch(value)
        if found is None:
            self.refuse(key, f'{value!r} is not a length; write "60s", "15min", "24h", "90d" or "1y"')
        assert found is not None  # noqa: S101 - for the type checker: refuse() has raised
        return _UNITS[found[2]] * int(found[1])

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
            if value not in among:
                self.refuse(key, f"{value!r} is not one of {', '.join(among)}")
        return [among[value] for value in values]

    def table(self, key: str) -> "_Table":
        values = self._get(key, dict, "needs a table")
        if not self._read[key]:
            self._read[key] = [_Table(values, f"{self._path}.{key}".strip("."), self._text, self._file)]
        return self._read[key][0]

    def tables(self, key: str) -> "list[_Table]":
        values = self._get(key, list, f"needs at least one [[{key}]]")
        for number, value in enumerate(values):
            if not isinstance(value, dict):
                self.refuse(key, f"needs at least one [[{key}]]")
            self._read[key].append(_Table(value, f"{key}[{number}]", self._text, self._file))
        return self._read[key]


def _line(text: str, path: str) -> int:
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
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            here = f"{table}.{key[1]}".strip(".")
        for length in range(len(parts), best_length, -1):
            if here and here == ".".join(parts[:length]):
                best, best_length = number, length
    return best
