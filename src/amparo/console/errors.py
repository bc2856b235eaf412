"""What the console says when it cannot answer: one sentence, nothing about what it holds."""

from django.http import HttpRequest, HttpResponse

from amparo.console.frame import plain_page


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(
        request, 400, "Not understood", "That was not a form of ours, or too much of one. Nothing was changed."
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(request, 403, "Not allowed", "You may not do this. Nothing was changed.")


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    return plain_page(request, 404, "Not here", "There is nothing here for you. It may be your own, or gone.")


def broken(request: HttpRequest) -> HttpResponse:
    return plain_page(
        request, 500, "That failed", "That failed on our side and nothing was changed. Try again, then tell the admin."
    )
