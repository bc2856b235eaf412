"""Knows a browser again in which somebody has signed in, so that strangers' guesses never lock that person out.

The cookie lets nobody in: it only says that this browser's attempts for this name are counted apart. It says no name
and belongs to one, so several people can share a machine. (The protocol is OWASP's "device cookies".)
"""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

_SECONDS = 180 * 24 * 60 * 60


def device_of(request: HttpRequest, name: str) -> str:
    """Return which device of this person the request comes from, or "" where it is not known to be one."""
    try:
        return _signer(name).unsign(request.COOKIES.get(_cookie(name), ""), max_age=_SECONDS)
    except BadSignature:
        return ""


def remember(response: HttpResponse, name: str) -> None:
    """Let this browser be known as one of this person's, who has just signed in."""
    response.set_cookie(
        _cookie(name),
        _signer(name).sign(secrets.token_urlsafe(16)),
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _signer(name: str) -> TimestampSigner:
    return TimestampSigner(salt=f"amparo.console.device:{name.casefold()}")


def _cookie(name: str) -> str:
    whose = salted_hmac("amparo.console.device", name.casefold()).hexdigest()[:12]
    return ("__Host-" if settings.SESSION_COOKIE_SECURE else "") + f"amparo_device_{whose}"
