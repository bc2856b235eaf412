"""Stand-ins for the records and for the fingerprints: what the run asks of them, and no more.

The book is a file of lines, each written in one piece, so that it holds what a killed process had told it.
"""

import hashlib
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO

import numpy as np

from amparo import _kernel
from amparo.cases.refs import Subject
from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from amparo.media.errors import NoSandbox, Refused, SandboxFailed
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Reason


class FileBook:
    """Keeps digests and who shows them."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        self._kept = set(self.kept()) if path.exists() else set()
        self._closed = set[str]()

    def is_kept(self, sha256: str) -> bool:
        with self._lock:
            return sha256 in self._kept

    def keep(self, fingerprint: Fingerprint, at: datetime) -> None:
        assert at.tzinfo is not None
        if len(fingerprint.frames) == 0:
            self._closed.add(fingerprint.sha256)
            return  # Nobody could open it: found by equal bytes, and worth hashing again.
        with self._lock:
            self._write(f"kept {fingerprint.sha256}")
            self._kept.add(fingerprint.sha256)

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        assert self.is_kept(sha256) or sha256 in self._closed
        with self._lock:
            self._write(f"shown {subject} {account} {sha256} {at.isoformat()}")

    def looked_at(self, subject: Subject, file_key: str, at: datetime, why: str) -> None:
        with self._lock:
            self._write(f"looked-at {subject} {file_key} {why or 'known'}")

    def seen(self) -> list[tuple[str, str]]:
        """Return the key of each listed file of which no more is to be learnt, and why."""
        return [(row[2], row[3]) for row in map(str.split, self._lines()) if row[0] == "looked-at"]

    def kept(self) -> list[str]:
        """Return the digests in the order in which they were kept, with any that was kept twice."""
        return [line.split()[1] for line in self._lines() if line.startswith("kept ")]

    def shown(self) -> list[tuple[str, str, str]]:
        """Return subject, account and digest of what is shown."""
        rows = [line.split() for line in self._lines() if line.startswith("shown ")]
        return [(row[1], row[2], row[3]) for row in rows]

    def _lines(self) -> list[str]:
        return self._path.read_text().splitlines() if self._path.exists() else []

    def _write(self, line: str) -> None:
        with open(self._path, "ab", buffering=0) as file:
            file.write(line.encode() + b"\n")


class MemoryBank:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def holds(self, sha256: str) -> bool:
        return sha256 in self.names

    def add(self, fingerprint: Fingerprint, name: str) -> None:
        self.names[fingerprint.sha256] = name


def made_up(file: bytes | IO[bytes]) -> Fingerprint:
    """Return a fingerprint without looking at a picture. The first word of the bytes says what comes of it."""
    body = file if isinstance(file, bytes) else file.read()
    word = body.split()[0] if body.split() else b""
    if word == b"damaged":
        raise Refused(Reason.DAMAGED)
    if word == b"crash":
        raise SandboxFailed("The media sandbox does not answer.")
    if word == b"nowhere":
        raise NoSandbox("No picture or video is opened: install bubblewrap.")
    if word == b"slow":
        time.sleep(0.015)
    if word == b"gate":
        _wait_for(Path(os.environ["GATES"]) / body.split()[1].decode())
    return _of(body, np.zeros((1, 8, 32), np.uint8), 0 if word == b"flat" else 100)


def looked_at(sandbox: Sandbox, file: bytes | IO[bytes], *, is_whole: bool = False) -> Fingerprint:
    """Return the fingerprint of a picture, opened in the sandbox."""
    body = file if isinstance(file, bytes) else file.read()
    with sandbox.opened(body) as media:
        # To their end: the sandbox ends a process that is not listened to, and starts another one.
        frame, *_ = media.frames
        rows = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.stride)
        pixels = rows[:, : frame.width * frame.channels].reshape(frame.height, frame.width, frame.channels)
        turns, quality = _kernel.pdq_turns(pixels if frame.channels == 3 else pixels[:, :, 0])
    return _of(body, np.frombuffer(b"".join(turns), np.uint8).reshape(1, 8, 32), quality)


def from_either(
    sandbox: Sandbox, file: bytes | IO[bytes], *, is_whole: bool = False, is_work: bool = False
) -> Fingerprint:
    """Look at pictures, and make up the rest."""
    body = file if isinstance(file, bytes) else file.read()
    made = os.environ.get("FINGERPRINTS", "looked at") == "made up"
    return made_up(body) if made else looked_at(sandbox, body, is_whole=is_whole)


def _wait_for(gate: Path) -> None:
    ends_at = time.monotonic() + 120
    while not gate.exists():
        assert time.monotonic() < ends_at, "nobody opens the gate"
        time.sleep(0.01)


def _of(body: bytes, turns: "np.typing.NDArray[np.uint8]", quality: int) -> Fingerprint:
    frames = Frames(np.zeros(1, np.uint32), turns, np.array([quality], np.uint8), np.zeros(1, np.bool_))
    sha256, md5 = hashlib.sha256(body).hexdigest(), hashlib.md5(body, usedforsecurity=False).hexdigest()
    return Fingerprint(sha256, md5, MediaKind.PICTURE, 0, 0, True, frames)


def counting(opener: Callable[[IO[bytes]], Fingerprint]) -> tuple[Callable[[IO[bytes]], Fingerprint], list[None]]:
    """Return an opener and a list that is as long as it was called often."""
    calls: list[None] = []

    def counted(file: IO[bytes]) -> Fingerprint:
        calls.append(None)
        return opener(file)

    return counted, calls
