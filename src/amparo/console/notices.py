"""What reporters write and what we write back. Letters are sealed before they are kept."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.notice import Notice
from amparo.cases.notice_commands import SendLetter
from amparo.cases.refs import SealedRef
from amparo.cases.refused import Refused
from amparo.console import completeness, wording
from amparo.console.access import NotNow, notice_for, text_of
from amparo.console.forms import LetterForm, errors_of
from amparo.console.frame import page
from amparo.console.member import Member, member_of
from amparo.console.passages import Passage, passages
from amparo.letters import help_lines
from amparo.letters.addressing import catalogue_for
from amparo.letters.reading.advice import too_hard
from amparo.letters.reading.grade import measure
from amparo.plugins import installation
from amparo.records import queues
from amparo.records.casebook import Enclosed, Intake, KeyReused
from amparo.vault.errors import NotSealed

TOO_HARD = "This letter is too hard to read, so it was not sent. What to change stands beside your letter."
_MOST_LETTERS = 30


@dataclass(frozen=True)
class Message:
    """One message of a thread. `trouble` is a sentence where it cannot be opened now."""

    at: datetime
    is_ours: bool
    text: tuple[Passage, ...] = ()
    trouble: str = ""


@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """List the reports with words that nobody has answered."""
    waiting = [(notice, _about(notice)) for notice in queues.unread_for(member_of(request).id)]
    return page(request, "replies", {"waiting": waiting})


@require_safe
def notice_page(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Show one report with all that was written, and the form for a letter."""
    member = member_of(request)
    return shown(request, member, notice_for(member, notice_id))


@require_POST
def write(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Show a letter as the reporter will read it, or send it. One that is too hard to read is not sent."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _show(request, member, notice, form, errors=errors_of(form), status=422)
    text, key = form.cleaned_data["text"], str(form.cleaned_data["key"])
    if "send" not in request.POST:
        return _show(request, member, notice, form, preview=text)
    if _too_hard(notice, text):
        return _show(request, member, notice, form, preview=text, errors=[TOO_HARD], status=422)
    try:
        sealed = installation().sealer.seal(text.encode(), kind="letter", owner=notice.id)
        installation().casebook.execute(
            SendLetter(notice.id, SealedRef(sealed.id), member.reviewer),
            intake=Intake(f"letter:{member.id}:{key}", hashlib.sha256(f"{notice.id}\n{text}".encode()).hexdigest()),
            enclosed=Enclosed(sealed=(sealed,)),
        )
    except Refused as refusal:
        return _show(request, member, notice, form, errors=[refusal.sentence], status=409)
    except KeyReused as error:
        return _show(request, member, notice, form, errors=[str(error)], status=409)
    except NotSealed:
        sentence = "The letter could not be kept, so it was not sent. Try again, then tell the admin."
        return _show(request, member, notice, form, errors=[sentence], status=503)
    return HttpResponseRedirect(f"/notices/{notice.id}")


def shown(
    request: HttpRequest, member: Member, notice: Notice, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """Show the page of a report, with what was refused on it."""
    return _show(request, member, notice, LetterForm(initial={"key": uuid.uuid4()}), errors=errors, status=status)


def _show(
    request: HttpRequest,
    member: Member,
    notice: Notice,
    form: LetterForm,
    *,
    preview: str = "",
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    language = _language(notice)
    reading = measure(preview, language, _names())
    context = {
        "notice": notice,
        "doubts": [(each.value, words) for each, words in wording.DOUBTS.items()],
        "doubted_until": notice.doubted_until if notice.is_doubted(installation().casebook.now()) else None,
        "about": _about(notice),
        "laws": completeness.standing(notice, installation().policies),
        "told": completeness.told(notice),
        "contact": _contact(request, member, notice),
        "thread": _thread(member, notice),
        "form": form,
        "preview": preview,
        "reading": reading,
        "grade": None if reading.is_short or reading.grade is None else max(0, round(reading.grade)),
        "too_hard": _too_hard(notice, preview),
        "language": dict(settings.LANGUAGES)[language],
        "errors": errors or [],
    }
    return page(request, "notice", context, status)


def _contact(request: HttpRequest, member: Member, notice: Notice) -> str:
    """Return the name and contact, for whoever asked for them; that they were opened is on record."""
    if notice.contact is None or request.GET.get("contact") != "1":
        return ""
    try:
        return text_of(member, "contact", notice.contact)
    except NotNow as error:
        return str(error)


def _too_hard(notice: Notice, text: str) -> list[str]:
    """Return what has to change in a letter before the reporter may get it."""
    return too_hard(text, _language(notice), _names())


def _language(notice: Notice) -> str:
    """Return the language that the reporter reads."""
    return catalogue_for(notice.language, None)


def _names() -> list[str]:
    return [settings.SITE_NAME, *help_lines.names()]


def _about(notice: Notice) -> str:
    said = "" if notice.relation is None else f", said by {wording.RELATIONS[notice.relation]}"
    return wording.TOPICS[notice.topic] + said


def _thread(member: Member, notice: Notice) -> list[Message]:
    """Open the messages, oldest first. Once the vault does not answer, it is not asked again for this page."""
    kept = [(each, False) for each in notice.words] + [(each, True) for each in notice.letters]
    thread: list[Message] = []
    away = ""
    for each, is_ours in sorted(kept, key=lambda pair: pair[0].at)[-_MOST_LETTERS:]:
        text, trouble = tuple[Passage, ...](), away
        if not away:
            try:
                opened = text_of(member, "read_notice", each.sealed)
                text = (Passage(opened),) if is_ours else passages(opened)
            except NotNow as error:
                trouble = str(error)
                away = trouble if error.is_away else ""
        thread.append(Message(each.at, is_ours, text, trouble))
    return thread
