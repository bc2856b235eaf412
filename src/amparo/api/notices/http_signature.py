"""Verifies a signed request as servers of the fediverse sign it: draft-cavage-http-signatures, RSA with SHA-256.

What has to be signed: where it goes (`(request-target)`, `host`), when (`date`) and what (`digest`, which is computed
anew). The arithmetic is the library's; here it is only said what is signed. RFC 9421, which few servers send yet, is
not read: a server that sends it falls back to this one.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MUST_BE_SIGNED = frozenset({"(request-target)", "host", "date", "digest"})
_LONGEST_HEADER = 8192
_PARAMETER = re.compile(r'\s*([a-zA-Z]{1,20})=(?:"([^"]*)"|([0-9]{1,20}))\s*')
_HEADER_NAME = re.compile(r"\(request-target\)|[a-z0-9-]{1,60}")
_ALGORITHMS = (None, "rsa-sha256", "hs2019")
_OLDEST, _NEWEST = timedelta(hours=12), timedelta(hours=1)
_KEY_BITS = range(2048, 8193)


class BadSignature(Exception):
    """A request that is not signed as it has to be. The text says what is wrong, and nothing of what was sent."""


@dataclass(frozen=True)
class Signature:
    """What the header of a signed request says."""

    key_id: str
    headers: tuple[str, ...]
    value: bytes

    @property
    def sha256(self) -> str:
        """By which it is known when it comes a second time."""
        return hashlib.sha256(self.value).hexdigest()


def read(header: str) -> Signature:
    """Return what a `Signature` header says. Raises BadSignature."""
    told: dict[str, str] = {}
    for part in header.split(",") if 0 < len(header) <= _LONGEST_HEADER else ():
        found = _PARAMETER.fullmatch(part)
        if found is None or found[1] in told:
            raise BadSignature("The header Signature cannot be read.")
        told[found[1]] = found[2] if found[2] is not None else found[3]
    headers = tuple(told.get("headers", "").split(" "))
    try:
        value = base64.b64decode(told.get("signature", ""), validate=True)
    except binascii.Error:
        value = b""
    if not told.get("keyId") or not value:
        raise BadSignature("The request is not signed: send Signature with keyId, headers and signature.")
    if told.get("algorithm") not in _ALGORITHMS:
        raise BadSignature("The signature is of another algorithm than rsa-sha256.")
    if not set(headers) >= MUST_BE_SIGNED or len(set(headers)) < len(headers):
        raise BadSignature(f"Each of {', '.join(sorted(MUST_BE_SIGNED))} has to be signed, once.")
    if not all(_HEADER_NAME.fullmatch(name) for name in headers):
        raise BadSignature("A signed header has a name that is none.")
    return Signature(told["keyId"], headers, value)


def check_body(headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise BadSignature where the digest is not the body's, or the date is not of today."""
    wanted = base64.b64encode(hashlib.sha256(body).digest()).decode()
    digests = dict(each.strip().partition("=")[::2] for each in headers.get("digest", "").split(","))
    given = next((value for name, value in digests.items() if name.lower() == "sha-256"), "")
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise BadSignature("The header Digest is not the SHA-256 of the body.")
    try:
        at = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        raise BadSignature("The header Date is no time.") from None
    if at.tzinfo is None or not now - _OLDEST <= at <= now + _NEWEST:
        raise BadSignature("The header Date is too old, or in the future.")


def verify(signature: Signature, method: str, target: str, headers: Mapping[str, str], pem: str) -> None:
    """Raise BadSignature unless that key signed the request. `target`: its path and query; `headers`: small names."""
    lines = []
    for name in signature.headers:
        value = f"{method.lower()} {target}" if name == "(request-target)" else headers.get(name)
        if value is None:
            raise BadSignature("A signed header is missing.")
        lines.append(f"{name}: {value.strip()}")
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadSignature("The sender's key cannot be read.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size not in _KEY_BITS:
        raise BadSignature("The sender's key is no RSA key of 2048 bits or more.")
    try:
        key.verify(signature.value, "\n".join(lines).encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise BadSignature("The signature is not the sender's.") from None
