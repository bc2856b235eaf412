"""One's own page: who one is here, and which platform accounts are one's own."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.refs import Subject
from amparo.console.forms import AccountForm, errors_of
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.plugins import installation
from amparo.records import people

_NOT_A_PROFILE = "That is not the link of a profile on a connected platform."
_TAKEN = "Somebody on the staff has named that account already. Tell a lead if it is yours."


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Show the own page."""
    return _show(request)


@require_POST
def name_account(request: HttpRequest) -> HttpResponse:
    """Name a platform account as one's own, for good: one never judges it from then on."""
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _show(request, errors_of(form), 422)
    found = installation().place(form.cleaned_data["link"])
    if not isinstance(found, Subject) or not found.is_account:
        return _show(request, [_NOT_A_PROFILE], 422)
    member = member_of(request)
    people.link_account(member.id, found)
    if people.owner_of(found) != member.id:
        return _show(request, [_TAKEN], 409)
    return HttpResponseRedirect("/me")


def _show(request: HttpRequest, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    context = {
        "person": people.find(member_of(request).id),
        "sent": request.POST.get("link", ""),
        "errors": errors or [],
    }
    return page(request, "me", context, status)
