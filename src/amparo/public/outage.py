"""The door while its database is away: what a form brings is sealed to the spool, and only then acknowledged.

The guard comes here when a page could not ask the database, so no view knows of it. Nothing here knows anything about
a report: the pages say that we have what was sent, that our books are away, and where help is, and no more.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from amparo.cases.refs import NoticeId
from amparo.cases.words import Age, Relation, Way
from amparo.letters import questions, variants
from amparo.plugins import spool, without_books
from amparo.policies.policy import Topic
from amparo.public import (
    brake,
    certificate,
    facts,
    language,
    office_acts,
    office_part,
    officials,
    packet,
    picture,
    private,
    school,
    start,
    statement,
    steps,
)
from amparo.public.forms import BadForm, digest, kept, key_of, new_key, text, word
from amparo.public.language_shown import remember, speak_as_said
from amparo.public.links import read_links
from amparo.public.pages import show
from amparo.public.spooling import keep, keep_alone
from amparo.public.tickets import DRAFT, PAGE, NoTicket
from amparo.records import codes
from amparo.records.casebook import KeyReused
from amparo.records.spooled import notice_of

_CHOICES: dict[str, Any] = {"who": questions.RELATIONS, "age": questions.AGES, "how": questions.WAYS}
_FIELDS = {"who": "relation", "age": "age", "how": "way"}


def answer(request: HttpRequest) -> HttpResponse | None:
    """Return the page of a request that could not ask the database, or None where there is nothing but "not now".

    Raises what the page itself would raise: BadForm, NoTicket, KeyReused, and NotSealed where nothing could be kept.
    """
    found = _page_for(request)
    return None if found is None else found(request)


def knows(request: HttpRequest) -> bool:
    """Whether there is an answer to this request without the database."""
    return _page_for(request) is not None


def _page_for(request: HttpRequest) -> Callable[[HttpRequest], HttpResponse] | None:
    view = None if request.resolver_match is None else request.resolver_match.func
    return (_TAKES if request.method == "POST" else _SHOWS).get(view)


def is_waiting(error: NoTicket, request: HttpRequest) -> bool:
    """Whether the notice that the books do not know waits in the spool, so that its reporter goes on as before."""
    try:
        return spool().has(error.ticket.read(request))
    except NoTicket:
        return False


def _take_report(request: HttpRequest) -> HttpResponse:
    spoken = speak_as_said(request)
    response = _take_links_of_report(request)
    return response if spoken is None else remember(response, spoken)


def _take_links_of_report(request: HttpRequest) -> HttpResponse:
    pasted, code = start.links_of(request), codes.new_code(os.urandom)
    now = without_books().casebook.now()
    try:
        form = start.read_form(request, pasted)
        if _is_of_an_office(request):
            form = replace(form, intake=office_acts.intake_of(form, office_acts.read_said(request)))
        key, body = form.intake.key, form.intake.body_sha256
        sealed = keep(
            request,
            notice_of(key, body, now, settings.SECRET_KEY),
            key,
            body,
            code,
            topic=form.topic,
            links=tuple(each.text for each in form.pasted),
            relation=form.answers.relation,
            age=form.answers.age,
            way=form.answers.way,
            country=form.answers.country,
            is_sent=form.is_sent,
        )
    except BadForm as bad:
        if _is_of_an_office(request):
            return officials.form_page(request, *bad.sentences, status=bad.status)
        return start.first_page(request, request.POST.get("topic", ""), pasted, *bad.sentences, status=bad.status)
    except KeyReused as reused:
        status = HTTPStatus.CONFLICT
        return start.first_page(request, request.POST.get("topic", ""), pasted, _(str(reused)), status=status)
    notice = NoticeId(sealed.notice)
    if not sealed.is_new:
        # The first code's secret is kept nowhere, so a form that comes again gets a further one.
        keep_alone(request, notice, code)
    if _is_of_an_office(request):
        # Its form is taken in as anybody's; who wrote goes along as words, for staff to read.
        keep_alone(request, notice, words=office_acts.details_of(request))
    if form.is_sent:
        return DRAFT.give(PAGE.give(_acknowledged(request, notice, code=code), notice), notice)
    return DRAFT.give(_acknowledged(request, notice, code=code, following=_first_question(form)), notice)


def _is_of_an_office(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.func is officials.officials


def _take_picture(request: HttpRequest) -> HttpResponse:
    code, now = codes.new_code(os.urandom), without_books().casebook.now()
    try:
        read, answers, intake = picture.read_form(request)
    except BadForm as bad:
        return picture.first_page(request, *bad.sentences, status=bad.status)
    of = notice_of(intake.key, intake.body_sha256, now, settings.SECRET_KEY)
    said = {"relation": answers.relation, "age": answers.age, "country": answers.country, "picture": read}
    topic = Topic.SEXUAL_PICTURE
    sealed = keep(request, of, intake.key, intake.body_sha256, code, topic=topic, is_sent=True, **said)
    notice = NoticeId(sealed.notice)
    if not sealed.is_new:
        keep_alone(request, notice, code)
    return DRAFT.give(PAGE.give(_acknowledged(request, notice, code=code), notice), notice)


def _first_question(form: start.Form) -> str:
    if form.topic is Topic.SPAM:
        return "check"
    said = (form.answers.relation, form.answers.age, form.answers.way)
    return next((step for step, answer in zip(steps.ORDER, said, strict=True) if answer is None), "check")


def _take_answer(request: HttpRequest) -> HttpResponse:
    notice, step = DRAFT.read(request), _step(request)
    keep_alone(request, notice, **_answers(request, step))
    following = [*steps.ORDER, "check"][steps.ORDER.index(step) + 1]
    return HttpResponseRedirect(reverse(following), status=HTTPStatus.SEE_OTHER)


def _take_sending(request: HttpRequest) -> HttpResponse:
    notice, code = DRAFT.read(request), codes.new_code(os.urandom)
    keep_alone(request, notice, code, is_sent=True, country=_country(request))
    return PAGE.give(_acknowledged(request, notice, code=code), notice)


def _take_words(request: HttpRequest) -> HttpResponse:
    notice, written = PAGE.read(request), text(request, "words")
    if not written:
        return _page(request, _("Write something first."))
    keep(request, notice, f"{notice}:words:{key_of(request)}", digest(written), words=written)
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_again(request: HttpRequest) -> HttpResponse:
    notice, chosen, written = PAGE.read(request), request.POST.get("new_facts", ""), private.words_against(request)
    if chosen not in ("yes", "no"):
        raise BadForm(_("We did not get your answer. Go back and press one of the buttons."))
    keep(
        request,
        notice,
        f"{notice}:again:{key_of(request)}",
        digest(chosen, written),
        words=written or private.LOOK_AGAIN,
        asks_again=True,
        brings_new_facts=chosen == "yes",
    )
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_links(request: HttpRequest) -> HttpResponse:
    notice = PAGE.read(request)
    pasted = tuple(each.text for each in read_links(request.POST.get("links", ""), without_books().place))
    keep(request, notice, f"{notice}:links:{key_of(request)}", digest(list(pasted)), links=pasted)
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_facts(request: HttpRequest) -> HttpResponse:
    notice, told = PAGE.read(request), facts.read_facts(request)
    body = digest(sorted(each.value for each in told.signals), told.words)
    keep(request, notice, f"{notice}:facts:{key_of(request)}", body, told=told.signals, words=told.words or None)
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_statement(request: HttpRequest) -> HttpResponse:
    notice, given = PAGE.read(request), statement.read_given(request)
    body = digest(sorted(each.value for each in given.elements), given.contact, given.words)
    keep(
        request,
        notice,
        f"{notice}:statement:{key_of(request)}",
        body,
        elements=given.elements,
        contact=given.contact or None,
        words=given.words or None,
    )
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_answers(request: HttpRequest) -> HttpResponse:
    notice = PAGE.read(request)
    given = {step: _answers(request, step) for step in ("who", "age") if _FIELDS[step] in request.POST}
    said = {field: value for each in given.values() for field, value in each.items()}
    keep_alone(request, notice, country=_country(request), **said)
    return PAGE.give(_acknowledged(request, notice), notice)


def _take_new_code(request: HttpRequest) -> HttpResponse:
    notice, code = PAGE.read(request), codes.new_code(os.urandom)
    keep_alone(request, notice, code)
    return PAGE.give(_acknowledged(request, notice, code=code), notice)


def _answers(request: HttpRequest, step: str) -> dict[str, Any]:
    match step:
        case "who":
            return {"relation": word(request, "relation", Relation)}
        case "age":
            return {"age": word(request, "age", Age)}
        case _:
            return {"way": word(request, "way", Way)}


def _country(request: HttpRequest) -> str | None:
    country = request.POST.get("country", "")
    if country and country not in dict(steps.countries()):
        raise BadForm(_("Choose a country from the list, or leave it out."))
    return country or None


def _is_busy(request: HttpRequest) -> bool:
    """Whether the books are there, and only have not taken everything in."""
    return getattr(request, "is_busy", False)


def _step(request: HttpRequest) -> str:
    return str(request.resolver_match.url_name) if request.resolver_match else ""


def _acknowledged(
    request: HttpRequest, notice: NoticeId, *, code: str | None = None, following: str = ""
) -> HttpResponse:
    context = {
        "code": code,
        "next_page": reverse(following) if following else None,
        "next_name": following,
        "is_busy": _is_busy(request),
        # Whoever has scripts does the work now, and then goes before those who cannot.
        "task": brake.task_for(request, notice) if getattr(request, "behind_seconds", None) is not None else "",
    }
    return show(request, "kept", context, HTTPStatus.ACCEPTED)


def _question(request: HttpRequest) -> HttpResponse:
    """Show a question in words that fit any report: which one it is, only the books know."""
    DRAFT.read(request)
    step = _step(request)
    wording = {"who": _("Who is it about?"), "age": _("Is this person under 18, or were they when it was made?")}
    question = wording.get(step) or _("How can we tell you what happens?")
    choices = [(each.value, label, steps.note(each)) for each, label in _CHOICES[step].items()]
    number = steps.ORDER.index(step) + 2
    context = {
        "said": variants.opening(None),
        "step": step,
        "number": number,
        "field": _FIELDS[step],
        "question": question,
        "choices": choices,
    }
    return show(request, "question", context)


def _check(request: HttpRequest) -> HttpResponse:
    DRAFT.read(request)
    chosen = request.POST.get("country", "")
    context = {"countries": steps.countries(), "country": chosen, "is_busy": _is_busy(request)}
    return show(request, "kept_check", context)


def _page(request: HttpRequest, *wrong: str) -> HttpResponse:
    """Show the private page that we cannot read now. It says nothing of any link, hidden, gone or other."""
    notice = PAGE.read(request)
    context = {"wrong": wrong, "key": new_key(), "can_write": True, "text": kept(request.POST.get("words", ""))}
    context["is_behind"] = _is_busy(request)
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.SERVICE_UNAVAILABLE
    return PAGE.give(show(request, "away", context, status), notice)


def _enter(request: HttpRequest) -> HttpResponse:
    """Say the same to every code: whether it is one, only the books know."""
    return show(request, "away", {"can_write": False}, HTTPStatus.SERVICE_UNAVAILABLE)


_TAKES: dict[object, Callable[[HttpRequest], HttpResponse]] = {
    start.report: _take_report,
    officials.officials: _take_report,
    picture.picture: _take_picture,
    steps.who: _take_answer,
    steps.age: _take_answer,
    steps.how: _take_answer,
    steps.check: _take_sending,
    private.enter: _enter,
    private.words: _take_words,
    private.again: _take_again,
    private.links: _take_links,
    private.answers: _take_answers,
    private.new_code: _take_new_code,
    facts.facts: _take_facts,
    statement.statement: _take_statement,
    language.of_check: language.remembering(_check),
    language.of_page: language.remembering(_page),
    # The code that stood there is shown on: nobody can look it up.
    language.of_receipt: language.of_kept,
    language.of_new_code: language.of_kept,
}
_SHOWS: dict[object, Callable[[HttpRequest], HttpResponse]] = {
    steps.who: _question,
    steps.age: _question,
    steps.how: _question,
    steps.check: _check,
    private.page: _page,
    certificate.page: _page,
    certificate.download: _page,
    statement.statement: _page,
    packet.make: _page,
    school.page: _page,
    school.download: _page,
    office_part.download: _page,
}
