"""What a decoder would try that somebody has taken over. Each returns if it got what it wanted, and raises if not.

The same acts run without a sandbox in `test_hostile_decoder.py`, to show that they would work.
"""

import contextlib
import ctypes
import mmap
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path


class Denied(Exception):
    """The act could not be done, and the process goes on."""


def read_etc(_: str) -> None:
    Path("/etc/passwd").read_text()


def read_the_vault(place: str) -> None:
    Path(place).read_bytes()


def read_the_environment(_: str) -> None:
    """Succeed where anything that its starter knew is in the environment."""
    known = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LD_LIBRARY_PATH", "PWD", "LC_CTYPE"}
    if not set(os.environ) - known and not Path("/proc/self/environ").exists():
        raise Denied


def read_other_processes(_: str) -> None:
    """Read what the first process, or the one that started us, was started with."""
    for process in (1, os.getppid()):
        with contextlib.suppress(OSError):
            Path(f"/proc/{process}/environ").read_bytes()
            return
    raise Denied


def open_a_socket(port: str) -> None:
    with socket.socket() as client:
        client.connect(("127.0.0.1", int(port)))


def ask_dns(_: str) -> None:
    # As bytes: a text would be turned by a part of Python that cannot be loaded, and no question be asked.
    socket.getaddrinfo(b"localhost", 80)


def open_a_unix_socket(place: str) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(place)


def trace_the_parent(_: str) -> None:
    _call(101 if os.uname().machine == "x86_64" else 117, 0x4206, os.getppid(), 0, 0)  # PTRACE_SEIZE


def fork(_: str) -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def start_a_thread(_: str) -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def take_much_memory(_: str) -> None:
    # Written to, since memory that is only promised costs nothing.
    held = mmap.mmap(-1, 4 * 1024**3)
    for start in range(0, len(held), 4096):
        held[start] = 1


def loop_for_ever(_: str) -> None:
    while True:
        pass


def sleep_for_ever(_: str) -> None:
    while True:
        time.sleep(60)


def fill_the_disk(_: str) -> None:
    for place in ("/", "/tmp", "/dev/shm", "/var/tmp", "/run", "/program", "/packages", "/python", os.getcwd()):
        with contextlib.suppress(OSError):
            file = Path(place) / f"filled-{os.getpid()}"
            file.write_bytes(b"x" * 4096)
            file.unlink()
            return
    raise Denied


def run_a_program(_: str) -> None:
    os.execv("/usr/bin/env", ["env", "true"])  # noqa: S606


def signal_everybody(_: str) -> None:
    os.kill(os.getppid(), signal.SIGUSR1)


def make_hidden_memory(_: str) -> None:
    os.memfd_create("hidden")


def make_a_namespace(_: str) -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise Denied


def raise_a_limit(_: str) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def run_new_code(_: str) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def write_to_the_file(_: str) -> None:
    """Try every open file but the answer, for writing that lasts."""
    for number in (3, *range(5, 64)):
        with contextlib.suppress(OSError):
            os.pwrite(number, b"changed", 0)
            return
    raise Denied


def read_memory_of_a_process(_: str) -> None:
    class Piece(ctypes.Structure):
        _fields_ = (("start", ctypes.c_void_p), ("length", ctypes.c_size_t))

    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(16)
    here = Piece(ctypes.addressof(room), 16)
    there = Piece(id(libc), 16)
    # Our own, by the call that reads any process of the same user.
    if libc.process_vm_readv(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0) < 0:
        raise Denied


def _call(number: int, *arguments: int) -> None:
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
        raise Denied


ACTS: dict[str, Callable[[str], None]] = {
    act.__name__: act
    for act in (
        read_etc, read_the_vault, read_the_environment, read_other_processes, open_a_socket, ask_dns,
        open_a_unix_socket, trace_the_parent, fork, start_a_thread, take_much_memory, loop_for_ever, sleep_for_ever,
        fill_the_disk, run_a_program, signal_everybody, make_hidden_memory, make_a_namespace, raise_a_limit,
        run_new_code, write_to_the_file, read_memory_of_a_process,
    )
}  # fmt: skip
