"""What a program says in one notice, read from JSON or made of another format; and which subject each link names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amparo.api.errors import ApiError
from amparo.api.notices.typed import Fields
from amparo.cases.decide_notice import MOST_LINKS
from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import Age, LinkProblem, Relation, Way
from amparo.connectors.places import ID
from amparo.plugins import installation
from amparo.policies.policy import Topic

LONGEST_LINK = 2000
MOST_LETTERS = 20_000
REFERENCE = re.compile(r"[A-Za-z0-9._:/-]{1,120}")
"""A sender's own name for a notice: a number or a uuid. Nobody's name fits in, and none belongs there."""
_NETWORK = re.compile(r"[A-Za-z0-9._-]{1,64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBJECT = re.compile(rf"(?P<platform>[^:/]{{1,60}}):(?P<kind>post|message|live|account):(?P<id>{ID.pattern})")


@dataclass(frozen=True)
class Sending:
    """One notice as it was sent. `network` stands for where its reporter comes from, in the sender's own words."""

    topic: Topic
    links: tuple[str, ...]
    relation: Relation | None = None
    age: Age | None = None
    country: str | None = None
    way: Way = Way.PRIVATE_PAGE
    words: str = ""
    reference: str = ""
    network: str = ""


def read(told: Mapping[str, Any], at: str = "", *, way: Way = Way.PRIVATE_PAGE) -> Sending:
    """Return a notice from its JSON. `at`: where it stands in the body; `way`: the one that is meant by silence.

    Raises ApiError 422 with the field.
    """
    fields = Fields(told, at)
    topic, links = fields.word("topic", Topic), fields.texts("links", MOST_LINKS, LONGEST_LINK)
    sent = Sending(
        topic or Topic.SEXUAL_PICTURE,
        tuple(links or ()),
        fields.word("relation", Relation),
        fields.word("age", Age),
        fields.text("country", 2, pattern=_COUNTRY),
        fields.word("way", Way) or way,
        (fields.text("words", MOST_LETTERS) or "").strip(),
        fields.text("reference", 120, pattern=REFERENCE) or "",
        fields.text("network", 64, pattern=_NETWORK) or "",
    )
    fields.refuse_others()
    if topic is None:
        raise fields.missing("topic", f"one of {', '.join(each.value for each in Topic)}")
    if links is None:
        raise fields.missing("links", f"1 to {MOST_LINKS} links or subjects")
    return sent


def links_in(told: Mapping[str, Any]) -> list[str]:
    """Return further links from their JSON. Raises ApiError 422."""
    fields = Fields(told)
    links = fields.texts("links", MOST_LINKS, LONGEST_LINK)
    fields.refuse_others()
    if links is None:
        raise fields.missing("links", f"1 to {MOST_LINKS} links or subjects")
    return links


def place(text: str) -> Subject | LinkProblem:
    """Return which subject a link names, or why none. `platform:kind:id` names one, too: messages have no page."""
    found = _SUBJECT.fullmatch(text)
    if found is not None and found["platform"] in installation().connectors:
        return Subject(found["platform"], SubjectKind(found["kind"]), found["id"])
    return installation().place(text)


def must_be_covered(topic: Topic) -> None:
    """Raise ApiError 422 where no policy in force covers that topic."""
    policies = installation().policies
    if not any(topic in policy.topics for policy in policies.current):
        sentence = "No policy here covers that topic. Ask whoever runs Amparo, or choose another one."
        raise ApiError(422, "topic_not_covered", sentence, field="topic")
