"""The lane of police, regulators and courts: remove and preserve, never data. It gives no way past anybody.

Whoever writes here is hidden for at once, like everybody; nobody is asked to prove anything before that. What the
pages say of an office is worked out in `office_part.py`, and who it is by staff, with the signed link that opens here.
"""

from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from amparo.cases.refused import Refused
from amparo.cases.sender import OfficeKind
from amparo.cases.words import Age
from amparo.letters import questions
from amparo.letters.moments import clock_time
from amparo.plugins import installation, without_books
from amparo.policies.policy import Topic
from amparo.public import brake, office_acts, start
from amparo.public.forms import BadForm, kept, new_key
from amparo.public.network import network_of
from amparo.public.pages import show
from amparo.public.receipt import receipt
from amparo.public.steps import countries
from amparo.public.tickets import DRAFT, PAGE
from amparo.records import offices
from amparo.records.casebook import KeyReused

KINDS = {
    OfficeKind.POLICE: gettext_lazy("The police"),
    OfficeKind.REGULATOR: gettext_lazy("A regulator"),
    OfficeKind.COURT: gettext_lazy("A court"),
}
_REPEAT_WITHIN = timedelta(seconds=DRAFT.seconds)


@require_http_methods(["GET", "HEAD", "POST"])
def officials(request: HttpRequest) -> HttpResponse:
    """Say what is done here and what is not, and take a notice. The answer to sending is the receipt with its code."""
    if request.method != "POST":
        return form_page(request)
    try:
        form, said = start.read_form(request, start.links_of(request)), office_acts.read_said(request)
        taken = office_acts.open_notice(form, said, network_of(request))
        notice = taken.notice
        if notice is None or installation().casebook.now() - notice.opened_at > _REPEAT_WITHIN:
            raise KeyReused("This form was sent before. Look at it and send it once more.")
    except BadForm as bad:
        return form_page(request, *bad.sentences, status=bad.status)
    except KeyReused as reused:
        return form_page(request, _(str(reused)), status=HTTPStatus.CONFLICT)
    return PAGE.give(receipt(request, notice, taken.code, taken.cases), notice.id)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Open a signed link: it asks whether the office sent the notice, and only a press takes that down.

    The code stands after the `#`, so it is in no log, and what reads mails in advance confirms nothing.
    """
    if request.method != "POST":
        return show(request, "office_link", {"step": "code"})
    here, code = installation(), request.POST.get("code", "")
    found = offices.notice_of_link(code, here.casebook.now())
    notice = None if found is None else here.casebook.notice(found[0])
    if found is None or notice is None:
        return _wrong(request)
    if request.POST.get("sent") != "yes":
        sent_at = clock_time(notice.came_at, here.casebook.now())
        context = {"step": "ask", "code": code, "count": len(notice.links), "sent_at": sent_at}
        return show(request, "office_link", context)
    try:
        after = office_acts.open_link(*found)
    except Refused:
        return _wrong(request)
    is_verified = after is not None and after.sender is not None and after.sender.is_verified
    return show(request, "office_link", {"step": "done", "is_verified": is_verified})


def come_again(request: HttpRequest, seconds: int) -> HttpResponse:
    """Give a form back in a flood, with all that was typed: this page's own work, or that time, lets it in."""
    answer = form_page(
        request,
        _("Very many reports come in just now."),
        _("We have not taken this one yet."),
        _("All you typed is still here. Send it again in %(seconds)s seconds.") % {"seconds": seconds},
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )
    answer.headers["Retry-After"] = str(seconds)
    return answer


def form_page(request: HttpRequest, *wrong: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """Show the page with what was chosen and typed before where it comes back."""
    asked = request.POST.getlist("asks") if request.method == "POST" else ["remove", "preserve"]
    key = new_key()
    context = {
        "wrong": wrong,
        "key": key,
        "task": brake.task_for(request, key),
        "kinds": [(each.value, label) for each, label in KINDS.items()],
        "kind": request.POST.get("kind", ""),
        "topics": [(each.value, questions.TOPICS[each]) for each in start.covered_topics(without_books().policies)],
        "topic": request.POST.get("topic", Topic.SEXUAL_PICTURE.value),
        "ages": [(each.value, label) for each, label in questions.AGES.items()],
        "age": request.POST.get("age", Age.NOT_SURE.value),
        "how_old": questions.age_question(Topic.SEXUAL_PICTURE, None),
        "countries": countries(),
        "country": request.POST.get("country", ""),
        "danger": request.POST.get("danger", "no"),
        "removes": "remove" in asked,
        "preserves": "preserve" in asked,
        "typed": office_acts.kept_fields(request),
        "text": kept(start.links_of(request)),
        "contact": settings.OFFICIALS_CONTACT,
        "legal_contact": settings.OFFICIALS_LEGAL_CONTACT,
    }
    return show(request, "officials", context, status)


def _wrong(request: HttpRequest) -> HttpResponse:
    wrong = (_("This code opens nothing."), _("Ask us for a new one."))
    return show(request, "office_link", {"step": "code", "wrong": wrong}, HTTPStatus.BAD_REQUEST)
