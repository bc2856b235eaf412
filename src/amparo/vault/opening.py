"""One opening, in the only order there is:

1. the wish: known words, the right door (`permission.check_wish`)
2. the row is found, and this actor may see it (`permission.check_right`)
3. the access record is committed
4. the sealed key is opened and compared with the row
5. the stored bytes are read through once and compared with the digest
6. only then the first byte is decrypted and given out

So whatever dies in between, bytes given out are always fewer than accesses recorded, and never damaged ones. A record
of the spool has a file and no row: its right is the channel's, and its first line stands for the row.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import pyrage
from obstore.exceptions import BaseError
from pyrage import x25519

from amparo.vault import spool
from amparo.vault.errors import VaultDamaged, VaultDown, VaultError, VaultRefused
from amparo.vault.permission import Channel, Request, check_right, check_wish
from amparo.vault.register import Register
from amparo.vault.sealed import Note, SealedObject, open_note
from amparo.vault.store import Store

_BLOCK_BYTES = 1024 * 1024
_PIECE_BYTES = 256 * 1024
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Opened:
    """An object whose access is recorded and whose bytes are verified; nothing is decrypted yet."""

    note: Note
    ciphertext: IO[bytes]

    def write_to(self, write: Callable[[bytes], None]) -> None:
        """Call `write` with the plaintext, piece by piece, once at least. What `write` raises comes through as it is.

        Raises VaultDamaged if the note's secret does not fit, or if the bytes changed after they were verified; the
        pieces before that are genuine.
        """
        secret = x25519.Identity.from_str(self.note.secret)
        writer = _Writer(write)
        try:
            pyrage.decrypt_io(_Reader(self.ciphertext), writer, [secret])
            writer.send()
        except (pyrage.DecryptError, OSError, BaseError) as error:
            # pyrage says OSError for a changed block too; a failure of `write` itself is not damage.
            if writer.has_failed:
                raise
            raise VaultDamaged(f"The bytes of {self.note.id} changed while they were read.", "bytes_changed") from error


class Opener:
    def __init__(
        self, store: Store, identities: Sequence[Any], register: Register, spool_directory: Path | None = None
    ) -> None:
        self._store = store
        self._spool_directory = spool_directory
        self._identities = identities
        self._register = register

    def open_for(self, channel: Channel, request: Request) -> Opened:
        """Raises VaultRefused, VaultDamaged, or VaultDown when the register cannot answer or record."""
        check_wish(channel, request)
        if request.purpose == "take_in":
            return self._open_record(request)
        sealed = self._ask_register(lambda: check_right(channel, request, self._register))
        self._ask_register(
            lambda: self._register.record_access(request.object_id, request.actor, request.purpose, channel)
        )
        return self._open(request.object_id, sealed)

    def prove(self, object_id: str) -> None:
        """Open an object for nobody, after a restore: its access is recorded, and what is inside is thrown away.

        Raises VaultRefused where there is no row, VaultDamaged, or VaultDown.
        """
        sealed = self._ask_register(lambda: self._register.find(object_id))
        if sealed is None:
            raise VaultRefused("Nothing can be opened under this id.", "not_found")
        self._ask_register(lambda: self._register.record_access(object_id, "system:restore", "restore", "operator"))
        self._open(object_id, sealed).write_to(lambda piece: None)

    def _open(self, object_id: str, sealed: SealedObject) -> Opened:
        # By the id that was asked for, never the row's own: another object's row must not be taken for it.
        note = open_note(sealed, object_id, self._identities)
        ciphertext = self._store.open(note.id)
        _verify(ciphertext, note)
        return Opened(note, ciphertext)

    def _open_record(self, request: Request) -> Opened:
        if self._spool_directory is None:
            raise VaultRefused("This vault has no spool.", "no_spool")
        sealed, ciphertext = spool.find(self._spool_directory, request.object_id)
        self._ask_register(
            lambda: self._register.record_access(request.object_id, request.actor, request.purpose, "worker")
        )
        note = open_note(sealed, request.object_id, self._identities)
        _verify(ciphertext, note)
        return Opened(note, ciphertext)

    def _ask_register(self, question: Callable[[], _Answer]) -> _Answer:
        try:
            return question()
        except VaultError:
            raise
        except Exception as error:
            raise VaultDown("The vault cannot reach its register. Check the database.", "register_down") from error


def _verify(ciphertext: IO[bytes], note: Note) -> None:
    """Leave the reader at the first byte, or raise VaultDamaged. Reads no more than was sealed, and one byte."""
    digest, left = hashlib.sha256(), note.sealed_size_bytes + 1
    try:
        while left and (block := bytes(ciphertext.read(min(_BLOCK_BYTES, left)))):
            digest.update(block)
            left -= len(block)
        ciphertext.seek(0)
    except (OSError, BaseError) as error:
        raise VaultDamaged(f"The bytes of {note.id} cannot be read from the store.", "bytes_unreadable") from error
    if digest.hexdigest() != note.sha256:
        raise VaultDamaged(f"The bytes of {note.id} are not those that were sealed.", "bytes_changed")


class _Reader:
    """obstore's buffers as the plain bytes that pyrage asks for."""

    def __init__(self, ciphertext: IO[bytes]) -> None:
        self._ciphertext = ciphertext

    def read(self, size: int = -1) -> bytes:
        return bytes(self._ciphertext.read(size))


class _Writer:
    """Gathers pyrage's pieces of 8 KiB into larger ones, so that a video is not sent in a million calls."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._gathered = bytearray()
        self.has_failed = False

    def write(self, piece: bytes) -> int:
        self._gathered += piece
        if len(self._gathered) >= _PIECE_BYTES:
            self.send()
        return len(piece)

    def flush(self) -> None:
        """Called by pyrage when it likes; what is gathered goes out in `send`."""

    def send(self) -> None:
        try:
            self._write(bytes(self._gathered))
        except BaseException:
            self.has_failed = True
            raise
        self._gathered.clear()
