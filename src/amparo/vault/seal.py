"""Seals bytes so that only the vault can open them. Needs public keys and a directory, never the vault process."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from amparo.vault.errors import BadSetup, NotSealed
from amparo.vault.keys import parse_recipients
from amparo.vault.sealed import KINDS, OWNER_ID, Note, SealedObject, new_object_id, seal_note
from amparo.vault.store import Store

LARGEST_OBJECT_BYTES = 256 * 1024 * 1024


class Sealer:
    """Raises BadSetup when the store cannot be written or a recipient is none. Safe to share between threads."""

    def __init__(self, store_directory: Path, recipients: Sequence[str]) -> None:
        if not recipients:
            raise BadSetup("Nobody could open what is sealed: name the vault's recipient.", "no_recipients")
        self._recipients = parse_recipients(recipients, "the recipients")
        self._store = Store(store_directory, writable=True)

    def seal(self, plaintext: bytes, *, kind: str, owner: str) -> SealedObject:
        """Keep `plaintext` sealed and return its row, whose commit is the caller's.

        The ciphertext is on disk when this returns; if the row is never committed it is an orphan that a sweeper
        removes. Each call makes a new object. Raises NotSealed when the bytes could not be kept: then nothing may
        be acknowledged.
        """
        if kind not in KINDS or not OWNER_ID.fullmatch(owner):
            raise ValueError("an object has one of the kinds, and a notice or case as its owner")
        if len(plaintext) > LARGEST_OBJECT_BYTES:
            raise NotSealed("An object may have 256 MiB at most. Seal it in parts.", "too_large")
        row, ciphertext = seal_bytes(
            plaintext, object_id=new_object_id(), kind=kind, owner=owner, recipients=self._recipients
        )
        self._store.keep(row.id, ciphertext)
        return row


def seal_bytes(
    plaintext: bytes, *, object_id: str, kind: str, owner: str, recipients: Sequence[Any]
) -> tuple[SealedObject, bytes]:
    """Return the row of a new object and its ciphertext; keeping them is the caller's."""
    identity = x25519.Identity.generate()
    ciphertext = bytes(pyrage.encrypt(plaintext, [identity.to_public()]))
    note = Note(
        id=object_id,
        kind=kind,
        owner=owner,
        sha256=hashlib.sha256(ciphertext).hexdigest(),
        size_bytes=len(plaintext),
        sealed_size_bytes=len(ciphertext),
        secret=str(identity),
    )
    return SealedObject(note.id, kind, owner, seal_note(note, recipients), note.sha256, note.size_bytes), ciphertext
