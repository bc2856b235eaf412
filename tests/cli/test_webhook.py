"""`amparo webhook` and `amparo notices`: endpoints by name, secrets printed once, and a list taken in from a file."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.connectors.standard_webhooks import keys_of
from amparo.home import Home
from amparo.records import models


@pytest.fixture
def run(empty_books: None) -> "Run":
    return Run()


class Run:
    """`amparo …` on the home of this process: its exit code, what it printed, and what it said beside it."""

    def __call__(self, *words: str) -> tuple[int, str, str]:
        told = subprocess.run(
            [sys.executable, "-m", "amparo", *words],
            env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return told.returncode, told.stdout, told.stderr


def test_an_endpoint_is_added_rotated_and_removed_with_its_secret(run: Run, amparo_home: Path) -> None:
    code, secret, _ = run(
        "webhook", "add", "forum", "https://forum.example/told", "--of", "site", "--only", "item.decided"
    )
    assert (code, len(keys_of(secret))) == (0, 1)
    row = models.WebhookEndpoint.objects.get()
    assert (row.sender, row.only, row.is_inside) == ("site", ["item.decided"], False)
    assert secret.strip() not in str(list(models.WebhookEndpoint.objects.values()))
    file = Home(amparo_home).keys / "hook-forum.key"
    assert file.stat().st_mode & 0o077 == 0
    code, fresh, _ = run("webhook", "rotate", "forum")
    assert file.read_text().split() == [fresh.strip(), secret.strip()]
    assert "of site: https://forum.example/told; item.decided; 0 wait, 0 given up" in run("webhook", "list")[1]
    assert run("webhook", "remove", "forum")[0] == 0
    assert not file.exists()
    assert run("webhook", "list")[1] == ""


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run) -> None:
    wrong = (
        ("webhook", "add", "forum"), ("webhook", "add", "forum", "http://forum.example/"), ("webhook", "test", "none"),
        ("webhook", "add", "forum", "https://a.example/", "--only", "item.guessed"), ("webhook", "list", "forum"),
        ("notices", "import", "/no/such/file.csv", "--of", "hotline"),
        ("notices", "import", "/no/such/file.csv", "--of", "A Hotline"),
    )  # fmt: skip
    for words in wrong:
        code, _, said = run(*words)
        assert (code, said.startswith("amparo: "), "Traceback" in said) == (2, True, False), (words, said)


def test_a_list_is_taken_in_from_a_file(run: Run, tmp_path: Path) -> None:
    file, results = tmp_path / "list.csv", tmp_path / "answers.csv"
    file.write_text("link,age\nhttp://plaza.test:8000/post/1,yes\nthe lake,\n")
    code, _, _ = run("notices", "import", str(file), "--of", "hotline", "--results", str(results))
    found = list(csv.DictReader(io.StringIO(results.read_text())))
    assert (code, [each["result"] for each in found]) == (0, ["accepted", "unknown"])
    assert models.ApiNotice.objects.filter(sender="hotline").count() == 2
    assert run("notices", "import", str(file), "--of", "hotline", "--results", str(results))[0] == 2


def test_the_list_of_a_trusted_flagger_has_its_priority(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("link\nhttp://plaza.test:8000/post/2\n")
    assert run("key", "new", "flagger", "--may", "bulk", "--may", "trusted_flagger")[0] == 0
    assert run("notices", "import", str(file), "--of", "flagger")[0] == 0
    (case,) = models.Case.objects.all()
    assert case.state["signals"] == ["trusted_flagger"]
