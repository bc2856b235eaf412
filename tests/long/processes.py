"""Finds the processes of a running world, so that they can be killed."""

import os
import signal
from pathlib import Path


def descendants(pid: int) -> dict[int, list[str]]:
    """Return the command lines of every process below this one, by pid."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    below, frontier = {}, {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier} - set(below)
        for child in frontier:
            try:
                below[child] = [word.decode() for word in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[:-1]]
            except (FileNotFoundError, ProcessLookupError):
                continue
    return below


def victims(pid: int) -> dict[str, list[int]]:
    """Return who can be killed below `amparo up`, by kind: door, worker, vault, and the database's postmaster."""
    found: dict[str, list[int]] = {"door": [], "worker": [], "vault": [], "postmaster": []}
    below = descendants(pid)
    for child, words in below.items():
        for kind in ("door", "worker", "vault"):
            if words[-1:] == [kind] and "amparo" in words:
                found[kind].append(child)
        if words and Path(words[0]).name == "postgres" and "-D" in words:
            found["postmaster"].append(child)
    return found


def supervisors(pid: int) -> list[int]:
    """Return the processes below `amparo up` that start the database again whenever it dies."""
    return [child for child, words in descendants(pid).items() if words[-1:] == ["database"] and "amparo" in words]


def servers(pid: int) -> list[int]:
    """Return the database's processes: the postmaster first, then its sessions and helpers."""
    postmasters = victims(pid)["postmaster"]
    return [*postmasters, *(child for each in postmasters for child in descendants(each))]


def stop(pid: int) -> None:
    """Let a process do nothing until `go_on`; somebody else may have ended it."""
    _signal(pid, signal.SIGSTOP)


def go_on(pid: int) -> None:
    """Let a stopped process go on."""
    _signal(pid, signal.SIGCONT)


def kill(pid: int) -> None:
    """Kill at once, as power loss does to one process; somebody else may have been faster."""
    _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
