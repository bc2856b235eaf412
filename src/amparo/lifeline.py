"""Lets a process end with the one that started it, so that a killed supervisor leaves nothing behind."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however it dies. Does nothing outside Linux.

    Call it first thing in the child. A parent that died before the call is noticed as well: the child then belongs
    to somebody else already.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
