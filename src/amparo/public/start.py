"""R0 and R1: the first page, and the one POST that opens a report. Also help, health and leaving.

Looking at a page changes nothing, whoever or whatever looks: prefetchers, previews and crawlers open no report (law o).
"""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from amparo.letters import questions
from amparo.plugins import installation, without_books
from amparo.policies.policy import PolicyBook, Topic, UnknownPolicy
from amparo.public import acts, brake
from amparo.public.answers import Answers, read_answers
from amparo.public.forms import BadForm, digest, kept, key_of, new_key, word
from amparo.public.items import link_of
from amparo.public.language_shown import remember, speak_as_said, speak_to
from amparo.public.links import Pasted, read_links
from amparo.public.network import network_of
from amparo.public.pages import show
from amparo.public.receipt import receipt
from amparo.public.steps import countries, next_step
from amparo.public.tickets import DRAFT, PAGE
from amparo.records.casebook import Intake, KeyReused
from amparo.records.reports import ask_database

look = require_http_methods(["GET", "HEAD"])

# A repeated form is answered alike while the person can still be at it. Later, whoever has its key is somebody else.
_REPEAT_WITHIN = timedelta(seconds=DRAFT.seconds)

# What is only threatened or asked for stands nowhere yet.
_WITHOUT_LINK = frozenset({Topic.THREAT, Topic.ENTICEMENT})


@dataclass(frozen=True)
class Form:
    """What one POST to `report` brought. `is_sent`: all questions were asked elsewhere, and the receipt is wanted."""

    topic: Topic
    pasted: tuple[Pasted, ...]
    answers: Answers
    is_sent: bool
    intake: Intake


@look
def start(request: HttpRequest) -> HttpResponse:
    """R0: what this is, what it is about, and a box for the links."""
    return first_page(request, Topic.SEXUAL_PICTURE.value, "")


# No token: the platform's own "Report" button posts here from another site, where our cookie cannot be. A forged POST
# can only do what any stranger may do anyway: open a report, and send it. It reads nothing and changes no report that
# exists; the code it is answered with is shown to the browser it was forged in, and to no other site.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Open a report with every link that came, and go on to the questions. Raises no error for bad links: see links.

    A platform that asks the questions itself sends the answers along, and `send=yes`: then the answer is the receipt.
    An answer we cannot read costs nobody the report: it is opened, not sent, and that question is asked.
    """
    if request.method != "POST":
        return redirect("start")
    spoken = speak_as_said(request)
    response = _take(request)
    return response if spoken is None else remember(response, spoken)


def _take(request: HttpRequest) -> HttpResponse:
    text = links_of(request)
    try:
        form = read_form(request, text)
        taken = acts.open_notice(
            form.topic, form.pasted, form.intake, network_of(request), form.answers, is_sent=form.is_sent
        )
        notice = taken.notice
        if notice is None or installation().casebook.now() - notice.opened_at > _REPEAT_WITHIN:
            raise KeyReused("This form was sent before. Look at it and send it once more.")
    except BadForm as bad:
        return first_page(request, request.POST.get("topic", ""), text, *bad.sentences, status=bad.status)
    except KeyReused as reused:
        return first_page(request, request.POST.get("topic", ""), text, _(str(reused)), status=HTTPStatus.CONFLICT)
    if form.is_sent:
        speak_to(notice.age)
        return DRAFT.give(PAGE.give(receipt(request, notice, taken.code, taken.cases), notice.id), notice.id)
    response = HttpResponseRedirect(next_step(notice), status=HTTPStatus.SEE_OTHER)
    return DRAFT.give(response, notice.id)


@look
def help_page(request: HttpRequest) -> HttpResponse:
    """Where to talk to a person, by country."""
    return show(request, "help", {})


@look
def leave(request: HttpRequest) -> HttpResponse:
    """Forget this browser and open another site."""
    response = HttpResponseRedirect(settings.LEAVE_URL)
    for ticket in (DRAFT, PAGE):
        ticket.take_back(response)
    for name in (settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        response.delete_cookie(name)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@look
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer "ok" if the database answers us."""
    ask_database()
    return HttpResponse("ok", content_type="text/plain")


def covered_topics(policies: PolicyBook) -> list[Topic]:
    """Return the topics that a policy covers, in the order of the door's first question."""
    covered = []
    for topic in Topic:
        try:
            policies.for_notice(topic, is_adult=False)
        except UnknownPolicy:
            continue
        covered.append(topic)
    return covered


def links_of(request: HttpRequest) -> str:
    """Return what was pasted, whichever field it came in."""
    named = [link_of(each, without_books()) for each in request.POST.getlist("link")]
    return "\n".join([*named, request.POST.get("links", "")]).strip()


def read_form(request: HttpRequest, text: str) -> Form:
    """Return what came to `report`, asking no database. Raises BadForm for what no report can take."""
    topic = _topic(request)
    pasted = read_links(text, without_books().place, may_be_none=may_have_no_link(request, topic))
    answers = read_answers(request, dict(countries()))
    is_sent = request.POST.get("send") == "yes" and answers.are_clear
    body = digest(topic.value, [each.text for each in pasted], answers.said, is_sent)
    return Form(topic, pasted, answers, is_sent, Intake(f"open:{key_of(request)}", body))


def may_have_no_link(request: HttpRequest, topic: Topic) -> bool:
    """Whether a report may come without a link: a threat has none yet, and whoever says so has none."""
    return topic in _WITHOUT_LINK or (request.POST.get("no_link") == "yes" and topic is not Topic.SPAM)


def _topic(request: HttpRequest) -> Topic:
    topic = word(request, "topic", Topic)
    if topic not in covered_topics(without_books().policies):
        raise BadForm(_("Choose what it is about."))
    return topic


def first_page(request: HttpRequest, topic: str, text: str, *wrong: str, status: int = HTTPStatus.OK) -> HttpResponse:
    """Show R0, with what was chosen and pasted before where it comes back."""
    key = new_key()
    context = {
        "topics": [(each.value, questions.TOPICS[each]) for each in covered_topics(without_books().policies)],
        "chosen": topic,
        "text": kept(text),
        "wrong": wrong,
        "key": key,
        "task": brake.task_for(request, key),
    }
    return show(request, "start", context, status)
