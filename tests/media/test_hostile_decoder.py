"""A decoder that was taken over gets nowhere, ends in time, and the next file is opened as if nothing had been.

The first fourteen acts are those of our threat model; the others are what was thought of while building. Each act is
shown to work where there is no sandbox, so that none is "denied" for a reason of its own.
"""

import dataclasses
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from amparo.media.errors import Refused
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Limits, Reason

# Generous for what is denied at once; the acts that only end by a limit take all of it.
_LIMITS = Limits(seconds=5)
_DENIED, _KILLED = Reason.NO_PICTURE, Reason.FORBIDDEN_ACT

ACTS = {
    "read_etc": {_DENIED},
    "read_the_vault": {_DENIED},
    "read_the_environment": {_DENIED},
    "read_other_processes": {_DENIED},
    "open_a_socket": {_KILLED},
    "ask_dns": {_DENIED, _KILLED},
    "open_a_unix_socket": {_KILLED},
    "trace_the_parent": {_KILLED},
    "fork": {_DENIED},
    "take_much_memory": {_DENIED},
    "loop_for_ever": {Reason.TOO_LONG},
    "fill_the_disk": {_DENIED},
    "flood": {Reason.WRONG_ANSWER},
    "lie 4000000000 4000000000 4000000000 3 100": {Reason.WRONG_ANSWER},
    # Fourteen. Further ones:
    "start_a_thread": {_DENIED},
    "sleep_for_ever": {Reason.TOO_LONG},
    "run_a_program": {_KILLED},
    "signal_everybody": {_KILLED},
    "make_hidden_memory": {_KILLED},
    "make_a_namespace": {_KILLED},
    "raise_a_limit": {_DENIED},
    "run_new_code": {_DENIED},
    "write_to_the_file": {_DENIED},
    "read_memory_of_a_process": {_KILLED},
    "flood_of_frames": {Reason.WRONG_ANSWER},
    "lie 10 10 30 3 299": {Reason.WRONG_ANSWER},
    "lie 10 10 29 3 290": {Reason.WRONG_ANSWER},
    "lie 10 10 2000000 3 20000000": {Reason.WRONG_ANSWER},
    "lie 1 100000000 1027 3 102700000000": {Reason.WRONG_ANSWER, Reason.CRASHED},
    "lie 10 10 10 2 100": {Reason.WRONG_ANSWER},
    "lie 0 10 0 3 0": {Reason.WRONG_ANSWER},
    "raw ff00000000": {Reason.WRONG_ANSWER},
    "raw 5201000000ff": {Reason.WRONG_ANSWER},
    "raw 46000000ff": {Reason.CRASHED, Reason.WRONG_ANSWER},
    "raw 46": {Reason.CRASHED},
}
_ONLY_LIMITED = {"loop_for_ever", "sleep_for_ever", "take_much_memory", "raise_a_limit"}
_ONLY_ITS_OWN_FILES = {"write_to_the_file"}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an act is pointed at: a secret, a port and a Unix socket that do answer outside."""
    folder = tmp_path_factory.mktemp("places")
    secret = folder / "vault.key"
    secret.write_text("a secret of the test")
    # A path of its own, since that of a socket must be short.
    with tempfile.TemporaryDirectory() as short, socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
        tcp.bind(("127.0.0.1", 0))
        unix.bind(f"{short}/s")
        for listener in (tcp, unix):
            listener.listen(64)
        yield {
            "read_the_vault": str(secret),
            "open_a_socket": str(tcp.getsockname()[1]),
            "open_a_unix_socket": f"{short}/s",
        }


def _answer(sandbox: Sandbox, file: bytes, limits: Limits = _LIMITS) -> Reason | None:
    """Return why a file was refused, or None where it was opened to its end."""
    try:
        with sandbox.opened(file, limits=limits) as media:
            list(media.frames)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("act", ACTS)
def test_a_decoder_that_was_taken_over_is_stopped_and_the_next_file_is_opened(
    act: str, hostile_sandbox: Sandbox, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMPARO_TEST_SECRET", "known to whoever started it")
    assert _answer(hostile_sandbox, f"{act} {places.get(act, '')}".strip().encode()) in ACTS[act]
    assert _answer(hostile_sandbox, b"well") is None


@pytest.mark.parametrize("act", [act for act in ACTS if act.isidentifier() and "flood" not in act])
def test_the_act_would_work_without_a_sandbox(act: str, places: dict[str, str]) -> None:
    if act in _ONLY_LIMITED | _ONLY_ITS_OWN_FILES:
        pytest.skip("it would go on until the machine is worn out, or needs the sandbox's own files")
    if act in {"raise_a_limit", "make_a_namespace"} and os.geteuid() != 0:
        pytest.skip("only root may do it even without a sandbox")
    program = (
        "import signal, sys; signal.signal(signal.SIGUSR1, signal.SIG_IGN)\n"
        "from tests.media.hostile.acts import ACTS; ACTS[sys.argv[1]](sys.argv[2])"
    )
    outer = f"import signal, subprocess, sys; signal.signal(signal.SIGUSR1, signal.SIG_IGN)\n\
sys.exit(subprocess.run([sys.executable, '-c', {program!r}, *sys.argv[1:]]).returncode)"
    words = [sys.executable, "-c", outer, act, places.get(act, "")]
    root = Path(__file__).parents[2]
    told = subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr


def test_an_answer_that_is_complete_stands_although_its_process_stays_and_is_killed(hostile_sandbox: Sandbox) -> None:
    assert _answer(hostile_sandbox, b"end_and_stay") is None
    assert _answer(hostile_sandbox, b"well") is None


def test_a_job_ends_within_its_seconds_whatever_it_does() -> None:
    assert Limits().seconds <= 15


def test_a_hostile_file_does_not_disturb_one_that_is_opened_beside_it(hostile_sandbox: Sandbox) -> None:
    beside: list[Reason | None] = []
    short = dataclasses.replace(_LIMITS, seconds=2)
    thread = threading.Thread(target=lambda: beside.append(_answer(hostile_sandbox, b"loop_for_ever", short)))
    thread.start()
    assert [_answer(hostile_sandbox, b"well") for _ in range(5)] == [None] * 5
    thread.join()
    assert beside == [Reason.TOO_LONG]
