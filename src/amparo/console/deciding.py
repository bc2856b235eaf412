"""Deciding a case: one person removes, two who cannot see each other's vote keep. The core has the last word."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, VoteToKeep
from amparo.cases.refs import Digest
from amparo.cases.refused import Refused
from amparo.cases.words import Suspend
from amparo.console import choices
from amparo.console.access import case_for
from amparo.console.case_page import BUSY, show
from amparo.console.forms import KeepForm, RemoveForm, SeenForm, errors_of
from amparo.console.member import Member, member_of
from amparo.plugins import installation
from amparo.records import people


@require_POST
def remove(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take the subject down, or suspend the account where the case is about one."""
    member = member_of(request)
    case = case_for(member, case_id)
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return show(request, member, case, errors=errors_of(form), status=422)
    offered = {each.policy.ref for each in choices.removals(case, installation().policies)}
    # Of a review that is over the core says so, whatever was chosen in it.
    if _is_current(case, form) and form.cleaned_data["policy"] not in offered:
        return show(request, member, case, errors=["Choose the rule that it breaks."], status=422)
    suspensions = dict(choices.suspensions(case, installation().capabilities_of(case.subject.platform)))
    if _is_current(case, form) and form.cleaned_data["suspend"] not in suspensions:
        return show(
            request, member, case, errors=["This site cannot do that to the account. Choose again."], status=422
        )
    command = DecideRemoval(
        case.id,
        form.cleaned_data["round"],
        form.cleaned_data["policy"],
        _digest(form),
        Suspend(form.cleaned_data["suspend"]),
        member.reviewer,
    )
    return _decide(request, member, case, command)


@require_POST
def keep(request: HttpRequest, case_id: str) -> HttpResponse:
    """Cast one vote to keep. Nothing is shown of it to anybody else until the round is over."""
    member = member_of(request)
    case = case_for(member, case_id)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return show(request, member, case, errors=errors_of(form), status=422)
    command = VoteToKeep(
        case.id,
        form.cleaned_data["round"],
        tuple(form.cleaned_data["policies"]),
        form.cleaned_data["reason"],
        _digest(form),
        member.reviewer,
    )
    return _decide(request, member, case, command)


def _decide(request: HttpRequest, member: Member, case: Case, command: DecideRemoval | VoteToKeep) -> HttpResponse:
    here = installation()
    if not people.claim(case.id, member.id, here.casebook.now()):
        return show(request, member, case, errors=[BUSY], status=409)
    try:
        here.casebook.execute(command)
    except Refused as refusal:
        return show(request, member, case_for(member, case.id), errors=[refusal.sentence], status=409)
    people.release(case.id, member.id)
    return HttpResponseRedirect(f"/cases/{case.id}")


def _is_current(case: Case, form: SeenForm) -> bool:
    return case.round is not None and case.round.number == form.cleaned_data["round"]


def _digest(form: SeenForm) -> Digest | None:
    return Digest(form.cleaned_data["digest"]) if form.cleaned_data["digest"] else None
