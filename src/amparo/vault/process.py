"""What the vault does to its process and run directory before it answers anybody. Linux only.

Refuses to start on a bad set-up with a sentence that says what to change.
"""

import ctypes
import fcntl
import os
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amparo.vault.errors import BadSetup

QUEUE_LENGTH = 512
_LONGEST_SOCKET_PATH = 107  # sockaddr_un, less its closing NUL.
_PR_SET_DUMPABLE = 4


def protect_memory() -> None:
    """Keep the key out of core dumps and away from other processes of the same user (ptrace, /proc/…/mem)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise BadSetup("The vault could not close its memory to others; it needs Linux.", "memory_open")


@contextmanager
def claim_run_directory(directory: Path, socket_group: int | None) -> Iterator[None]:
    """Make the run directory, closed to others, and hold it until the end of the `with`.

    The lock, not the socket, says whether a vault is alive: the kernel drops it with the process, kill -9 included,
    so a socket found under a lock that we got is stale and may be replaced, without a race.
    """
    if len(os.fsencode(directory)) + len("/vault-console.sock") > _LONGEST_SOCKET_PATH:
        raise BadSetup(f"The path {directory} is too long for a socket. Choose a shorter one.", "path_too_long")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if socket_group is None:
            directory.chmod(0o700)
        else:
            os.chown(directory, -1, socket_group)
            directory.chmod(0o710)
        lock = os.open(directory / "vault.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadSetup(
            f"The vault cannot keep its sockets in {directory}: {error.strerror}.", "no_run_directory"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise BadSetup(f"A vault is already running in {directory}. Stop it first.", "already_running") from error
    try:
        yield
    finally:
        os.close(lock)


def listen(path: Path, socket_group: int | None) -> socket.socket:
    """Return a listening socket at `path`, in place of a stale one. The run directory must be claimed."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    if socket_group is not None:
        os.chown(path, -1, socket_group)
    path.chmod(0o600 if socket_group is None else 0o660)
    listener.listen(QUEUE_LENGTH)
    return listener


def caller_uid(connection: socket.socket) -> int:
    """Return the user whose process connected; the kernel says so, the caller cannot."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid)
