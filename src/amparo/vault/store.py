"""Where the ciphertexts lie: one file an object, in a local directory, named by its id.

The files are written through obstore, which makes them appear whole or not at all. Its local `put` does not call
fsync (seen with strace, obstore 0.12), so we do, on the file and on its directory, before anybody is told "kept".
"""

import os
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore

from amparo.vault.errors import BadSetup, NotSealed, VaultDamaged
from amparo.vault.sealed import OBJECT_ID


class Store:
    def __init__(self, directory: Path, *, writable: bool) -> None:
        wanted = os.R_OK | os.X_OK | (os.W_OK if writable else 0)
        if not directory.is_dir():
            raise BadSetup(
                f"The vault's store {directory} is no directory. Make it: mkdir -m 700 {directory}", "no_store"
            )
        if not os.access(directory, wanted):
            verb = "write to" if writable else "read"
            raise BadSetup(
                f"This user cannot {verb} the vault's store {directory}. Run: chown {os.geteuid()} {directory}",
                "store_closed",
            )
        self.directory = directory
        self._objects = LocalStore(directory)

    def keep(self, object_id: str, ciphertext: bytes) -> None:
        """Keep these bytes under a new id; they survive a power cut once this returns.

        Raises NotSealed otherwise. After a failed fsync the kernel may have thrown the bytes away and a second
        fsync would say "fine", so it must not be repeated for the same object: seal again, under a new id.
        """
        try:
            obstore.put(self._objects, object_id, ciphertext, mode="create")
            _fsync(self.directory / object_id, os.O_RDONLY)
            _fsync(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        except (OSError, BaseError) as error:
            raise NotSealed(
                f"{object_id} could not be kept. Check the disk of the vault's store.", "not_kept"
            ) from error

    def open(self, object_id: str) -> IO[bytes]:
        """Return a reader at the first byte. Raises VaultDamaged when there are no such bytes."""
        try:
            # obstore answers with a reader of its own that has the methods of one.
            return cast(IO[bytes], obstore.open_reader(self._objects, object_id))
        except FileNotFoundError as error:
            raise VaultDamaged(f"The bytes of {object_id} are missing from the store.", "bytes_missing") from error
        except (OSError, BaseError) as error:
            raise VaultDamaged(
                f"The bytes of {object_id} cannot be read from the store.", "bytes_unreadable"
            ) from error

    def remove(self, name: str) -> None:
        """Make sure that no such bytes are there; may be repeated. Takes ids, and names that `orphans` gave."""
        if not OBJECT_ID.match(name) or "/" in name:
            raise ValueError("not the name of a sealed object")
        (self.directory / name).unlink(missing_ok=True)
        _fsync(self.directory, os.O_RDONLY | os.O_DIRECTORY)

    def orphans(self, known_ids: Container[str], *, written_before: datetime) -> Iterator[str]:
        """Yield the names of files that no row speaks of, for a sweeper to `remove`.

        Bytes are kept before their row is committed, so `written_before` must lie further back than the longest
        transaction, and `known_ids` must be read after that moment. Names of half-written files (`…#1`, left by a
        kill in the middle of a `put`) are among them.
        """
        with os.scandir(self.directory) as entries:
            for entry in entries:
                if not OBJECT_ID.match(entry.name) or entry.name in known_ids:
                    continue
                try:
                    written_at = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
                except FileNotFoundError:
                    continue  # Another sweeper was faster, or the half-written file has just got its name.
                if written_at < written_before:
                    yield entry.name


def _fsync(path: Path, flags: int) -> None:
    # Linux reports a failed write-back to the next fsync of the file even through a descriptor opened after it.
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
