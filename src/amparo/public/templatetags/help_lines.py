"""Help in a page: a country's own lines, then the directory, then those whose check is too old; and who removes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import template
from django.template import Context

from amparo.cases.notice import Notice
from amparo.cases.words import Age
from amparo.letters import help_lines as table
from amparo.letters import help_words
from amparo.letters.help_lines import Ages, HelpLine
from amparo.letters.questions import country_name
from amparo.letters.removal import services_for
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.public.region import region_of

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """A line as it is read."""

    name: str
    contact: str
    site: str | None
    hours: str


@dataclass(frozen=True)
class CountryLines:
    """What one country has."""

    name: str
    fresh: Sequence[Shown]
    stale: Sequence[Shown]


@register.inclusion_tag("public/_help_lines.html", takes_context=True)
def help_lines(context: Context, notice: Notice | None = None) -> dict[str, Any]:
    """Show where to talk to a person, in the order that fits the report.

    Without a known country every country's lines are there, folded; the one that the browser's language names stands
    first and open.
    """
    said = None if notice is None else notice.country
    known = table.countries()
    if said in known:
        return {"own": _of(said, notice), "others": [], "is_known": True, "directory": table.DIRECTORY}
    guessed = region_of(context.get("request"), known)
    others = sorted((_of(each, notice) for each in known if each != guessed), key=lambda each: each.name)
    own = None if guessed is None else _of(guessed, notice)
    return {"own": own, "others": others, "is_known": False, "directory": table.DIRECTORY}


@register.inclusion_tag("public/_removal.html")
def removal(notice: Notice | None = None) -> dict[str, Any]:
    """Show the services that keep a picture off other sites; open where a threat or another site was spoken of."""
    if notice is None:
        return {"services": services_for(None, None), "is_open": True}
    is_said = bool(notice.signals & {Signal.THREAT, Signal.OTHER_PLATFORM}) or notice.topic is Topic.THREAT
    # "Not sure" and silence may be a child or an adult: each service says itself whom it is for.
    ages = {Age.CHILD: Ages.CHILD, Age.ADULT: Ages.ADULT}.get(notice.age) if notice.age is not None else None
    return {"services": services_for(notice.country, ages), "is_open": is_said}


def _of(country: str | None, notice: Notice | None) -> CountryLines:
    # Silence about the age counts as a child, as everywhere.
    ages = Ages.ADULT if notice is not None and notice.age is Age.ADULT else Ages.CHILD
    may_hurt_themself = notice is not None and Signal.SELF_HARM in notice.signals
    fresh, stale = table.lines_for(country, _today(), ages, may_hurt_themself)
    return CountryLines(country_name(country or ""), [_shown(line) for line in fresh], [_shown(line) for line in stale])


def _shown(line: HelpLine) -> Shown:
    return Shown(help_words.name(line), help_words.contact(line), line.site, help_words.hours(line))


def _today() -> date:
    return datetime.now(UTC).date()
