"""What still lives in a data directory from an earlier server, and how it is made to leave.

After a kill -9 of the supervisor its server is still shutting down; after a kill -9 of the server its sessions may
outlive it for a moment. Two servers on the same data would destroy them, so nobody starts before all others are gone.
Only Linux lets us look; elsewhere PostgreSQL's own lock file has to be enough.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from amparo.postgres.errors import AlreadyServed


def tenants(data: Path) -> set[int]:
    """Return the PostgreSQL processes that work in `data`: the server and its sessions all do."""
    there = data.stat()
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may end while we look, and those of other users are closed to us and cannot be ours.
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            here = os.stat(entry / "cwd")
            program = os.readlink(entry / "exe").removesuffix(" (deleted)")
            # Somebody's shell may stand in the directory too.
            if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino) and program.endswith("/postgres"):
                found.add(int(entry.name))
    return found


def wait_for_departure(data: Path, patience: float) -> None:
    """Return when no process works in `data` any more. Only for whoever holds the lock of the home.

    A server that is shutting down gets `patience` seconds. Sessions without a server are told to leave at once: they
    serve nobody, and PostgreSQL recovers from their loss as from a crash.

    Raises AlreadyServed when somebody stays.
    """
    if not Path("/proc/self/cwd").exists():
        return
    began = time.monotonic()
    while left := tenants(data):
        waited = time.monotonic() - began
        if waited > patience:
            raise AlreadyServed(
                f"Process {min(left)} still serves the database in {data}. If Amparo does not run it, stop that one."
            )
        if _written_in(data / "postmaster.pid") not in left:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if waited > 5 else signal.SIGQUIT)
        time.sleep(0.05)


def remove_stale_locks(data: Path, sockets: Path) -> None:
    """Remove the lock files of a dead server whose number now belongs to another process.

    PostgreSQL would take that process for the server and refuse to start; in a container, where numbers are few, this
    happens at every other restart. Only after `wait_for_departure`, which has seen that the server is gone.
    """
    for lock in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*.lock")):
        pid = _written_in(lock)
        if pid is not None and Path(f"/proc/{abs(pid)}").exists():
            lock.unlink()


def _written_in(lock: Path) -> int | None:
    """Return the number of the process that wrote this lock file, which may be long dead."""
    try:
        return int(lock.read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
