"""R2 to R5: one question a page, each answer kept as soon as it is given, and a look over it all before "Send"."""

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.cases.refs import SubjectKind
from amparo.cases.words import Age, Relation, Way
from amparo.letters import questions, variants
from amparo.plugins import installation, without_books
from amparo.policies.policy import Topic
from amparo.public import acts
from amparo.public.forms import BadForm, word
from amparo.public.language_shown import speak_to
from amparo.public.network import network_of
from amparo.public.pages import show
from amparo.public.receipt import receipt
from amparo.public.tickets import DRAFT, PAGE, NoTicket

_look_or_answer = require_http_methods(["GET", "HEAD", "POST"])
ORDER = ("who", "age", "how")
_OPEN_AFTER_SENDING = timedelta(seconds=PAGE.seconds)


def next_step(notice: Notice) -> str:
    """Return the address of the first question that has no answer yet, or of the check before sending."""
    if notice.topic is not Topic.SPAM:
        answers = zip(ORDER, (notice.relation, notice.age, notice.way), strict=True)
        for step, answer in answers:
            if answer is None:
                return reverse(step)
    return reverse("check")


@_look_or_answer
def who(request: HttpRequest) -> HttpResponse:
    """R2: who is in it."""
    notice = draft_of(request)
    if request.method == "POST":
        acts.answer_relation(notice, word(request, "relation", Relation), network_of(request))
        return _on(notice)
    return _question(
        request,
        notice,
        "who",
        "relation",
        questions.who_question(notice.topic, is_account=is_account(notice)),
        questions.RELATIONS,
    )


@_look_or_answer
def age(request: HttpRequest) -> HttpResponse:
    """R3: how old they are."""
    notice = draft_of(request)
    if request.method == "POST":
        acts.answer_age(notice, word(request, "age", Age), network_of(request))
        return _on(notice)
    question = questions.age_question(notice.topic, notice.relation, is_account=is_account(notice))
    return _question(request, notice, "age", "age", question, questions.AGES)


@_look_or_answer
def how(request: HttpRequest) -> HttpResponse:
    """R4: how we can tell them."""
    notice = draft_of(request)
    if request.method == "POST":
        acts.answer_way(notice, word(request, "way", Way), network_of(request))
        return _on(notice)
    return _question(request, notice, "how", "way", _("How can we tell you what happens?"), questions.WAYS)


@_look_or_answer
def check(request: HttpRequest) -> HttpResponse:
    """R5: look over the answers and send. The answer to sending is the receipt, whose code is shown this once."""
    notice = draft_of(request)
    if request.method != "POST":
        return check_page(request, notice, notice.country)
    country = request.POST.get("country", "")
    if country:
        if country not in dict(countries()):
            raise BadForm(_("Choose a country from the list, or leave it out."))
        if country != notice.country:
            acts.answer_country(notice, country, network_of(request))
            notice = draft_of(request)
    code = acts.send(notice, network_of(request))
    return PAGE.give(receipt(request, draft_of(request), code), notice.id)


def check_page(request: HttpRequest, notice: Notice, country: str | None) -> HttpResponse:
    """Show R5 with that country chosen."""
    context = {"notice": notice, "answers": _answers(notice), "countries": countries(), "country": country}
    return show(request, "check", context)


def draft_of(request: HttpRequest) -> Notice:
    """Return the notice that is being written. Raises NoTicket where the request names none.

    Some time after it was sent it is closed to this browser, as the private page is: the next person at a shared
    device must not find it open.
    """
    book = installation().casebook
    notice = book.notice(DRAFT.read(request))
    if notice is None or (notice.sent_at is not None and book.now() - notice.sent_at > _OPEN_AFTER_SENDING):
        raise NoTicket(DRAFT)
    speak_to(notice.age)
    return notice


def countries() -> list[tuple[str, str]]:
    """Return the countries to choose from: those whose law a policy knows, and those that have help lines."""
    regimes = {clock.regime for policy in without_books().policies.current for clock in policy.clocks}
    known = {country for country in regimes if country is not None} | set(questions.COUNTRIES)
    return sorted(((country, questions.country_name(country)) for country in known), key=lambda each: each[1])


def is_account(notice: Notice) -> bool:
    """Whether every link names an account: then the questions speak of all that it shows."""
    kinds = {link.subject.kind for link in notice.links if link.subject is not None}
    return kinds == {SubjectKind.ACCOUNT}


def _on(notice: Notice) -> HttpResponse:
    after = installation().casebook.notice(notice.id) or notice
    return HttpResponseRedirect(next_step(after), status=HTTPStatus.SEE_OTHER)


def _question(
    request: HttpRequest,
    notice: Notice,
    step: str,
    field: str,
    question: str,
    answers: Mapping[Relation, Promise] | Mapping[Age, Promise] | Mapping[Way, Promise],
) -> HttpResponse:
    choices = [(answer.value, label, note(answer)) for answer, label in answers.items()]
    number = ORDER.index(step) + 2
    said = variants.opening(notice.relation)
    context = {"notice": notice, "said": said, "step": step, "number": number, "percent": number * 20}
    return show(request, "question", {**context, "field": field, "question": question, "choices": choices})


def note(answer: Enum) -> str:
    """Return what stands small below an answer."""
    match answer:
        case Relation.STRANGER:
            return _("You saw it and want it gone. Thank you.")
        case Relation.GUARDIAN:
            return _("Your child need not read or sign anything.")
        case Way.PRIVATE_PAGE:
            return _("You get a code. Only the code opens the page.")
        case Way.NOT_AT_ALL:
            return _("We work on it all the same.")
        case _:
            return ""


def _answers(notice: Notice) -> list[tuple[str, str, str]]:
    """Return question, answer and the name of the page where it is changed."""
    unanswered = _("Not answered")
    if notice.topic is Topic.SPAM:
        return []
    relation = unanswered if notice.relation is None else str(questions.RELATIONS[notice.relation])
    age_said = unanswered if notice.age is None else str(questions.AGES[notice.age])
    way = str(questions.WAYS[notice.way or Way.PRIVATE_PAGE])
    return [
        (questions.who_question(notice.topic, is_account=is_account(notice)), relation, "who"),
        (questions.age_question(notice.topic, notice.relation, is_account=is_account(notice)), age_said, "age"),
        (_("How can we tell you what happens?"), way, "how"),
    ]
