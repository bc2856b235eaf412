"""Erases an object for good: first the key, after which the bytes are noise, then the bytes."""

from amparo.vault.register import Register
from amparo.vault.store import Store


def erase(object_id: str, register: Register, store: Store) -> None:
    """Make the object unreadable and remove its bytes; may be repeated after a crash.

    The key goes first: bytes without a key cannot be read, a key without bytes would look like damage. Copies of
    the key live on in backups of the database until those expire; erasure is complete when they have.
    """
    register.erase_key(object_id)
    store.remove(object_id)
