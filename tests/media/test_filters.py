"""The filters of system calls, run here step by step for both machines: what is allowed, what fails, what ends it."""

import errno
import platform
import re
import struct
from pathlib import Path

import pytest

from amparo.media.bpf import ALLOW, KILL, refuse
from amparo.media.filters import NoFilter, decoder_filter, warden_filter
from amparo.media.syscalls import MACHINES, NUMBERS

_HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
_DENIED = refuse(errno.EPERM)


def _run(program: bytes, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """Return what the kernel would answer; a machine for the few instructions that we use."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *([0] * (6 - len(arguments))))
    steps = list(struct.iter_unpack("=HBBI", program))
    at, held = 0, 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x20:
            (held,) = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return int(value)
        else:
            is_true = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            at += if_true if is_true else if_false


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    return str(request.param)


def _answer(program: bytes, machine: str, call: str, *arguments: int) -> int | None:
    """Return the filter's answer, or None where this machine has no such call."""
    number = NUMBERS[call][MACHINES[machine].column]
    return None if number is None else _run(program, MACHINES[machine].architecture, number, arguments)


_EXEC, _WRITE = 4, 2


@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        pytest.param("read", (), ALLOW, id="reads"),
        pytest.param("write", (), ALLOW, id="writes-its-answer"),
        pytest.param("mmap", (0, 4096, _WRITE), ALLOW, id="takes-memory"),
        pytest.param("mmap", (0, 4096, _WRITE | _EXEC), _DENIED, id="no-new-code"),
        pytest.param("mprotect", (0, 4096, _EXEC), _DENIED, id="no-memory-made-code"),
        pytest.param("clone", (), _DENIED, id="no-thread-or-process"),
        pytest.param("clone3", (), refuse(errno.ENOSYS), id="no-thread-by-the-new-call"),
        pytest.param("fork", (), _DENIED, id="no-fork"),
        pytest.param("ioctl", (0, 0x5412), _DENIED, id="types-into-no-terminal"),
        pytest.param("fcntl", (0, 3), ALLOW, id="asks-for-flags"),
        pytest.param("fcntl", (0, 1033), _DENIED, id="adds-no-seals"),
        pytest.param("prctl", (21,), ALLOW, id="asks-for-its-filter"),
        pytest.param("prctl", (22, 2), _DENIED, id="sets-no-filter"),
        pytest.param("prlimit64", (0, 9, 0), ALLOW, id="asks-for-its-limits"),
        pytest.param("prlimit64", (0, 9, 1 << 40), _DENIED, id="sets-no-limit"),
        pytest.param("prlimit64", (1, 9, 0), _DENIED, id="asks-for-no-other's-limits"),
        *(
            pytest.param(call, (), KILL, id=f"never-{call}")
            for call in (
                "execve", "execveat", "ptrace", "socket", "socketpair", "connect", "sendto", "sendmsg", "unshare",
                "setns", "mount", "bpf", "io_uring_setup", "userfaultfd", "process_vm_readv", "process_vm_writev",
                "pidfd_getfd", "memfd_create", "keyctl", "kill", "setuid", "perf_event_open", "open_by_handle_at",
            )
        ),
    ],
)  # fmt: skip
def test_what_the_decoder_may_call(machine: str, call: str, arguments: tuple[int, ...], expected: int) -> None:
    answer = _answer(decoder_filter(), machine, call, *arguments)
    assert answer in (expected, None)
    assert answer is not None or call == "fork"


@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        pytest.param("clone", (17,), ALLOW, id="starts-a-process"),
        pytest.param("clone", (0x10000000 | 17,), _DENIED, id="in-no-new-namespace"),
        pytest.param("seccomp", (), ALLOW, id="sets-the-decoder's-filter"),
        pytest.param("setresuid", (), ALLOW, id="gives-up-root"),
        pytest.param("socket", (), KILL, id="opens-no-socket"),
        pytest.param("ptrace", (), KILL, id="traces-nobody"),
        pytest.param("mount", (), KILL, id="mounts-nothing"),
        pytest.param("process_vm_readv", (), KILL, id="reads-no-process"),
    ],
)
def test_what_the_warden_may_call(machine: str, call: str, arguments: tuple[int, ...], expected: int) -> None:
    assert _answer(warden_filter(), machine, call, *arguments) == expected


def test_a_call_that_nobody_thought_of_fails(machine: str) -> None:
    assert _run(decoder_filter(), MACHINES[machine].architecture, 9_999) == _DENIED


def test_a_call_in_the_style_of_another_machine_ends_the_process(machine: str) -> None:
    i386 = 0x40000003
    assert _run(decoder_filter(), i386, 1) == KILL
    assert _run(decoder_filter(), MACHINES[machine].architecture, 0x40000000 | 1) == KILL


def test_on_a_machine_whose_calls_are_not_known_there_is_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(NoFilter, match="riscv64"):
        decoder_filter()


@pytest.mark.parametrize("name", MACHINES)
def test_the_numbers_are_those_of_the_kernel(name: str) -> None:
    if not _HEADERS[name].exists():
        pytest.skip(f"NOT TESTED: this machine has no {_HEADERS[name]}")
    text = _HEADERS[name].read_text()
    real = {call: int(number) for call, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", text)}
    real.setdefault("newfstatat", real.get("fstatat", -1))
    ours = {call: numbers[MACHINES[name].column] for call, numbers in NUMBERS.items()}
    wrong = {call: number for call, number in ours.items() if number is not None and real.get(call, number) != number}
    assert wrong == {}
    assert len(set(ours.values()) - {None}) > 150
