"""Signs requests by Standard Webhooks 1.0.0, symmetric scheme, so that any of its libraries verifies them.

A secret is `whsec_` and the base64 of 24 to 64 random bytes. The signature is `v1,` and the base64 of the HMAC-SHA256
over `id.timestamp.body`; several, with a space between them, while a secret is being exchanged.
"""

import base64
import binascii
import hashlib
import hmac
import os

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


def new_secret() -> str:
    """Return a fresh secret of 32 random bytes."""
    return _PREFIX + base64.b64encode(os.urandom(32)).decode()


def keys_of(secrets: str) -> tuple[bytes, ...]:
    """Return the keys of one or several secrets, parted by white space. Raises ValueError, without the secret."""
    keys = []
    for secret in secrets.split():
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            key = b""
        if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
            raise ValueError("its secret is not whsec_ and the base64 of 24 to 64 bytes")
        keys.append(key)
    if not keys:
        raise ValueError("its secret is empty; it is whsec_ and the base64 of 24 to 64 bytes")
    return tuple(keys)


def signed(keys: tuple[bytes, ...], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a request. `at`: seconds since 1970. Raises ValueError for an id with a full stop."""
    if "." in message_id:
        raise ValueError("A message's id holds no full stop: it would blur where the timestamp begins.")
    content = f"{message_id}.{at}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
