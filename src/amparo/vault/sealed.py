"""What a sealed object is: the row that names it, and the sealed note that binds the row to the bytes.

The note is the one place where an object is tied together. It holds the object's secret and states id, kind, owner,
digest and sizes; it is encrypted to the vault as a whole, so nobody who can write rows or files can lend one object's
note to another, rename a kind, or shorten the bytes. What age cannot do is say *who* sealed: whoever holds the public
recipients can seal new objects of their own. They cannot read or relabel those of others.
"""

import base64
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

import pyrage
from pyrage import IdentityError, x25519

from amparo.vault.errors import VaultDamaged

Kind = Literal["words", "contact", "letter", "content", "report"]
KINDS: frozenset[str] = frozenset(get_args(Kind))
OBJECT_ID = re.compile(r"vault_[a-z2-7]{26}")
OWNER_ID = re.compile(r"(notice|case)_[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class SealedObject:
    """The row of one sealed object; holds nothing readable. The caller commits it in its own transaction.

    `kind`: "words" (a reporter's text or pasted link), "contact", "letter" (from staff to a reporter), "content"
    (bytes of reported media) or "report" (a form that came while the books were away; it has a file and no row).
    `owner` is the notice or case it belongs to. `sha256` is of the ciphertext, in hex;
    `size_bytes` is the size of the plaintext. Without `sealed_key` the bytes can never be read again.
    """

    id: str
    kind: str
    owner: str
    sealed_key: bytes = field(repr=False)
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Note:
    """What is inside a sealed key. `sealed_size_bytes` is the size of the ciphertext on disk."""

    id: str
    kind: str
    owner: str
    sha256: str
    size_bytes: int
    sealed_size_bytes: int
    secret: str = field(repr=False)


def new_object_id() -> str:
    return "vault_" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def seal_note(note: Note, recipients: Sequence[Any]) -> bytes:
    return bytes(pyrage.encrypt(json.dumps(asdict(note)).encode(), list(recipients)))


def open_note(sealed: SealedObject, object_id: str, identities: Sequence[Any]) -> Note:
    """Return the note of this row, having checked that it speaks of this object and nothing else.

    Raises VaultDamaged when the sealed key was changed, is for other keys, or belongs to another object.
    """
    try:
        note = _parse_note(pyrage.decrypt(sealed.sealed_key, list(identities)))
    except (pyrage.DecryptError, ValueError) as error:
        raise VaultDamaged(f"The sealed key of {object_id} is not one of this vault's.", "key_changed") from error
    row = (sealed.id, sealed.kind, sealed.owner, sealed.sha256, sealed.size_bytes)
    if row != (note.id, note.kind, note.owner, note.sha256, note.size_bytes) or note.id != object_id:
        raise VaultDamaged(f"The row of {object_id} says other things than its sealed key.", "row_changed")
    return note


def _parse_note(text: bytes) -> Note:
    # Anybody with the public recipients can seal a note, so what is inside is checked like any other input.
    try:
        note = Note(**json.loads(text))
        x25519.Identity.from_str(note.secret)
        is_note = all(type(getattr(note, name)) is kind for name, kind in Note.__annotations__.items())
        is_note = is_note and 0 <= note.size_bytes < note.sealed_size_bytes < 2**40
    except (TypeError, RecursionError, IdentityError) as error:
        raise ValueError("not a note") from error
    if not is_note:
        raise ValueError("not a note")
    return note
