"""Who asks: whoever brings a key. A missing, a wrong and a revoked one are answered alike, after the same work."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from amparo.api.errors import ApiError, is_hma
from amparo.api.keyless import MARK
from amparo.records import api_keys
from amparo.records.api_keys import Scope

# The port without a key is for programs of this machine. A page in a browser cannot hide that it asks, many a proxy
# says that it passes something on, and a name that an attacker lets point here is not one of ours.
_NOT_FROM_HERE = (
    "HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_CF_CONNECTING_IP",
    "HTTP_TRUE_CLIENT_IP", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE",
)  # fmt: skip
"""How the names of headers begin that a program of this machine does not send."""
_OUR_HOSTS = ("127.0.0.1", "[::1]", "localhost")


@dataclass(frozen=True)
class Caller:
    """A program that was let in. `sender`: in whose name it sends notices."""

    name: str
    may: frozenset[Scope]
    sender: str = ""
    # Only whoever holds the key can make this, so a code that is made from it can be made by nobody with our disks.
    proof: bytes = field(default=b"", repr=False)

    @property
    def actor(self) -> str:
        """How it is written down that this one did something."""
        return f"key:{self.name}"


THIS_MACHINE = Caller("this machine, without a key", frozenset(Scope))
"""Whoever reaches HMA's addresses over the port that asks for no key."""


def caller_of(request: HttpRequest, needed: Scope | None) -> Caller:
    """Return who asks. `needed`: what the key must be allowed; None takes any key. Raises ApiError 401 or 403."""
    if request.META.get(MARK) is True and is_hma(request.path_info) and _is_from_here(request):
        return THIS_MACHINE
    written = _key_in(request)
    key = api_keys.find(written, datetime.now(UTC))
    if key is None and written.startswith(api_keys.TEST_PREFIX) and not settings.IS_PRACTICE:
        raise ApiError(401, "test_key", "This is a key for practice, and this is none: ask the practice home with it.")
    if key is None:
        raise ApiError(
            401, "no_key", "Send a key that is in use, as `Authorization: Bearer KEY` or `x-api-key: KEY`. "
            "`amparo key new NAME --may match` makes one.",
        )  # fmt: skip
    if needed is not None and needed not in key.may:
        raise ApiError(403, "not_this_key", f"This key may not do that: it takes one made with --may {needed.value}.")
    proof = hmac.new(written.encode(errors="replace"), b"amparo.api.code", hashlib.sha256).digest()
    return Caller(key.name, key.may, key.sender, proof)


def _key_in(request: HttpRequest) -> str:
    scheme, _, bearer = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    return str(request.META.get("HTTP_X_API_KEY", "")).strip()


def _is_from_here(request: HttpRequest) -> bool:
    if any(name.startswith(_NOT_FROM_HERE) for name in request.META):
        return False
    host, _ = split_domain_port(request.get_host())
    return host in _OUR_HOSTS
