"""Turn away requests that no page should have to think about: too long, too big, or not text at all."""

from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plaza import answers
from plaza.forms import can_be_kept
from plaza.refusals import Refusal

LONGEST_TARGET = 4096
LARGEST_BODY = 1 << 20
LARGEST_UPLOAD = 20 << 20
# A client that is still sending cannot hear us, so a body that is too large is read to its end, up to here.
LARGEST_DRAIN = 64 << 20


class Limits:
    """Check each request's address, read its body whole, and hand both on, or answer 400, 413 or 414."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            _check_target(scope)
            body = await _read_body(receive, at_most=_largest_body(scope))
        except Refusal as refusal:
            response = answers.refuse(Request(scope), refusal)
            return await response(scope, receive, send)
        await self._app(scope, _replay(body, receive), send)


def _check_target(scope: Scope) -> None:
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    if len(path) + len(query) > LONGEST_TARGET:
        raise Refusal(414, "address_too_long", "This address is too long.")
    try:
        texts = [unquote_to_bytes(part).decode() for part in (path, query)]
    except UnicodeDecodeError:
        texts = ["\x00"]
    if not all(can_be_kept(text) for text in texts):
        raise Refusal(400, "bad_address", "This address contains characters that cannot be read.")


def _largest_body(scope: Scope) -> int:
    content_type = dict(scope["headers"]).get(b"content-type", b"")
    return LARGEST_UPLOAD if content_type.startswith(b"multipart/form-data") else LARGEST_BODY


async def _read_body(receive: Receive, *, at_most: int) -> bytes:
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "incomplete", "The request ended before its end.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= at_most:
            chunks.append(chunk)
        if size > LARGEST_DRAIN or not message.get("more_body"):
            break
    if size > at_most:
        raise Refusal(413, "too_large", f"This is too large. The most is {at_most >> 20} MiB.")
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    is_sent = False

    async def replay() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
