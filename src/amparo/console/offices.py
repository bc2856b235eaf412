"""The offices on file and how they are called back. Two approved people answer for each contact."""

import os

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.refused import Refused
from amparo.console import wording
from amparo.console.forms import errors_of
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.console.office_forms import ContactForm, OfficeForm
from amparo.console.rights import may
from amparo.plugins import installation
from amparo.records import offices, people


@require_safe
def every(request: HttpRequest) -> HttpResponse:
    """List every office with its contacts."""
    return _show(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put an office on file."""
    form = OfficeForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, errors=errors_of(form), status=422)
    said = form.cleaned_data
    try:
        offices.add(
            said["name"],
            form.kind_chosen(),
            said["country"],
            said["domain"],
            by=member_of(request).id,
            now=installation().casebook.now(),
            draw=os.urandom,
        )
    except Refused as refusal:
        return _show(request, form=form, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/offices")


@require_POST
def add_contact(request: HttpRequest, office: str) -> HttpResponse:
    """Put a contact of an office on file. It counts once somebody else has confirmed it and it has ripened."""
    if offices.find(office) is None:
        raise Http404
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, errors=errors_of(form), status=422)
    said, by, now = form.cleaned_data, member_of(request).id, installation().casebook.now()
    try:
        offices.add_contact(office, said["value"], said["published_at"], by=by, now=now, draw=os.urandom)
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/offices")


@require_POST
def confirm_contact(request: HttpRequest, contact: str) -> HttpResponse:
    """Confirm, as its second person, that the office publishes a contact on its own domain."""
    _must_be_on_file(contact)
    try:
        offices.confirm_contact(contact, by=member_of(request).id, now=installation().casebook.now())
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/offices")


@require_POST
def retire_contact(request: HttpRequest, contact: str) -> HttpResponse:
    """Take a contact off file."""
    _must_be_on_file(contact)
    try:
        offices.retire_contact(contact, by=member_of(request).id, now=installation().casebook.now())
    except Refused as refusal:
        return _show(request, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect("/offices")


def _must_be_on_file(contact: str) -> None:
    if offices.contact_on_file(contact) is None:
        raise Http404


def _show(
    request: HttpRequest, *, form: OfficeForm | None = None, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    member = member_of(request)
    names = {str(person.id): person.username for person in people.everybody()}
    rows = [
        {
            "office": office,
            "kind": wording.OFFICES[office.kind],
            "contacts": [
                {
                    "contact": each,
                    "added_by": names.get(each.on_file.added_by, each.on_file.added_by),
                    "confirmed_by": names.get(each.on_file.confirmed_by or "", ""),
                    "may_confirm": member.is_approved
                    and each.on_file.confirmed_by is None
                    and each.on_file.added_by != member.id,
                }
                for each in office.contacts
                if not each.is_retired
            ],
        }
        for office in offices.every()
    ]
    context = {
        "rows": rows,
        "may_add": member.is_approved and may(member.role, "add-office"),
        "is_approved": member.is_approved,
        "form": form or OfficeForm(),
        "contact_form": ContactForm(auto_id=False),
        "errors": errors or [],
    }
    return page(request, "offices", context, status)
