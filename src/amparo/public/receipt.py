"""R6: we have it. What is true now, what comes next and when, the code, and where to talk to a person."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.refs import CaseId
from amparo.letters import promises
from amparo.plugins import installation
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.public.forms import kept, new_key
from amparo.public.further import further
from amparo.public.office_part import office_part
from amparo.public.pages import show
from amparo.public.progress import NOT_AT_HAND, LinkProgress, progress_of


def receipt(
    request: HttpRequest, notice: Notice, code: str | None, cases: Mapping[CaseId, Case] = NOT_AT_HAND
) -> HttpResponse:
    """Show the receipt. `code` is None for somebody who wants no answer; `cases` are those that are at hand."""
    now = installation().casebook.now()
    links = progress_of(notice, now, cases)
    context = {
        "notice": notice,
        "links": links,
        "code": code,
        "next": _next(links, now),
        "waiting": any(not claim.works for claim in notice.claims),
        "is_spam": notice.topic is Topic.SPAM,
        "may_hurt_themself": Signal.SELF_HARM in notice.signals,
        "is_threatened": Signal.THREAT in notice.signals,
        **further(request, notice),
        "office": office_part(notice, now),
        "pasted": kept(request.POST.get("links", "")),
        "key": new_key(),
    }
    return show(request, "receipt", context)


def _next(links: list[LinkProgress], now: datetime) -> str:
    if not links:
        return ""
    if len(links) == 1:
        return links[0].next
    due = [link.look_by for link in links if link.look_by is not None and link.look_by > now]
    return promises.promise_for_all(max(due), now) if due else _("The next times stand on your page.")
