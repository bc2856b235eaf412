"""Services that keep a picture off other sites, and what each needs from whoever asks.

They compare a code that is made from the picture on one's own device, so most of them help only who has it there. Ours
goes by the link, which is why they are offered beside a report and never instead of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amparo.letters.help_lines import Ages


@dataclass(frozen=True)
class Removal:
    """One service. `country` is None for one that works everywhere; `source` is where its need was read, and when."""

    name: str
    site: str
    ages: Ages
    country: str | None
    need: Promise
    source: str
    checked_on: date


_READ_ON = date(2026, 11, 21)
_OWN_PAGE = "a stored copy of the provider's own page"
SERVICES = (
    Removal(
        "Take It Down",
        "takeitdown.ncmec.org",
        Ages.CHILD,
        None,
        _("For anyone who was under 18 in it. You need the picture on your device."),
        _OWN_PAGE,
        _READ_ON,
    ),
    Removal(
        "Report Remove",
        "childline.org.uk",
        Ages.CHILD,
        "GB",
        _("It is for children in the UK. You need the picture or its link, and to sign up."),
        _OWN_PAGE,
        _READ_ON,
    ),
    Removal(
        "StopNCII",
        "stopncii.org",
        Ages.ADULT,
        None,
        _("For adults. You need the picture on your device."),
        _OWN_PAGE,
        _READ_ON,
    ),
)


def services_for(country: str | None, ages: Ages | None) -> Sequence[Removal]:
    """Return what helps somebody of these ages in this country; of every age where `ages` is None.

    Without a known country those of every country stand there, because each says where it works.
    """
    return [
        service
        for service in SERVICES
        if (ages is None or service.ages is ages) and (country is None or service.country in (None, country))
    ]


def names() -> frozenset[str]:
    """Return the services' own names, which are no reading either."""
    return frozenset(service.name for service in SERVICES)
