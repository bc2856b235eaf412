"""Pages for what went wrong: each says what to do next, gives the text back, and shows where to find help.

Nothing here asks the database, so the pages stand when it does not answer.
"""

from http import HTTPStatus

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

from amparo.public.forms import kept
from amparo.public.pages import show

_BOXES = (
    *("links", "words", "more_words", "police_number", "name", "contact"),
    *("site_name", "account", "own_account"),
)


def page(request: HttpRequest, status: int, *sentences: str) -> HttpResponse:
    """Return the page for a status. `sentences` replace the usual ones where more is known."""
    context = {"sentences": sentences or _usual(status), "texts": _texts(request), "status": int(status)}
    return show(request, "error", context, status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    return page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _usual(status: int) -> tuple[str, ...]:
    match status:
        case HTTPStatus.FORBIDDEN:
            return (
                _("This form was open too long, or your browser keeps no cookies."),
                _("Go back, reload the page and send again."),
            )
        case HTTPStatus.NOT_FOUND:
            return (_("There is no page at this address."), _("Check the address, or start a new report."))
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return (_("This address does not take that kind of request."), _("Start from the first page."))
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return (
                _("What you sent is too large. We do not need the picture."),
                _("Go back and send only links and words."),
            )
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return (
                _("We could not take your report just now. That is our fault."),
                _("Please send it again in a few minutes."),
            )
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return (_("Something broke here. That is our fault."), _("Go back and send it again."))
        case _:
            return (_("We could not read what came."), _("Go back, check it and send again."))


def _texts(request: HttpRequest) -> list[str]:
    """Return what was written in the form, so that it can be copied. Empty where the form cannot be read at all."""
    if request.method != "POST":
        return []
    try:
        fields = [*request.POST.getlist("link"), *(text for name in _BOXES for text in request.POST.getlist(name))]
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
    return [kept(text) for text in fields if text]
