"""The reference page has a paragraph for every key, clock and word of a policy."""

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from amparo.policies import elements, policy, table
from amparo.policies.deadlines import next_check
from amparo.policies.parse import parse_policy
from tests.policies.small_policy import SMALL

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "policies.md").read_text()
PARAGRAPHS = set(re.findall(r"^`([a-z_]+)` — ", PAGE, re.MULTILINE))
WORDS = [policy.Topic, policy.Hide, policy.Who, policy.AtLimit, policy.OnExpiry, policy.ClockName, elements.Element]

TABLES = {"applies", "on_report", "claims", "decide", "office", "reason", "elements", "clock"}


def _keys_that_are_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return every key that reading a policy asks for, whether the file has it or not."""
    asked: set[str] = set()
    get = table.Table._get

    def note(self: table.Table, key: str, *rest: Any) -> Any:
        asked.add(key)
        return get(self, key, *rest)

    monkeypatch.setattr(table.Table, "_get", note)
    parse_policy(SMALL, "small.toml")
    # Some tables may be left out, and these two have all of them.
    for name in ("adult-intimate.toml", "child-imagery.toml"):
        parse_policy((files("amparo.policies") / "shipped" / name).read_text(), name)
    return asked


def _keys_of(values: Mapping[str, Any]) -> set[str]:
    below = [each for value in values.values() for each in (value if isinstance(value, list) else [value])]
    return set(values).union(*(_keys_of(each) for each in below if isinstance(each, dict)))


def test_every_key_of_a_policy_has_its_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _keys_that_are_read(monkeypatch) - TABLES <= PARAGRAPHS
    assert all(f"[{name}]" in PAGE for name in TABLES)


def test_every_clock_has_its_paragraph() -> None:
    assert {name.value for name in policy.ClockName} <= PARAGRAPHS


def test_the_page_has_no_paragraph_for_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    there = _keys_that_are_read(monkeypatch) | {name.value for name in policy.ClockName}
    assert there >= PARAGRAPHS


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: kind.__name__)
def test_every_word_that_a_policy_may_use_is_explained(kind: type[Enum]) -> None:
    assert [member.value for member in kind if f"`{member.value}`" not in PAGE] == []


def test_every_key_that_we_ship_has_its_paragraph() -> None:

    for path in (files("amparo.policies") / "shipped").iterdir():
        keys = _keys_of(tomllib.loads(path.read_text()))
        assert keys - TABLES <= PARAGRAPHS, path.name


def test_the_schedule_on_the_page_is_the_one_that_is_kept() -> None:
    start, looks = datetime(2026, 11, 23, 9, tzinfo=UTC), list[float]()
    while len(looks) < 30:
        now = next_check(start, start + timedelta(seconds=looks[-1] if looks else 0))
        looks.append((now - start).total_seconds())
    hours = [3600.0 * hour for hour in range(1, 25)]
    assert looks == [15, 60, 300, 900, *hours, 2 * 86400, 3 * 86400]
    assert "15 seconds, 1, 5 and 15 minutes after the order, each hour for a day, then daily" in PAGE
