"""A command in a sentence is, in a shell, the words that were meant."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from amparo.cli.typed import CALLED_AS, typed

WORDS = ["plain", "two words", "it's $HOME `id` *", "", "\n\x1b[2J", os.fsdecode(b"no-text-\xff'\\a.jpg"), "ä"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_shell_gives_back_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "a program"
    tells = "import json, os, sys; print(json.dumps([list(os.fsencode(word)) for word in sys.argv[1:]]))"
    program.write_text(f"#!{sys.executable}\n{tells}\n")
    program.chmod(0o755)
    monkeypatch.setenv(CALLED_AS, str(program))
    told = subprocess.run(["bash", "-c", typed(*WORDS)], capture_output=True, check=True)
    assert [os.fsdecode(bytes(word)) for word in json.loads(told.stdout)] == WORDS


def test_what_stands_in_a_sentence_moves_no_cursor_and_can_be_written_anywhere() -> None:
    said = typed(*WORDS)
    assert said.isprintable()
    assert said.encode()


def test_without_a_checkout_it_is_the_program_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CALLED_AS, raising=False)
    assert typed("bank", "new", "two words") == "amparo bank new 'two words'"
