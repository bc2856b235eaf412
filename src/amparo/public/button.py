"""The report button for any site: its script, a page of it to frame, and the addresses by which a door is found.

All of it only shows. A report begins where a form is posted to `report`, from here as from anywhere.
"""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import activate

from amparo.letters import button as letters
from amparo.letters import questions
from amparo.plugins import without_books
from amparo.policies.policy import Topic
from amparo.public.forms import kept, new_key
from amparo.public.items import link_of
from amparo.public.language_shown import shown
from amparo.public.links import LONGEST_LINK
from amparo.public.pages import show
from amparo.public.start import covered_topics, look

VERSION = "1"
"""What sites may rely on: attributes, parts, custom properties. It changes where one of them changes its meaning."""
_KEPT_SECONDS = 60 * 60
_SOURCE = "report-door.js"


@look
def script(request: HttpRequest) -> HttpResponse:
    """Serve the button. The same bytes for everybody: nothing of who asks goes into it."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    return _for_any_site(response)


@look
def facts(request: HttpRequest) -> HttpResponse:
    """Say in JSON where this door is, which languages it speaks, and the digest by which its script is known."""
    digest = base64.b64encode(hashlib.sha384(_script()).digest()).decode()
    said = {
        "version": VERSION,
        "site": settings.SITE_NAME,
        "help": _address("/help-me"),
        "report": _address("/report"),
        "script": _address("/report-door.js"),
        "integrity": f"sha384-{digest}",
        "embed": _address("/embed") if settings.FRAMED_BY else None,
        "languages": [code for code, _name in settings.LANGUAGES],
        "topics": [topic.value for topic in covered_topics(without_books().policies)],
    }
    return _for_any_site(JsonResponse(said))


@look
def well_known(request: HttpRequest) -> HttpResponse:
    """Lead whoever looks for the door, a person or a program, to its first page."""
    return HttpResponseRedirect(reverse("start"))


@look
def embed(request: HttpRequest) -> HttpResponse:
    """Show the choices for one item, to be framed by the sites of `[button] framed_by` and by no other.

    What a choice opens is never framed: it comes in a tab of its own, with its address to be seen.
    """
    language = request.GET.get("lang", "")
    if language in dict(settings.LANGUAGES):
        activate(language)
    topics = covered_topics(without_books().policies)
    wanted = request.GET.get("topics", "").replace(",", " ").split()
    chosen = [topic for topic in topics if topic.value in wanted] or topics
    link = kept(link_of(request.GET.get("item", ""), without_books()))[:LONGEST_LINK]
    context = {
        "link": link,
        "question": letters.WHAT.get(request.GET.get("type", ""), letters.WHAT[""]),
        "choices": [(topic.value, questions.TOPICS[topic], new_key()) for topic in chosen],
        "note": letters.NOTE,
        "help": letters.HELP,
        "spoken": shown(),
    }
    response = show(request, "embed", context)
    if settings.FRAMED_BY:
        response.xframe_options_exempt = True
        response._csp_replace = {"frame-ancestors": list(settings.FRAMED_BY)}  # type: ignore[attr-defined]
    return response


@cache
def _script() -> bytes:
    source = (files("amparo.public") / "templates" / "public" / _SOURCE).read_text(encoding="utf-8")
    words = letters.words(_topics())
    for mark, value in (("DOOR", settings.DOOR_URL.rstrip("/")), ("WORDS", words)):
        source = source.replace(f'"@{mark}@"', json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return source.encode()


def _topics() -> list[Topic]:
    return covered_topics(without_books().policies)


def _address(path: str) -> str:
    return settings.DOOR_URL.rstrip("/") + path


def _for_any_site(response: HttpResponse) -> HttpResponse:
    """Let any page load this, and keep it for a while: it holds nothing of anybody."""
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
