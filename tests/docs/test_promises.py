"""What the front pages promise is there: all 21 systems, each law with a test that exists, the version's own entry."""

import re
import tomllib

import pytest

from tests.docs.repository import ROOT

README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ?([^|]*)\|$", README, re.MULTILINE)
LAWS = re.findall(r"^\| ([a-z]) \| ([^|]+) \| ([^|]+) \|$", ARCHITECTURE, re.MULTILINE)
# The word by which each system of the founding case is known again, in its order.
SYSTEMS = [
    "item", "form", "account", "victim", "parent", "identity", "acknowledgement", "decision", "appeal", "copy",
    "suspension", "ncmec", "law enforcement", "views", "advertising", "tags", "upload", "policy", "sextortion",
    "school", "claims",
]  # fmt: skip


def test_the_table_of_the_readme_has_every_system_of_the_founding_case_in_its_order() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, len(SYSTEMS) + 1))
    missed = [word for word, (_, system, *_) in zip(SYSTEMS, ROWS, strict=True) if word not in system.lower()]
    assert missed == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_system_has_a_plain_verdict_and_what_is_partly_there_says_what_is_not(row: tuple[str, ...]) -> None:
    _, _, verdict, words = row
    assert verdict in ("works", "partly", "not yet")
    assert words.strip() or verdict == "not yet"


def test_every_law_stands_in_the_architecture() -> None:
    assert [law for law, *_ in LAWS] == list("abcdefghijklmnop")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law[0])
def test_each_law_names_what_holds_it_and_that_is_there(law: tuple[str, ...]) -> None:
    _, _, held_by = law
    named = re.findall(r"`((?:tests|src)/[^`]+)`", held_by)
    assert named or "import contract" in held_by or "nothing to hold yet" in held_by
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_import_contract_that_is_named_is_kept() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    kept = {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}
    assert set(re.findall(r'import contract "([^"]+)"', ARCHITECTURE)) <= kept


def test_every_file_that_the_architecture_names_is_there() -> None:
    named = set(re.findall(r"`([\w/]+\.(?:py|sql))`", ARCHITECTURE))
    places = [ROOT, ROOT / "src" / "amparo", *(path for path in (ROOT / "src" / "amparo").rglob("*") if path.is_dir())]
    assert sorted(name for name in named if not any((place / name).is_file() for place in places)) == []


def test_the_version_has_its_entry_in_the_changelog_with_what_to_do_first() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    entries = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]
    assert entries[0].startswith(version)
    for entry in entries:
        assert re.findall(r"^### (.+)$", entry, re.MULTILINE)[0] == "What you must do"
