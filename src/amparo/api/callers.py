"""Who asks: whoever brings a key. A missing, a wrong and a revoked one are answered alike, after the same work."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest

from amparo.api.errors import ApiError, is_hma
from amparo.api.limits import limits
from amparo.records import api_keys
from amparo.records.api_keys import Scope

# A proxy that passes a request on says so, and a page in a browser cannot hide that it asks.
_NOT_FROM_HERE = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE")


@dataclass(frozen=True)
class Caller:
    """A program that was let in."""

    name: str
    may: frozenset[Scope]

    @property
    def actor(self) -> str:
        """How it is written down that this one did something."""
        return f"key:{self.name}"


THIS_MACHINE = Caller("this machine, without a key", frozenset(Scope))
"""Whoever reaches HMA's addresses where the operator has switched their key off."""


def caller_of(request: HttpRequest, needed: Scope | None) -> Caller:
    """Return who asks. `needed`: what the key must be allowed; None takes any key. Raises ApiError 401 or 403."""
    if is_hma(request.path_info) and limits().is_hma_open and _is_from_here(request):
        return THIS_MACHINE
    key = api_keys.find(_key_in(request), datetime.now(UTC))
    if key is None:
        raise ApiError(
            401, "no_key", "Send a key that is in use, as `Authorization: Bearer KEY` or `x-api-key: KEY`. "
            "`amparo key new NAME --may match` makes one.",
        )  # fmt: skip
    if needed is not None and needed not in key.may:
        raise ApiError(403, "not_this_key", f"This key may not do that: it takes one made with --may {needed.value}.")
    return Caller(key.name, key.may)


def _key_in(request: HttpRequest) -> str:
    scheme, _, bearer = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    return str(request.META.get("HTTP_X_API_KEY", "")).strip()


def _is_from_here(request: HttpRequest) -> bool:
    if any(name in request.META for name in _NOT_FROM_HERE):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
