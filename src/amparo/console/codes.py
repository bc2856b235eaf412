"""Codes of pictures that people claimed from their own devices: what each has found, and how people start or end one.

Nobody here has seen those pictures, and none is shown. Ending one takes as many people as keeping up what it finds;
none of them sees whether another has voted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from amparo.cases.actor import Reviewer
from amparo.cases.claim_commands import StartClaim, VoteToEndClaim
from amparo.cases.refs import CaseId, ClaimId, NoticeId
from amparo.cases.refused import Refused
from amparo.console.access import notice_for
from amparo.console.frame import page
from amparo.console.member import Member, member_of
from amparo.plugins import installation
from amparo.records import picture_claims, queues
from amparo.records.stars import some_cases_of

_MOST_CASES = 20
_ON_A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One code on the page. `number` is its place in its report; `cases` are some of those that it has found."""

    notice: NoticeId
    number: int
    made_at: datetime
    until: datetime
    works: bool
    found: int
    cases: tuple[CaseId, ...]


@dataclass(frozen=True)
class Lines:
    """One of the page's two lists. `in_all` counts what is on its other pages, too; `next` is "" on the last."""

    lines: tuple[Line, ...]
    in_all: int
    next: str


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """List the codes that have not ended: those that wait for a person, and those that work, each by pages."""
    return _show(request)


@require_POST
def start(request: HttpRequest, notice_id: str, number: int) -> HttpResponse:
    """Let a code work that came over the budget."""
    return _act(request, notice_id, number, StartClaim)


@require_POST
def end(request: HttpRequest, notice_id: str, number: int) -> HttpResponse:
    """Vote to end a code."""
    return _act(request, notice_id, number, VoteToEndClaim)


def _act(
    request: HttpRequest,
    notice_id: str,
    number: int,
    command: Callable[[NoticeId, ClaimId, Reviewer], StartClaim | VoteToEndClaim],
) -> HttpResponse:
    member = member_of(request)
    notice = notice_for(member, notice_id)
    if number >= len(notice.claims) or queues.is_own_star(member.id, notice.claims[number].id):
        raise Http404
    try:
        installation().casebook.execute(command(notice.id, notice.claims[number].id, member.reviewer))
    except Refused as refusal:
        return _show(request, [refusal.sentence], 409)
    return HttpResponseRedirect("/codes")


def _show(request: HttpRequest, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    member = member_of(request)
    of, pages = request.GET.get("report", ""), {name: _page_of(request, name) for name in ("waiting", "working")}
    context = {
        "of": of,
        "waiting": _lines(member, picture_claims.waiting, of, pages, "waiting"),
        "working": _lines(member, picture_claims.working, of, pages, "working"),
        "errors": errors or [],
    }
    return page(request, "codes", context, status)


def _page_of(request: HttpRequest, name: str) -> int:
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) <= 6 else 1


def _lines(
    member: Member, read: Callable[[str, int, int], picture_claims.Some], of: str, pages: dict[str, int], name: str
) -> Lines:
    number = pages[name]
    some = read(of, (number - 1) * _ON_A_PAGE, _ON_A_PAGE)
    lines = tuple(line for claim in some.claims if (line := _line(member, claim)) is not None)
    following = urlencode({**({"report": of} if of else {}), **pages, name: number + 1})
    return Lines(lines, some.in_all, following if some.in_all > number * _ON_A_PAGE else "")


def _line(member: Member, claim: picture_claims.Claim) -> Line | None:
    """Return a code as a line, but not to whoever made it or posted what it has found."""
    notice = installation().casebook.notice(claim.notice)
    if notice is None or queues.is_own_notice(member.id, claim.notice) or queues.is_own_star(member.id, claim.id):
        return None
    number = next((place for place, each in enumerate(notice.claims) if each.id == claim.id), None)
    if number is None:
        return None
    cases = tuple(some_cases_of(claim.id, _MOST_CASES))
    return Line(claim.notice, number, claim.made_at, claim.until, claim.works, claim.found, cases)
