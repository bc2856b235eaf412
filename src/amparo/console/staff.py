"""The staff: who is on it, who enrols and who approves. Two people stand behind everybody who votes."""

import os
import secrets

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.refused import Refused
from amparo.console.forms import EnrolForm, errors_of
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.plugins import installation
from amparo.records import people


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """List everybody who is or was on the staff."""
    return _show(request)


@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Add somebody. The first password is on this page once; the person has to replace it before anything else."""
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return _show(request, errors=errors_of(form), status=422)
    password = secrets.token_urlsafe(15)
    try:
        people.enrol(
            form.cleaned_data["username"],
            password,
            form.cleaned_data["role"],
            enrolled_by=member_of(request).id,
            now=installation().casebook.now(),
            draw=os.urandom(16),
        )
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return _show(request, enrolled=(form.cleaned_data["username"], password))


@require_POST
def approve(request: HttpRequest, person: str) -> HttpResponse:
    """Approve an enrolment as its second person."""
    if people.find(person) is None:
        raise Http404
    try:
        people.approve(person, by=member_of(request).id, now=installation().casebook.now())
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/staff")


@require_POST
def deactivate(request: HttpRequest, person: str) -> HttpResponse:
    """Take somebody off the staff at once: sessions end with the next page."""
    if people.find(person) is None:
        raise Http404
    try:
        people.deactivate(person, by=member_of(request).id)
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/staff")


def _show(
    request: HttpRequest,
    *,
    errors: list[str] | None = None,
    enrolled: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    everybody = people.everybody()
    names = {str(person.id): person.username for person in everybody}
    member = member_of(request)
    rows = [
        {
            "person": person,
            "enrolled_by": names.get(person.enrolled_by or "", "at the first start"),
            "approved_by": names.get(person.approved_by or "", person.approved_by or ""),
            "may_approve": person.is_active
            and person.approved_by is None
            and member.id not in (person.id, person.enrolled_by),
            "is_self": person.id == member.id,
        }
        for person in everybody
    ]
    context = {
        "rows": rows,
        "errors": errors or [],
        "enrolled": enrolled,
        "is_admin": member.role == "admin",
        "form": EnrolForm(request.POST if errors else None),
    }
    return page(request, "staff", context, status)
