"""Puts what a program sent into the books, by the commands that the door gives, and says what became of each link.

The answer is made of what was sent and of nothing else that anybody knows: whether somebody else has reported the same
post is in none of it. So the same request gives the same answer, and nothing of it has to be kept.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from amparo.api.callers import Caller
from amparo.api.notices.sending import Sending, must_be_covered, place
from amparo.cases.notice import Notice
from amparo.cases.refs import NoticeId, SealedRef, Subject
from amparo.cases.words import Age, LinkProblem, Way
from amparo.plugins import installation, sealer
from amparo.policies.signal import Signal
from amparo.records import codes
from amparo.records.api_keys import Scope
from amparo.records.casebook import Enclosed, Intake, SentBy
from amparo.records.forms import Form, commands_of, sealed_links
from amparo.records.spooled import notice_of
from amparo.signals import heard

ACCEPTED, JOINED, UNKNOWN, INVALID = "accepted", "joined", "unknown", "invalid"
_REASONS = {
    LinkProblem.NOT_A_LINK: "not_a_link",
    LinkProblem.FOREIGN: "another_site",
    LinkProblem.UNKNOWN_PLACE: "no_such_place",
}


@dataclass(frozen=True)
class LinkTaken:
    """What became of one link. `reason` says why a person has to place it, or why it was not taken."""

    link: str
    result: str
    subject: Subject | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Taken:
    """A notice as it was taken in. `is_replay`: the same had come before, and nothing was changed."""

    notice: NoticeId
    links: tuple[LinkTaken, ...]
    code: str | None
    is_replay: bool


def intake_of(caller: Caller, what: str, key: str | None, body: object) -> Intake:
    """Return under what a request is taken: the sender's own key for it, or one that nobody else has."""
    named = json.dumps([caller.sender, what, key or str(uuid.uuid4())])
    said = json.dumps(body, sort_keys=True)
    return Intake(f"api:{hashlib.sha256(named.encode()).hexdigest()}", hashlib.sha256(said.encode()).hexdigest())


def open_notice(sent: Sending, caller: Caller, intake: Intake, *, has_key: bool) -> Taken:
    """Open a notice and send it, in one step. Raises KeyReused, Refused, and ApiError for a topic without a policy.

    `has_key`: the request brought a key, so that it gets the same code when it comes again.
    """
    must_be_covered(sent.topic)
    here = installation()
    notice = notice_of(intake.key, intake.body_sha256, here.casebook.now(), settings.SECRET_KEY)
    links, sealed = sealed_links(notice, _placed(sent.links), sealer())
    words = None
    if sent.words:
        letter = sealer().seal(sent.words.encode(), kind="words", owner=notice)
        words, sealed = SealedRef(letter.id), (*sealed, letter)
    network = network_of(caller, sent.network)
    form = Form(
        notice, network, sent.topic, links, sent.relation, sent.age, sent.country, sent.way, words,
        heard(sent.words), vouched=vouched_by(caller), is_sent=True,
    )  # fmt: skip
    code = None if sent.way is Way.NOT_AT_ALL else codes.new_code(_draw(caller, intake) if has_key else os.urandom)
    enclosed = Enclosed(
        sealed, None if code is None else codes.hash_of(code),
        None if code is None else here.casebook.now() + codes.VALID_FOR, network,
        sent_by=SentBy(caller.sender, sent.reference) if caller.sender else None,
    )  # fmt: skip
    done = here.casebook.execute(commands_of(form, None, here.casebook, here.regimes), intake=intake, enclosed=enclosed)
    return Taken(done.notice or notice, told_of(sent.links), code, done.is_replay)


def add_links(notice: Notice, texts: Iterable[str], caller: Caller, intake: Intake) -> Taken:
    """Put further links on a notice. Raises KeyReused and Refused."""
    here, texts = installation(), tuple(texts)
    links, sealed = sealed_links(notice.id, _placed(texts), sealer())
    form = Form(notice.id, network_of(caller), links=links, vouched=vouched_by(caller))
    commands = commands_of(form, notice, here.casebook, here.regimes)
    done = here.casebook.execute(commands, intake=intake, enclosed=Enclosed(sealed, network=form.network))
    return Taken(notice.id, told_of(texts), None, done.is_replay)


