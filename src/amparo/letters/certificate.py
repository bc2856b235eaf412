"""The words of a certificate: what a site's public pages showed, when, and nothing of anybody.

It is made for one notice and tells of its own links, from its own time on: what happened before would tell of another
report. It names no person, no report, no case and no reason, so it can be shown to a school or a court. It says what
was seen at the times that stand in it and promises nothing of any later one (law k).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amparo.cases.case import Case
from amparo.cases.case_events import (
    HideRequested,
    Observed,
    OrderRepeated,
    RemoveRequested,
    RestoreRequested,
    SuspensionRequested,
)
from amparo.cases.events import Entry
from amparo.cases.refs import CaseId
from amparo.cases.words import Seen, Wanted
from amparo.letters.states import name_of

HEADING = "Amparo certificate 1"
"""The first line. No other note that is signed with this key begins so; a new form gets a new number."""
TOLD = (HideRequested, Observed, OrderRepeated, RemoveRequested, RestoreRequested, SuspensionRequested)
"""The events that a certificate tells of."""
_AWAY = (Seen.HIDDEN, Seen.GONE)
# Enough for every check of ninety days; a page that comes and goes would fill a book.
_FIRST_LOOKS, _LAST_LOOKS = 20, 180


@dataclass(frozen=True)
class Placed:
    """One link of the notice whose subject we know: its case, the public address, and what is TOLD of it."""

    case: Case
    address: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Certificate:
    """The text, and the cases that it says were seen gone. There is none where nothing was."""

    text: str
    gone: tuple[CaseId, ...]


def is_gone(case: Case) -> bool:
    """Whether a subject that people or a law's limit took down was seen gone, and was not seen since."""
    return case.wanted is Wanted.REMOVED and case.gone_at is not None and case.seen in _AWAY


def certificate(site: str, received_at: datetime, links: Sequence[Placed | None], now: datetime) -> Certificate | None:
    """Return the certificate of a notice's links, in their order; None stands for one that could not be placed.

    Return None where none of the links was seen gone since the notice came.
    """
    looks = [_looks(each, received_at) if each is not None else [] for each in links]
    is_each_gone = [
        each is not None and is_gone(each.case) and bool(seen) and seen[-1].event.seen in _AWAY
        for each, seen in zip(links, looks, strict=True)
    ]
    gone = tuple(each.case.id for each, is_it in zip(links, is_each_gone, strict=True) if each is not None and is_it)
    if not gone:
        return None
    lines = [HEADING, "", site, _("What its public pages showed somebody who had not signed in.")]
    lines += [_("Made: %(time)s") % {"time": _time(now)}, "", _count(len(gone), len(links))]
    lines += [
        _("It says what was seen at the times below."),
        _("It does not say what happens later, or what other sites show."),
        _("Besides its links it names nobody."),
    ]
    for number, (each, is_it) in enumerate(zip(links, is_each_gone, strict=True), start=1):
        lines += ["", *_link(number, each, is_it, received_at)]
    return Certificate("".join(f"{_plain(line)}\n" for line in lines), gone)


@dataclass(frozen=True)
class _Look:
    at: datetime
    event: Observed


def _looks(link: Placed, received_at: datetime) -> list[_Look]:
    """Return the looks that showed anything, since the notice came."""
    seen = [_Look(e.at, e.event) for e in link.entries if isinstance(e.event, Observed) and e.at >= received_at]
    return [look for look in seen if look.event.seen is not Seen.UNKNOWN]


def _link(number: int, link: Placed | None, is_it_gone: bool, received_at: datetime) -> Iterator[str]:
    if link is None:
        yield _("Link %(number)s") % {"number": number}
        yield _("Not certified: we could not find what it leads to.")
        return
    yield _("Link %(number)s: %(what)s") % {"number": number, "what": name_of(link.case.subject.kind)}
    yield link.address
    looks = _looks(link, received_at)
    if is_it_gone:
        yield _("Certified: it was seen gone, and at no later look was it seen again.")
    elif looks and looks[-1].event.seen is Seen.SHOWN:
        yield _("Not certified: it could be opened when we last looked.")
    else:
        yield _("Not certified: it was not seen gone.")
    yield from _milestones(looks, is_it_gone)
    told = [(at, words) for at, words in _told(link, received_at)]
    left_out = told[_FIRST_LOOKS:-_LAST_LOOKS]
    for at, words in told[:_FIRST_LOOKS]:
        yield f"  {_time(at)}  {words}"
    if left_out:
        opened = sum(words == _opened() for _at, words in left_out)
        yield "  " + _("Lines left out here: %(number)s. At %(opened)s of them it opened.") % {
            "number": len(left_out), "opened": opened,
        }  # fmt: skip
    for at, words in told[max(_FIRST_LOOKS, len(told) - _LAST_LOOKS) :]:
        yield f"  {_time(at)}  {words}"


def _milestones(looks: list[_Look], is_it_gone: bool) -> Iterator[str]:
    """Yield the times that are asked for first: hidden, gone, and how often it was looked at since."""
    away = [look for look in looks if look.event.seen in _AWAY]
    if away:
        yield _("First seen hidden: %(time)s") % {"time": _time(away[0].at)}
    if not is_it_gone:
        return
    shown = [number for number, look in enumerate(looks) if look.event.seen is Seen.SHOWN]
    last_away = looks[shown[-1] + 1 :] if shown else looks
    gone = [look for look in last_away if look.event.seen is Seen.GONE] or last_away
    yield _("First seen gone: %(time)s") % {"time": _time(gone[0].at)}
    yield _("Last seen gone: %(time)s") % {"time": _time(gone[-1].at)}
    yield _("Times it was seen gone: %(number)s") % {"number": len(gone)}


def _told(link: Placed, received_at: datetime) -> Iterator[tuple[datetime, str]]:
    yield received_at, _("The report came.")
    for entry in link.entries:
        words = _words(entry) if entry.at >= received_at else ""
        if words:
            yield entry.at, words


def _words(entry: Entry) -> str:
    match entry.event:
        case HideRequested():
            return _("We asked the site to hide it.")
        case RemoveRequested() | SuspensionRequested(until=None):
            return _("We asked the site to take it down.")
        case SuspensionRequested():
            return _("We asked the site to lock it for a time.")
        case OrderRepeated():
            return _("We asked the site again.")
        case RestoreRequested():
            return _("We asked the site to show it again.")
        case Observed(seen=Seen.SHOWN):
            return _opened()
        case Observed(seen=Seen.HIDDEN):
            return _("We looked: it did not open.")
        case Observed(seen=Seen.GONE):
            return _("We looked: it was gone.")
        case Observed():
            return _("We could not look.")
        case _:
            return ""


def _opened() -> str:
    return _("We looked: it opened.")


def _count(gone: int, of: int) -> str:
    return ngettext(
        "%(gone)s of %(of)s link was seen gone.", "%(gone)s of %(of)s links were seen gone.", of
    ) % {"gone": gone, "of": of}  # fmt: skip


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _plain(line: str) -> str:
    """Return a line without what a signed text may not hold. Only the site's name could hold any."""
    return "".join(letter for letter in line if ord(letter) >= 32 and ord(letter) != 127)
