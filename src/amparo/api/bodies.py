"""What a request carries: a file as the body or as a part of a form, or a JSON object. Nothing of it touches a disk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from amparo.api.errors import ApiError

FORM = "multipart/form-data"
JSON = "application/json"


@dataclass(frozen=True)
class File:
    """A file as it came, and the name of the field in which it stood; "" for the body itself."""

    field: str
    content: bytes


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the body as a JSON object. Raises ApiError 415 for another type, 400 for anything else that it is not."""
    if request.content_type != JSON:
        raise ApiError(415, "not_json", "Send JSON, with Content-Type: application/json.")
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ApiError(400, "no_object", "The body is no JSON object.")
    return told


def one_file(request: HttpRequest) -> File | None:
    """Return the only file of a form, None where there is none. Raises ApiError 400 for more than one."""
    if request.content_type != FORM:
        return None
    files = [(name, file) for name in request.FILES for file in request.FILES.getlist(name)]
    if len(files) > 1:
        raise ApiError(400, "several_files", "Only one file allowed per request")
    if not files:
        return None
    name, file = files[0]
    return File(name, _content(file))


def body_file(request: HttpRequest) -> File | None:
    """Return the body itself as a file, None where it is empty."""
    return File("", request.body) if request.body else None


def field_of(request: HttpRequest, name: str) -> str:
    """Return a field of the form or of the address, "" where it is in neither. Raises ApiError 422 for half a one."""
    in_form = request.POST.get(name) if request.content_type == FORM else None
    if in_form is not None:
        return str(in_form)
    in_address = request.GET.getlist(name)
    if len(in_address) > 1 or in_address == [""]:
        sentence = f"Say `{name}` once in the address, with a value, or leave it out."
        raise ApiError(422, "wrong_parameter", sentence, field=name)
    return str(in_address[0]) if in_address else ""


def text_in(told: Mapping[str, Any], name: str, at_most: int = 300) -> str:
    """Return a text of a JSON object, "" where it is not named or null. Raises ApiError 422 for anything but a text."""
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > at_most:
        raise ApiError(422, "wrong_type", f"`{name}` is a text of at most {at_most} characters.", field=name)
    return value


def _content(file: UploadedFile) -> bytes:
    return bytes(file.read())
