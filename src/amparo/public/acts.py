"""What a reporter may do, each as one command: the rules, budgets and books are asked elsewhere.

A reporter's words and unplaced links are sealed before the command that names them; the command's transaction holds
their rows.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from amparo.cases.actor import Reporter
from amparo.cases.case import Case
from amparo.cases.commands import Command
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import (
    AddLinks,
    AnswerAge,
    AnswerCountry,
    AnswerRelation,
    AnswerWay,
    Link,
    OpenNotice,
    PlacedLink,
    ReceiveWords,
    SendNotice,
    UnplacedLink,
)
from amparo.cases.refs import CaseId, NoticeId, SealedRef
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Way
from amparo.plugins import installation, sealer
from amparo.policies.policy import Policy, Topic
from amparo.public.answers import NOT_ASKED, Answers
from amparo.public.links import Pasted
from amparo.records import budgets, codes
from amparo.records.casebook import Enclosed, Intake
from amparo.records.spooled import notice_of
from amparo.vault.sealed import SealedObject


@dataclass(frozen=True)
class Taken:
    """A report as it was taken in. `cases` holds those that this has changed; `code` is None where none is given."""

    notice: Notice | None
    cases: Mapping[CaseId, Case]
    code: str | None = None


def open_notice(
    topic: Topic,
    pasted: Sequence[Pasted],
    intake: Intake,
    network: str,
    answers: Answers = NOT_ASKED,
    *,
    is_sent: bool = False,
) -> Taken:
    """Open a notice with all its links and the answers that came along, and send it if that was asked: in one step.

    Raises KeyReused for a key that came with another body. The same again is answered by the same notice, with a
    further code if it is sent.
    """
    here = installation()
    policy = here.policies.for_notice(topic, is_adult=False)
    notice = notice_of(intake.key, intake.body_sha256, here.casebook.now(), settings.SECRET_KEY)
    links, sealed = _links(notice, pasted)
    binding = here.regimes if answers.country is None else here.regimes | {answers.country}
    within, by = _is_within(policy, network), Reporter(notice)
    commands: list[Command] = [
        OpenNotice(notice, topic, policy.ref, answers.country, links, binding, within, by),
    ]
    if answers.relation is not None:
        commands.append(AnswerRelation(notice, answers.relation, binding, within, by))
    if answers.age is not None:
        commands.append(AnswerAge(notice, answers.age, binding, within, by))
    if answers.way is not None:
        commands.append(AnswerWay(notice, answers.way, by))
    if is_sent:
        if answers.age is Age.ADULT:
            within = _is_within(here.policies.for_notice(topic, is_adult=True), network)
        commands.append(SendNotice(notice, binding, within, by))
    code = codes.new_code(os.urandom) if is_sent and answers.way is not Way.NOT_AT_ALL else None
    enclosed = replace(_with(code), sealed=sealed, network=network)
    done = here.casebook.execute(commands, intake=intake, enclosed=enclosed)
    states = [change.state for change in done.changes]
    opened = next((state for state in states if isinstance(state, Notice)), None)
    if opened is None and done.notice is not None:
        opened = here.casebook.notice(done.notice)
    return Taken(opened, {state.id: state for state in states if isinstance(state, Case)}, code)


def add_links(notice: Notice, pasted: Sequence[Pasted], intake: Intake, network: str) -> None:
    """Put further links on a notice."""
    links, sealed = _links(notice.id, pasted)
    command = AddLinks(notice.id, links, regimes(notice), _budget(notice, network), Reporter(notice.id))
    installation().casebook.execute(command, intake=intake, enclosed=Enclosed(sealed=sealed, network=network))


def answer_relation(notice: Notice, relation: Relation, network: str) -> None:
    """Say who is in the picture."""
    command = AnswerRelation(notice.id, relation, regimes(notice), _budget(notice, network), Reporter(notice.id))
    installation().casebook.execute(command, enclosed=Enclosed(network=network))


def answer_age(notice: Notice, age: Age, network: str) -> None:
    """Say whether the person was under 18. Raises Refused where a child's report would become an adult's."""
    command = AnswerAge(notice.id, age, regimes(notice), _budget(notice, network), Reporter(notice.id))
    installation().casebook.execute(command, enclosed=Enclosed(network=network))


def answer_country(notice: Notice, country: str, network: str) -> None:
    """Say from which country the reporter writes: its law applies from now on, too."""
    binding = installation().regimes | {country}
    command = AnswerCountry(notice.id, country, binding, _budget(notice, network), Reporter(notice.id))
    installation().casebook.execute(command, enclosed=Enclosed(network=network))


def answer_way(notice: Notice, way: Way) -> None:
    """Say how the reporter wants to hear from us."""
    installation().casebook.execute(AnswerWay(notice.id, way, Reporter(notice.id)))


def send(notice: Notice, network: str) -> str | None:
    """Send the notice and return its code, which nobody can ever read again; None where no answer is wanted.

    Sent twice, it is sent once, and the second time gives a further code.
    """
    here = installation()
    command = SendNotice(notice.id, regimes(notice), _budget(notice, network), Reporter(notice.id))
    if notice.way is Way.NOT_AT_ALL:
        here.casebook.execute(command, enclosed=Enclosed(network=network))
        return None
    code = codes.new_code(os.urandom)
    here.casebook.execute(command, enclosed=replace(_with(code), network=network))
    return code


def write(
    notice: Notice, words: str, intake: Intake, *, asks_again: bool = False, brings_new_facts: bool = False
) -> None:
    """Give us words, sealed."""
    sealed = sealer().seal(words.encode(), kind="words", owner=notice.id)
    command = ReceiveWords(notice.id, SealedRef(sealed.id), asks_again, brings_new_facts, Reporter(notice.id))
    installation().casebook.execute(command, intake=intake, enclosed=Enclosed(sealed=(sealed,)))


def regimes(notice: Notice) -> frozenset[str]:
    """Return the countries whose law applies to a notice: the operator's, and the one the reporter named."""
    named = frozenset() if notice.country is None else frozenset({notice.country})
    return installation().regimes | named


def _links(notice: NoticeId, pasted: Sequence[Pasted]) -> tuple[tuple[Link, ...], tuple[SealedObject, ...]]:
    links: list[Link] = []
    sealed: list[SealedObject] = []
    for each in pasted:
        if isinstance(each.found, LinkProblem):
            sealed.append(sealer().seal(each.text.encode(), kind="words", owner=notice))
            links.append(UnplacedLink(SealedRef(sealed[-1].id), each.found))
        else:
            links.append(PlacedLink(each.found, UNKNOWN_YET))
    return tuple(links), tuple(sealed)


def _with(code: str | None) -> Enclosed:
    """Return what puts a code's hash beside a command."""
    if code is None:
        return Enclosed()
    return Enclosed(code_sha256=codes.hash_of(code), code_expires_at=installation().casebook.now() + codes.VALID_FOR)


def _budget(notice: Notice, network: str) -> bool:
    is_adult = (notice.settled_age or notice.age) is Age.ADULT
    return _is_within(installation().policies.for_notice(notice.topic, is_adult=is_adult), network)


def _is_within(policy: Policy, network: str) -> bool:
    return budgets.is_within(policy, network, installation().casebook.now())
