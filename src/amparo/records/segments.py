"""The index as files: parts that never change, and one manifest that says which of them count.

    index/manifest.json                which parts each shelf has, their digests, and what they hold for certain
    index/bank-frames-000012.part      one part: see `hamming.part_bytes`
    index/writing.lock                 held by the one process of this machine that writes

A part is written under another name, synced, and named in a new manifest, which takes the place of the old one in one
step. So whatever breaks off in between leaves the index as it was. Everything here is derived from the database: a
file that is missing, cut short or changed is left out, and its rows are read again.
"""

import fcntl
import hashlib
import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amparo.matching.hamming import Hashes, Part, part_bytes
from amparo.matching.postings import Postings
from amparo.records.shelves import Shelf

_FORMAT = 1
_AT_ONCE = 16 * 1024 * 1024


class Damaged(Exception):
    """A file of the index is not what was written. Says which, and what is wrong with it."""


@dataclass(frozen=True)
class PartFile:
    """One part as the manifest names it."""

    name: str
    sha256: str
    size_bytes: int
    hashes: int


@dataclass(frozen=True)
class Manifest:
    """Which parts count. `since`: every row of a transaction before that one is in the shelf's parts; 0: who knows.

    `lineage` names the database whose transactions these are.
    """

    lineage: str = ""
    next_number: int = 1
    since: dict[str, int] = field(default_factory=dict)
    parts: dict[str, tuple[PartFile, ...]] = field(default_factory=dict)

    def of(self, shelf: Shelf) -> tuple[PartFile, ...]:
        return self.parts.get(shelf.value, ())

    def certain(self, shelf: Shelf) -> int:
        return self.since.get(shelf.value, 0)

    def with_shelf(self, shelf: Shelf, parts: tuple[PartFile, ...], since: int) -> "Manifest":
        """Return the manifest with other parts for one shelf."""
        return replace(self, parts={**self.parts, shelf.value: parts}, since={**self.since, shelf.value: since})


@dataclass(frozen=True)
class Mapped:
    """A part that is open, and what its file looked like then."""

    file: PartFile
    part: Part
    stat: tuple[int, ...]


class IndexFolder:
    """The folder of one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def manifest(self) -> Manifest:
        """Return the manifest, an empty one where there is none. Raises Damaged for one that cannot be read."""
        try:
            told = json.loads((self.path / "manifest.json").read_bytes())
            body, sha256 = told["manifest"], told["sha256"]
            if sha256 != _digest(body) or body["format"] != _FORMAT:
                raise ValueError("changed")
            parts = {name: tuple(PartFile(**each) for each in some) for name, some in body["parts"].items()}
            return Manifest(body["lineage"], body["next_number"], body["since"], parts)
        except FileNotFoundError:
            return Manifest()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged("manifest.json is not what was written") from None

    def stat(self) -> tuple[int, ...]:
        """Return what tells one manifest from the next, without reading it."""
        return _stat(self.path / "manifest.json")

    def open(self, file: PartFile) -> Mapped:
        """Map a part, shared with every other process, after comparing its digest. Raises Damaged."""
        path = self.path / file.name
        try:
            with path.open("rb") as opened:
                stat = _stat(path)
                if os.fstat(opened.fileno()).st_size != file.size_bytes:
                    raise Damaged(f"{file.name} is longer or shorter than it was written")
                mapped = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ)
        except (OSError, ValueError) as error:
            raise Damaged(f"{file.name} cannot be opened ({type(error).__name__})") from None
        if _digest_of(mapped) != file.sha256:
            raise Damaged(f"{file.name} is not what was written")
        try:
            return Mapped(file, Part(np.frombuffer(mapped, np.uint8)), stat)
        except ValueError as error:
            raise Damaged(f"{file.name}: {error}") from None

    def is_untouched(self, mapped: Mapped) -> bool:
        """Whether nobody has written to the file of an open part since, as far as its size and times tell."""
        # A part that was merged into another has no file any more, and is whole as long as it is mapped.
        return _stat(self.path / mapped.file.name) in (mapped.stat, ())

    def is_there(self, mapped: Mapped) -> bool:
        """Whether the file of an open part is there, and nobody has written to it."""
        return _stat(self.path / mapped.file.name) == mapped.stat

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """Yield whether this process is the one that writes now. A process that dies lets go of it."""
        self.path.mkdir(mode=0o700, exist_ok=True, parents=True)
        lock = os.open(self.path / "writing.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def write(self, manifest: Manifest, shelf: Shelf, hashes: Hashes, of: Postings) -> tuple[Manifest, PartFile]:
        """Write a part and return it, with the manifest after the number it took. It does not count yet.

        Raises OSError, and leaves nothing behind, where the disk does not take it.
        """
        whole = part_bytes(hashes, of)
        name = f"{shelf.value}-{manifest.next_number:06}.part"
        self._put(name, whole)
        file = PartFile(name, hashlib.sha256(whole.data).hexdigest(), len(whole), len(of))
        return replace(manifest, next_number=manifest.next_number + 1), file

    def publish(self, manifest: Manifest) -> None:
        """Let a manifest take the place of the one before, then delete parts that it does not name. Raises OSError."""
        body = {"format": _FORMAT, **asdict(manifest)}
        text = json.dumps({"sha256": _digest(body), "manifest": body}, indent=1).encode()
        self._put("manifest.json", np.frombuffer(text, np.uint8))
        named = {file.name for parts in manifest.parts.values() for file in parts}
        for path in self.path.iterdir():
            if path.suffix in (".part", ".new") and path.name not in named:
                path.unlink(missing_ok=True)

    def _put(self, name: str, whole: NDArray[np.uint8]) -> None:
        """Write a file under another name, sync it, and give it its name. It is there whole, or not at all."""
        new = self.path / f"{name}.new"
        try:
            # Written, not mapped: a full disk is then an error of this call, and kills nobody later.
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=0) as file:
                for begin in range(0, len(whole), _AT_ONCE):
                    some = whole[begin : begin + _AT_ONCE].data
                    while len(some):
                        some = some[file.write(some) :]
                os.fsync(file.fileno())
            new.replace(self.path / name)
        except OSError:
            new.unlink(missing_ok=True)
            raise
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _digest_of(mapped: mmap.mmap) -> str:
    digest = hashlib.sha256()
    with memoryview(mapped) as whole:
        for begin in range(0, len(whole), _AT_ONCE):
            digest.update(whole[begin : begin + _AT_ONCE])
    return digest.hexdigest()


def _stat(path: Path) -> tuple[int, ...]:
    """Return what changes when a file is replaced or written to; nothing where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
