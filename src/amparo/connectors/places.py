"""Where a site's subjects stand: one address template for each kind, from which link and page both follow.

`https://example.org/post/{id}` or `https://example.org/topic.php?t={id}`. Nothing is read but the text of a link.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import LinkProblem

ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.~:@+-]{0,127}")
"""What a site's own ids may look like."""
_SLOT = "{id}"
_USUAL_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class _Place:
    kind: SubjectKind
    template: str
    path: re.Pattern[str]
    query: str | None

    def find(self, path: str, query: str) -> str | None:
        found = self.path.fullmatch(path)
        if found is None:
            return None
        if self.query is None:
            return found["id"]
        values = parse_qs(query).get(self.query, [])
        return values[0] if len(values) == 1 and ID.fullmatch(values[0]) else None


class Places:
    """Turns links into subjects and back. Raises ValueError, with a sentence's end, for a template that cannot hold."""

    def __init__(self, platform: str, base: str, templates: Mapping[str, Any], aliases: Iterable[str]) -> None:
        self._platform = platform
        found = [_place(base, kind, template) for kind, template in templates.items()]
        # The longer first, so that a short one, such as /{id} for accounts, takes no link of another kind.
        self._places = {place.kind: place for place in sorted(found, key=lambda each: -len(each.template))}
        if not self._places:
            raise ValueError('[connector.pages] is empty; name at least one, such as post = "/post/{id}"')
        self.hosts = frozenset(host_of(place.template) for place in self._places.values())
        self._link_hosts = self.hosts | {host_of(base)} | {each.lower() for each in aliases}

    def subject_of(self, link: str) -> Subject | LinkProblem:
        """Return which subject a pasted link names, or why none."""
        text = link.strip()
        if not text or any(ord(letter) < 33 for letter in text):
            return LinkProblem.NOT_A_LINK
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host = host_of(parts.geturl())
            _ = parts.port  # Raises for what only looks like an address, such as a script's.
        except ValueError:
            return LinkProblem.NOT_A_LINK
        if parts.scheme not in ("http", "https") or not host or ("." not in host and ":" not in host):
            return LinkProblem.NOT_A_LINK
        if host not in self._link_hosts:
            return LinkProblem.FOREIGN
        for place in self._places.values():
            if (found := place.find(parts.path, parts.query)) is not None:
                return Subject(self._platform, place.kind, found)
        return LinkProblem.UNKNOWN_PLACE

    def has_pages_of(self, kind: SubjectKind) -> bool:
        """Whether subjects of that kind have a page that a stranger can look at."""
        return kind in self._places

    def page_of(self, subject: Subject) -> str:
        """Return the address of a subject's page. Raises KeyError for a kind that has no template."""
        return self._places[subject.kind].template.replace(_SLOT, quote(subject.id, safe=""))


def host_of(address: str) -> str:
    """Return the host of an address as it is compared: small letters, no name before it, no usual port."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix(_USUAL_PORTS.get(parts.scheme, "none"))


def _place(base: str, word: str, template: object) -> _Place:
    try:
        kind = SubjectKind(word)
    except ValueError:
        known = ", ".join(each.value for each in SubjectKind)
        raise ValueError(f"[connector.pages] has {word!r}; the kinds are {known}") from None
    whole = urljoin(base + "/", str(template))
    parts = urlsplit(whole)
    if whole.count(_SLOT) != 1 or parts.scheme not in ("http", "https"):
        raise ValueError(f"[connector.pages] {word} has no {{id}}, or more than one; write it like /post/{{id}}")
    if _SLOT in parts.path:
        before, _, after = parts.path.partition(_SLOT)
        # Behind the id a link may go on: a title, a page number, a comment.
        more = "(?:/.*)?" if not after else ""
        return _Place(kind, whole, re.compile(f"{re.escape(before)}(?P<id>{ID.pattern}){re.escape(after)}{more}"), None)
    for pair in parts.query.split("&"):
        name, _, value = pair.partition("=")
        if value == _SLOT:
            return _Place(kind, whole, re.compile(re.escape(parts.path) + "/?"), name)
    raise ValueError(f"[connector.pages] {word} has its {{id}} in a place we cannot read")
