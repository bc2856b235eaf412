"""Making, serving and killing once more as a user without rights, when the tests themselves run as root."""

import os
import pwd
import shutil
import site
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SETTINGS = HERE.parent.parent / "pyproject.toml"
TESTS = ["test_prepare.py", "test_server.py", "test_kills.py"]


def python_for(options: dict[str, object]) -> str | None:
    """Return a Python of our version that this user can run with our packages; root's own is often closed to others."""
    probe = [
        "-c",
        f"import sys, psycopg, pytest, amparo.postgres; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})",
    ]
    for program in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}"):
        try:
            if subprocess.run([program, *probe], capture_output=True, **options).returncode == 0:  # type: ignore[call-overload]
                return program
        except OSError:
            continue
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run without root's rights as it is")
def test_everything_works_without_roots_rights_too() -> None:
    nobody = pwd.getpwnam("nobody")
    place = Path(tempfile.mkdtemp(prefix="pg"))
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    paths = [*site.getsitepackages(), str(HERE.parent.parent / "src")]
    options: dict[str, object] = {
        "user": nobody.pw_uid,
        "group": nobody.pw_gid,
        "extra_groups": [],
        "cwd": place,
        "env": {"PATH": os.defpath, "HOME": str(place), "PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
    }
    try:
        python = python_for(options)
        if python is None:
            pytest.skip("NOT TESTED without root's rights: another user can reach neither this Python nor these files")
        ended = subprocess.run(
            [python, "-m", "pytest", "-q", "--basetemp", place / "t", "-c", SETTINGS, *(HERE / name for name in TESTS)],
            capture_output=True,
            text=True,
            **options,  # type: ignore[call-overload]
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
    finally:
        shutil.rmtree(place)
