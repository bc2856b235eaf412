"""The writing side of the spool: a record is on disk, and stays there, before anybody is told "we have it".

It is what the door has: public keys and a folder, never the vault process or the database. The reading side is
`spool.py`.
"""

import errno
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from amparo.vault.errors import NotSealed, VaultDamaged
from amparo.vault.keys import parse_recipients
from amparo.vault.seal import seal_bytes
from amparo.vault.spool import BEHIND, FORMAT, NAME, Label, folder_behind, folders_in, label_of, names_in, sync_folder

LARGEST_RECORD_BYTES = 4 * 1024 * 1024
_MEASURED_FOR_SECONDS = 1.0


class OtherBody(Exception):
    """A record of this name is there already and came with another body. Nothing was changed."""


@dataclass(frozen=True)
class Kept:
    """What is kept now. `is_new`: it is the record that was given, and not one that came before with the same body."""

    notice: str
    received_at: datetime
    is_new: bool


class Spool:
    """Where the door keeps what comes while the books are away.

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
        self._claim_room(len(content), is_behind=label.behind_seconds is not None)
        folder = self._folder(label)
        path = folder / label.name
        unfinished = self.directory / f".{label.name}.{os.getpid()}.{secrets.token_hex(4)}"
        try:
            with _locked(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)) as descriptor:
                self._write(descriptor, content)
                # A hard link, unlike a rename, does not replace the record that came a moment before.
                os.link(unfinished, path)
                self._make_its_name_durable(path)
        except FileExistsError:
            before = self._kept_before(label)
            if before is None:
                raise NotSealed(f"{label.name} is being taken in. Send it again.", "not_kept") from None
            return before
        except OSError as error:
            raise _not_kept(label.name, error) from error
        finally:
            with suppress(OSError):  # It is swept later; a disk that takes no changes is said above.
                unfinished.unlink(missing_ok=True)
        return Kept(label.notice, label.received_at, is_new=True)

    def has(self, notice: str) -> bool:
        """Whether a record of this notice waits to be taken in."""
        return any(name.startswith(f"{notice}.") for folder in folders_in(self.directory) for name in names_in(folder))

    def is_empty(self) -> bool:
        """Whether nothing waits to be taken in. What was set aside waits for a person, and does not count."""
        return not any(names_in(folder) for folder in folders_in(self.directory))

    def _kept_before(self, label: Label) -> Kept | None:
        """Return the record that came before under the same key, durable by now. Raises OtherBody, NotSealed."""
        of_key = label.name.partition(".")[2]
        folders = (self.directory, folder_behind(self.directory, label.name))
        try:
            paths = [folder / name for folder in folders for name in names_in(folder) if name.endswith(of_key)]
        except OSError as error:
            raise _not_kept("a record", error) from error
        for path in paths:
            try:
                before = self._durable(path)
            except FileNotFoundError:
                continue  # Taken in this very moment, so the books will know the key; or its writer has failed.
            except (OSError, VaultDamaged) as error:
                raise NotSealed(f"{path.name} cannot be compared with what came again.", "not_kept") from error
            if before.body_mac != label.body_mac:
                raise OtherBody(f"{path.name} came before with another body")
            return Kept(before.notice, before.received_at, is_new=False)
        return None

    def _sealed(self, label: Label, plaintext: bytes) -> bytes:
        if not NAME.fullmatch(label.name) or len(plaintext) > LARGEST_RECORD_BYTES:
            raise ValueError("a record has a name of its notice, and 4 MiB at most")
        sealed, ciphertext = seal_bytes(
            plaintext, object_id=label.name, kind="report", owner=label.notice, recipients=self._recipients
        )
        first = {
            "format": FORMAT,
            "received_at": label.received_at.isoformat(),
            "body_mac": label.body_mac,
            "sealed_key": sealed.sealed_key.hex(),
            "sha256": sealed.sha256,
            "size_bytes": sealed.size_bytes,
        }
        if label.behind_seconds is not None:
            first["behind_seconds"] = label.behind_seconds
        return json.dumps(first).encode() + b"\n" + ciphertext

    def _folder(self, label: Label) -> Path:
        """Return the folder for a record, made durable where it is new. Raises NotSealed."""
        if label.behind_seconds is None:
            return self.directory
        folder = folder_behind(self.directory, label.name)
        try:
            for each in (self.directory / BEHIND, folder):
                if not each.is_dir():
                    each.mkdir(mode=0o700, exist_ok=True)
                    sync_folder(each.parent, self._fsync)
        except OSError as error:
            raise _not_kept("a record", error) from error
        return folder

    def _claim_room(self, size_bytes: int, *, is_behind: bool = False) -> None:
        """Raise NotSealed where this would be more than may wait. Measured once a second, and counted in between.

        What came in a flood may fill half of the room: the rest is for an outage.
        """
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
            if self._used_bytes + size_bytes > (self._limit_bytes // 2 if is_behind else self._limit_bytes):
                raise NotSealed("The spool is full. Bring the database back, or raise [spool] limit_mb.", "full")
            self._used_bytes += size_bytes

    def _write(self, descriptor: int, content: bytes) -> None:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
            file.flush()
            self._fsync(descriptor)

    def _make_its_name_durable(self, path: Path) -> None:
        try:
            sync_folder(path.parent, self._fsync)
        except OSError:
            # Its name may or may not outlive a power cut. Sent again, it must be written from the beginning.
            with suppress(OSError):
                path.unlink()
            raise

    def _durable(self, path: Path) -> Label:
        """Return the label of a record that outlives a power cut, once whoever writes it now is done with it.

        Raises FileNotFoundError where it has no name any more.
        """
        with _locked(os.open(path, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_SH) as descriptor:
            if not os.path.samestat(os.fstat(descriptor), path.stat()):
                raise FileNotFoundError(path.name)
            label = label_of(path)
            sync_folder(path.parent, self._fsync)
        return label


@contextmanager
def _locked(descriptor: int, how: int = fcntl.LOCK_EX) -> Iterator[int]:
    """Hold the lock of a record's own file, and close it in the end. A killed process lets go of it at once.

    Its writer holds it from before it has a name until it is durable or has no name again. So nobody, in no process,
    can find a record durable that its writer then takes away.
    """
    try:
        fcntl.flock(descriptor, how)
        yield descriptor
    finally:
        os.close(descriptor)


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
