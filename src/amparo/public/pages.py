"""What every page begins and ends with: which notice it is about, and a template that becomes an answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amparo.cases.notice import Notice
from amparo.plugins import installation
from amparo.public.language_shown import speak_to
from amparo.public.tickets import PAGE, NoTicket


def show(request: HttpRequest, name: str, context: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Return the page. It is finished: the guard puts no other in its place, whatever its status."""
    response = render(request, f"public/{name}.html", {"site": settings.SITE_NAME, **context}, status=status)
    response.is_finished = True  # type: ignore[attr-defined]
    return response


def notice_of(request: HttpRequest) -> Notice:
    """Return the notice whose private page this browser has open. Raises NoTicket."""
    notice = installation().casebook.notice(PAGE.read(request))
    if notice is None:
        raise NoTicket(PAGE)
    speak_to(notice.age)
    return notice
