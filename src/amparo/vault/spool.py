"""Keeps what came while the books were away: one sealed file a record, on disk before anybody is told "we have it".

A file is one line that says whose it is and when it came (ids, a time and digests: enough to put it in order and to
know it again), and then the record, sealed to the vault. Its name follows from the key of the form, so a form that is
sent twice is one file. What is half-written has a name that begins with a dot, and nobody takes it for a record.
"""

import errno
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO, Any

from amparo.vault.errors import NotSealed, VaultDamaged, VaultRefused
from amparo.vault.keys import parse_recipients
from amparo.vault.seal import seal_bytes
from amparo.vault.sealed import SealedObject

NAME = re.compile(r"(notice_[a-z2-7]{26})\.[0-9a-f]{24}")
ASIDE = "aside"
LARGEST_RECORD_BYTES = 4 * 1024 * 1024
_FORMAT = 1
_MEASURED_FOR_SECONDS = 1.0
_HALF_WRITTEN_FOR_SECONDS = 600.0


class OtherBody(Exception):
    """A record of this name is there already and came with another body. Nothing was changed."""


@dataclass(frozen=True)
class Label:
    """What a record's first line says. `body_mac` tells whether the same form came again, and nothing else."""

    name: str
    received_at: datetime
    body_mac: str

    @property
    def notice(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Kept:
    """What is kept now. `is_new`: it is the record that was given, and not one that came before with the same body."""

    notice: str
    received_at: datetime
    is_new: bool


class Spool:
    """The writing side: needs public keys and a folder, never the vault process or the database.

    `limit_bytes` is how much may wait. `fsync` is passed in so that a test can let it fail. Safe to share between
    threads.
    """

    def __init__(
        self,
        directory: Path,
        recipients: Sequence[str],
        limit_bytes: int,
        fsync: Callable[[int], None] = os.fsync,
    ) -> None:
        self.directory = directory
        self._recipients = parse_recipients(recipients, "the recipients")
        self._limit_bytes, self._fsync = limit_bytes, fsync
        self._lock, self._used_bytes, self._measured_at = Lock(), 0, float("-inf")

    def keep(self, label: Label, plaintext: bytes) -> Kept:
        """Keep a record, or find the one that came before under the same key; it survives a power cut from now on.

        1. seal it  2. write it under a name that nobody reads  3. fsync the file  4. give it its name, if that is
        free  5. fsync the folder. Raises OtherBody, or NotSealed where any of it failed: then nothing may be
        acknowledged. A failed fsync is never repeated for the same file, because the second one would say "fine".
        """
        before = self._kept_before(label)
        if before is not None:
            return before
        content = self._sealed(label, plaintext)
        self._claim_room(len(content))
        path = self.directory / label.name
        unfinished = self.directory / f".{label.name}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            self._write(unfinished, content)
            # A hard link, unlike a rename, does not replace the record that came a moment before.
            os.link(unfinished, path)
        except FileExistsError:
            before = self._kept_before(label)
            if before is None:
                raise NotSealed(f"{label.name} is being taken in. Send it again.", "not_kept") from None
        except OSError as error:
            raise _not_kept(label.name, error) from error
        finally:
            unfinished.unlink(missing_ok=True)
        if before is not None:
            return before
        try:
            sync_folder(self.directory, self._fsync)
        except OSError as error:
            # Its name may or may not outlive a power cut. Sent again, it must be written from the beginning.
            with suppress(OSError):
                path.unlink()
            raise _not_kept(label.name, error) from error
        return Kept(label.notice, label.received_at, is_new=True)

    def has(self, notice: str) -> bool:
        """Whether a record of this notice waits to be taken in."""
        return any(name.startswith(f"{notice}.") for name in _names(self.directory))

    def _kept_before(self, label: Label) -> Kept | None:
        """Return the record that came before under the same key, durable by now. Raises OtherBody, NotSealed."""
        of_key = label.name.partition(".")[2]
        try:
            names = _names(self.directory)
        except OSError as error:
            raise _not_kept("a record", error) from error
        for name in names:
            if not name.endswith(of_key):
                continue
            try:
                before = _label_of(self.directory / name)
                sync_folder(self.directory, self._fsync)
            except FileNotFoundError:
                continue  # Taken in this very moment: the books will know the key.
            except (OSError, VaultDamaged) as error:
                raise NotSealed(f"{name} cannot be compared with what came again.", "not_kept") from error
            if before.body_mac != label.body_mac:
                raise OtherBody(f"{name} came before with another body")
            return Kept(before.notice, before.received_at, is_new=False)
        return None

    def _sealed(self, label: Label, plaintext: bytes) -> bytes:
        if not NAME.fullmatch(label.name) or len(plaintext) > LARGEST_RECORD_BYTES:
            raise ValueError("a record has a name of its notice, and 4 MiB at most")
        sealed, ciphertext = seal_bytes(
            plaintext, object_id=label.name, kind="report", owner=label.notice, recipients=self._recipients
        )
        first = {
            "format": _FORMAT,
            "received_at": label.received_at.isoformat(),
            "body_mac": label.body_mac,
            "sealed_key": sealed.sealed_key.hex(),
            "sha256": sealed.sha256,
            "size_bytes": sealed.size_bytes,
        }
        return json.dumps(first).encode() + b"\n" + ciphertext

    def _claim_room(self, size_bytes: int) -> None:
        """Raise NotSealed where this would be more than may wait. Measured once a second, and counted in between."""
        with self._lock:
            now = time.monotonic()
            if now - self._measured_at > _MEASURED_FOR_SECONDS:
                try:
                    if not self.directory.is_dir():
                        self.directory.mkdir(mode=0o700, exist_ok=True)
                        sync_folder(self.directory.parent, self._fsync)
                    self._used_bytes, self._measured_at = _size_of(self.directory), now
                except OSError as error:
                    raise _not_kept("a record", error) from error
            if self._used_bytes + size_bytes > self._limit_bytes:
                raise NotSealed("The spool is full. Bring the database back, or raise [spool] limit_mb.", "full")
            self._used_bytes += size_bytes

    def _write(self, path: Path, content: bytes) -> None:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            self._fsync(file.fileno())


def waiting(directory: Path) -> list[Label]:
    """Return the labels of the records that wait, in the order in which they came; damaged ones come first.

    A damaged record has a label without a time of its own (the earliest there is), so that it is looked at.
    """
    labels = []
    for name in _names(directory):
        try:
            labels.append(_label_of(directory / name))
        except FileNotFoundError:
            continue  # Somebody else has just taken it in.
        except VaultDamaged:
            labels.append(Label(name, datetime.fromisoformat("0001-01-01T00:00:00+00:00"), ""))
    return sorted(labels, key=lambda label: (label.received_at, label.name))


def remove(directory: Path, name: str) -> None:
    """Forget a record that was taken in; may be repeated. It is gone for good when this returns."""
    (directory / name).unlink(missing_ok=True)
    sync_folder(directory)


def set_aside(directory: Path, name: str) -> None:
    """Move a record that cannot be taken in out of the way; it is never deleted. May be repeated."""
    aside = directory / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    try:
        os.rename(directory / name, aside / name)
    except FileNotFoundError:
        return
    sync_folder(aside)
    sync_folder(directory)


def lying_aside(directory: Path) -> list[str]:
    """Return the names of the records that were set aside. Raises OSError where the folder cannot be read."""
    return sorted(_names(directory / ASIDE))


def sweep(directory: Path) -> None:
    """Remove what a kill left half-written long ago: it was acknowledged to nobody."""
    if not directory.is_dir():
        return
    with os.scandir(directory) as entries:
        for entry in entries:
            if not entry.name.startswith(".notice_"):
                continue
            try:
                age_seconds = time.time() - entry.stat().st_mtime
            except FileNotFoundError:
                continue  # It has just got its name.
            if age_seconds > _HALF_WRITTEN_FOR_SECONDS:
                (directory / entry.name).unlink(missing_ok=True)


def find(directory: Path, name: str) -> tuple[SealedObject, IO[bytes]]:
    """Return a record's row, as its first line tells it, and its ciphertext: for the vault, which believes neither.

    Raises VaultRefused where there is none, VaultDamaged where the line is none of ours.
    """
    try:
        content = (directory / name).read_bytes()
    except FileNotFoundError as error:
        raise VaultRefused("There is no such record.", "not_found") from error
    except OSError as error:
        raise VaultDamaged(f"The record {name} cannot be read.", "bytes_unreadable") from error
    line, _, ciphertext = content.partition(b"\n")
    first = _first_line(name, line)
    try:
        sealed_key = bytes.fromhex(first["sealed_key"])
        row = SealedObject(
            name, "report", name.partition(".")[0], sealed_key, str(first["sha256"]), int(first["size_bytes"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged(f"The record {name} has no first line of ours.", "row_changed") from error
    return row, BytesIO(ciphertext)


def sync_folder(directory: Path, fsync: Callable[[int], None] = os.fsync) -> None:
    """Make what was named, renamed and removed in a folder durable. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def _label_of(path: Path) -> Label:
    with path.open("rb") as file:
        first = _first_line(path.name, file.readline(64 * 1024))
    try:
        received_at = datetime.fromisoformat(first["received_at"])
        if received_at.tzinfo is None:
            raise ValueError("a time without its zone")
        return Label(path.name, received_at, str(first["body_mac"]))
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged(f"The record {path.name} has no first line of ours.", "row_changed") from error


def _first_line(name: str, line: bytes) -> dict[str, Any]:
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        first = None
    if not isinstance(first, dict) or first.get("format") != _FORMAT:
        raise VaultDamaged(f"The record {name} has no first line of ours.", "row_changed")
    return first


def _names(directory: Path) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.name for entry in entries if NAME.fullmatch(entry.name)]
    except FileNotFoundError:
        return []


def _size_of(directory: Path) -> int:
    """Return how many bytes lie here, half-written ones and those set aside included."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


def _not_kept(name: str, error: OSError) -> NotSealed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NotSealed("The disk of the spool is full. Make room there.", "disk_full")
    return NotSealed(f"{name} could not be kept. Check the disk of the spool.", "not_kept")
