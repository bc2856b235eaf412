"""What was done to banks by hand, also to those that are gone: their record outlives them and their names."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amparo.console import wording
from amparo.console.frame import page
from amparo.records import bank_acts, banks, people
from amparo.records.bank_acts import Act

_AT_ONCE = 50


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Show what was done to all banks, or to one by its number, the newest first."""
    bank, before = number_in(request, "bank"), number_in(request, "before")
    found = bank_acts.every(bank=bank, before=before, most=_AT_ONCE + 1)
    there = {each.id: each.name for each in banks.every()}
    names = {str(person.id): person.username for person in people.everybody()}
    context = {
        "lines": [(line_of(act, names), there.get(act.bank)) for act in found[:_AT_ONCE]],
        "bank": bank,
        "next": found[_AT_ONCE - 1].id if len(found) > _AT_ONCE else None,
    }
    return page(request, "bank_acts", context)


def line_of(act: Act, names: Mapping[str, str]) -> tuple[Act, str, str]:
    """Return an act with who did it and what it is called. `names`: who the staff are, by id."""
    return act, names.get(act.by, act.by), wording.BANK_ACTS[act.act]


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a number of the address that a column can hold, None where there is none."""
    written = request.GET.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None
