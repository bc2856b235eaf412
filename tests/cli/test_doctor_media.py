"""`amparo doctor` says how strong the media sandbox is, and a setting that is none of the two is a sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.conftest import PRACTICE
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI


def _row(here: Home, what: str) -> dict[str, Any]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DJANGO_"))}
    words = [sys.executable, "-m", "amparo", "doctor", "--json"]
    env |= {"AMPARO_HOME": str(here.path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    told = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert told.stdout, told.stderr
    (row,) = [row for row in json.loads(told.stdout) if row["what"] == what]
    return dict(row)


@pytest.fixture
def here(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    write_home(made, PRACTICE)
    return made


@pytest.mark.usefixtures("full_sandbox")
def test_a_full_sandbox_is_right_and_named(here: Home) -> None:
    row = _row(here, "media sandbox")
    assert row["is_right"]
    assert "seccomp" in row["found"]


def test_a_setting_that_is_neither_is_a_sentence(here: Home) -> None:
    text = here.settings_file.read_text()
    assert 'sandbox = "required"' in text
    here.settings_file.write_text(text.replace('sandbox = "required"', 'sandbox = "none"'))
    row = _row(here, "media sandbox")
    assert row["is_right"] is False
    assert row["mend"].startswith('[media] sandbox must be "required" or "none-i-accept-the-risk".')
