"""Pictures that are not posted yet: the page on which a device makes a picture's code, and the POST that takes it.

The picture is never sent. Its file input is in no form, and the worker that reads it may reach no network: see the
rule that `worker` is served with. Without scripts the page says so, and leads to the other ways.
"""

import os
import re
from collections.abc import Callable
from http import HTTPStatus

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.cases.picture_claim import LEAST_QUALITY
from amparo.cases.refs import ClaimId, new_id
from amparo.letters import questions
from amparo.policies.policy import Topic
from amparo.public import acts, brake
from amparo.public.answers import NOT_ASKED, Answers, read_answers
from amparo.public.forms import BadForm, digest, key_of, new_key
from amparo.public.language_shown import speak_to
from amparo.public.network import network_of
from amparo.public.pages import notice_of, show
from amparo.public.receipt import receipt
from amparo.public.steps import countries
from amparo.public.tickets import DRAFT, PAGE
from amparo.records.casebook import Intake
from amparo.records.picture_claims import PIPELINE, ClaimedPicture, is_code

_QUALITY = re.compile(r"[0-9]{1,2}|100")
_look = require_http_methods(["GET", "HEAD"])
_look_or_send = require_http_methods(["GET", "HEAD", "POST"])
_ROOM = csp_update({"script-src": "'wasm-unsafe-eval'", "worker-src": ["'self'"]})
"""What this page may do besides: start our worker. Compiling is what the worker does; some browsers ask the page."""
_WALLS = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
"""All that the worker may do: load its scripts, and compile. It may connect to nothing."""


@_ROOM
@_look_or_send
def picture(request: HttpRequest) -> HttpResponse:
    """Show the page, or open a report by the code of a picture: there is no link yet."""
    if request.method != "POST":
        return first_page(request)
    try:
        read, answers, intake = read_form(request)
    except BadForm as bad:
        return first_page(request, *bad.sentences, status=bad.status)
    taken = acts.open_by_picture(read, intake, network_of(request), answers)
    notice = taken.notice
    if notice is None:
        raise BadForm(_("This form was sent before. Look at it and send it once more."), status=HTTPStatus.CONFLICT)
    speak_to(notice.age)
    return DRAFT.give(PAGE.give(receipt(request, notice, taken.code, taken.cases), notice.id), notice.id)


@_ROOM
@_look_or_send
def own(request: HttpRequest) -> HttpResponse:
    """Show the page for somebody whose private page is open, or add a code to that report."""
    notice = notice_of(request)
    if request.method != "POST":
        return _page(request, notice)
    try:
        read = read_picture(request)
    except BadForm as bad:
        return _page(request, notice, *bad.sentences, status=bad.status)
    intake = _intake(request, read, NOT_ASKED)
    acts.claim_picture(notice, read, Intake(f"{notice.id}:{intake.key}", intake.body_sha256), network_of(request))
    return PAGE.give(_to_codes(), notice.id)


@require_http_methods(["POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Let a code go on, or end it, because whoever made it wants that."""
    notice, claim = notice_of(request), ClaimId(request.POST.get("claim", ""))
    does: dict[str, Callable[[Notice, ClaimId], None]] = {
        "renew": acts.renew_claim,
        "withdraw": acts.withdraw_claim,
    }
    act = does.get(request.POST.get("do", ""))
    if act is None:
        raise BadForm(_("We did not get your answer. Go back and press one of the buttons."))
    act(notice, claim)
    return _to_codes()


@_look
def worker(request: HttpRequest) -> HttpResponseBase:
    """Serve the worker's script, under the rule that keeps it from every network."""
    return _script("picture-worker.mjs")


@_look
def kernel(request: HttpRequest) -> HttpResponseBase:
    """Serve the script that the worker begins with, beside it."""
    return _script("pdq.mjs")


def read_form(request: HttpRequest) -> tuple[ClaimedPicture, Answers, Intake]:
    """Return what came to `picture`, asking no database. Raises BadForm."""
    read, answers = read_picture(request), read_answers(request, dict(countries()))
    return read, answers, _intake(request, read, answers)


def read_picture(request: HttpRequest) -> ClaimedPicture:
    """Return the code that a form brought. Raises BadForm for what no browser of ours makes, and too plain ones."""
    pdq, quality = request.POST.get("pdq", "").strip().lower(), request.POST.get("quality", "")
    if not is_code(pdq) or not _QUALITY.fullmatch(quality):
        raise BadForm(_("We did not get a code. Choose the picture once more."))
    if request.POST.get("pipeline", "") != PIPELINE:
        raise BadForm(_("This page was old. Choose the picture once more."))
    if int(quality) < LEAST_QUALITY:
        raise BadForm(_("This picture is too plain."), _("A code made from it would find other pictures, too."))
    return ClaimedPicture(ClaimId(new_id("claim", os.urandom(16))), pdq, int(quality), PIPELINE)


def first_page(request: HttpRequest, *wrong: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """Show the page for somebody who has no report yet."""
    return _page(request, None, *wrong, status=status)


def _page(request: HttpRequest, notice: Notice | None, *wrong: str, status: int = HTTPStatus.OK) -> HttpResponse:
    key = new_key()
    context = {
        "notice": notice,
        # What belongs to a report that is open asks for no work.
        "task": brake.task_for(request, key) if notice is None else "",
        "action": reverse("picture" if notice is None else "own_picture"),
        "relations": [(each.value, label) for each, label in questions.RELATIONS.items()],
        "ages": [(each.value, label) for each, label in questions.AGES.items()],
        "least": LEAST_QUALITY,
        "pipeline": PIPELINE,
        "wrong": wrong,
        "key": key,
    }
    return show(request, "picture", context, status)


def _intake(request: HttpRequest, read: ClaimedPicture, answers: Answers) -> Intake:
    body = digest(Topic.SEXUAL_PICTURE.value, read.pdq, read.quality, read.pipeline, answers.said)
    return Intake(f"picture:{key_of(request)}", body)


def _script(name: str) -> FileResponse:
    path = finders.find(f"public/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(f"{name} is not among the door's files. Install Amparo anew.")
    # Closed by the response.
    response = FileResponse(open(path, "rb"), content_type="text/javascript; charset=utf-8")  # noqa: SIM115
    response.headers["Content-Security-Policy"] = _WALLS
    return response


def _to_codes() -> HttpResponse:
    return HttpResponseRedirect(reverse("page") + "#codes", status=HTTPStatus.SEE_OTHER)
