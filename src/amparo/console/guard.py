"""The middleware behind the login: rights by table, bounded requests, and pages that no cache keeps."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone

from amparo.console.frame import Frame, plain_page
from amparo.console.member import member_of
from amparo.console.rights import ANYBODY, RIGHTS
from amparo.records import people

# An honest form here has a letter of a few thousand characters.
_LARGEST_BODY_BYTES = 256 * 1024
_FORM = "application/x-www-form-urlencoded"
# Where somebody may go whose password was given by somebody else, and who could thus be impersonated.
_BEFORE_OWN_PASSWORD = ("password", "sign-out", "sign-in", "healthz")


class Guard:
    """Refuses what has no row in the rights table, before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._zone = ZoneInfo(settings.TIME_ZONE_SHOWN)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase | None = _junk(request)
        if response is None:
            request.frame = Frame(request)  # type: ignore[attr-defined]
            with timezone.override(self._zone):
                response = self._get_response(request)
            if response.status_code == 403 and not getattr(request, "csrf_processing_done", False):
                response = _no_token(request)
        response.headers.setdefault("Cache-Control", "no-store")
        # Not `no-referrer`: with it browsers send our own forms as from "null", and none would be taken.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let a request through to its view, or answer it here. Runs after the login is checked."""
        route = request.resolver_match.url_name if request.resolver_match else None
        roles = RIGHTS.get(route or "", frozenset())
        if roles is ANYBODY:
            return None
        if not request.user.is_authenticated:
            return plain_page(request, 403, "Not without a sign-in", "Sign in first.")
        member = member_of(request)
        if member.role not in roles:
            return plain_page(
                request, 403, "Not for your role", f"This page is not for the role {member.role}. Nothing was changed."
            )
        person = people.find(member.id)
        if route not in _BEFORE_OWN_PASSWORD and (person is None or not person.has_own_password):
            return HttpResponseRedirect("/password")
        return None


def _junk(request: HttpRequest) -> HttpResponse | None:
    """Answer what no form of ours sends, before anything of it is read."""
    if any("\0" in value for value in request.COOKIES.values()) or "\0" in request.path_info:
        return plain_page(request, 400, "Not understood", "The address or a cookie holds a character it cannot have.")
    if request.method not in ("GET", "HEAD", "POST"):
        return plain_page(request, 405, "Not understood", "No page here takes that. Nothing was changed.")
    if request.method != "POST":
        return None
    try:
        size_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return plain_page(request, 400, "Not understood", "The length of the form is not a number.")
    if size_bytes > _LARGEST_BODY_BYTES:
        return plain_page(request, 413, "Too long", "That is more than a form here takes. Nothing was changed.")
    if size_bytes and request.content_type != _FORM:
        return plain_page(request, 415, "Not a form", "Only the forms of the console are taken. Nothing was changed.")
    return None


def _no_token(request: HttpRequest) -> HttpResponse:
    return plain_page(
        request,
        403,
        "The form is too old",
        "This form is too old, or it came from another site. Go back, reload the page and send it again. "
        "Nothing was changed.",
    )
