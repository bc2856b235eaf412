"""`amparo replay` from anywhere, without a home: text that fits a window, JSON as promised, refusals in a sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.repository import DOCS
from tests.simulate.replays import CHILD, CURVES, OFFICE_HOURS, never_hiding

FIGURES = {
    "minutes_to_hidden",
    "minutes_to_decision",
    "minutes_to_gone",
    "views_after_first_notice",
    "views_after_victims_notice",
    "cases_for_the_item",
    "lone_refusal_refused",
    "minutes_victim_to_hidden",
    "minutes_officer_to_hidden",
}


def _replay(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    program = [sys.executable, "-c", "from amparo.cli import main; main()", "replay", *words]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AMPARO_", "DATABASE_"))}
    return subprocess.run(program, cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=120)


def test_the_json_has_both_histories_by_the_same_figures_and_the_21_systems(tmp_path: Path) -> None:
    told = _replay(tmp_path, "founding-case", "--json")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert set(found["history"]) == set(found["amparo"]) == FIGURES
    assert set(found["zero_reviewers"]) >= FIGURES - {"lone_refusal_refused"}
    for name in ("views_after_first_notice", "views_after_victims_notice"):
        assert tuple(found["amparo"][name]) == tuple(found["history"][name]) == CURVES
    assert list(found["systems"]) == [str(number) for number in range(1, 22)]
    assert all({"name", "works", "shown_by"} <= set(each) for each in found["systems"].values())
    assert found["amparo"]["lone_refusal_refused"] is True
    assert "[[person]]" in found["staffing"]
    assert list(tmp_path.iterdir()) == []
    reference = (DOCS / "reference" / "replay.md").read_text()
    assert [name for name in {*found, *FIGURES} if f"`{name}`" not in reference] == []


def test_the_text_fits_a_hundred_columns_and_always_has_the_row_without_reviewers(tmp_path: Path) -> None:
    staff = tmp_path / "staff.toml"
    staff.write_text(OFFICE_HOURS)
    for words in ((), ("--staffing", str(staff))):
        told = _replay(tmp_path, "founding-case", *words)
        assert told.returncode == 0, told.stderr
        assert max(map(len, told.stdout.splitlines())) <= 100
        assert "zero reviewers" in told.stdout
        assert "[[person]]" in told.stdout


def test_a_policy_from_a_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "never.toml"
    file.write_text(never_hiding())
    told = _replay(tmp_path, "founding-case", "--json", "--policy", str(file))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["amparo"]["minutes_to_hidden"] > 1_000


def test_the_chart_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    told = _replay(tmp_path, "founding-case", "--svg", "chart.svg")
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "chart.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        pytest.param("--staffing", None, "staff.toml cannot be read: No such file", id="no-such-staffing"),
        pytest.param("--staffing", "person = 3\n", "staff.toml, line 1: person: needs", id="bad-staffing"),
        pytest.param("--staffing", "person = [3]\n", "staff.toml, line 1: person: needs", id="no-table-of-a-person"),
        pytest.param("--policy", "name = 3\n", "staff.toml, line 1: name: needs a text", id="bad-policy"),
        pytest.param("--policy", CHILD.replace('"child-imagery"', '"mine"', 1), "is called mine", id="replaces-none"),
        pytest.param("--policy", CHILD.replace('"child-imagery"', '"spam"', 1), "claim the same", id="claims-anothers"),
        pytest.param(
            "--policy", CHILD.replace("people = 2", "people = 1", 1), "at least two people", id="one-may-keep"
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, option: str, text: str | None, reason: str
) -> None:
    file = tmp_path / "staff.toml"
    if text is not None:
        file.write_text(text)
    told = _replay(tmp_path, "founding-case", option, str(file))
    assert told.returncode == 2
    assert told.stdout == ""
    assert reason in told.stderr
    assert "Traceback" not in told.stderr


def test_a_text_that_is_not_utf8_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "staff.toml").write_bytes(b"\xff\xfe")
    told = _replay(tmp_path, "founding-case", "--staffing", "staff.toml")
    assert told.returncode == 2
    assert "not text in UTF-8" in told.stderr


def test_a_chart_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    told = _replay(tmp_path, "founding-case", "--svg", "nowhere/chart.svg")
    assert told.returncode == 2
    assert "cannot be written" in told.stderr
