"""The certificate of a notice: to read, to print and to keep; and the key by which anybody can check it.

It was signed where the site is looked at. This process holds no key that signs, so whoever takes it over can show
nothing that would be found genuine.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.letters.certificate import is_called_gone, is_gone
from amparo.letters.moments import clock_time
from amparo.plugins import certificate_keys, installation
from amparo.public.pages import notice_of, show
from amparo.public.tickets import PAGE
from amparo.records import reports

_look = require_http_methods(["GET", "HEAD"])


@dataclass(frozen=True)
class Offered:
    """A certificate as the private page offers it; without text it was taken back, or what it says is over.

    `shut`: how many of its links are not called gone, because their site's page does not tell that from hidden.
    """

    text: str
    made_at: str
    gone: int
    shut: int


def certificate_of(notice: Notice, now: datetime) -> Offered | None:
    """Return a notice's certificate; None where there has never been one.

    One that says something is gone which was seen again since is not offered, although the next may not be made yet.
    """
    kept = reports.certificate(notice.id)
    if kept is None or kept.made_at is None:
        return None
    here = installation()
    still_gone = {case.id: case for case in reports.cases(notice.cases).values() if is_gone(case)}
    certified = [still_gone[each] for each in kept.gone if each in still_gone]
    gone = sum(
        is_called_gone(case, tells_gone=here.capabilities_of(case.subject.platform).shows_removal) for case in certified
    )
    text = kept.text if len(certified) == len(kept.gone) else ""
    return Offered(text, clock_time(kept.made_at, now), gone, len(certified) - gone)


@_look
def page(request: HttpRequest) -> HttpResponse:
    """Show it whole, for reading and printing."""
    notice = notice_of(request)
    offered = certificate_of(notice, installation().casebook.now())
    if offered is None or not offered.text:
        return _to_page()
    return PAGE.give(show(request, "certificate", {"certificate": offered}), notice.id)


@_look
def download(request: HttpRequest) -> HttpResponse:
    """Give it as a file, byte for byte as it was signed."""
    offered = certificate_of(notice_of(request), installation().casebook.now())
    if offered is None or not offered.text:
        return _to_page()
    answer = HttpResponse(offered.text.encode(), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificate.txt"'
    return answer


@_look
def key(request: HttpRequest) -> HttpResponse:
    """Publish the keys by which certificates of this site are checked, one a line."""
    return HttpResponse(certificate_keys(), content_type="text/plain; charset=utf-8")


def _to_page() -> HttpResponse:
    return HttpResponseRedirect(reverse("page") + "#certificate", status=HTTPStatus.SEE_OTHER)
