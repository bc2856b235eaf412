"""`amparo key`: a key is printed once, and listed and ended by its name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.records import models


@pytest.fixture
def run(empty_books: None) -> "Run":
    return Run()


class Run:
    """`amparo key …` on the home of this process: its exit code and what it said."""

    def __call__(self, *words: str) -> tuple[int, str]:
        told = subprocess.run(
            [sys.executable, "-m", "amparo", "key", *words],
            env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return told.returncode, told.stdout + told.stderr


def test_a_key_is_made_listed_and_ended(run: Run, tmp_path: Path) -> None:
    code, key = run("new", "upload-hook", "--may", "match", "--may", "show")
    assert (code, key.startswith("amparo_"), key.count("\n")) == (0, True, 1)
    assert models.ApiKey.objects.get().may == ["match", "show"]
    code, said = run("list")
    assert (code, key.strip() in said) == (0, False)
    assert "upload-hook" in said
    assert "may match, show; made" in said
    assert "never used" in said
    assert run("revoke", "upload-hook") == (0, "The key upload-hook opens nothing any more.\n")
    assert "revoked" in run("list")[1]


def test_what_cannot_be_done_is_said_with_what_to_say_instead(run: Run) -> None:
    wrong = (("new",), ("new", "Upload Hook", "--may", "match"), ("revoke", "hook"))
    for words in wrong:
        code, said = run(*words)
        assert (code, said.startswith("amparo: ")) == (2, True), words
        assert "Traceback" not in said
