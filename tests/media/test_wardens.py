"""What stays of a job: nothing. Not of one that ended, not of one that broke down, not of one whose asker died."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from amparo.media.errors import Refused, SandboxFailed
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Limits, Reason
from tests.media.drawn import encoded, pattern

_ROOT = Path(__file__).parents[2]
_PICTURE = encoded(pattern(64, 64), "PNG")
_PATIENCE_SECONDS = 60.0


def _below(process: int) -> set[int]:
    """Return every process below this one."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found |= {int(child)} | _below(int(child))
    return found


def _open(sandbox: Sandbox, file: bytes, limits: Limits | None = None) -> int:
    with sandbox.opened(file, limits=limits) as media:
        return len(list(media.frames))


def test_each_file_has_a_process_of_its_own_and_none_stays(sandbox: Sandbox) -> None:
    assert _open(sandbox, _PICTURE) == 1
    before = _below(os.getpid())
    for _ in range(20):
        assert _open(sandbox, _PICTURE) == 1
    assert _below(os.getpid()) <= before


def test_a_warden_whose_process_was_killed_is_killed_too_and_starts_no_other(hostile_sandbox: Sandbox) -> None:
    assert _open(hostile_sandbox, b"well") == 0
    before = _below(os.getpid())
    with pytest.raises(Refused) as refused:
        _open(hostile_sandbox, b"run_a_program")
    assert refused.value.reason is Reason.FORBIDDEN_ACT
    assert refused.value.is_suspicious
    gone = before - _below(os.getpid())
    assert len(gone) >= 2
    assert _open(hostile_sandbox, b"well") == 0


def test_a_warden_that_the_system_ended_while_it_waited_is_replaced() -> None:
    with Sandbox(accepts_less=True) as sandbox:
        before = _below(os.getpid())
        assert _open(sandbox, _PICTURE) == 1
        started = _below(os.getpid()) - before
        for process in started:
            os.kill(process, signal.SIGKILL)
        until = time.monotonic() + _PATIENCE_SECONDS
        while any(map(_is_running, started)) and time.monotonic() < until:
            time.sleep(0.01)
        assert _open(sandbox, _PICTURE) == 1


def test_no_process_of_a_job_that_took_too_long_stays(hostile_sandbox: Sandbox) -> None:
    _open(hostile_sandbox, b"well")
    before = _below(os.getpid())
    with pytest.raises(Refused):
        _open(hostile_sandbox, b"loop_for_ever", Limits(seconds=1))
    assert _below(os.getpid()) < before


def test_what_uses_its_processor_time_up_is_told_from_what_breaks_down(hostile_sandbox: Sandbox) -> None:
    """Watched for longer than it may compute, so that it is the kernel that ends it."""
    opening = hostile_sandbox.opened(b"loop_for_ever", limits=Limits(seconds=2))
    with opening as media:
        media._opening._answers._seconds_left = _PATIENCE_SECONDS
        with pytest.raises(Refused) as refused:
            list(media.frames)
    assert refused.value.reason is Reason.TOO_LONG
    assert refused.value.ended is not None
    assert refused.value.ended.signal == signal.SIGXCPU


def test_files_are_opened_side_by_side(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: _open(sandbox, _PICTURE), range(64))) == [1] * 64


def test_a_sandbox_that_is_closed_opens_nothing_and_leaves_nothing() -> None:
    before = _below(os.getpid())
    sandbox = Sandbox(accepts_less=True)
    assert _open(sandbox, _PICTURE) == 1
    sandbox.close()
    assert _below(os.getpid()) <= before
    with pytest.raises(SandboxFailed):
        _open(sandbox, _PICTURE)


def test_everything_ends_with_whoever_asked_however_it_dies(hostile_sandbox: Sandbox, hostile_program: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from amparo.media.sandbox import Sandbox\n"
        "sandbox = Sandbox(program=Path(sys.argv[1])); sandbox.level()\n"
        "with sandbox.opened(b'loop_for_ever') as media: print('open', flush=True); list(media.frames)"
    )
    words = [sys.executable, "-c", program, str(hostile_program)]
    asker = subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.PIPE)
    assert asker.stdout is not None
    assert asker.stdout.readline() == b"open\n"
    started = _below(asker.pid)
    assert len(started) >= 3
    asker.send_signal(signal.SIGKILL)
    asker.wait()
    asker.stdout.close()
    until = time.monotonic() + _PATIENCE_SECONDS
    while (left := {each for each in started if Path(f"/proc/{each}").exists()}) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == set()


def test_the_process_that_opens_a_file_has_no_right_at_all(hostile_sandbox: Sandbox) -> None:
    with hostile_sandbox.opened(b"sleep_for_ever"):
        # The warden has one filter, and whoever opens a file has that and its own.
        (status,) = [each for each in map(_status, _below(os.getpid())) if int(each["Seccomp_filters"]) > 1]
    assert {int(status[each], 16) for each in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Threads"]) == ("1", "2", "1")
    assert "0" not in status["Uid"].split()


def _is_running(process: int) -> bool:
    try:
        return not _status(process)["State"].startswith("Z")
    except OSError:
        return False


def _status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
