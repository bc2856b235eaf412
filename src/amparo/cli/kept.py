"""A folder that is written once: whole or not there, each file on disk, read back, and listed with its SHA-256.

The list, `SHA256SUMS`, has the form that the command `sha256sum --check` reads, so nobody needs us to check a folder.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from amparo.home import BadSettings

SUMS = "SHA256SUMS"
_BLOCK_BYTES = 1024 * 1024
_SAY_EVERY_SECONDS = 2.0


class Progress:
    """Says on stderr how far it is, not more often than every two seconds."""

    def __init__(self, what: str, of: int) -> None:
        self._what, self._of, self._done = what, of, 0
        self._said_at = time.monotonic()

    def step(self) -> None:
        """Note that one more is done."""
        self._done += 1
        if time.monotonic() - self._said_at > _SAY_EVERY_SECONDS:
            self._said_at = time.monotonic()
            say(f"{self._what}: {self._done} of {self._of}")


def say(text: str) -> None:
    """Tell whoever watches."""
    print(text, file=sys.stderr, flush=True)


class NewFolder:
    """A folder while it is written. Its files have their places in it, and nobody else can read them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sums: dict[str, str] = {}

    def place(self, name: str) -> Path:
        """Return where a file that somebody else writes has to be; `keep` it afterwards."""
        place = self.path / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def keep(self, name: str) -> None:
        """Put a file that somebody else wrote on disk, and on the list."""
        place = self.path / name
        place.chmod(0o600)
        _sync(place)
        self._sums[name] = digest_of(place)

    def write(self, name: str, text: str) -> None:
        """Write a whole file of text."""
        with self.open(name) as file:
            file.write(text.encode())

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Give a file to write into, piece by piece."""
        with _new(self.place(name)) as file:
            writer = _Hashing(file)
            yield writer  # type: ignore[misc]
        self._sums[name] = writer.digest.hexdigest()

    def copy(self, source: Path, name: str) -> str:
        """Copy a file and return the SHA-256 of what was read. Raises FileNotFoundError."""
        with source.open("rb") as file, self.open(name) as copy:
            shutil.copyfileobj(file, copy, _BLOCK_BYTES)
        return self._sums[name]

    def finish(self) -> int:
        """Write the list, put every directory on disk, and read every file back; return how many there are.

        Raises BadSettings for a file that does not read as it was written.
        """
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items()))
        with _new(self.path / SUMS) as file:
            file.write(lines.encode())
        for folder in {self.path, *(path for path in self.path.rglob("*") if path.is_dir())}:
            _sync(folder)
        if wrong := wrong_files(self.path):
            raise BadSettings(f"What was written does not read back as it was: {wrong[0]}. Look at that disk.")
        return len(self._sums)


@contextmanager
def new_folder(path: Path) -> Iterator[NewFolder]:
    """Give a folder to write; it has its name only after everything in it was read back. Overwrites nothing."""
    unfinished = path.with_name(path.name + ".unfinished")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadSettings(f"{path} is there already, and nothing is overwritten. Name another folder.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir(mode=0o700)
    except FileExistsError:
        raise BadSettings(f"{unfinished} is left from one that was broken off. Remove it, then try again.") from None
    except OSError as error:
        raise BadSettings(f"{unfinished} cannot be made: {error.strerror}.") from None
    try:
        folder = NewFolder(unfinished)
        yield folder
        folder.finish()
        unfinished.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise BadSettings(f"{path} could not be written: {error.strerror}. Nothing is left of it.") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def wrong_files(path: Path) -> list[str]:
    """Return the files of a folder that are not as its list says. Raises BadSettings where the list is none."""
    try:
        lines = (path / SUMS).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadSettings(f"{path} has no {SUMS}, so it is not a whole folder that Amparo wrote.") from None
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines) if name}
    if len(listed) != len(lines) or any(".." in name.split("/") or name.startswith("/") for name in listed):
        raise BadSettings(f"{path / SUMS} is no list of files with their digests.")
    progress = Progress("read back", len(listed))
    wrong = []
    for name, digest in listed.items():
        file = path / name
        if not file.is_file() or file.is_symlink() or digest_of(file) != digest:
            wrong.append(name)
        progress.step()
    return wrong


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, from the disk and not from memory where the system can be told so."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := opened.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        return self._file.write(piece)


@contextmanager
def _new(place: Path) -> Iterator[IO[bytes]]:
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
