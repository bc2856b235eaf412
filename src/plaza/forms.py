"""Read what people and programs send: forms, JSON and single texts. Anything unclear is refused with a sentence.

Sizes and URLs were already limited by `limits.py`.
"""

import json
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from plaza.refusals import Refusal

_UNREADABLE = "This is not UTF-8 text. Send it as UTF-8."


async def read_form(request: Request) -> FormData:
    """Return the fields of a form that one of our own pages sent.

    The cookie is SameSite=Strict already; the Origin header is the second lock, for browsers that forget the first.
    """
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if request.headers.get("origin") != own:
        raise Refusal(
            403, "foreign_origin", "This form was not sent from a page of Plaza. Open the page and try again."
        )
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return await _read_multipart(request)
    if content_type != "application/x-www-form-urlencoded":
        raise Refusal(415, "not_a_form", "This address takes forms only.")
    try:
        body = (await request.body()).decode("ascii")
        return FormData([*parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=20)])
    except UnicodeDecodeError:
        raise Refusal(400, "not_utf8", _UNREADABLE) from None
    except ValueError:
        raise Refusal(400, "not_a_form", "This form has too many fields.") from None


async def _read_multipart(request: Request) -> FormData:
    """Return the fields and the file. A broken body raises Starlette's HTTPException 400, shown like a Refusal."""
    body = await request.body()
    try:
        form = await request.form(max_files=1, max_fields=20, max_part_size=64 * 1024)
    except UnicodeError:
        raise Refusal(400, "not_utf8", _UNREADABLE) from None
    # The parser reads bytes that are not UTF-8 as Latin-1. Only a text that was UTF-8 is found again in the body.
    if not all(value.encode() in body for value in form.values() if isinstance(value, str)):
        raise Refusal(400, "not_utf8", _UNREADABLE)
    return form


async def read_object(request: Request) -> dict[str, object]:
    """Return the JSON object of the body; an empty body is an empty object."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Refusal(400, "not_utf8", _UNREADABLE) from None
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body is not JSON.") from None
    if not isinstance(found, dict):
        raise Refusal(400, "not_an_object", "The body is a JSON object, or empty.")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def field(form: FormData, name: str, *, at_most: int, is_required: bool = True) -> str:
    """Return the text of one field, cleaned; "" when it may be missing."""
    return clean(form.get(name, ""), name, at_most=at_most, is_required=is_required)


def clean(value: object, name: str, *, at_most: int, is_required: bool = True) -> str:
    """Return the text with plain line ends and without space around it, or refuse it."""
    if not isinstance(value, str):
        raise Refusal(400, "not_text", f'"{name}" is a text.')
    text = value.replace("\r\n", "\n").strip(" \t\r\n")
    if not text and is_required:
        raise Refusal(400, "missing", f'Please fill in "{name}".')
    if len(text) > at_most:
        raise Refusal(400, "too_long", f'"{name}" has at most {at_most} characters.')
    if not can_be_kept(text):
        raise Refusal(400, "bad_characters", f'"{name}" contains characters that cannot be shown.')
    return text


def can_be_kept(text: str) -> bool:
    """Return whether the text holds no control characters and no lone surrogates."""
    return not any((c < " " and c not in "\n\t") or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in text)


async def upload_content(form: FormData, name: str) -> bytes | None:
    """Return the bytes of a file field, or None when no file was chosen."""
    found = form.get(name)
    if not isinstance(found, UploadFile):
        return None
    return await found.read() or None
