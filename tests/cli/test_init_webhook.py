"""`amparo init --connector webhook` makes the secret, and settings from which a connector is made."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.connectors.standard_webhooks import keys_of
from amparo.connectors.webhook import WebhookConnector
from tests.conftest import NewDatabase


def _init(folder: Path, database: str, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))}
    program = [sys.executable, "-m", "amparo", "init", "--connector", "webhook", *words]
    env |= {"AMPARO_HOME": str(folder / "home"), "DATABASE_URL": database}
    return subprocess.run(program, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_it_makes_a_secret_and_says_what_the_site_needs(tmp_path: Path, new_database: NewDatabase) -> None:
    pages = ("--page", "post=/topic.php?t={id}", "--page", "account=/member/{id}")
    told = _init(tmp_path, new_database("webhook_home"), "--site-url", "https://forum.example", *pages)
    assert told.returncode == 0, told.stderr
    key = tmp_path / "home" / "keys" / "webhook.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(keys_of(key.read_text())[0]) == 32
    assert str(key) in told.stdout
    assert "https://forum.example/amparo" in told.stdout
    assert "http://127.0.0.1:8001/report" in told.stdout
    assert key.read_text() not in told.stdout
    table = tomllib.loads((tmp_path / "home" / "amparo.toml").read_text())["connector"][0]
    connector = WebhookConnector("webhook", table, key.read_text())
    found = connector.subject_of("https://forum.example/topic.php?t=7")
    assert found == Subject("webhook", SubjectKind.POST, "7")
    assert connector.capabilities.hides
    assert not connector.capabilities.suspends


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["--page", "/post/{id}"], "KIND=ADDRESS", id="no-kind"),
        pytest.param(["--page", "post=/post/"], "has no {id}", id="no-slot"),
        pytest.param(["--page", "book=/b/{id}"], "the kinds are", id="no-such-kind"),
        pytest.param(["--page", "po st=/{id}"], "cannot be set up", id="no-line-of-toml"),
        pytest.param(["--site-url", "forum"], "no address", id="no-address"),
    ],
)
def test_what_makes_no_connector_is_refused_before_anything_is_written(
    tmp_path: Path, words: list[str], sentence: str
) -> None:
    told = _init(tmp_path, "postgresql://nobody@127.0.0.1:9/none", *words)
    assert told.returncode == 2
    assert sentence in told.stderr
    assert not (tmp_path / "home").exists()
