"""A text that people read with a line below it that machines check: the C2SP signed note, with Ed25519.

    what was found
                                   ← an empty line, and below it one line for each signature
    — host/certificate-key base64

The format is https://c2sp.org/signed-note; keys are written as Go's sumdb tools write them. The cipher is that of
`cryptography`. Nothing here knows what a text says.

BadNote
 ├─ not_a_note   it has not the form of one, or not exactly: one changed blank is enough
 ├─ too_long     longer than any note of ours
 ├─ other_key    no signature on it is by a key that was given
 └─ changed      a signature is by a given key, and is not of this text
BadKey           what was given as a key is none
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LONGEST_BYTES = 1024 * 1024
_ED25519 = b"\x01"
_SECRET = "PRIVATE+KEY+"  # noqa: S105 - the word before a key, not a key
_NAME = re.compile(r"[^\s+]{1,200}")
_SIGNATURE = re.compile(r"— ([^\s+]{1,200}) ([A-Za-z0-9+/=]{8,400})")
_MOST_SIGNATURES = 16


class BadNote(Exception):
    """A note that proves nothing. `code` is one of the words above; the text says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class BadKey(ValueError):
    """What was given as a key is none."""


@dataclass(frozen=True)
class Key:
    """A public key with the name of its owner. Written as `name+hash+base64`."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{_base64(_ED25519 + self.public)}"


class Signer:
    """Signs notes under one name."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _NAME.fullmatch(name) or len(seed) != 32:
            raise BadKey("A key has a name without blanks or plus signs, and 32 bytes.")
        self._private, self._seed = Ed25519PrivateKey.from_private_bytes(seed), seed
        self.key = Key(name, self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def read(cls, secret: str) -> "Signer":
        """Return the signer of a secret as `secret` writes it. Raises BadKey."""
        name, digest, kept = _parts(secret.strip().removeprefix(_SECRET), is_secret=True)
        signer = cls(name, kept)
        if not secret.startswith(_SECRET) or signer.key.hash != digest:
            raise BadKey("This is no secret key, or it was cut short.")
        return signer

    @property
    def secret(self) -> str:
        """The secret key as it is kept in a file: `PRIVATE+KEY+name+hash+base64`."""
        return f"{_SECRET}{self.key.name}+{self.key.hash.hex()}+{_base64(_ED25519 + self._seed)}"

    def sign(self, text: str) -> str:
        """Return the text as a signed note. It must end with a newline and hold no control character."""
        if not text.endswith("\n") or _has_controls(text):
            raise ValueError("The text of a note ends with a newline and holds no control characters.")
        signature = self._private.sign(text.encode())
        return f"{text}\n— {self.key.name} {_base64(self.key.hash + signature)}\n"


def read_key(text: str) -> Key:
    """Return the public key that is written so. Raises BadKey."""
    name, digest, public = _parts(text.strip(), is_secret=False)
    key = Key(name, public)
    if key.hash != digest:
        raise BadKey("This key was changed or cut short. Take it from its page again.")
    return key


def read_keys(text: str) -> tuple[Key, ...]:
    """Return the keys of a file, one a line; lines that begin with # and empty ones are left out. Raises BadKey."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise BadKey("There is no key in it.")
    return tuple(read_key(line) for line in lines)


def open_note(note: bytes, keys: Sequence[Key]) -> tuple[str, Key]:
    """Return the text of a note and the key that signed it. Raises BadNote.

    Signatures by other keys are passed over, as the format asks; one by a given key that does not fit is a forgery.
    """
    text, lines = _split(note)
    signed_by: Key | None = None
    for line in lines:
        found = _SIGNATURE.fullmatch(line)
        raw = None if found is None else _unbase64(found[2])
        if found is None or raw is None or len(raw) < 5:
            raise BadNote("not_a_note", "A line below the text is no signature. Ask for the file anew.")
        key = next((each for each in keys if each.name == found[1] and each.hash == raw[:4]), None)
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
        except InvalidSignature:
            raise BadNote("changed", "The text is not what was signed: it was changed. Do not rely on it.") from None
        signed_by = signed_by or key
    if signed_by is None:
        raise BadNote("other_key", "It was signed with another key, or its signature was changed. Do not rely on it.")
    return text, signed_by


def _split(note: bytes) -> tuple[str, list[str]]:
    if len(note) > LONGEST_BYTES:
        raise BadNote("too_long", "This file is over 1 MiB; none of ours is. Choose the right file.")
    try:
        written = note.decode()
    except UnicodeDecodeError:
        raise BadNote("not_a_note", "This is no text with a signature. Choose the right file.") from None
    text, between, signatures = written.rpartition("\n\n")
    if not between or not signatures.endswith("\n") or _has_controls(written):
        raise BadNote("not_a_note", "There is no signature below this text, or the file is cut short. Ask for it anew.")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise BadNote("not_a_note", "There are more signatures than any note of ours has. Choose the right file.")
    return text + "\n", lines


def _parts(written: str, *, is_secret: bool) -> tuple[str, bytes, bytes]:
    kind = "secret key" if is_secret else "public key, such as name+hash+base64"
    found = re.fullmatch(r"([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,200})", written)
    raw = None if found is None else _unbase64(found[3])
    if found is None or raw is None or len(raw) != 33 or not raw.startswith(_ED25519):
        raise BadKey(f"This is no {kind}.")
    return found[1], bytes.fromhex(found[2]), raw[1:]


def _has_controls(text: str) -> bool:
    return any((ord(letter) < 32 and letter != "\n") or ord(letter) == 127 for letter in text)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(written: str) -> bytes | None:
    """Return the bytes, or None unless this is the one way to write them: other spellings are changes, too."""
    try:
        raw = base64.b64decode(written, validate=True)
    except binascii.Error:
        return None
    return raw if _base64(raw) == written else None
