"""What one form of a reporter asks of the books, in its order: the same at the door and when a spool is taken in.

A new question of the door has its field in `Form` and its command here, and both have it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Reporter
from amparo.cases.claim_commands import ClaimPicture
from amparo.cases.commands import Command
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerLanguage,
    AnswerRelation,
    AnswerWay,
    GiveElements,
    Link,
    OpenNotice,
    PlacedLink,
    ReceiveWords,
    SendNotice,
    TellFacts,
    UnplacedLink,
    VouchForSender,
)
from amparo.cases.picture_claim import PictureCode
from amparo.cases.refs import NoticeId, SealedRef, Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Way
from amparo.letters.elsewhere import Site, site_of
from amparo.policies.elements import Element
from amparo.policies.policy import Policy, Topic
from amparo.policies.signal import Signal
from amparo.records import budgets
from amparo.records.casebook import Casebook
from amparo.records.picture_claims import ClaimedPicture
from amparo.vault.seal import Sealer
from amparo.vault.sealed import SealedObject


@dataclass(frozen=True)
class Form:
    """One form about one notice; with a `topic` it opens it. `words`, `contact` and unplaced links were sealed before.

    `received_at`: when it came, where the books were away then.
    """

    notice: NoticeId
    network: str
    topic: Topic | None = None
    links: tuple[Link, ...] = ()
    relation: Relation | None = None
    age: Age | None = None
    country: str | None = None
    way: Way | None = None
    words: SealedRef | None = None
    signals: frozenset[Signal] = frozenset()
    asks_again: bool = False
    brings_new_facts: bool = False
    told: frozenset[Signal] = frozenset()
    vouched: frozenset[Signal] = frozenset()
    elements: frozenset[Element] = frozenset()
    contact: SealedRef | None = None
    is_sent: bool = False
    received_at: datetime | None = None
    language: str | None = None
    picture: ClaimedPicture | None = None


def commands_of(form: Form, before: Notice | None, book: Casebook, regimes: frozenset[str]) -> list[Command]:
    """Return what a form commands. `before`: its notice as the books have it; `regimes`: the operator's own.

    Raises Refused for a form about a notice that the books do not have and that it does not open.
    """
    notice, by = form.notice, Reporter(form.notice)
    country = form.country or (None if before is None else before.country)
    binding = regimes if country is None else regimes | {country}
    budget = _Budget(form, before, book)
    commands: list[Command] = []
    if form.topic is not None:
        policy = book.policies.for_notice(form.topic, is_adult=False)
        left, came_at = budget.of(policy), form.received_at
        commands.append(
            OpenNotice(
                notice,
                form.topic,
                policy.ref,
                country,
                form.links,
                binding,
                left > 0,
                by,
                received_at=came_at,
                room=left,
                picture=_code_of(form, policy, book),
            )
        )
    elif form.links:
        commands.append(
            AddLinks(notice, form.links, binding, budget.now() > 0, by, form.received_at, room=budget.now())
        )
    if form.topic is None and before is not None:
        code = _code_of(form, book.policies.get(before.policy), book)
        commands += [] if code is None else [ClaimPicture(notice, code, by)]
    if form.relation is not None:
        commands.append(AnswerRelation(notice, form.relation, binding, budget.now() > 0, by, room=budget.now()))
    if form.age is not None:
        commands.append(AnswerAge(notice, form.age, binding, budget.now() > 0, by, room=budget.now()))
    if form.topic is None and form.country is not None:
        commands.append(AnswerCountry(notice, form.country, binding, budget.now() > 0, by, room=budget.now()))
    if form.way is not None:
        commands.append(AnswerWay(notice, form.way, by))
    if form.words is not None:
        again, facts = form.asks_again, form.brings_new_facts
        commands.append(ReceiveWords(notice, form.words, again, facts, by, form.received_at, form.signals))
    if form.vouched:
        commands.append(VouchForSender(notice, form.vouched, by))
    if form.told:
        commands.append(TellFacts(notice, form.told, by))
    if form.elements:
        commands.append(
            GiveElements(notice, form.elements, form.contact, binding, budget.now() > 0, by, room=budget.now())
        )
    if form.is_sent:
        commands.append(SendNotice(notice, binding, budget.now() > 0, by, room=budget.now()))
    if commands and form.language is not None:
        commands.append(AnswerLanguage(notice, form.language, by))
    return commands


def sealed_links(
    notice: NoticeId,
    found: Iterable[tuple[str, Subject | LinkProblem]],
    sealer: Sealer,
    sites: Mapping[str, Site] | None = None,
) -> tuple[tuple[Link, ...], tuple[SealedObject, ...]]:
    """Return a form's links, and the objects that hold what names nothing: that is words, and sealed.

    An empty text stands for a report that names no link. `sites`: the other sites that are known here.
    """
    links: list[Link] = []
    sealed: list[SealedObject] = []
    for text, place in found:
        if isinstance(place, Subject):
            links.append(PlacedLink(place, UNKNOWN_YET))
        elif not text:
            links.append(UnplacedLink(None, LinkProblem.NO_LINK))
        else:
            site = site_of(text, sites) if place is LinkProblem.FOREIGN else None
            sealed.append(sealer.seal(text.encode(), kind="words", owner=notice))
            links.append(UnplacedLink(SealedRef(sealed[-1].id), place, site))
    return tuple(links), tuple(sealed)


def _code_of(form: Form, policy: Policy, book: Casebook) -> PictureCode | None:
    """Return what a command says of the form's picture: all but the code itself."""
    if form.picture is None:
        return None
    is_within = budgets.is_within_for_claims(policy, form.network, book.now())
    return PictureCode(form.picture.claim, form.picture.quality, form.picture.pipeline, is_within)


class _Budget:
    """How many more automatic hides are within the hour's budget; each policy's is asked once."""

    def __init__(self, form: Form, before: Notice | None, book: Casebook) -> None:
        self._form, self._before, self._book = form, before, book
        self._known: dict[str, int] = {}

    def of(self, policy: Policy) -> int:
        if policy.ref not in self._known:
            self._known[policy.ref] = budgets.room(policy, self._form.network, self._book.now())
        return self._known[policy.ref]

    def now(self) -> int:
        """Ask under the policy that the age said now, or known, leads to: that one would hide."""
        topic = self._form.topic or (None if self._before is None else self._before.topic)
        if topic is None:
            raise Refused("no_such_notice", "There is no report for this form.")
        known = None if self._before is None else self._before.settled_age or self._before.age
        is_adult = (self._form.age or known) is Age.ADULT
        return self.of(self._book.policies.for_notice(topic, is_adult=is_adult))
