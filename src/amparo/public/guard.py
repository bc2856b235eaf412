"""Stands before every page: refuses what is too large, lets nothing be kept in caches, and turns errors into pages.

An expected refusal has its page here, once. An unexpected error is logged by its type and place, never by its text,
which might hold a link.
"""

import logging
import traceback
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from amparo.cases.refused import Refused
from amparo.plugins import BadBooks
from amparo.public import errors, officials, outage, turns
from amparo.public.forms import BadForm
from amparo.public.language_shown import shown
from amparo.public.patience import Patience
from amparo.public.tickets import DRAFT, NoTicket
from amparo.records import away
from amparo.records.casebook import KeyReused
from amparo.vault.errors import BadSetup, NotSealed

log = logging.getLogger(__name__)

_FOUND_BY_SEARCHING = frozenset({"/", "/help-me", "/help", "/certificate-key"})


class Guard:
    """Middleware, the last before the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._patience = Patience()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with self._patience.limits():
            response = self._answer(request)
        # Only what is the same for everybody says otherwise: see `button.py`.
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Language", shown())
        patch_vary_headers(response, ("Cookie",))
        # Not `no-referrer`: with it browsers send our own forms as from "null", and the check of forms needs the
        # origin. Towards other sites both say nothing.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if not getattr(response, "xframe_options_exempt", False):
            response.headers["X-Frame-Options"] = "DENY"
        # Only what nobody needs a report for may be found by searching; the rest is in no index and no preview.
        if request.path not in _FOUND_BY_SEARCHING:
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Do without the database at once where it has just kept somebody waiting, or where very much comes in."""
        if not outage.knows(request):
            return None
        try:
            wait = turns.judge(request, view)
        except Exception as error:  # Django asks `process_exception` about views only.
            if (response := self.process_exception(request, error)) is None:
                raise
            return response
        if wait is not None:
            request.behind_seconds = wait.behind_seconds  # type: ignore[attr-defined]
        if self._patience.is_resting():
            return self._without_books(request)
        if wait is not None and wait.comes_again:
            return officials.come_again(request, turns.OFFICE_WAITS_SECONDS)
        if wait is not None and (answer := self._in_turn(request)) is not None:
            return answer
        request.may_ask = True  # type: ignore[attr-defined]
        return None

    def process_exception(
        self, request: HttpRequest, error: Exception, *, is_away: bool = False
    ) -> HttpResponse | None:
        """Return the page for an error. `is_away`: it came up while the database was being done without."""
        match error:
            case BadForm():
                return errors.page(request, error.status, *error.sentences)
            case Refused():
                return errors.page(request, HTTPStatus.CONFLICT, _(error.sentence))
            case KeyReused():
                return errors.page(request, HTTPStatus.CONFLICT, _(str(error)))
            case NoTicket() if not is_away and outage.is_waiting(error, request):
                # The books are there, and have not taken in yet what this person sent in an outage or a flood.
                request.is_busy = True  # type: ignore[attr-defined]
                return self._without_books(request)
            case NoTicket():
                return errors.page(request, HTTPStatus.FORBIDDEN, *_session_over(error))
            case _ if not is_away and (isinstance(error, BadBooks) or away.is_away(error)):
                _log(error)
                self._patience.failed()
                return self._without_books(request)
            case NotSealed() | BadSetup():
                _log(error)
                return errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE)
            case _ if away.is_away(error):
                _log(error)
                return errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE)
            case _:
                _log(error)
                return None

    def _in_turn(self, request: HttpRequest) -> HttpResponse | None:
        """Keep what came in a flood until its turn; None where there is no room for it: then the books have to do."""
        request.is_busy = request.did_without = True  # type: ignore[attr-defined]
        try:
            return outage.answer(request)
        except NotSealed as error:
            _log(error)
            request.is_busy = request.did_without = False  # type: ignore[attr-defined]
            return None
        except Exception as error:
            return self.process_exception(request, error, is_away=True) or errors.broken(request)

    def _without_books(self, request: HttpRequest) -> HttpResponse | None:
        request.did_without = True  # type: ignore[attr-defined]
        try:
            return outage.answer(request) or errors.page(request, HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception as error:
            return self.process_exception(request, error, is_away=True) or errors.broken(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if _is_too_large(request):
            # Its rest is read away behind us (`amparo.drained`): a browser shows an answer once it has sent everything.
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            return errors.page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        response = self._get_response(request)
        if _has_asked(request, response):
            self._patience.answered()
        if response.status_code < 400 or getattr(response, "is_finished", False):
            return response
        # Django's own short answers (a wrong method, a form without its token) in our look, with their headers.
        ours = errors.page(request, response.status_code)
        if "Allow" in response.headers:
            ours.headers["Allow"] = response.headers["Allow"]
        return ours


def _has_asked(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the database has surely answered this request. A form that was turned away may never have come to it."""
    is_let_through = getattr(request, "may_ask", False) and not getattr(request, "did_without", False)
    return is_let_through and response.status_code < 400


def _is_too_large(request: HttpRequest) -> bool:
    try:
        size_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return size_bytes > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _session_over(error: NoTicket) -> tuple[str, ...]:
    if error.ticket is DRAFT:
        return (
            _("We cannot tell which report this belongs to."),
            # No more than that: its record may lie aside, and then no report is open.
            _("If you sent a link and we asked a question, we have it."),
            _("To answer more questions, send the link again."),
        )
    return (_("Your page was closed to keep it private."), _("Open it again with your code."))


def _log(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("a request failed: %s at %s", type(error).__name__, places)
