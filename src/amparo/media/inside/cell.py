"""What a process does to itself before it opens a hostile file: keeps two files, limits itself, shuts the door.

After `enter` there is no way back: limits only go down, and the filter can neither be taken off nor loosened.
"""

import ctypes
import os
import resource

from amparo.media.wire import LOOK, RECORD, Limits, Look

FILE, ANSWER = 3, 4
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_PR_GET_SECCOMP, _PR_GET_NO_NEW_PRIVS = 21, 39
_FILTER_MODE = 2
_ASIDE, _NO_HIGHER = 100, 1 << 20
_libc = ctypes.CDLL(None, use_errno=True)
# Called once now, so that nothing has to be loaded or mapped for it later.
_libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0)


class CannotLock(Exception):
    """A wall of the sandbox could not be put up. No file is opened then."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def enter(files: list[int], limits: Limits | None, rules: bytes) -> None:
    """Keep the two files as FILE and ANSWER and nothing else, set the limits, and put the filter in force."""
    # Out of the way of the numbers they get. 0, 1 and 2 are /dev/null, so that nothing printed reaches the answer.
    file, answer = os.dup2(files[0], _ASIDE), os.dup2(files[1], _ASIDE + 1)
    os.dup2(file, FILE)
    os.dup2(answer, ANSWER)
    os.closerange(ANSWER + 1, _NO_HIGHER)
    if limits is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        # A second in between, so that the signal that ends it tells why: at the hard limit it would be a plain SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        resource.setrlimit(what, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    program = _Program(len(rules) // 8, rules)
    if _libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0):
        raise CannotLock("the filter")


def look_around() -> None:
    """Write down what this process sees of itself, for the other side to judge."""
    seen = Look(
        user=os.getuid(),
        process=os.getpid(),
        has_filter=_libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) == _FILTER_MODE,
        has_no_new_rights=_libc.prctl(_PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1,
        sees_machine=any(os.path.lexists(place) for place in ("/etc", "/proc", "/sys", "/var", "/tmp", "/dev")),  # noqa: S108
    ).pack()
    os.write(ANSWER, RECORD.pack(LOOK, len(seen)) + seen)


def _prctl(what: int, value: int) -> None:
    if _libc.prctl(what, value, 0, 0, 0):
        raise CannotLock(str(what))
