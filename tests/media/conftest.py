"""The sandbox as it is on this machine. Where it is not full, what is tested in it is skipped, and CI fails."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.media import bubblewrap
from amparo.media.sandbox import Sandbox


@pytest.fixture(scope="session")
def full_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        _need_full(sandbox)
        yield sandbox


@pytest.fixture
def sandbox(full_sandbox: Sandbox) -> Sandbox:
    return full_sandbox


@pytest.fixture(scope="session")
def hostile_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real program of the sandbox with a decoder that was taken over: only that one file differs."""
    program = tmp_path_factory.mktemp("hostile") / "amparo" / "media"
    shutil.copytree(bubblewrap.PROGRAM, program, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(bubblewrap.PROGRAM.parent / "__init__.py", program.parent)
    shutil.copy(Path(__file__).parent / "hostile" / "decoding.py", program / "inside" / "decoding.py")
    shutil.copy(Path(__file__).parent / "hostile" / "acts.py", program / "inside" / "acts.py")
    return program


@pytest.fixture(scope="session")
def hostile_sandbox(hostile_program: Path) -> Iterator[Sandbox]:
    with Sandbox(program=hostile_program) as sandbox:
        _need_full(sandbox)
        yield sandbox


def _need_full(sandbox: Sandbox) -> None:
    level = sandbox.level()
    if not level.is_full:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"NOT TESTED in a sandbox: {level.mend}")
