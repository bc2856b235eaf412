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
from amparo.cases.events import Entry
from amparo.cases.platform_events import (
    HideRequested,
    Observed,
    OrderRepeated,
    RemoveRequested,
    RestoreRequested,
    SuspensionRequested,
)
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
    """One link of the notice whose subject we know: its case, the public address, and what is TOLD of it.

    `address` is None where its site is not connected any more. `tells_gone`: the site's page tells a removed subject
    from a hidden one.
    """

    case: Case
    address: str | None
    tells_gone: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Certificate:
    """The text, and the cases that it certifies: seen gone or, where a site does not tell, seen to open no more."""

    text: str
    gone: tuple[CaseId, ...]


def is_gone(case: Case) -> bool:
    """Whether a subject that people or a law's limit took down was seen away after that, and was not seen since."""
    return case.wanted is Wanted.REMOVED and case.gone_at is not None and case.seen in _AWAY


def is_called_gone(case: Case, *, tells_gone: bool) -> bool:
    """Whether the last look lets us say "gone". Of a page that does not tell, only that it does not open is said."""
    return is_gone(case) and case.seen is Seen.GONE and tells_gone


def certificate(site: str, received_at: datetime, links: Sequence[Placed | None], now: datetime) -> Certificate | None:
    """Return the certificate of a notice's links, in their order; None stands for one that could not be placed.

    Return None where none of the links was seen away since the notice came and since it was to be taken down.
    """
    sights = [None if each is None else _sight(each, received_at) for each in links]
    gone, shut = (
        [each.case.id for each, sight in zip(links, sights, strict=True) if each and sight and sight.certifies(word)]
        for word in (Seen.GONE, Seen.HIDDEN)
    )
    if not gone and not shut:
        return None
    lines = [HEADING, "", site, _("What its public pages showed somebody who had not signed in.")]
    lines += [_("Made: %(time)s") % {"time": _time(now)}, "", *_count(len(gone), len(shut), len(links))]
    lines += [
        _("It says what was seen at the times below."),
        _("It does not say what happens later, or what other sites show."),
        _("Besides its links it names nobody."),
    ]
    for number, (each, sight) in enumerate(zip(links, sights, strict=True), start=1):
        lines += ["", *_link(number, each, sight, received_at)]
    certified = tuple(each.case.id for each in links if each is not None and each.case.id in (*gone, *shut))
    return Certificate("".join(f"{_plain(line)}\n" for line in lines), certified)


@dataclass(frozen=True)
class _Look:
    """One look that showed anything. `seen` is what may be said of it; `counts`: it shows the removal."""

    at: datetime
    seen: Seen
    counts: bool


@dataclass(frozen=True)
class _Sight:
    """What the looks at one link amount to: `certified` are those since it last opened that its certificate rests on.

    All of them were gone, or all of them came after the site was asked to take it down. It is empty where nothing
    can be certified.
    """

    looks: tuple[_Look, ...]
    certified: tuple[_Look, ...]

    def certifies(self, word: Seen) -> bool:
        """Whether the certificate may say that of the link: GONE or, for "it did not open", HIDDEN."""
        return bool(self.certified) and (self.certified[0].seen is Seen.GONE) is (word is Seen.GONE)


def _sight(link: Placed, received_at: datetime) -> _Sight:
    looks = tuple(_looks(link, received_at))
    if link.address is None or not is_gone(link.case):
        return _Sight(looks, ())
    opened = [number for number, look in enumerate(looks) if look.seen is Seen.SHOWN]
    away = looks[opened[-1] + 1 :] if opened else looks
    shut = tuple(look for look in away if look.counts)
    gone = tuple(look for look in away if look.seen is Seen.GONE)
    return _Sight(looks, gone if gone and shut else shut)


def _looks(link: Placed, received_at: datetime) -> Iterator[_Look]:
    """Yield the looks that showed anything, since the notice came."""
    asked = _asked(link)
    for number, entry in enumerate(link.entries):
        event = entry.event
        if not isinstance(event, Observed) or event.seen is Seen.UNKNOWN or entry.at < received_at:
            continue
        seen = _sayable(link, event.seen, is_asked=number >= asked)
        yield _Look(entry.at, seen, event.seen in _AWAY and event.confirms and number >= asked)


