"""What the page of an office's notice shows beside everybody's timeline: who is believed, and what is kept sealed.

No time from before the notice came stands here, and nothing that had been edited away by then: it would tell the office
that somebody else reported, and when.

Digests and times only, of this notice's own links, and only once the office is confirmed. No account, no person, no
picture and no word of anybody: there is no field here that could hold one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from amparo.cases.case import Case
from amparo.cases.notice import Notice, NoticeLink
from amparo.cases.platform_events import ContentRecorded
from amparo.letters.moments import clock_time, day
from amparo.plugins import installation
from amparo.public.pages import notice_of
from amparo.records import reports


@dataclass(frozen=True)
class Held:
    """One sealed file or text: which link it is of, its SHA-256, its kind and its size.

    `at`: by when it was sealed; where that was before the link came, the time at which the link came.
    """

    link: int
    sha256: str
    media_type: str
    size_bytes: int
    at: datetime
    shown_at: str


@dataclass(frozen=True)
class OfficePart:
    """`held` is empty until the office is confirmed. `until` is the day to which the longest hold lasts, or empty."""

    is_verified: bool
    is_set_aside: bool
    preserves: bool
    held: tuple[Held, ...] = ()
    until: str = ""
    contact: str = ""
    legal_contact: str = ""


def office_part(notice: Notice, now: datetime) -> OfficePart | None:
    """Return what an office reads of its notice, or None for a report of anybody else."""
    sender = notice.sender
    if sender is None:
        return None
    contacts = (settings.OFFICIALS_CONTACT, settings.OFFICIALS_LEGAL_CONTACT)
    if not (sender.is_verified and sender.preserves):
        return OfficePart(sender.is_verified, sender.is_set_aside, sender.preserves, (), "", *contacts)
    cases = _cases(notice)
    ends = _until(notice, [case for _, case in cases])
    held = tuple(each for link, case in cases for each in _held(link, case, now))
    return OfficePart(True, False, True, held, "" if ends is None else day(ends), *contacts)


@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest) -> HttpResponse:
    """Give the list of what is kept sealed as a file: to a confirmed office that asked for it, and to nobody else."""
    notice, now = notice_of(request), installation().casebook.now()
    part = office_part(notice, now)
    if part is None or not part.is_verified or not part.preserves:
        return HttpResponseRedirect(reverse("page"), status=303)
    answer = HttpResponse(_text(notice, part, now).encode(), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="preserved.txt"'
    return answer


def _text(notice: Notice, part: OfficePart, now: datetime) -> str:
    ends = _until(notice, [case for _, case in _cases(notice)])
    lines = [
        f"{settings.SITE_NAME}: what is kept sealed for this notice",
        f"Made at {_utc(now)}",
        f"Kept until {'–' if ends is None else _utc(ends)}",
        f"Contact: {part.contact or '–'}",
    ]
    for link, case in _cases(notice):
        number = link.position + 1
        lines += ["", f"Link {number}"]
        if case.hidden_at is not None and case.hidden_at >= link.came_at:
            lines.append(f"first seen hidden at {_utc(case.hidden_at)}")
        if case.gone_at is not None and case.gone_at >= link.came_at:
            lines.append(f"first seen gone at {_utc(case.gone_at)}")
        lines += [
            f"sha256:{each.sha256}  {each.media_type}  {each.size_bytes} bytes  sealed by {_utc(each.at)}"
            for each in part.held
            if each.link == number
        ]
    return "\n".join(lines) + "\n"


def _cases(notice: Notice) -> list[tuple[NoticeLink, Case]]:
    """Return the cases of the notice's own links, each once, with its first link."""
    known = reports.cases(notice.cases)
    first = {link.case: link for link in reversed(notice.links) if link.case is not None}
    return [(first[each], known[each]) for each in notice.cases if each in known]


def _until(notice: Notice, cases: list[Case]) -> datetime | None:
    return max((hold.until for case in cases for hold in case.holds if hold.notice == notice.id), default=None)


def _held(link: NoticeLink, case: Case, now: datetime) -> list[Held]:
    """Return what was sealed of a case, in its order: what it showed when the link came, and what was edited since."""
    found: dict[str, Held] = {}
    for entry in reports.events_of(case.id, [ContentRecorded], case.opened_at):
        if isinstance(entry.event, ContentRecorded):
            if entry.at < link.came_at:
                found.clear()  # What a later edit had replaced before this notice came is not of this notice.
            at = max(entry.at, link.came_at)
            for part in entry.event.parts:
                shown = clock_time(at, now)
                held = Held(link.position + 1, part.digest, part.media_type, part.size_bytes, at, shown)
                found.setdefault(part.digest, held)
    return list(found.values())


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
