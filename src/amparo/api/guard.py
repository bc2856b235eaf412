"""Stands before every address: refuses what is too large before it is read, and turns errors into answers.

An unexpected error is logged by its type and place alone: its text might hold a hash, a key or an address.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase

from amparo.api.errors import ApiError, answer
from amparo.api.limits import limits
from amparo.api.matching import NotReady, NotYours, WrongName
from amparo.home import BadSettings
from amparo.media.errors import NoSandbox, SandboxFailed
from amparo.records.away import is_away

log = logging.getLogger(__name__)

AROUND_A_FILE_BYTES = 64 * 1024
"""What a form may have around the file: the names and values of its other fields."""
_MOST_AT_ONCE_BYTES = 1024**3


class Guard:
    """Middleware, the last before the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._room = Room(max(_MOST_AT_ONCE_BYTES, limits().file_bytes + AROUND_A_FILE_BYTES))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            with self._room.for_bytes(_length_of(request)):
                response = self._get_response(request)
        except ApiError as refused:
            response = answer(request, refused)
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to an error that is expected; None leaves it to the page for broken things."""
        match error:
            case ApiError():
                return answer(request, error)
            case NotReady():
                sentence = "The index is not ready yet, so nothing can be said about this. Ask again in some seconds."
                refused = ApiError(503, "index_not_ready", sentence, retry_after=5)
            case NotYours():
                refused = ApiError(403, "not_yours", str(error))
            case WrongName():
                refused = ApiError(400, "wrong_name", str(error))
            case NoSandbox() | BadSettings():
                log.error("no media is opened: %s", error)
                sentence = "No picture or video is opened on this machine. `amparo doctor` says what to do there."
                refused = ApiError(503, "no_sandbox", sentence)
            case SandboxFailed():
                log.error("the media sandbox failed: %s", error)
                refused = ApiError(503, "not_this_time", "This could not be opened just now. Ask again.", retry_after=1)
            case SuspiciousOperation() | BadRequest() | MultiPartParserError() | UnreadablePostError():
                refused = ApiError(400, "bad_request", "The request cannot be read. Nothing was changed.")
            case _ if is_away(error):
                _log(error)
                sentence = "The database does not answer, so nothing can be said about this. Ask again later."
                refused = ApiError(503, "database_away", sentence, retry_after=5)
            case _:
                _log(error)
                return None
        return answer(request, refused)


class Room:
    """How many bytes of requests this process holds at once: a file is in memory as long as it is looked at."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes
        self._lock = threading.Lock()

    @contextmanager
    def for_bytes(self, count: int) -> Iterator[None]:
        """Hold that many for the body of the `with`. Raises ApiError where there is no room."""
        with self._lock:
            if count > self._left:
                raise ApiError(503, "busy", "Too many large files are looked at just now. Ask again.", retry_after=1)
            self._left -= count
        try:
            yield
        finally:
            with self._lock:
                self._left += count


def _length_of(request: HttpRequest) -> int:
    """Return how long the body is. Raises ApiError for one that is too long, or does not say."""
    written = str(request.META.get("CONTENT_LENGTH") or "")
    if not written and request.META.get("HTTP_TRANSFER_ENCODING"):
        raise ApiError(
            411, "no_length", "Say with Content-Length how long the body is: parts of unknown number are not taken."
        )
    if written and not (written.isascii() and written.isdigit()):
        raise ApiError(400, "bad_length", "Content-Length is not a number.")
    most = limits().file_bytes
    if int(written or 0) > most + AROUND_A_FILE_BYTES:
        raise ApiError(
            413, "too_large", f"This is larger than the {most // 1024**2} MiB that are taken here ([api] limit_mb)."
        )
    return int(written or 0)


def _log(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("a request failed: %s at %s", type(error).__name__, places)
