"""Moves objects to a new vault key by sealing their keys again; the bytes stay as they are."""

from collections.abc import Sequence
from typing import Any

import pyrage

from amparo.vault.errors import BadSetup, VaultDamaged
from amparo.vault.keys import parse_recipients


def rotate(sealed_key: bytes, old_identity: Any, new_recipients: Sequence[str]) -> bytes:
    """Return the sealed key for `new_recipients`; what it says is unchanged.

    `old_identity` is one of `keys.read_identities`. May be repeated with the new one. Raises VaultDamaged when it
    does not open the sealed key. Rotation guards against a key lost *later*: who copied the old key and the old
    rows before can still open what they copied.
    """
    if not new_recipients:
        raise BadSetup("Nobody could open what is sealed: name the new recipients.", "no_recipients")
    recipients = parse_recipients(new_recipients, "the new recipients")
    try:
        note = pyrage.decrypt(sealed_key, [old_identity])
    except pyrage.DecryptError as error:
        raise VaultDamaged("The sealed key does not open with the old key.", "key_changed") from error
    return bytes(pyrage.encrypt(note, recipients))
