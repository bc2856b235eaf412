"""How a request is refused: our own addresses answer with a problem (RFC 9457), HMA's as HMA does."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse

_HMA = ("/h/", "/m/", "/c/", "/status")


class ApiError(Exception):
    """A request that is refused. `code` is a stable word, the text a sentence that says what to do.

    `field`: what is missing or wrong in the request, where that is one parameter.
    """

    def __init__(
        self, status: int, code: str, sentence: str, *, field: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence
        self.field, self.retry_after = field, retry_after


def answer(request: HttpRequest, error: ApiError) -> HttpResponse:
    """Return the refusal in the shape that whoever asks there understands."""
    if is_hma(request.path_info):
        told: HttpResponse = _as_hma(error)
    else:
        told = _problem(error)
    if error.status == HTTPStatus.UNAUTHORIZED:
        told.headers["WWW-Authenticate"] = 'Bearer realm="amparo"'
    if error.retry_after is not None:
        told.headers["Retry-After"] = str(error.retry_after)
    return told


def is_hma(path: str) -> bool:
    """Whether that address is one of HMA's."""
    return path.startswith(_HMA)


def _problem(error: ApiError) -> HttpResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.sentence,
    }
    if error.field:
        body["field"] = error.field
    return JsonResponse(body, status=error.status, content_type="application/problem+json")


def _as_hma(error: ApiError) -> HttpResponse:
    if error.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        # What its validation says of a parameter is a list.
        wrong = {"type": error.code, "loc": [error.field], "msg": error.sentence}
        return JsonResponse([wrong], status=error.status, safe=False)
    return JsonResponse({"message": error.sentence}, status=error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read, or is for a host that is not this one. Django calls it before any view."""
    if isinstance(exception, DisallowedHost):
        sentence = "The API does not answer to this Host. Ask it by a name in `[api] hosts`, or add this one there."
        return answer(request, ApiError(400, "wrong_host", sentence))
    return answer(request, ApiError(400, "bad_request", "The request cannot be read. Nothing was changed."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses."""
    return answer(request, ApiError(403, "forbidden", "This is not allowed. Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer at an address that is none of ours."""
    return answer(request, ApiError(404, "not_found", "There is nothing at this address."))


def broken(request: HttpRequest) -> HttpResponse:
    """Answer where our own code failed; the guard has logged where."""
    return answer(
        request, ApiError(500, "broken", "This failed on our side. Try again, then tell whoever runs Amparo.")
    )
