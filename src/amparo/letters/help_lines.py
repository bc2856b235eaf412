"""People to talk to, by country. A wrong number is a safety fault, so each line says where and when it was checked.

A line whose check is older than 90 days is still shown, after the directory, with the words "check before you call".
None of these was dialled: a person has to check the whole table before a release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_CHECK_LASTS = timedelta(days=90)
_SUPPORT_LIST = "the Anneal support list, checked against the providers"
_REPORTING_LIST = "the HumanityOS list of emergency numbers and hotlines, with quotations checked"
_OWN_PAGE = "a stored copy of the provider's own page"

_DAY_AND_NIGHT = _("day and night")
DIRECTORY = "findahelpline.com"


@dataclass(frozen=True)
class HelpLine:
    """One line. `name` stays in its own language; `contact` is a number or what to text. `hours` is None for the
    emergency number alone, which nobody staffs by hours."""

    country: str
    name: str | Promise
    contact: str | Promise
    hours: Promise | None
    source: str
    checked_on: date

    def is_stale(self, today: date) -> bool:
        return today > self.checked_on + _CHECK_LASTS


_AUGUST, _OCTOBER, _NOVEMBER = date(2026, 8, 12), date(2026, 10, 9), date(2026, 11, 21)
_EMERGENCY = _("In danger right now")
LINES = (
    HelpLine("GB", _EMERGENCY, "999", None, _REPORTING_LIST, _OCTOBER),
    HelpLine("GB", _("Childline, for anyone under 19"), "0800 1111", _DAY_AND_NIGHT, _OWN_PAGE, _NOVEMBER),
    HelpLine("GB", "Revenge Porn Helpline", "0345 6000 459", _("weekdays, in the daytime"), _OWN_PAGE, _NOVEMBER),
    HelpLine("GB", "Samaritans", "116 123", _DAY_AND_NIGHT, _SUPPORT_LIST, _AUGUST),
    HelpLine("GB", "Shout", _("text SHOUT to 85258"), _DAY_AND_NIGHT, _SUPPORT_LIST, _AUGUST),
    HelpLine("US", _EMERGENCY, "911", None, _REPORTING_LIST, _OCTOBER),
    HelpLine("US", "NCMEC", "1-800-843-5678", _DAY_AND_NIGHT, _REPORTING_LIST, _OCTOBER),
    HelpLine("US", "988 Suicide & Crisis Lifeline", _("call or text 988"), _DAY_AND_NIGHT, _SUPPORT_LIST, _AUGUST),
    HelpLine("US", "Crisis Text Line", _("text HOME to 741741"), _DAY_AND_NIGHT, _SUPPORT_LIST, _AUGUST),
)
COUNTRIES = ("GB", "US")
"""The countries that have lines here. Everybody else gets the directory."""


def lines_for(country: str | None, today: date) -> tuple[Sequence[HelpLine], Sequence[HelpLine]]:
    """Return a country's lines, those to show before the directory and the stale ones to show after it."""
    own = [line for line in LINES if line.country == country]
    return [line for line in own if not line.is_stale(today)], [line for line in own if line.is_stale(today)]


def names() -> frozenset[str]:
    """Return the lines' own names. They are names and not reading: nobody can make them shorter."""
    return frozenset(line.name for line in LINES if isinstance(line.name, str))
