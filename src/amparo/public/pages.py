"""Showing a page: the one place where a template becomes an answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(request: HttpRequest, name: str, context: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    """Return the page. It is finished: the guard puts no other in its place, whatever its status."""
    response = render(request, f"public/{name}.html", {"site": settings.SITE_NAME, **context}, status=status)
    response.is_finished = True  # type: ignore[attr-defined]
    return response