def write(
    notice: Notice, words: str, caller: Caller, intake: Intake, *, asks_again: bool, brings_new_facts: bool
) -> bool:
    """Give us words, sealed; return whether the same had come before. Raises KeyReused and Refused."""
    here = installation()
    letter = sealer().seal(words.encode(), kind="words", owner=notice.id)
    form = Form(
        notice.id, network_of(caller), words=SealedRef(letter.id), signals=heard(words), asks_again=asks_again,
        brings_new_facts=brings_new_facts, vouched=vouched_by(caller),
    )  # fmt: skip
    commands = commands_of(form, notice, here.casebook, here.regimes)
    enclosed = Enclosed((letter,), network=form.network)
    return here.casebook.execute(commands, intake=intake, enclosed=enclosed).is_replay


def say_more(notice: NoticeId, sent: Sending, caller: Caller, intake: Intake) -> None:
    """Give a notice what a later one of the same link says: its words, and that it is about a child.

    Raises KeyReused and Refused. Another answer is left alone: it may be graver and never lighter.
    """
    here = installation()
    age = Age.CHILD if sent.age is Age.CHILD else None
    before = here.casebook.notice(notice)
    vouched = vouched_by(caller)
    if before is None or (not sent.words and (age is None or before.age is Age.CHILD) and vouched <= before.signals):
        return
    letter = sealer().seal(sent.words.encode(), kind="words", owner=notice) if sent.words else None
    form = Form(
        notice, network_of(caller), age=age, words=None if letter is None else SealedRef(letter.id),
        signals=heard(sent.words), vouched=vouched,
    )  # fmt: skip
    commands = commands_of(form, before, here.casebook, here.regimes)
    enclosed = Enclosed(() if letter is None else (letter,), network=form.network)
    here.casebook.execute(commands, intake=intake, enclosed=enclosed)


def told_of(texts: Iterable[str]) -> tuple[LinkTaken, ...]:
    """Return what becomes of some links of one notice: one that stands there twice joins the first."""
    told: list[LinkTaken] = []
    seen: set[object] = set()
    for text in texts:
        found = place(text)
        subject = found if isinstance(found, Subject) else None
        reason = None if isinstance(found, Subject) else _REASONS[found]
        result = ACCEPTED if subject is not None else UNKNOWN
        if (subject or text) in seen:
            result = JOINED
        seen.add(subject or text)
        told.append(LinkTaken(text, result, subject, reason))
    return tuple(told)


def network_of(caller: Caller, network: str = "") -> str:
    """Return the network whose budget of automatic hides a notice uses: a keyed hash, as at the door.

    A sender is one network, or as many as it says. One that may send in bulk was vouched for by the operator, and
    only the budget of all counts for it: fifty hides an hour would leave the rest of a hotline's list in the open.
    """
    if Scope.BULK in caller.may:
        return ""
    key = f"amparo.api.network:{settings.SECRET_KEY}".encode()
    return hmac.new(key, json.dumps([caller.sender, network]).encode(), hashlib.sha256).hexdigest()


def vouched_by(caller: Caller) -> frozenset[Signal]:
    """Return what a caller's key says of its sender that raises the priority of what it brings."""
    return frozenset({Signal.TRUSTED_FLAGGER} if Scope.TRUSTED_FLAGGER in caller.may else ())


def _placed(texts: Iterable[str]) -> Iterable[tuple[str, Subject | LinkProblem]]:
    """Return each link once, with what it names."""
    found: dict[object, tuple[str, Subject | LinkProblem]] = {}
    for text in texts:
        named = place(text)
        found.setdefault(named if isinstance(named, Subject) else text, (text, named))
    return found.values()


def _draw(caller: Caller, intake: Intake) -> Callable[[int], bytes]:
    """Return what draws the code of a request that may come again: the same each time, and kept nowhere.

    It takes our secret and the caller's key, of which we have the hash alone: neither disk nor database give it away.
    """
    secret = f"amparo.api.code:{settings.SECRET_KEY}".encode() + caller.proof
    drawn = hmac.new(secret, f"{intake.key}:{intake.body_sha256}".encode(), hashlib.sha512).digest()
    return lambda count: drawn[:count]
