"""Lets a report that waits its turn go in front, once its browser has done the work."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from amparo.plugins import spool, without_books
from amparo.public import work
from amparo.public.forms import BadForm
from amparo.public.tickets import DRAFT
from amparo.vault.spool_turn import bring_forward


@require_http_methods(["POST"])
def forward(request: HttpRequest) -> HttpResponse:
    """Take the work for the report that this browser has open. A script sends it, and nobody reads the answer."""
    notice = DRAFT.read(request)
    now = without_books().casebook.now()
    if not work.proven(request.POST.get("task", ""), request.POST.get("work", ""), notice, now):
        raise BadForm
    if spool().has(notice):
        bring_forward(spool().directory, notice)
    return HttpResponse(status=204)
