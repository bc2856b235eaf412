"""`/v1/openapi.json`: what our own addresses take and answer, as a document that programs read."""

from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse

from amparo.api.callers import Caller


def document(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the document as it is published."""
    return HttpResponse(_text(), content_type="application/json")


@cache
def _text() -> bytes:
    return files("amparo.api").joinpath("openapi.json").read_bytes()
