"""The repository speaks of the project alone: no place of a machine, no registry, no index of packages."""

import re
from pathlib import Path

import pytest

from tests.docs.repository import files, name_of

# Written in parts, so that this file does not hold what it looks for.
_PLACES = ("work", "root", "home", "Users", "mnt", "opt/pypi")
_MACHINE_PATH = re.compile(rf"(?<![\w.~/$}}{{-])/(?:{'|'.join(_PLACES)})/[\w.~-]")
_REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "docker" + ".io",
    "ghcr" + ".io",
)
_INDEX = re.compile(r"(?:--(?:extra-)?index-url|--find-links|^registry\s*=)", re.MULTILINE)


def _texts() -> list[Path]:
    return [path for path in files() if b"\0" not in path.read_bytes()[:4096]]


def test_no_file_names_a_path_of_a_machine() -> None:
    found = {name_of(path): hits for path in _texts() if (hits := _MACHINE_PATH.findall(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize("host", _REGISTRIES)
def test_no_file_names_a_registry(host: str) -> None:
    assert [name_of(path) for path in _texts() if host in path.read_text()] == []


def test_no_file_sets_an_index_of_packages() -> None:
    names = [name_of(path) for path in _texts() if path != Path(__file__) and _INDEX.search(path.read_text())]
    assert names == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        pytest.param("see /" + "root/notes.md", True, id="a-path"),
        pytest.param('"/' + 'home/somebody/x"', True, id="a-quoted-path"),
        pytest.param("`/root` is 0700", False, id="a-folder-by-itself"),
        pytest.param("https://forum.example/home/page", False, id="part-of-an-address"),
        pytest.param("AMPARO_HOME/root/x", False, id="part-of-another-path"),
    ],
)
def test_the_search_would_find_a_path(text: str, is_found: bool) -> None:
    assert bool(_MACHINE_PATH.search(text)) is is_found
