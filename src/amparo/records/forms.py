"""What one form of a reporter asks of the books, in its order: the same at the door and when a spool is taken in.

A new question of the door has its field in `Form` and its command here, and both have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Reporter
from amparo.cases.commands import Command
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerRelation,
    AnswerWay,
    ClaimPicture,
    Link,
    OpenNotice,
    PlacedLink,
    ReceiveWords,
    SendNotice,
    UnplacedLink,
)
from amparo.cases.picture_claim import PictureCode
from amparo.cases.refs import NoticeId, SealedRef, Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Way
from amparo.policies.policy import Policy, Topic
from amparo.policies.signal import Signal
from amparo.records import budgets
from amparo.records.casebook import Casebook
from amparo.records.picture_claims import ClaimedPicture
from amparo.vault.seal import Sealer
from amparo.vault.sealed import SealedObject


@dataclass(frozen=True)
class Form:
    """One form about one notice; with a `topic` it opens it. `words` and unplaced links were sealed before.

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
    is_sent: bool = False
    received_at: datetime | None = None
    picture: ClaimedPicture | None = None


def commands_of(form: Form, before: Notice | None, book: Casebook, regimes: frozenset[str]) -> list[Command]:
    """Return what a form commands. `before`: its notice as the books have it; `regimes`: the operator's own.

    Raises Refused for a form about a notice that the books do not have and that it does not open.
    """
    notice, by = form.notice, Reporter(form.notice)
    country = form.country or (None if before is None else before.country)
    binding = regimes if country is None else regimes | {country}
    within = _Budget(form, before, book)
    commands: list[Command] = []
    if form.topic is not None:
        policy = book.policies.for_notice(form.topic, is_adult=False)
        is_within, came_at = within.of(policy), form.received_at
        commands.append(
            OpenNotice(
                notice, form.topic, policy.ref, country, form.links, binding, is_within, by,
                received_at=came_at, picture=_code_of(form, policy, book),
            )
        )  # fmt: skip
    elif form.links:
        commands.append(AddLinks(notice, form.links, binding, within.now(), by, form.received_at))
    if form.topic is None and before is not None:
        code = _code_of(form, book.policies.get(before.policy), book)
        commands += [] if code is None else [ClaimPicture(notice, code, by)]
    if form.relation is not None:
        commands.append(AnswerRelation(notice, form.relation, binding, within.now(), by))
    if form.age is not None:
        commands.append(AnswerAge(notice, form.age, binding, within.now(), by))
    if form.topic is None and form.country is not None:
        commands.append(AnswerCountry(notice, form.country, binding, within.now(), by))
    if form.way is not None:
        commands.append(AnswerWay(notice, form.way, by))
    if form.words is not None:
        again, facts = form.asks_again, form.brings_new_facts
        commands.append(ReceiveWords(notice, form.words, again, facts, by, form.received_at, form.signals))
    if form.is_sent:
        commands.append(SendNotice(notice, binding, within.now(), by))
    return commands


def sealed_links(
    notice: NoticeId, found: Iterable[tuple[str, Subject | LinkProblem]], sealer: Sealer
) -> tuple[tuple[Link, ...], tuple[SealedObject, ...]]:
    """Return a form's links, and the objects that hold what names nothing: that is words, and sealed."""
    links: list[Link] = []
    sealed: list[SealedObject] = []
    for text, place in found:
        if isinstance(place, Subject):
            links.append(PlacedLink(place, UNKNOWN_YET))
        else:
            sealed.append(sealer.seal(text.encode(), kind="words", owner=notice))
            links.append(UnplacedLink(SealedRef(sealed[-1].id), place))
    return tuple(links), tuple(sealed)


def _code_of(form: Form, policy: Policy, book: Casebook) -> PictureCode | None:
    """Return what a command says of the form's picture: all but the code itself."""
    if form.picture is None:
        return None
    is_within = budgets.is_within_for_claims(policy, form.network, book.now())
    return PictureCode(form.picture.claim, form.picture.quality, form.picture.pipeline, is_within)


class _Budget:
    """Whether one more automatic hide is within the hour's budget; each policy's is asked once."""

    def __init__(self, form: Form, before: Notice | None, book: Casebook) -> None:
        self._form, self._before, self._book = form, before, book
        self._known: dict[str, bool] = {}

    def of(self, policy: Policy) -> bool:
        if policy.ref not in self._known:
            self._known[policy.ref] = budgets.is_within(policy, self._form.network, self._book.now())
        return self._known[policy.ref]

    def now(self) -> bool:
        """Ask under the policy that the age said now, or known, leads to: that one would hide."""
        topic = self._form.topic or (None if self._before is None else self._before.topic)
        if topic is None:
            raise Refused("no_such_notice", "There is no report for this form.")
        known = None if self._before is None else self._before.settled_age or self._before.age
        is_adult = (self._form.age or known) is Age.ADULT
        return self.of(self._book.policies.for_notice(topic, is_adult=is_adult))
