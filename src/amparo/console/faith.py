"""Where a person says that a report was made in bad faith, or that it was not.

It takes one thing away, for some time: what this report names from now on is not hidden before somebody has looked.
People look as soon as at any other, and a person is called where nothing was hidden.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from amparo.cases.notice_commands import DoubtReporter, LiftDoubt
from amparo.cases.refused import Refused
from amparo.cases.words import Doubt
from amparo.console import notices
from amparo.console.access import notice_for
from amparo.console.member import member_of
from amparo.plugins import installation


@require_POST
def doubt(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Doubt the reporter of a report, for a reason out of a list."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    try:
        reason = Doubt(request.POST.get("reason", ""))
    except ValueError:
        return notices.shown(request, member, notice, errors=["Choose a reason."], status=422)
    try:
        installation().casebook.execute(DoubtReporter(notice.id, reason, member.reviewer))
    except Refused as refusal:
        return notices.shown(request, member, notice, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect(f"/notices/{notice.id}")


@require_POST
def lift(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Let a report count in full again."""
    member = member_of(request)
    notice = notice_for(member, notice_id)
    try:
        installation().casebook.execute(LiftDoubt(notice.id, member.reviewer))
    except Refused as refusal:
        return notices.shown(request, member, notice, errors=[refusal.sentence], status=409)
    return HttpResponseRedirect(f"/notices/{notice.id}")
