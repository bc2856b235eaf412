"""The clock wall, the alarms, and the sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.refs import SubjectKind
from amparo.console import wording
from amparo.console.exposure import seen_in_all
from amparo.console.frame import page
from amparo.console.member import member_of
from amparo.plugins import installation
from amparo.records import alarms as bells
from amparo.records import queues, reports

_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Row:
    """One promise on the wall. `address` is empty for whoever may not open it."""

    left: str
    urgency: str
    what: str
    about: str
    due_at: datetime
    address: str


@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """Show every promise to a reporter by the time that is left, late ones first."""
    member, now = member_of(request), installation().casebook.now()
    rows = [_row(due, now, is_admin=member.role == "admin") for due in queues.wall_for(member.id)]
    late = sum(row.urgency == "breach" for row in rows)
    # The figures hold what a reviewer may not know yet, such as how many of a colleague's matters were hidden.
    in_all = seen_in_all(reports.exposure(now - _A_YEAR)) if member.role == "lead" else None
    return page(request, "clocks", {"rows": rows, "late": late, "exposure": in_all})


@require_safe
def alarms(request: HttpRequest) -> HttpResponse:
    """Show what called for a person and nobody has taken up."""
    member = member_of(request)
    found = [
        (call, _called(call), _address(call.aggregate, is_admin=member.role == "admin"))
        for call in queues.calls_for(member.id)
    ]
    return page(request, "alarms", {"calls": found})


def _called(call: queues.Call) -> str:
    """Say what calls, and of which platform where it is a platform that does."""
    words = wording.ALARMS.get(call.kind, call.kind)
    return f"{words}: {call.aggregate}" if call.aggregate in installation().connectors else words


@require_POST
def take_up(request: HttpRequest, alarm: int) -> HttpResponse:
    """Note that this person has taken an alarm up."""
    member = member_of(request)
    if all(call.id != alarm for call in queues.calls_for(member.id)):
        raise Http404
    bells.close(alarm, member.id, installation().casebook.now())
    return HttpResponseRedirect("/alarms")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers and its database does."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def _row(due: queues.Due, now: datetime, *, is_admin: bool) -> Row:
    about = "a report"
    if due.lane is not None and due.kind is not None:
        about = f"{wording.KINDS[SubjectKind(due.kind)]} · {wording.LANES[due.lane]}"
    return Row(
        wording.left(due.due_at, now),
        wording.urgency(due.due_at, now),
        wording.CLOCKS[due.what],
        about,
        due.due_at,
        _address(due.aggregate, is_admin=is_admin),
    )


def _address(aggregate: str, *, is_admin: bool) -> str:
    if is_admin or not aggregate.startswith(("case_", "notice_")):
        return ""
    return f"/cases/{aggregate}" if aggregate.startswith("case_") else f"/notices/{aggregate}"
