"""The reference names every command and option, and no page tells anybody to say what there is not."""

import argparse
import importlib
import re
from pathlib import Path

import pytest

from amparo.cli import COMMANDS
from tests.docs.repository import DOCS, name_of, pages

_SECTIONS = re.split(r"^## ", (DOCS / "reference" / "commands.md").read_text(), flags=re.MULTILINE)[1:]
EXPLAINED = {found[1]: section for section in _SECTIONS if (found := re.match(r"`amparo ([a-z]+)`", section))}
_BLOCK = re.compile(r"^ *```(?:sh)?\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SAID = re.compile(r"(?:^|[\s/;&(])(?:\./run|amparo) +([a-z]+)([^\n#;&|]*)")


def _options(word: str) -> set[str]:
    parser = argparse.ArgumentParser(add_help=False)
    importlib.import_module(COMMANDS[word][0]).add_arguments(parser)
    return {option for action in parser._actions for option in action.option_strings}


def test_every_command_has_its_section_and_no_other_has_one() -> None:
    assert set(EXPLAINED) == set(COMMANDS)


@pytest.mark.parametrize("word", COMMANDS)
def test_every_option_of_a_command_has_its_row_and_no_other_has_one(word: str) -> None:
    rows = set(re.findall(r"^\| `(--[a-z-]+)` \| \S", EXPLAINED[word], re.MULTILINE))
    assert rows == _options(word)


def _said(page: Path) -> list[tuple[str, str]]:
    """Return the words and the rest of each call of ours that a page prints, in blocks and between backquotes."""
    text = page.read_text()
    code = "\n".join([*_BLOCK.findall(text), *re.findall(r"`((?:\./run|amparo) [^`\n]+)`", text)])
    return _SAID.findall(code.replace("\\\n", " "))


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_call_that_a_page_prints_is_one_that_there_is(page: Path) -> None:
    for word, rest in _said(page):
        assert word in COMMANDS, f"amparo {word}"
        wrong = set(re.findall(r"--[a-z-]+", rest)) - _options(word)
        assert not wrong, f"amparo {word}"


def test_the_pages_do_print_calls() -> None:
    assert len({(word, rest) for page in pages() for word, rest in _said(page)}) > 10
