"""What a law asks of a notice: asked of adults alone, after the hide, and never a condition.

Name and contact are sealed before anything else is done with them. The books hold only that they are there.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.elements import present
from amparo.cases.notice import Notice
from amparo.letters.elements import standing
from amparo.policies.elements import Element
from amparo.public import acts
from amparo.public.forms import BadForm, digest, kept, key_of, line, new_key, text
from amparo.public.language import remembering
from amparo.public.network import network_of
from amparo.public.pages import notice_of, show
from amparo.public.progress import rules_for
from amparo.public.tickets import PAGE
from amparo.records.casebook import Intake

_TICKS = {
    "for_them": Element.STANDING,
    "no_consent": Element.NO_CONSENT,
    "good_faith": Element.GOOD_FAITH,
}
_only_post = require_http_methods(["POST"])


@dataclass(frozen=True)
class Given:
    """What a form gave of a law's list; `contact` is what is to be sealed, empty where nothing was typed."""

    elements: frozenset[Element]
    contact: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest) -> HttpResponse:
    """Ask an adult, or take, what a law asks of a notice. Where there is nothing to ask, lead back to the page."""
    notice = notice_of(request)
    if request.method != "POST" or not _may_ask(notice):
        return PAGE.give(statement_page(request), notice.id)
    given = read_given(request)
    body = digest(sorted(each.value for each in given.elements), given.contact, given.words)
    intake = Intake(f"{notice.id}:statement:{key_of(request)}", body)
    acts.give_elements(notice, given.elements, given.contact, given.words, intake, network_of(request))
    return HttpResponseRedirect(reverse("statement") + "#given", status=HTTPStatus.SEE_OTHER)


def read_given(request: HttpRequest) -> Given:
    """Return what the form gave. Any part of it alone is taken. Raises BadForm where there is nothing in it."""
    name, contact, words = line(request, "name"), line(request, "contact"), text(request, "words")
    given = {element for field, element in _TICKS.items() if request.POST.get(field) == "yes"}
    if name:
        given |= {Element.SIGNATURE, Element.NAME}
    if contact:
        given.add(Element.CONTACT)
    if "@" in contact:
        given.add(Element.EMAIL)
    if not given:
        raise BadForm(_("Fill in at least one box, or go back to your page."))
    typed = [f"Name: {name}" if name else "", f"Contact: {contact}" if contact else ""]
    return Given(frozenset(given), "\n".join(filter(None, typed)), words)


def statement_page(request: HttpRequest) -> HttpResponse:
    """Show the form, what is there already and what is open still; where it may be about a child, the page instead."""
    notice, sent = notice_of(request), request.POST
    if not _may_ask(notice):
        return HttpResponseRedirect(reverse("page"), status=HTTPStatus.SEE_OTHER)
    has = present(notice)
    context = {
        "notice": notice,
        "laws": standing(rules_for(notice), has),
        "is_given": bool(notice.elements),
        "asks_standing": Element.STANDING not in has,
        "ticked": [field for field in _TICKS if sent.get(field) == "yes"],
        "has_name": Element.NAME in has,
        "has_contact": Element.CONTACT in has,
        "typed_name": kept(sent.get("name", "")),
        "typed_contact": kept(sent.get("contact", "")),
        "text": kept(sent.get("words", "")),
        "key": new_key(),
    }
    return show(request, "statement", context)


def _may_ask(notice: Notice) -> bool:
    return notice.is_open and bool(rules_for(notice))


of_statement = _only_post(remembering(statement_page))
