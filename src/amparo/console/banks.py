"""The banks: what is to be found again, who says so, and what waits for a second person to say it, too.

No media is shown here, only what a bank keeps: digests, types of signals, who entered them and when. What `reported`
and `removed` hold is shown on its cases alone, to whoever may open those.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.console import wording
from amparo.console.bank_acts import line_of, number_in
from amparo.console.bank_lines import line_of as item_line_of
from amparo.console.forms import ChangeBankForm, NewBankForm, errors_of
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.plugins import installation
from amparo.records import bank_acts, bank_lists, bank_searches, people
from amparo.records import banks as kept
from amparo.records.bank_lists import Which
from amparo.records.bank_values import FOR_GOOD, Bank, BankError

_AT_ONCE = 50


@require_safe
def banks(request: HttpRequest) -> HttpResponse:
    """List every bank."""
    return _show_all(request)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a bank."""
    form = NewBankForm(request.POST)
    if not form.is_valid():
        return _show_all(request, form, errors_of(form), 422)
    name, said = form.cleaned_data["name"], _said(form)
    try:
        bank_acts.make(name, **said, by=member_of(request).id, now=installation().casebook.now())
    except BankError as refusal:
        return _show_all(request, form, [str(refusal)], 409)
    return HttpResponseRedirect(f"/banks/{name}")


@require_safe
def bank(request: HttpRequest, name: str) -> HttpResponse:
    """Show one bank, and its items that wait or those that are asked for."""
    return _show(request, _bank(name))


@require_POST
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Change what is said of a bank, and whether it is on."""
    found, form = _bank(name), ChangeBankForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, errors_of(form), 422)
    now = installation().casebook.now()
    is_on = form.cleaned_data["is_on"] == "yes"
    said = {**_said(form), "is_enabled": None if is_on == found.counts(now) else is_on}
    try:
        bank_acts.change(name, **said, by=member_of(request).id, now=now)
    except BankError as refusal:
        return _show(request, found, form, [str(refusal)], 409)
    return HttpResponseRedirect(f"/banks/{name}")


@require_POST
def confirm(request: HttpRequest, name: str, item: int) -> HttpResponse:
    """Let an item count, as the second person."""
    return _act(request, name, item, bank_acts.confirm)


@require_POST
def disable(request: HttpRequest, name: str, item: int) -> HttpResponse:
    """Let an item not count any more."""

    def for_good(item: int, **done: Any) -> object:
        return bank_acts.disable(item, FOR_GOOD, **done)

    return _act(request, name, item, for_good)


@require_POST
def enable(request: HttpRequest, name: str, item: int) -> HttpResponse:
    """Let an item count again, where it is confirmed."""
    return _act(request, name, item, bank_acts.enable)


def _act(request: HttpRequest, name: str, item: int, act: Callable[..., object]) -> HttpResponse:
    found = _bank(name)
    try:
        if kept.item(item).bank != name:
            raise Http404
        act(item, by=member_of(request).id, now=installation().casebook.now())
    except BankError as refusal:
        if refusal.code == "no_item":
            raise Http404 from None
        return _show(request, found, errors=[str(refusal)], status=409)
    return HttpResponseRedirect(f"/banks/{name}?show={_which(request).value}")


def _bank(name: str) -> Bank:
    try:
        return kept.bank(name)
    except BankError:
        raise Http404 from None


def _said(form: NewBankForm | ChangeBankForm) -> dict[str, Any]:
    fields = ("source", "licence", "confirmed_by")
    return {**{field: form.cleaned_data[field] for field in fields}, "may": form.may_chosen()}


def _which(request: HttpRequest) -> Which:
    """Return which items are shown: a form says it in a hidden field, so that the same ones are shown again."""
    asked = request.POST.get("show") or request.GET.get("show")
    return next((which for which in Which if which.value == asked), Which.WAITING)


def _show_all(
    request: HttpRequest, form: NewBankForm | None = None, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    member, now = member_of(request), installation().casebook.now()
    rows = [(filled, wording.MAY[filled.bank.may.value], filled.bank.counts(now)) for filled in bank_lists.every(now)]
    context = {
        "rows": rows,
        "errors": errors or [],
        "form": form or NewBankForm(),
        "is_lead": member.role == "lead",
        "is_approved": member.is_approved,
    }
    return page(request, "banks", context, status)


def _show(
    request: HttpRequest,
    found: Bank,
    form: ChangeBankForm | None = None,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    member, now, which = member_of(request), installation().casebook.now(), _which(request)
    names = {str(person.id): person.username for person in people.everybody()}
    after = number_in(request, "after") or 0
    items = bank_lists.items(found.name, which, now, after=after, most=_AT_ONCE + 1)
    is_on = found.counts(now)
    written = {"source": found.source, "licence": found.licence, "confirmed_by": found.confirmed_by}
    context = {
        "bank": found,
        "may": wording.MAY[found.may.value],
        "is_on": is_on,
        "made_by": names.get(found.made_by, found.made_by),
        "left": bank_searches.count_left(found.name, now),
        "which": which.value,
        "lines": [item_line_of(item, member, names, now) for item in items[:_AT_ONCE]],
        "next": items[_AT_ONCE - 1].id if len(items) > _AT_ONCE else None,
        "acts": [line_of(act, names) for act in bank_acts.of(found.name)],
        "form": form or ChangeBankForm(initial={**written, "may": found.may.value, "is_on": "yes" if is_on else "no"}),
        "is_lead": member.role == "lead",
        "is_approved": member.is_approved,
        "errors": errors or [],
    }
    return page(request, "bank", context, status)
