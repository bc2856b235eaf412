"""Opens media: `with sandbox.opened(file) as media`, and what comes out is pixels, numbers or a refusal.

Each file is opened by a process of its own, made for it and dead after it. Processes come from wardens, sandboxes that
have loaded the decoders already. A warden whose process did anything but end in order is killed with all that is in
it, so that nobody can try twice in the same layout of memory.
"""

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from amparo.media import bubblewrap
from amparo.media.errors import NoSandbox, SandboxFailed
from amparo.media.level import Level, Walls, best
from amparo.media.opening import Opening
from amparo.media.warden import Warden
from amparo.media.wire import FULL_DECODE, Depth, Ended, Frame, Header, Job, Limits

_JOBS_OF_A_WARDEN = 500
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


@dataclass(frozen=True)
class Media:
    """What is in a file. `frames` is read once, as far as is wanted, while the file is open."""

    header: Header
    frames: Iterator[Frame]
    _opening: Opening

    @property
    def ended(self) -> Ended | None:
        """How its process ended and what it used, once `frames` is at its end."""
        return self._opening.ended


class Sandbox:
    """Where files are opened. One for a process; any number of threads may use it, each file in a process of its own.

    `accepts_less`: the operator wants files opened although this machine has no full sandbox.
    """

    def __init__(self, *, accepts_less: bool = False, program: Path = bubblewrap.PROGRAM) -> None:
        self._accepts_less = accepts_less
        self._program = program
        self._most_idle = os.cpu_count() or 1
        self._lock = threading.Lock()
        self._idle: list[Warden] = []
        self._walls: Walls | None = None
        self._is_closed = False

    def level(self) -> Level:
        """Return how strong the sandbox is here, tried once. Raises SandboxFailed where nothing decodes at all."""
        return self._tried().level

    @contextlib.contextmanager
    def opened(
        self,
        file: bytes | IO[bytes],
        depth: Depth = Depth.KEY_FRAMES,
        *,
        apart_ms: int = 500,
        limits: Limits | None = None,
    ) -> Iterator[Media]:
        """Open a picture or video: its bytes, or a file that is open for reading only.

        Frames of what moves are at least `apart_ms` apart, but a full decode of an animation yields every one. Raises
        Refused for the file's sake, also between two frames: what came before is as it is in the file. Raises
        NoSandbox for the machine's sake, and SandboxFailed for neither's. May be repeated.
        """
        job = Job(depth, apart_ms, limits or (FULL_DECODE if depth is Depth.FULL else Limits()))
        with _readable(file) as readable:
            warden = self._warden()
            opening = None
            try:
                opening = Opening(warden, job, warden.hand_over(job, readable))
                yield Media(opening.header(), opening.frames(), opening)
            finally:
                if opening is not None:
                    opening.close()
                self._give_back(warden, is_sound=opening is not None and opening.is_sound)

    def close(self) -> None:
        """End every sandbox that waits for work, and each of the others as soon as its file is done. Opens no more."""
        with self._lock:
            self._is_closed, idle, self._idle = True, self._idle, []
        for warden in idle:
            warden.kill()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tried(self) -> Walls:
        with self._lock:
            if self._walls is None:
                self._walls = best(self._program)
            return self._walls

    def _warden(self) -> Warden:
        walls = self._tried()
        if not (walls.level.is_full or self._accepts_less):
            raise NoSandbox(
                f"No picture or video is opened: {walls.level.mend} To open them with less around them all the same, "
                'set `sandbox = "none-i-accept-the-risk"` under [media].'
            )
        with self._lock:
            if self._is_closed:
                raise SandboxFailed("The media sandbox is closed.")
            idle = self._idle.pop() if self._idle else None
        if idle is not None and idle.is_alive():
            return idle
        if idle is not None:
            idle.kill()
        return walls.start()

    def _give_back(self, warden: Warden, *, is_sound: bool) -> None:
        with self._lock:
            is_kept = is_sound and not self._is_closed and warden.jobs < _JOBS_OF_A_WARDEN
            if is_kept and len(self._idle) < self._most_idle:
                self._idle.append(warden)
                return
        warden.kill()


@contextlib.contextmanager
def _readable(file: bytes | IO[bytes]) -> Iterator[int]:
    """Yield a file that can be read and nothing else: bytes go to memory that is sealed, never to a disk."""
    if not isinstance(file, bytes):
        if fcntl.fcntl(file.fileno(), fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
            raise ValueError("Open the file for reading only: what can be written could be written by its decoder.")
        yield file.fileno()
        return
    with os.fdopen(os.memfd_create("media", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b") as memory:
        memory.write(file)
        memory.flush()
        fcntl.fcntl(memory.fileno(), fcntl.F_ADD_SEALS, _SEALS)
        yield memory.fileno()
