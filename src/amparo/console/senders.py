"""Notices of whoever says to be an office, and finding out whether it is one: a signed link and a call-back.

Nothing on these pages gives anything to the office. It reads what it may on its own page, once it is confirmed.
"""

import os
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.notice import Notice
from amparo.cases.office_commands import GiveOfficeLink, RecordOfficeCall, SetOfficeAside
from amparo.cases.refused import Refused
from amparo.cases.sender import ContactOnFile, Sender
from amparo.console import wording
from amparo.console.access import NotNow, notice_for, text_of
from amparo.console.forms import errors_of
from amparo.console.frame import page
from amparo.console.member import Member, member_of
from amparo.console.office_forms import CallForm, ContactChosenForm
from amparo.plugins import installation
from amparo.records import alarms, office_queues, offices, people

GONE = "This contact is not on file any more. Choose another one."


@dataclass(frozen=True)
class Choice:
    """One contact that may be chosen, and whether it counts already."""

    id: str
    words: str
    counts: bool


@require_safe
def senders(request: HttpRequest) -> HttpResponse:
    """List the notices of offices, those that nobody has confirmed first."""
    found = [(each, _sender(each)) for each in office_queues.senders_for(member_of(request).id)]
    lines = [(notice, wording.OFFICES[sender.kind], sender, _state(sender)) for notice, sender in found]
    return page(request, "senders", {"lines": lines})


@require_safe
def sender(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Show who says to have sent a notice, and what is known of it."""
    member = member_of(request)
    return _show(request, member, _notice(member, notice_id))


@require_POST
def give_link(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Take out a signed link. It stands on this page once, to be sent to that contact and to nobody else."""
    member, here = member_of(request), installation()
    notice, form = _notice(member, notice_id), ContactChosenForm(request.POST)
    contact = _chosen(form)
    if contact is None:
        return _show(request, member, notice, errors=errors_of(form) or [GONE], status=422)
    expires_at = here.casebook.now() + here.policies.get(notice.policy).office.link_works
    code = offices.new_link(notice.id, contact.id, expires_at, os.urandom(16), settings.SECRET_KEY)
    try:
        # Kept first: a code whose notice does not know of it opens nothing.
        sha256 = offices.keep_link(code, notice.id, expires_at)
        here.casebook.execute(GiveOfficeLink(notice.id, contact, sha256, expires_at, member.reviewer))
    except Refused as refusal:
        return _show(request, member, notice, errors=[refusal.sentence], status=409)
    link = f"{settings.DOOR_URL.rstrip('/')}/officials/confirm#{code}"
    return _show(request, member, _notice(member, notice_id), link=link, given_to=contact)


@require_POST
def record_call(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Write down that the office was called back and knew of its notice."""
    member = member_of(request)
    notice, form = _notice(member, notice_id), CallForm(request.POST)
    contact = _chosen(form)
    if contact is None:
        return _show(request, member, notice, errors=errors_of(form) or [GONE], status=422)
    return _done(request, member, notice, RecordOfficeCall(notice.id, contact, member.reviewer))


@require_POST
def set_aside(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Write down that nobody could confirm the office. Its report goes on as anybody's."""
    member = member_of(request)
    notice = _notice(member, notice_id)
    return _done(request, member, notice, SetOfficeAside(notice.id, member.reviewer))


def _done(
    request: HttpRequest, member: Member, notice: Notice, command: RecordOfficeCall | SetOfficeAside
) -> HttpResponse:
    try:
        installation().casebook.execute(command)
    except Refused as refusal:
        return _show(request, member, _notice(member, notice.id), errors=[refusal.sentence], status=409)
    after = _sender(_notice(member, notice.id))
    if after.is_verified or after.is_set_aside:
        alarms.close_for(notice.id, ["office_waits"], member.id, installation().casebook.now())
    return HttpResponseRedirect(f"/officials/{notice.id}")


def _notice(member: Member, notice_id: str) -> Notice:
    notice = notice_for(member, notice_id)
    if notice.sender is None:
        raise Http404
    return notice


def _sender(notice: Notice) -> Sender:
    assert notice.sender is not None  # noqa: S101 - for the type checker: asked for by it
    return notice.sender


def _chosen(form: ContactChosenForm) -> ContactOnFile | None:
    return offices.contact_on_file(form.cleaned_data["contact"]) if form.is_valid() else None


def _show(
    request: HttpRequest,
    member: Member,
    notice: Notice,
    *,
    link: str = "",
    given_to: ContactOnFile | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    sent_by, now = _sender(notice), installation().casebook.now()
    choices = _choices(notice, now)
    values = {choice.id: choice.words for choice in choices}
    names = {str(person.id): person.username for person in people.everybody()}
    said, trouble = "", ""
    try:
        said = text_of(member, "read_notice", sent_by.sealed)
    except NotNow as error:
        trouble = str(error)
    context = {
        "notice": notice,
        "sender": sent_by,
        "kind": wording.OFFICES[sent_by.kind],
        "state": _state(sent_by),
        "said": said,
        "trouble": trouble,
        "choices": choices,
        "link": link,
        "given_to": "" if given_to is None else values.get(given_to.id, ""),
        "link_by": "" if sent_by.link is None else names.get(sent_by.link.by, ""),
        "link_contact": "" if sent_by.link is None else values.get(sent_by.link.contact, "a contact that is off file"),
        "called_by": "" if sent_by.called is None else names.get(sent_by.called.by, ""),
        "called_contact": "" if sent_by.called is None else values.get(sent_by.called.contact, "a retired contact"),
        "is_approved": member.is_approved,
        "errors": errors or [],
    }
    return page(request, "sender", context, status)


def _choices(notice: Notice, now: datetime) -> list[Choice]:
    """Return every contact on file, those that count first."""
    ripe_after = installation().policies.get(notice.policy).office.contact_on_file
    found = []
    for office in offices.every():
        for each in office.contacts:
            if each.is_retired:
                continue
            counts_from = each.on_file.on_file_since + ripe_after
            counts = each.on_file.confirmed_by is not None and counts_from <= now
            why = "not confirmed yet" if each.on_file.confirmed_by is None else f"counts from {counts_from:%d %b %Y} on"
            words = f"{office.name} ({office.country}): {each.value}"
            found.append(Choice(each.on_file.id, words if counts else f"{words}, {why}", counts))
    return sorted(found, key=lambda choice: (not choice.counts, choice.words))


def _state(sender: Sender) -> str:
    if sender.is_verified:
        return "confirmed"
    if sender.is_set_aside:
        return "nobody could confirm it"
    has = [
        "the link was opened" if sender.link is not None and sender.link.opened_at is not None else "",
        "it was called back" if sender.called is not None else "",
    ]
    return "not confirmed" + "".join(f"; {each}" for each in has if each)
