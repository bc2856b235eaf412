"""In which language a page speaks: the browser's own, until somebody presses another name below the page.

What was chosen is one word in a cookie that ends with the browser and names nobody. Choosing asks nothing and changes
nothing else; each page that holds typed words posts them along, so that they come back in the page's new language.
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.cases.words import Way
from amparo.plugins import installation
from amparo.public import errors, private, start, steps
from amparo.public.forms import kept
from amparo.public.language_shown import BACK, remember, shown
from amparo.public.pages import notice_of, show
from amparo.public.receipt import receipt
from amparo.public.tickets import PAGE
from amparo.records import codes

_CODE = re.compile(r"[0-9A-Za-z-]{26,40}")
_look = require_http_methods(["GET", "HEAD"])
_only_post = require_http_methods(["POST"])
_ERRORS = frozenset(str(each.value) for each in HTTPStatus if each >= HTTPStatus.BAD_REQUEST)


@_look
def choose(request: HttpRequest) -> HttpResponse:
    """Show a page that holds nothing typed in the language chosen."""
    back = request.GET.get("back", "")
    response = HttpResponseRedirect(reverse(back if back in BACK else "start"), status=HTTPStatus.SEE_OTHER)
    return remember(response, _chosen(request.GET.get("language", "")))


# No token, as with the form that this one stands in for: it takes nothing in, and gives the text back to who sent it.
@csrf_exempt
@_only_post
def of_start(request: HttpRequest) -> HttpResponse:
    """Show R0 with the topic and the links that were typed."""
    code = _speak(request)
    return remember(start.first_page(request, request.POST.get("topic", ""), start.links_of(request)), code)


@_only_post
def of_enter(request: HttpRequest) -> HttpResponse:
    """Show the box for the code with what was typed."""
    code = _speak(request)
    return remember(show(request, "enter", {"wrong": (), "text": kept(request.POST.get("code", ""))}), code)


@_only_post
def of_check(request: HttpRequest) -> HttpResponse:
    """Show R5 with the country that was chosen."""
    code = _speak(request)
    notice = steps.draft_of(request)
    return remember(steps.check_page(request, notice, request.POST.get("country", "")), code)


@_only_post
def of_page(request: HttpRequest) -> HttpResponse:
    """Show the private page with the message that was typed."""
    code = _speak(request)
    notice = notice_of(request)
    return remember(PAGE.give(private.page_of(request, notice), notice.id), code)


@_only_post
def of_receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt with the code that stood on it, if it opens this report; else the private page."""
    code = _speak(request)
    notice = notice_of(request)
    own = _own_code(request, notice)
    if own is None and notice.way is not Way.NOT_AT_ALL:
        return remember(_to_page(), code)
    return remember(receipt(request, notice, own), code)


@_only_post
def of_new_code(request: HttpRequest) -> HttpResponse:
    """Show a further code again if it opens this report; else the private page."""
    code = _speak(request)
    notice = notice_of(request)
    own = _own_code(request, notice)
    if own is None:
        return remember(_to_page(), code)
    return remember(show(request, "new_code", {"code": own}), code)


@_only_post
def of_kept(request: HttpRequest) -> HttpResponse:
    """Show what was acknowledged while the database was away. Whether its code opens anything, only the books know."""
    code = _speak(request)
    own = request.POST.get("code", "")
    following = request.POST.get("next_page", "")
    context = {
        "code": own if _CODE.fullmatch(own) else None,
        "next_page": reverse(following) if following in (*steps.ORDER, "check") else None,
        "next_name": following,
        "is_busy": request.POST.get("is_busy") == "yes",
    }
    return remember(show(request, "kept", context, HTTPStatus.ACCEPTED), code)


@_only_post
def of_error(request: HttpRequest) -> HttpResponse:
    """Show the page for an error with the text that stood on it."""
    code = _speak(request)
    said = request.POST.get("status", "")
    status = int(said) if said in _ERRORS else HTTPStatus.BAD_REQUEST
    return remember(errors.page(request, status), code)


def remembering(page: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the page, in the language that its form asks for."""

    def speak(request: HttpRequest) -> HttpResponse:
        code = _speak(request)
        return remember(page(request), code)

    return speak


def _to_page() -> HttpResponse:
    return HttpResponseRedirect(reverse("page"), status=HTTPStatus.SEE_OTHER)


def _own_code(request: HttpRequest, notice: Notice) -> str | None:
    code = request.POST.get("code", "")
    return code if codes.notice_of(code, installation().casebook.now()) == notice.id else None


def _chosen(code: str) -> str:
    """Return the language asked for, or the one that is shown where we do not speak it."""
    return code if code in dict(settings.LANGUAGES) else shown()


def _speak(request: HttpRequest) -> str:
    code = _chosen(request.POST.get("language", ""))
    translation.activate(code)
    return code
