"""`./run` installs and compiles when something it depends on has changed, never else, and says what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_TOOLS = ("sh", "cat", "cmp", "cp", "find", "sort", "xargs", "cksum", "dirname")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment is there: its uv only writes down what it was asked for, its Python does nothing."""
    for name in ("run", "requirements.lock", "requirements-test.lock", "pyproject.toml"):
        shutil.copy(_ROOT / name, tmp_path / name)
    (tmp_path / "kernel" / "build").mkdir(parents=True)
    (tmp_path / "kernel" / "some.cpp").write_text("int one;\n")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    stubs = {"amparo": 'echo "amparo $*"', "python": ":", "uv": f'echo "$*" >> "{tmp_path}/asked"'}
    for name, script in stubs.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return tmp_path


def tools(folder: Path, *more: str) -> str:
    """Return a PATH on which there is nothing but what ./run itself calls, and this Python."""
    folder.mkdir(exist_ok=True)
    for name in (*_TOOLS, *more):
        found = shutil.which(name)
        if found and not (folder / name).exists():
            (folder / name).symlink_to(found)
    python = folder / "python3"
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    return str(folder)


def run(checkout: Path, *words: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("CXX", "PYTHON")}
    return subprocess.run(
        [str(checkout / "run"), *words], env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )


def asked(checkout: Path) -> list[str]:
    """Return what uv was asked for since the last time."""
    file = checkout / "asked"
    words = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [" ".join(word for word in line.split() if not word.startswith("-")) for line in words]


def test_without_a_compiler_it_says_in_one_sentence_what_to_install(checkout: Path) -> None:
    told = run(checkout, "demo", path=tools(checkout / "tools"))
    assert told.returncode == 1
    assert told.stderr.endswith("apt-get install g++ python3-dev\n")
    assert len(told.stderr.splitlines()) == 1
    assert asked(checkout) == []


def test_it_installs_once_and_then_only_what_changed(checkout: Path) -> None:
    path = tools(checkout / "tools", "c++", "g++")
    if shutil.which("c++") is None:
        pytest.skip("There is no C++ compiler, so ./run cannot get as far: apt-get install g++")
    packages, project = f"pip install {checkout}/requirements.lock", f"pip install {checkout}"
    first = run(checkout, "verify", "it", path=path)
    assert (first.returncode, first.stdout) == (0, "amparo verify it\n")
    assert asked(checkout) == [packages, project]

    assert run(checkout, "verify", path=path).stderr == ""
    assert asked(checkout) == []

    (checkout / "kernel" / "build" / "made.o").write_text("what a compiler leaves")
    assert run(checkout, "verify", path=path).stderr == ""
    assert asked(checkout) == []

    (checkout / "kernel" / "some.cpp").write_text("int two;\n")
    assert "Compiling the kernel" in run(checkout, "verify", path=path).stderr
    assert asked(checkout) == [project]

    run(checkout, "test", path=path)
    assert asked(checkout) == [f"pip install {checkout}/requirements-test.lock"]
    run(checkout, "verify", path=path)
    assert asked(checkout) == []


def test_it_tells_the_program_how_it_was_called(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "amparo").write_text('#!/bin/sh\necho "$AMPARO_CALLED_AS"\n')
    path = tools(checkout / "tools", "c++", "g++")
    if shutil.which("c++") is None:
        pytest.skip("There is no C++ compiler, so ./run cannot get as far: apt-get install g++")
    assert run(checkout, "verify", path=path).stdout == f"{checkout}/run\n"
    environment = {**os.environ, "PATH": path}
    within = subprocess.run(["sh", "run", "verify"], cwd=checkout, env=environment, stdout=subprocess.PIPE, check=True)
    assert within.stdout == b"./run\n"
