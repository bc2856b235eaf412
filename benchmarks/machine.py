"""What the figures were measured on. A figure without its machine is a rumour."""

import os
import platform
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

_ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
_ASKED = ("server_version", "fsync", "full_page_writes", "synchronous_commit", "wal_sync_method", "commit_delay")


def facts() -> dict[str, Any]:
    """Return cores, processor, memory, system, Python and the commit measured, and what else kept it busy."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "processor": _after("/proc/cpuinfo", "model name") or platform.processor(),
        "memory": _after("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "commit": _commit(),
        "load before": round(os.getloadavg()[0], 1),
    }


def database_facts(url: str) -> dict[str, str]:
    """Return version and durability settings as the running server has them for a session like ours."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_ASKED)])
        found: dict[str, str] = dict(rows.fetchall())
    return {"postgresql" if name == "server_version" else name: found[name] for name in _ASKED}


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process and all its descendants have taken so far, dead ones included."""
    own, of_ended = _times(process)
    return own + of_ended + sum(cpu_seconds(child) for child in _children(process))


def busy_seconds() -> float:
    """Return the processor time that everything on this machine has taken so far; 0 where it cannot be read."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _idle, _waiting, *more = (int(word) / _TICKS for word in stat.read_text().split()[1:9])
    return user + nice + system + sum(more)


def _times(process: int) -> tuple[float, float]:
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0, 0.0
    user, system, ended_user, ended_system = (int(word) / _TICKS for word in words[11:15])
    return user + system, ended_user + ended_system


def _children(process: int) -> list[int]:
    found: list[int] = []
    # What has ended since it was listed, the process or a thread of it, has no children any more.
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                found += [int(word) for word in (task / "children").read_text().split()]
    return found


def _after(file: str, name: str) -> str:
    path = Path(file)
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _commit() -> str:
    """Return the commit, marked where files differ from it; nothing outside a git checkout."""
    words = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty=+changes", "--abbrev=12", "--exclude=*"]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    return told.stdout.strip()