def _asked(link: Placed) -> int:
    """Return the place behind the last wish that it be taken down, for an account: locked for good.

    What it says of a removal is nothing that was seen before: then it was hidden, or the account locked for a time.
    """
    if link.case.wanted is not Wanted.REMOVED:
        return len(link.entries)
    # Without one it was asked before the notice came, and every look that is told of came after.
    return max((number + 1 for number, entry in enumerate(link.entries) if _is_removal(entry)), default=0)


def _is_removal(entry: Entry) -> bool:
    match entry.event:
        case RemoveRequested() | SuspensionRequested(until=None):
            return True
        case _:
            return False


def _sayable(link: Placed, seen: Seen, *, is_asked: bool) -> Seen:
    """Return what may be said of a look: an account is not gone while it is locked for a time."""
    is_gone = link.tells_gone and (is_asked or not link.case.subject.is_account)
    return Seen.HIDDEN if seen is Seen.GONE and not is_gone else seen


def _link(number: int, link: Placed | None, sight: _Sight | None, received_at: datetime) -> Iterator[str]:
    if link is None or sight is None:
        yield _("Link %(number)s") % {"number": number}
        yield _("Not certified: we could not find what it leads to.")
        return
    yield _("Link %(number)s: %(what)s") % {"number": number, "what": name_of(link.case.subject.kind)}
    if link.address is None:
        yield _("Not certified: its site is not connected any more, so we cannot look.")
        return
    yield link.address
    if sight.certifies(Seen.GONE):
        yield _("Certified: it was seen gone, and at no later look was it seen again.")
    elif sight.certifies(Seen.HIDDEN):
        yield _("Certified: after the site was asked to take it down, it did not open. No later look saw it open.")
    elif sight.looks and sight.looks[-1].seen is Seen.SHOWN:
        yield _("Not certified: it could be opened when we last looked.")
    else:
        yield _("Not certified: it was not seen gone.")
    yield from _milestones(sight)
    told = list(_told(link, received_at))
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


def _milestones(sight: _Sight) -> Iterator[str]:
    """Yield the times that are asked for first: hidden, gone, and how often it was looked at since."""
    away = [look for look in sight.looks if look.seen in _AWAY]
    if away:
        yield _("First seen hidden: %(time)s") % {"time": _time(away[0].at)}
    if not sight.certified:
        return
    first, last = _time(sight.certified[0].at), _time(sight.certified[-1].at)
    if sight.certifies(Seen.GONE):
        yield _("First seen gone: %(time)s") % {"time": first}
        yield _("Last seen gone: %(time)s") % {"time": last}
        yield _("Times it was seen gone: %(number)s") % {"number": len(sight.certified)}
        return
    yield _("First seen not to open after the request: %(time)s") % {"time": first}
    yield _("Last seen not to open after the request: %(time)s") % {"time": last}
    yield _("Times it was seen not to open after the request: %(number)s") % {"number": len(sight.certified)}


def _told(link: Placed, received_at: datetime) -> Iterator[tuple[datetime, str]]:
    yield received_at, _("The report came.")
    asked = _asked(link)
    for number, entry in enumerate(link.entries):
        words = _words(link, entry, is_asked=number >= asked) if entry.at >= received_at else ""
        if words:
            yield entry.at, words


def _words(link: Placed, entry: Entry, *, is_asked: bool) -> str:
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
        case Observed(seen=seen):
            return _looked(_sayable(link, seen, is_asked=is_asked))
        case _:
            return ""


def _looked(seen: Seen) -> str:
    match seen:
        case Seen.SHOWN:
            return _opened()
        case Seen.HIDDEN:
            return _("We looked: it did not open.")
        case Seen.GONE:
            return _("We looked: it was gone.")
        case Seen.UNKNOWN:
            return _("We could not look.")


def _opened() -> str:
    return _("We looked: it opened.")


def _count(gone: int, shut: int, of: int) -> Iterator[str]:
    if gone:
        yield ngettext(
            "%(number)s of %(of)s link was seen gone.", "%(number)s of %(of)s links were seen gone.", of
        ) % {"number": gone, "of": of}  # fmt: skip
    if shut:
        yield ngettext(
            "%(number)s of %(of)s link did not open after we asked for removal.",
            "%(number)s of %(of)s links did not open after we asked for removal.",
            of,
        ) % {"number": shut, "of": of}


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _plain(line: str) -> str:
    """Return a line without what a signed text may not hold. Only the site's name could hold any."""
    return "".join(letter for letter in line if ord(letter) >= 32 and ord(letter) != 127)
