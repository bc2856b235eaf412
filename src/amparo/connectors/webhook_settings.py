"""What an operator says of a site in `[[connector]]` of the kind `webhook`, checked once at the start.

Everything that wording and judgement rest on stands here and not in an answer of the site: a site that is down when
we start, or that was taken over, changes nothing of it. `amparo doctor connector` compares it with what the site says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urljoin, urlsplit

from amparo.cases.refs import SubjectKind
from amparo.cases.words import Seen
from amparo.connectors.connector import Capabilities
from amparo.connectors.places import Places, host_of

USUAL_CARD = Capabilities(
    hides=True,
    restores=True,
    removes=True,
    suspends=False,
    demonetises=False,
    lists_media=False,
    lists_all=False,
    counts_views=False,
    tells_gone=False,
    remembers_keys=False,
)
"""What is taken of a site that says nothing else of itself: the least that makes a connection worth having."""
_STATUSES = {200: Seen.SHOWN, 404: Seen.HIDDEN, 410: Seen.GONE}
_SAID = {"shown": Seen.SHOWN, "hidden": Seen.HIDDEN, "gone": Seen.GONE, "unknown": Seen.UNKNOWN}


@dataclass(frozen=True)
class Site:
    """One site as its operator describes it. `marks`: markup on a page that opens and yet shows the subject no more."""

    endpoint: str
    places: Places
    hosts: frozenset[str]
    card: Capabilities
    statuses: Mapping[int, Seen]
    marks: tuple[tuple[bytes, Seen], ...]


def read_site(platform: str, settings: Mapping[str, Any]) -> Site:
    """Return the site. Raises KeyError for a missing setting, ValueError with a sentence's end for a wrong one."""
    base = str(settings["url"]).rstrip("/")
    endpoint = urljoin(base + "/", str(settings.get("endpoint", "/amparo")))
    for address in (base, endpoint):
        if urlsplit(address).scheme not in ("http", "https") or not host_of(address):
            raise ValueError("url or endpoint is no address; write it like https://example.org")
    places = Places(platform, base, settings["pages"], _words(settings, "aliases"))
    card = read_card(settings.get("can", {}), "[connector.can]")
    if card.suspends and not places.has_pages_of(SubjectKind.ACCOUNT):
        raise ValueError("it can suspend accounts, but [connector.pages] names no account page to see that on")
    return Site(
        endpoint=endpoint,
        places=places,
        hosts=places.hosts | {host_of(base)} | {each.lower() for each in _words(settings, "media_hosts")},
        card=card,
        statuses=_STATUSES | {_status(name): _seen(word) for name, word in settings.get("statuses", {}).items()},
        marks=tuple(_mark(word, text) for word, text in settings.get("marks", {}).items()),
    )


def read_card(told: object, whence: str) -> Capabilities:
    """Return a capability card; what it does not name is as in USUAL_CARD. Raises ValueError for a strange one."""
    names = {each.name for each in fields(Capabilities)}
    if not isinstance(told, Mapping) or not all(isinstance(value, bool) for value in told.values()):
        raise ValueError(f"{whence} holds something else than true and false")
    if strange := sorted(set(told) - names):
        raise ValueError(f"{whence} names {str(strange[0])!r:.40}; the words are {', '.join(sorted(names))}")
    return Capabilities(**{name: bool(told.get(name, getattr(USUAL_CARD, name))) for name in names})


def _words(settings: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = settings.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and "/" not in each for each in value):
        raise ValueError(f'{name} is no list of hosts; write it like ["cdn.example.org"]')
    return tuple(value)


def _status(name: str) -> int:
    if not name.isdecimal() or not 100 <= int(name) <= 599:
        raise ValueError(f"[connector.statuses] has {name!r:.20}, which is no HTTP status")
    return int(name)


def _seen(word: object) -> Seen:
    if word not in _SAID:
        raise ValueError(f"[connector.statuses] and [connector.marks] know {', '.join(_SAID)}; not {word!r:.20}")
    return _SAID[str(word)]


def _mark(word: str, text: object) -> tuple[bytes, Seen]:
    seen = _seen(word)
    # Words alone could stand in the post itself, and its author could so make us say that it is hidden.
    if not isinstance(text, str) or "<" not in text:
        raise ValueError(f"[connector.marks] {word} is no markup; take a piece with a < that no author can write")
    return text.encode(), seen
