"""Whether the police are told of a danger to somebody: asked by words or by a person, answered by a person.

Nothing is sent from here. Who decides to tell calls the police themselves, and then writes down whom, when and the
number they were given. Regulation (EU) 2022/2065, art. 18.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.notice import Notice
from amparo.cases.office_commands import DecideReferral, OpenReferral
from amparo.cases.referral import Referral
from amparo.cases.refs import SealedRef
from amparo.cases.refused import Refused
from amparo.console import wording
from amparo.console.access import NotNow, notice_for, text_of
from amparo.console.forms import errors_of
from amparo.console.frame import page
from amparo.console.member import Member, member_of
from amparo.console.office_forms import NotToldForm, ToldForm
from amparo.console.passages import Passage, passages
from amparo.plugins import installation
from amparo.records import alarms, office_queues, people
from amparo.records.casebook import Enclosed
from amparo.vault.errors import NotSealed

_NOT_KEPT = "Your answer could not be kept, so nothing was changed. Try again, then tell the admin."
_MOST_WORDS = 10


@dataclass(frozen=True)
class Line:
    """One such question as a line of the list. `about`: what the words said."""

    notice: Notice
    about: str
    due_at: datetime | None
    left: str
    urgency: str


@dataclass(frozen=True)
class Answered:
    """A question of before, with what was written down; `trouble` is a sentence where that cannot be opened."""

    referral: Referral
    who: str
    text: str
    trouble: str


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """List the questions that nobody has answered, the one due first at the top."""
    asked = office_queues.referrals_for(member_of(request).id)
    return page(request, "referrals", {"lines": [_line(each) for each in asked]})


@require_safe
def referral(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Show the questions of one report, what was written, and what may be answered."""
    member = member_of(request)
    return _show(request, member, notice_for(member, notice_id))


@require_POST
def ask(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Ask it of colleagues, for a danger that no words say."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    try:
        installation().casebook.execute(OpenReferral(notice.id, member.reviewer))
    except Refused as refusal:
        return _show(request, member, notice_for(member, notice_id), errors=[refusal.sentence], status=409)
    return HttpResponseRedirect(f"/referrals/{notice.id}")


@require_POST
def told(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Write down that the police were told."""
    form = ToldForm(request.POST)
    member = member_of(request)
    notice = notice_for(member, notice_id)
    if not form.is_valid():
        return _show(request, member, notice, told_form=form, errors=errors_of(form), status=422)
    said = form.cleaned_data
    text = f"Told: {said['authority']}\nNumber: {said['reference']}"
    return _answer(request, member, notice, said["number"], text, said["told_at"])


@require_POST
def not_told(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Write down that the police are not told, and why."""
    form = NotToldForm(request.POST)
    member = member_of(request)
    notice = notice_for(member, notice_id)
    if not form.is_valid():
        return _show(request, member, notice, not_told_form=form, errors=errors_of(form), status=422)
    return _answer(
        request, member, notice, form.cleaned_data["number"], f"Not told: {form.cleaned_data['reason']}", None
    )


def _answer(
    request: HttpRequest, member: Member, notice: Notice, number: int, text: str, told_at: datetime | None
) -> HttpResponse:
    here = installation()
    try:
        sealed = here.sealer.seal(text.encode(), kind="words", owner=notice.id)
        here.casebook.execute(
            DecideReferral(notice.id, number, SealedRef(sealed.id), told_at, member.reviewer),
            enclosed=Enclosed(sealed=(sealed,)),
        )
    except Refused as refusal:
        return _show(request, member, notice_for(member, notice.id), errors=[refusal.sentence], status=409)
    except NotSealed:
        return _show(request, member, notice, errors=[_NOT_KEPT], status=503)
    alarms.close_for(notice.id, ["referral_due", "may_hurt_themself"], member.id, here.casebook.now())
    return HttpResponseRedirect(f"/referrals/{notice.id}")


def _show(
    request: HttpRequest,
    member: Member,
    notice: Notice,
    *,
    told_form: ToldForm | None = None,
    not_told_form: NotToldForm | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = notice.open_referral
    number = {"number": None if asked is None else asked.number}
    words, trouble = _words(member, notice)
    context = {
        "notice": notice,
        "asked": None if asked is None else _line(notice),
        "answered": [_answered(member, each) for each in reversed(notice.referrals) if not each.is_open],
        "words": words,
        "trouble": trouble,
        "told_form": told_form or ToldForm(initial=number),
        "not_told_form": not_told_form or NotToldForm(initial=number),
        "is_approved": member.is_approved,
        "country": notice.country,
        "errors": errors or [],
    }
    return page(request, "referral", context, status)


def _line(notice: Notice) -> Line:
    asked, now = notice.open_referral, installation().casebook.now()
    due_at = next((clock.due_at for clock in notice.clocks if clock.name == "referral"), None)
    said = () if asked is None else asked.signals
    about = ", ".join(wording.SIGNALS[signal] for signal in said) or "asked by a person"
    if due_at is None:
        return Line(notice, about, None, "", "calm")
    return Line(notice, about, due_at, wording.left(due_at, now), wording.urgency(due_at, now))


def _answered(member: Member, referral: Referral) -> Answered:
    person = None if referral.by is None else people.find(referral.by)
    text, trouble = "", ""
    if referral.sealed is not None:
        try:
            text = text_of(member, "read_notice", referral.sealed)
        except NotNow as error:
            trouble = str(error)
    return Answered(referral, "" if person is None else person.username, text, trouble)


def _words(member: Member, notice: Notice) -> tuple[list[tuple[Passage, ...]], str]:
    """Open what the reporter wrote, newest last, or return the sentence why that is not possible now."""
    texts: list[tuple[Passage, ...]] = []
    for letter in notice.words[-_MOST_WORDS:]:
        try:
            texts.append(passages(text_of(member, "read_notice", letter.sealed)))
        except NotNow as error:
            return texts, str(error)
    return texts, ""
