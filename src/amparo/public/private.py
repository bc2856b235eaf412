"""R7, the private page: opened by a code, it shows how every link stands and takes words, links and answers.

A wrong, a foreign and an expired code get the same page after the same work.
"""

import logging
import os
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Letter, Notice
from amparo.cases.picture_claim import PictureClaim, may_hide
from amparo.cases.refs import ClaimId
from amparo.cases.words import Age, Relation
from amparo.letters import picture_codes, questions
from amparo.letters.moments import clock_time
from amparo.plugins import installation, spool, vault
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.public import acts
from amparo.public.certificate import certificate_of
from amparo.public.forms import BadForm, digest, kept, key_of, new_key, text, word
from amparo.public.further import further
from amparo.public.links import read_links
from amparo.public.network import network_of
from amparo.public.office_part import office_part
from amparo.public.pages import notice_of, show
from amparo.public.progress import progress_of
from amparo.public.steps import countries, is_account
from amparo.public.tickets import PAGE
from amparo.records import codes
from amparo.records.casebook import Intake
from amparo.vault.errors import VaultDamaged, VaultDown, VaultRefused

log = logging.getLogger(__name__)

LOOK_AGAIN = "Look again, please."
"""Stands for the words of somebody who only pressed "Look again"."""

_only_post = require_http_methods(["POST"])


@dataclass(frozen=True)
class Message:
    """A letter from staff, opened. `text` is None where the vault could not open it just now."""

    at: str
    text: str | None


@dataclass(frozen=True)
class Code:
    """One code that was made of a picture, and how it stands."""

    number: int
    id: ClaimId
    is_live: bool
    said: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The box for the code. A link's code stands after the `#`, so it reaches no server log on its way here."""
    if request.method != "POST":
        return show(request, "enter", {"wrong": ()})
    notice = codes.notice_of(request.POST.get("code", ""), installation().casebook.now())
    if notice is None and not spool().is_empty():
        # It may be the code of a report that waits there, which nobody here can read: every such code is told so.
        return show(request, "away", {"is_behind": True}, HTTPStatus.SERVICE_UNAVAILABLE)
    if notice is None:
        wrong = (_("This code opens no page."), _("Check each letter, or paste it whole."))
        return show(request, "enter", {"wrong": wrong}, HTTPStatus.BAD_REQUEST)
    return PAGE.give(_to_page(), notice)


@require_http_methods(["GET", "HEAD"])
def page(request: HttpRequest) -> HttpResponse:
    """R7. Each look keeps it open for another half hour."""
    notice = notice_of(request)
    return PAGE.give(page_of(request, notice), notice.id)


@_only_post
def words(request: HttpRequest) -> HttpResponse:
    """Take a message."""
    notice = notice_of(request)
    written = text(request, "words")
    if not written:
        return page_of(request, notice, _("Write something first."))
    acts.write(notice, written, _intake(request, notice, "words", written), network_of(request))
    return _to_page("written")


@_only_post
def again(request: HttpRequest) -> HttpResponse:
    """Take "Look again": a new person looks. New facts hide the subject again at once."""
    notice = notice_of(request)
    answer = request.POST.get("new_facts", "")
    if answer not in ("yes", "no"):
        raise BadForm(_("We did not get your answer. Go back and press one of the buttons."))
    written = words_against(request)
    acts.write(
        notice,
        written or LOOK_AGAIN,
        _intake(request, notice, "again", answer, written),
        network_of(request),
        asks_again=True,
        brings_new_facts=answer == "yes",
    )
    return _to_page()


@_only_post
def links(request: HttpRequest) -> HttpResponse:
    """Put further links on the notice."""
    notice = notice_of(request)
    pasted = read_links(request.POST.get("links", ""), installation().place)
    intake = _intake(request, notice, "links", [each.text for each in pasted])
    acts.add_links(notice, pasted, intake, network_of(request))
    return _to_page()


