"""The first process in the sandbox: loads the decoders once, and forks a fresh process for each file.

It never reads a file's bytes. What it gets over its socket, from outside, is what to do and two open files; it hands
them to a process that dies with the job. A process cannot reach its warden: no signal, no socket, nothing writable.

1. Give up root, where it is root's.
2. Load the decoders: 0.2 s once, not for each file.
3. For each job: fork, wait, say how it ended. If the other side goes away, end, and with it everything in the sandbox.
"""

import ctypes
import gc
import os
import resource
import select
import socket
import struct
from typing import NoReturn

from amparo.media.filters import decoder_filter
from amparo.media.inside import cell
from amparo.media.inside.decoding import decode, load_decoders
from amparo.media.wire import LOOK_AROUND, NOT_LOCKED, READY, Ended, Job

_LONGEST_MESSAGE = 4096
# Not the user `nobody`: other services of the machine run as it, such as PostgreSQL started by root.
_USER = 65533
_CAPABILITY_VERSION_3 = 0x20080522


def main(file: int) -> None:
    """Serve jobs over the socket on that file until its other end is closed."""
    control = socket.socket(fileno=file)
    os.dup2(1, 2)  # What the decoders print goes nowhere.
    rules = decoder_filter()
    load_decoders()
    _give_up_root()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    gc.freeze()
    control.sendmsg([READY])  # Not `send`, a call that nobody here may make.
    while True:
        message, files, _, _ = socket.recv_fds(control, _LONGEST_MESSAGE, 2)
        if not message:
            return
        child = os.fork()
        if child == 0:
            _open_one(message, files, control, rules)
        for file in files:
            os.close(file)
        control.sendmsg([_end_of(child, control).pack()])


def _open_one(message: bytes, files: list[int], control: socket.socket, rules: bytes) -> NoReturn:
    """Be the fresh process: keep two files, shut everything else, do the job and end."""
    code = NOT_LOCKED
    try:
        control.detach()
        job = None if message == LOOK_AROUND else Job.unpack(message)
        cell.enter(files, None if job is None else job.limits, rules)
        code = 1
        if job is None:
            cell.look_around()
        else:
            decode(job, cell.FILE, cell.ANSWER)
        code = 0
    finally:
        # However it went, this process never goes back into the warden's loop; the code is told to the other side.
        os._exit(code)


def _end_of(child: int, control: socket.socket) -> Ended:
    """Wait for the process, and end at once if nobody waits for us any more: then nobody would ever stop it."""
    handle = os.pidfd_open(child)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(control, select.POLLIN | select.POLLHUP)
        if any(file == control.fileno() for file, _ in poll.poll()):
            os.kill(child, 9)
            os._exit(1)
    finally:
        os.close(handle)
    _, status, used = os.wait4(child, 0)
    return Ended(
        code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
        signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        most_memory_kb=used.ru_maxrss,
        processor_ms=int(1000 * (used.ru_utime + used.ru_stime)),
    )


def _give_up_root() -> None:
    """Become nobody in particular, where we are root, and have no capability in any set, whoever we were."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(_USER, _USER, _USER)
        os.setresuid(_USER, _USER, _USER)
    # Becoming another user leaves those that can be inherited. See capset(2): a header, then two words of each set.
    if ctypes.CDLL(None, use_errno=True).capset(struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24)):
        raise OSError(ctypes.get_errno(), "capabilities")
