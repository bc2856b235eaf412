"""What the console says when it cannot answer: one sentence, nothing about what it holds."""

import sys

from django.http import HttpRequest, HttpResponse

from amparo.console.frame import plain_page
from amparo.records.away import is_away


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(
        request, 400, "Not understood", "That was not a form of ours, or too much of one. Nothing was changed."
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(request, 403, "Not allowed", "You may not do this. Nothing was changed.")


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(request, 404, "Not here", "There is nothing here for you. It may be your own, or gone.")


def broken(request: HttpRequest) -> HttpResponse:
    # Django calls this inside its `except`: the sign-in asks the database before any view or guard of ours runs.
    if (error := sys.exc_info()[1]) is not None and is_away(error):
        return plain_page(
            request,
            503,
            "The database is away",
            "Nothing can be looked at or decided just now, and nothing was changed. Reports are still taken and kept. "
            "This page works again as soon as the database is back; the person on call is told.",
        )
    return plain_page(
        request, 500, "That failed", "That failed on our side and nothing was changed. Try again, then tell the admin."
    )