@_only_post
def answers(request: HttpRequest) -> HttpResponse:
    """Change an answer. Once the report is sent, it may become graver and never lighter."""
    notice = notice_of(request)
    network = network_of(request)
    if "relation" in request.POST:
        acts.answer_relation(notice, word(request, "relation", Relation), network)
    if "age" in request.POST:
        acts.answer_age(notice, word(request, "age", Age), network)
    country = request.POST.get("country", "")
    if country and country != notice.country:
        if country not in dict(countries()):
            raise BadForm(_("Choose a country from the list, or leave it out."))
        acts.answer_country(notice, country, network)
    return _to_page()


@_only_post
def new_code(request: HttpRequest) -> HttpResponse:
    """Give a further code to somebody who has the page open and lost or never kept the first."""
    notice = notice_of(request)
    code = codes.new_code(os.urandom)
    codes.add_code(code, notice.id, installation().casebook.now())
    return show(request, "new_code", {"code": code})


def words_against(request: HttpRequest) -> str:
    """Return what stands in the box of "Look again". It is not the one for messages, though both are in one form."""
    return text(request, "more_words" if "more_words" in request.POST else "words")


def page_of(request: HttpRequest, notice: Notice, *wrong: str) -> HttpResponse:
    """Show R7, with what was typed and not sent where it comes back."""
    now = installation().casebook.now()
    found = progress_of(notice, now)
    context = {
        "notice": notice,
        "now": clock_time(now, now),
        "received": clock_time(notice.came_at, now),
        "links": found,
        "apologies": [link for link in found if link.apology],
        "kept": [link for link in found if link.is_kept],
        "certificate": certificate_of(notice, now),
        "office": office_part(notice, now),
        "codes": [_code(notice, number, claim, now) for number, claim in enumerate(notice.claims, start=1)],
        "letters": [_open(notice, letter, now) for letter in notice.letters],
        "written": [clock_time(letter.at, now) for letter in notice.words],
        "relations": [(each.value, label, each is notice.relation) for each, label in questions.RELATIONS.items()],
        "ages": [(each.value, label, each is notice.age) for each, label in questions.AGES.items()],
        "who": questions.who_question(notice.topic, is_account=is_account(notice)),
        "how_old": questions.age_question(notice.topic, notice.relation, is_account=is_account(notice)),
        "countries": countries(),
        "is_spam": notice.topic is Topic.SPAM,
        "may_hurt_themself": Signal.SELF_HARM in notice.signals,
        "is_threatened": Signal.THREAT in notice.signals,
        **further(request, notice),
        "text": kept(request.POST.get("words", "")),
        "more_text": kept(request.POST.get("more_words", "")),
        "pasted": kept(request.POST.get("links", "")),
        "wrong": wrong,
        "key": new_key(),
    }
    return show(request, "page", context, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK)


def _code(notice: Notice, number: int, claim: PictureClaim, now: datetime) -> Code:
    policy = installation().policies.for_notice(notice.topic, is_adult=notice.settled_age is Age.ADULT)
    hides = may_hide(policy, notice.relation)
    return Code(number, claim.id, claim.is_live, picture_codes.said_of(claim, now, may_hide=hides))


def _open(notice: Notice, letter: Letter, now: datetime) -> Message:
    """Return a letter opened for this notice alone. The vault writes down that it was opened."""
    at = clock_time(letter.at, now)
    try:
        opened = vault("door").open_for(f"reporter:{notice.id}", "read_letter", letter.sealed)
    except (VaultDown, VaultRefused, VaultDamaged) as error:
        # The page still stands without the letter, and says so; staff see from the log that the vault needs a look.
        log.error("the letter %s could not be opened: %s", letter.sealed, error.reason)
        return Message(at, None)
    return Message(at, opened.decode(errors="replace"))


def _intake(request: HttpRequest, notice: Notice, what: str, *fields: object) -> Intake:
    # The notice is part of the key, so that a key known elsewhere can never answer for another notice.
    return Intake(f"{notice.id}:{what}:{key_of(request)}", digest(*fields))


def _to_page(place: str = "") -> HttpResponse:
    address = reverse("page") + (f"#{place}" if place else "")
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
