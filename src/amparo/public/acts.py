"""What a reporter may do, each as one command: the rules, budgets and books are asked elsewhere.

A reporter's words and unplaced links are sealed before the command that names them; the command's transaction holds
their rows.
"""

import os
from collections.abc import Sequence

from django.conf import settings

from amparo.cases.actor import Reporter
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
from amparo.cases.refs import NoticeId, SealedRef
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, LinkProblem, Relation, Way
from amparo.plugins import installation, sealer
from amparo.policies.policy import Policy, Topic
from amparo.public.links import Pasted
from amparo.records import budgets, codes
from amparo.records.casebook import Done, Enclosed, Intake
from amparo.records.spooled import notice_of
from amparo.vault.sealed import SealedObject


def open_notice(topic: Topic, pasted: Sequence[Pasted], intake: Intake, network: str) -> Done:
    """Open a notice with all its links. Raises KeyReused for a key that came with another body."""
    here = installation()
    policy = here.policies.for_notice(topic, is_adult=False)
    notice = notice_of(intake.key, intake.body_sha256, here.casebook.now(), settings.SECRET_KEY)
    links, sealed = _links(notice, pasted)
    command = OpenNotice(
        notice, topic, policy.ref, None, links, here.regimes, _is_within(policy, network), Reporter(notice)
    )
    return here.casebook.execute(command, intake=intake, enclosed=Enclosed(sealed=sealed, network=network))


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
    expires_at = here.casebook.now() + codes.VALID_FOR
    here.casebook.execute(
        command,
        enclosed=Enclosed(code_sha256=codes.hash_of(code), code_expires_at=expires_at, network=network),
    )
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


def _budget(notice: Notice, network: str) -> bool:
    is_adult = (notice.settled_age or notice.age) is Age.ADULT
    return _is_within(installation().policies.for_notice(notice.topic, is_adult=is_adult), network)


def _is_within(policy: Policy, network: str) -> bool:
    return budgets.is_within(policy, network, installation().casebook.now())
