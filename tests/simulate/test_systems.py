"""A system works only where tests that exist show it, and the README's table says the same."""

import subprocess
import sys

import pytest

from amparo.simulate.systems import System, systems
from tests.docs.repository import ROOT
from tests.docs.test_promises import ROWS


def test_there_are_twenty_one_under_the_names_of_the_readme() -> None:
    assert [(str(each.number), each.name) for each in systems()] == [(number, name) for number, name, *_ in ROWS]


@pytest.mark.parametrize("system", systems(), ids=lambda system: str(system.number))
def test_what_works_is_said_to_work_in_the_readme_and_nothing_else_is(system: System) -> None:
    verdict = next(verdict for number, _, verdict, _ in ROWS if number == str(system.number))
    assert system.works is (verdict == "works")
    assert system.works is bool(system.shown_by)
    assert bool(system.missing) is not system.works


def test_every_test_that_shows_a_system_is_one_that_pytest_finds() -> None:
    named = sorted({test for system in systems() for test in system.shown_by})
    words = [sys.executable, "-m", "pytest", "--collect-only", "-q", *named]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    found = {line.partition("[")[0] for line in told.stdout.splitlines()}
    assert told.returncode == 0, told.stdout + told.stderr
    assert set(named) <= found
