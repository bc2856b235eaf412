"""A case as one card of the queue. Two cases that differ only in votes and looks give the same card."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Staffing
from amparo.cases.case import Case
from amparo.cases.words import Wanted, WhyRound
from amparo.console import enough, wording
from amparo.plugins import installation
from amparo.policies.policy import Lane, PolicyBook
from amparo.policies.signal import IN_WORDS
from amparo.records.queues import Waiting


@dataclass(frozen=True)
class Tag:
    words: str
    is_hot: bool = False


@dataclass(frozen=True)
class Card:
    """What a card says. `urgency` is breach, soon or calm."""

    id: str
    left: str
    urgency: str
    what: str
    about: str
    tags: tuple[Tag, ...]


def card_of(waiting: Waiting, policies: PolicyBook, staffing: Staffing, now: datetime) -> Card:
    """Return the card of a waiting case."""
    case = waiting.case
    return Card(
        id=case.id,
        left=wording.left(waiting.look_by, now),
        urgency=wording.urgency(waiting.look_by, now),
        what=what_of(case),
        about=about_of(case),
        tags=tags_of(case, policies, staffing, is_over_budget=waiting.is_over_budget),
    )


def what_of(case: Case) -> str:
    """Return what is shown: the kind of thing and its files, as far as they are fetched."""
    parts = () if case.content is None else case.content.parts
    kinds = {"image": "picture", "video": "video", "text": "text"}
    counted = [
        wording.count(sum(part.media_type.startswith(f"{kind}/") for part in parts), name)
        for kind, name in kinds.items()
        if any(part.media_type.startswith(f"{kind}/") for part in parts)
    ]
    what = wording.KINDS[case.subject.kind]
    return f"{what}: {', '.join(counted)}" if counted else what


def about_of(case: Case) -> str:
    """Return whom it is about and, where somebody is shown, who says so."""
    if case.notices == 0 or case.lane is Lane.ORDINARY:
        return wording.LANES[case.lane]
    return f"{wording.LANES[case.lane]}, said by {wording.said_by(case)}"


def tags_of(case: Case, policies: PolicyBook, staffing: Staffing, *, is_over_budget: bool) -> tuple[Tag, ...]:
    """Return what else a person should know before opening the case."""
    state = wording.on_the_platform(case, installation().capabilities_of(case.subject.platform))
    tags = [Tag(state, is_hot=state.startswith("NOT"))]
    if case.lane is not Lane.ORDINARY:
        tags.append(Tag(f"{case.lane.name.lower()} lane", is_hot=case.lane is Lane.CHILD))
    if case.notices:
        tags.append(Tag(wording.count(case.notices, "report")))
    elif case.is_only_like:
        nearest = min(case.likenesses, key=lambda each: (not each.is_exact, each.distance))
        tags.append(Tag("the same file as something known" if nearest.is_exact else "like something known"))
    elif case.subject.is_account:
        tags.append(Tag("something of it was removed"))
    else:
        tags.append(Tag("its account was reported"))
    for signal, words in wording.SIGNALS.items():
        if signal in case.signals:
            tags.append(Tag(f"said: {words}" if signal in IN_WORDS else words, is_hot=signal in IN_WORDS))
    tags += [Tag(policies.get(ground.policy).title) for ground in case.open_grounds]
    if is_over_budget and case.wanted is Wanted.SHOWN:
        tags.append(Tag("not hidden: over budget", is_hot=True))
    if case.is_only_asked and case.wanted is Wanted.SHOWN:
        tags.append(Tag("stays shown until you decide: its bank only asks"))
    if case.round is not None and case.round.why is not WhyRound.NOTICE:
        again = " again" if case.round.number > 1 else ""
        tags.append(Tag(f"opened{again} by {wording.ROUNDS[case.round.why]}", is_hot=bool(again)))
    if case.exposure is not None and case.exposure.views_read:
        tags.append(Tag(f"{case.exposure.views_read:,} view{'' if case.exposure.views_read == 1 else 's'}"))
    if enough.of_case(case, policies, staffing):
        tags.append(Tag("not enough people", is_hot=True))
    return tuple(tags)
