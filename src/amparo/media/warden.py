"""One running sandbox, seen from outside: starts it, hands it jobs, and kills all of it in one stroke."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from typing import IO

from amparo.media.errors import SandboxFailed
from amparo.media.wire import LOOK_AROUND, READY, Ended, Job

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_LONGEST_MESSAGE = 4096
_ANSWER_PIPE_BYTES = 1024**2
_F_SETPIPE_SZ = 1031
_LAST_WORDS = 1_000

Command = Callable[[int, int], Sequence[str]]


class DidNotStart(SandboxFailed):
    """`said` is what bubblewrap or Python said over it, for the operator."""

    def __init__(self, said: str) -> None:
        super().__init__(f"The media sandbox does not start: {said}")
        self.said = said


class Warden:
    """A sandbox with its decoders loaded. Not for two threads at once. `jobs` counts what it was handed."""

    def __init__(self, process: "subprocess.Popen[bytes]", control: socket.socket) -> None:
        self._process = process
        self._control = control
        self.jobs = 0

    @classmethod
    def start(cls, command: Command, rules: bytes, environment: dict[str, str]) -> "Warden":
        """Start what `command` returns for (its socket, its filter) and wait for its decoders. Raises DidNotStart.

        It inherits an environment of these words only, that socket, and no other file of ours. Should we die, however
        we die, the socket closes, and the warden ends with all that it started.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, _memory(rules) as filter_file, tempfile.TemporaryFile() as said:
            files = theirs.fileno(), filter_file.fileno()
            try:
                process = subprocess.Popen(
                    command(*files),
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    pass_fds=files,
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                raise DidNotStart(str(error)) from None
            theirs.close()
            warden = cls(process, ours)
            ours.settimeout(_START_SECONDS)
            with contextlib.suppress(OSError):
                if ours.recv(_LONGEST_MESSAGE) == READY:
                    return warden
            warden.kill()
            raise DidNotStart(_last_words(said))

    def is_alive(self) -> bool:
        """Whether it can be handed a job; the system may have ended it while it waited."""
        return self._process.poll() is None

    def hand_over(self, job: Job | None, file: int) -> int:
        """Have it open a file in a fresh process; return where the answer is read. None only has it look around.

        Raises SandboxFailed where it has ended.
        """
        self.jobs += 1
        answer, theirs = os.pipe()
        try:
            with contextlib.suppress(OSError):  # Over the user's budget for pipes it stays as small as it is.
                fcntl.fcntl(theirs, _F_SETPIPE_SZ, _ANSWER_PIPE_BYTES)
            socket.send_fds(self._control, [LOOK_AROUND if job is None else job.pack()], [file, theirs])
        except OSError as error:
            os.close(answer)
            raise SandboxFailed("The media sandbox has ended. Try again.") from error
        finally:
            os.close(theirs)
        return answer

    def ended(self) -> Ended:
        """Return how the process of the last job ended, once its answer is read. Raises SandboxFailed if none comes."""
        self._control.settimeout(_END_SECONDS)
        try:
            return Ended.unpack(self._control.recv(_LONGEST_MESSAGE))
        except Exception as error:
            raise SandboxFailed("The media sandbox broke down. Try again.") from error

    def kill(self) -> None:
        """End everything in the sandbox now, whatever it does. May be repeated."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()


def _memory(content: bytes) -> IO[bytes]:
    file = os.fdopen(os.memfd_create("rules", os.MFD_CLOEXEC), "w+b")
    file.write(content)
    file.flush()
    file.seek(0)
    return file


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read()[-_LAST_WORDS:].decode("utf-8", "replace").strip().replace("\n", " ") or "it said nothing"
