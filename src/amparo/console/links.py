"""Links that could not be placed: a person reads each, and places it or says that it is not here."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.consequences import policy_of
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, NoticeLink
from amparo.cases.notice_commands import AnswerLink, PlacedLink, PlaceLink
from amparo.cases.refs import Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Told
from amparo.console import wording
from amparo.console.access import NotNow, notice_for, text_of
from amparo.console.forms import AnswerForm, PlaceForm, errors_of
from amparo.console.frame import page
from amparo.console.member import Member, member_of
from amparo.plugins import installation
from amparo.records import budgets, people, queues

NO_SUCH_PLACE = "That link is not one of a connected platform. Paste the link of a post, message, room or profile."


@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """List the links that wait for a person. What they say stays sealed until one is opened."""
    waiting = [
        (notice, each, "" if each.problem is None else wording.OUTCOMES[each.problem.value])
        for notice in queues.unplaced_for(member_of(request).id)
        for each in notice.links
        if each.waits_for_a_person
    ]
    return page(request, "links", {"waiting": waiting})


@require_safe
def link(request: HttpRequest, notice_id: str, position: int) -> HttpResponse:
    """Show one link as the reporter gave it."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    return _show(request, member, notice, _link(notice, position))


@require_POST
def place(request: HttpRequest, notice_id: str, position: int) -> HttpResponse:
    """Place a link: from here on its subject has a case."""
    member, here = member_of(request), installation()
    notice = notice_for(member, notice_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _show(request, member, notice, _link(notice, position), errors=errors_of(form), status=422)
    found = here.place(form.cleaned_data["link"])
    if not isinstance(found, Subject):
        return _show(request, member, notice, _link(notice, position), errors=[NO_SUCH_PLACE], status=422)
    policy = policy_of(notice, Facts(here.policies, people.staffing()))
    command = PlaceLink(
        notice.id,
        position,
        PlacedLink(found, UNKNOWN_YET),
        here.regimes | ({notice.country} if notice.country else frozenset()),
        budgets.is_within(policy, "", here.casebook.now()),
        member.reviewer,
    )
    return _answered(request, member, notice, position, command)


@require_POST
def answer(request: HttpRequest, notice_id: str, position: int) -> HttpResponse:
    """Answer that a link names nothing here, or something on another site."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, member, notice, _link(notice, position), errors=errors_of(form), status=422)
    command = AnswerLink(notice.id, position, Told(form.cleaned_data["answer"]), member.reviewer)
    return _answered(request, member, notice, position, command)


def _answered(
    request: HttpRequest, member: Member, notice: Notice, position: int, command: PlaceLink | AnswerLink
) -> HttpResponse:
    _link(notice, position)
    try:
        installation().casebook.execute(command)
    except Refused as refusal:
        return _show(request, member, notice, _link(notice, position), errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/links")


def _link(notice: Notice, position: int) -> NoticeLink:
    found = notice.link(position)
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest,
    member: Member,
    notice: Notice,
    shown: NoticeLink,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    text, trouble = "", ""
    if shown.sealed is not None:
        try:
            text = text_of(member, "read_notice", shown.sealed)
        except NotNow as error:
            trouble = str(error)
    context = {
        "notice": notice,
        "link": shown,
        "text": text,
        "trouble": trouble,
        "problem": "" if shown.problem is None else wording.OUTCOMES[shown.problem.value],
        "sent": request.POST.get("link", ""),
        "answers": AnswerForm.base_fields["answer"].choices,  # type: ignore[attr-defined]
        "errors": errors or [],
    }
    return page(request, "link", context, status)
