"""Makes and signs certificates: in the process that looks at the platform, and in no other.

What was seen asks for them (`certify`), each second some of those that are due are made. So a case with ten thousand
reporters costs an order or a clock nothing.
"""

from django.conf import settings
from django.utils.translation import override

from amparo.cases.notice import Notice
from amparo.cases.refs import CaseId
from amparo.letters.addressing import catalogue_for
from amparo.letters.certificate import TOLD, Placed, certificate
from amparo.letters.certificate import is_gone as is_seen_gone
from amparo.plugins import Installation, certificate_signer
from amparo.records import certificates, reports
from amparo.records.away import is_away
from amparo.records.effects import Work
from amparo.workers import pager

_MOST_AT_ONCE = 20


def ask(here: Installation, work: Work) -> str | None:
    """Have the certificates made anew of everybody who reported what was just seen."""
    case = here.casebook.case(work.aggregate)
    assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
    asked = certificates.ask(CaseId(case.id), here.casebook.now(), is_gone=is_seen_gone(case))
    return "asked" if asked else "none"


def make_due(here: Installation) -> None:
    """Make those certificates that have waited longest. One that breaks calls a person and keeps no other waiting."""
    now = here.casebook.now()
    for wish in certificates.wishes(now, _MOST_AT_ONCE):
        try:
            _make(here, wish)
        except Exception as error:
            if is_away(error):
                raise
            pager.call_for_broken("a certificate", wish.notice, error, now)
            certificates.put_off(wish, now)


def _make(here: Installation, wish: certificates.Wish) -> None:
    now = here.casebook.now()
    notice = here.casebook.notice(wish.notice)
    assert notice is not None  # noqa: S101 - for the type checker: a notice is never deleted
    with override(catalogue_for(notice.language, notice.settled_age or notice.age)):
        made = certificate(settings.SITE_NAME, notice.came_at, _links(here, notice), now)
    if made is None:
        certificates.keep(wish, "", (), now)
    else:
        certificates.keep(wish, certificate_signer().sign(made.text), made.gone, now)


def _links(here: Installation, notice: Notice) -> list[Placed | None]:
    """Return the notice's links in their order. Links that name one subject stand together once, as on its page.

    The cases are read before their events: an event too many can only make a certificate say less.
    """
    cases, named, found = reports.cases(notice.cases), set[CaseId](), list[Placed | None]()
    for link in notice.links:
        if link.case is None:
            found.append(None)
        elif link.case not in named:
            named.add(link.case)
            case = cases[link.case]
            connector = here.connectors.get(case.subject.platform)
            address = None if connector is None else connector.page_of(case.subject)
            tells_gone = here.capabilities_of(case.subject.platform).shows_removal
            found.append(Placed(case, address, tells_gone, reports.events_of(link.case, TOLD, link.came_at)))
    return found
