"""Facts that may be told after sending: they make us faster, are never asked for twice and never a condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.policies.signal import Signal
from amparo.public import acts
from amparo.public.forms import BadForm, digest, key_of, line
from amparo.public.network import network_of
from amparo.public.pages import notice_of
from amparo.records.casebook import Intake

FACTS: Mapping[str, tuple[Signal, Promise]] = {
    "threat": (Signal.THREAT, gettext_lazy("Someone makes threats")),
    "school": (Signal.SPREADING, gettext_lazy("It goes round at school or at work")),
    "elsewhere": (Signal.OTHER_PLATFORM, gettext_lazy("It is on other sites or apps, too")),
    "police": (Signal.POLICE, gettext_lazy("The police know of it")),
}
"""What can be ticked, by the word in the form."""

_only_post = require_http_methods(["POST"])


@dataclass(frozen=True)
class Told:
    """Facts as a form brought them: what was ticked, and words about it, empty where none were typed."""

    signals: frozenset[Signal]
    words: str


@_only_post
def facts(request: HttpRequest) -> HttpResponse:
    """Take facts. They may raise priority and do nothing else; a number of the police is a message to us."""
    notice, told = notice_of(request), read_facts(request)
    body = digest(sorted(each.value for each in told.signals), told.words)
    intake = Intake(f"{notice.id}:facts:{key_of(request)}", body)
    acts.tell_facts(notice, told.signals, told.words, intake, network_of(request))
    return HttpResponseRedirect(reverse("page") + "#facts-told", status=HTTPStatus.SEE_OTHER)


def read_facts(request: HttpRequest) -> Told:
    """Return what the form says. A number that was typed says that the police know, ticked or not."""
    number = line(request, "police_number")
    ticked = {FACTS[each][0] for each in request.POST.getlist("fact") if each in FACTS}
    if number:
        ticked.add(Signal.POLICE)
    if not ticked:
        raise BadForm(_("Choose at least one of them."))
    return Told(frozenset(ticked), f"Number of the police report: {number}" if number else "")


def choices_of(request: HttpRequest, notice: Notice) -> list[tuple[str, Promise, bool]]:
    """Return the facts to tick, with those that were told or are ticked in the form."""
    ticked = request.POST.getlist("fact")
    return [(word, label, signal in notice.facts_told or word in ticked) for word, (signal, label) in FACTS.items()]
