"""What a reporter may do, each as one form: what it commands and what the budgets say is asked in `records.forms`.

A reporter's words and unplaced links are sealed before the command that names them; the command's transaction holds
their rows.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from amparo.cases.actor import Reporter
from amparo.cases.case import Case
from amparo.cases.claim_commands import RenewClaim, WithdrawClaim
from amparo.cases.notice import Notice
from amparo.cases.notice_commands import Link
from amparo.cases.refs import CaseId, ClaimId, NoticeId, SealedRef
from amparo.cases.words import Age, Relation, Way
from amparo.plugins import installation, other_sites, sealer
from amparo.policies.elements import Element
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.public.answers import NOT_ASKED, Answers
from amparo.public.language_shown import shown
from amparo.public.links import Pasted
from amparo.records import codes
from amparo.records.casebook import Enclosed, Intake
from amparo.records.forms import Form, commands_of, sealed_links
from amparo.records.picture_claims import ClaimedPicture
from amparo.records.spooled import notice_of
from amparo.signals import heard
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
    notice = notice_of(intake.key, intake.body_sha256, here.casebook.now(), settings.SECRET_KEY)
    links, sealed = _links(notice, pasted)
    form = Form(
        notice, network, topic, links, answers.relation, answers.age, answers.country, answers.way, is_sent=is_sent
    )
    commands = commands_of(replace(form, language=shown()), None, here.casebook, here.regimes)
    code = codes.new_code(os.urandom) if is_sent and answers.way is not Way.NOT_AT_ALL else None
    enclosed = replace(_with(code), sealed=sealed, network=network)
    done = here.casebook.execute(commands, intake=intake, enclosed=enclosed)
    states = [change.state for change in done.changes]
    opened = next((state for state in states if isinstance(state, Notice)), None)
    if opened is None and done.notice is not None:
        opened = here.casebook.notice(done.notice)
    return Taken(opened, {state.id: state for state in states if isinstance(state, Case)}, code)


def open_by_picture(picture: ClaimedPicture, intake: Intake, network: str, answers: Answers) -> Taken:
    """Open a notice by the code of a picture that is not posted yet, and send it. Raises KeyReused.

    The same again is answered by the same notice, with a further code to come back.
    """
    here = installation()
    notice = notice_of(intake.key, intake.body_sha256, here.casebook.now(), settings.SECRET_KEY)
    form = Form(
        notice, network, Topic.SEXUAL_PICTURE, (), answers.relation, answers.age, answers.country, is_sent=True,
        picture=picture,
    )  # fmt: skip
    code = codes.new_code(os.urandom)
    enclosed = replace(_with(code), network=network, picture=picture)
    commands = commands_of(form, None, here.casebook, here.regimes)
    done = here.casebook.execute(commands, intake=intake, enclosed=enclosed)
    return Taken(None if done.notice is None else here.casebook.notice(done.notice), {}, code)


def claim_picture(notice: Notice, picture: ClaimedPicture, intake: Intake, network: str) -> None:
    """Put the code of a picture that is not posted yet on a notice."""
    _execute(notice, Form(notice.id, network, picture=picture), Enclosed(picture=picture), intake)


def renew_claim(notice: Notice, claim: ClaimId) -> None:
    """Let a code go on, and let every code that opens this notice open it for as long."""
    here = installation()
    here.casebook.execute(RenewClaim(notice.id, claim, Reporter(notice.id)))
    codes.extend(notice.id, here.casebook.now())


def withdraw_claim(notice: Notice, claim: ClaimId) -> None:
    """End a code, and delete it."""
    installation().casebook.execute(WithdrawClaim(notice.id, claim, Reporter(notice.id)))


def add_links(notice: Notice, pasted: Sequence[Pasted], intake: Intake, network: str) -> None:
    """Put further links on a notice."""
    links, sealed = _links(notice.id, pasted)
    _execute(notice, Form(notice.id, network, links=links), Enclosed(sealed=sealed), intake)


def answer_relation(notice: Notice, relation: Relation, network: str) -> None:
    """Say who is in the picture."""
    _execute(notice, Form(notice.id, network, relation=relation))


def answer_age(notice: Notice, age: Age, network: str) -> None:
    """Say whether the person was under 18. Raises Refused where a child's report would become an adult's."""
    _execute(notice, Form(notice.id, network, age=age))


def answer_country(notice: Notice, country: str, network: str) -> None:
    """Say from which country the reporter writes: its law applies from now on, too."""
    _execute(notice, Form(notice.id, network, country=country))


def answer_way(notice: Notice, way: Way, network: str) -> None:
    """Say how the reporter wants to hear from us."""
    _execute(notice, Form(notice.id, network, way=way))


def send(notice: Notice, network: str) -> str | None:
    """Send the notice and return its code, which nobody can ever read again; None where no answer is wanted.

    Sent twice, it is sent once, and the second time gives a further code.
    """
    code = None if notice.way is Way.NOT_AT_ALL else codes.new_code(os.urandom)
    _execute(notice, Form(notice.id, network, is_sent=True), _with(code))
    return code


def write(
    notice: Notice,
    words: str,
    intake: Intake,
    network: str,
    *,
    asks_again: bool = False,
    brings_new_facts: bool = False,
) -> None:
    """Give us words, sealed."""
    sealed = sealer().seal(words.encode(), kind="words", owner=notice.id)
    written = SealedRef(sealed.id)
    form = Form(
        notice.id,
        network,
        words=written,
        signals=heard(words),
        asks_again=asks_again,
        brings_new_facts=brings_new_facts,
    )
    _execute(notice, form, Enclosed(sealed=(sealed,)), intake)


def tell_facts(notice: Notice, told: frozenset[Signal], words: str, intake: Intake, network: str) -> None:
    """Tell facts; `words` about them, empty where there are none, are sealed and read by a person like any message."""
    sealed = () if not words else (sealer().seal(words.encode(), kind="words", owner=notice.id),)
    written = SealedRef(sealed[0].id) if sealed else None
    _execute(notice, Form(notice.id, network, told=told, words=written), Enclosed(sealed=sealed), intake)


def give_elements(
    notice: Notice, elements: frozenset[Element], contact: str, words: str, intake: Intake, network: str
) -> None:
    """Give what a law asks of a notice. Raises Refused where it may be about a child: then no name is taken."""
    contacts = () if not contact else (sealer().seal(contact.encode(), kind="contact", owner=notice.id),)
    written = () if not words else (sealer().seal(words.encode(), kind="words", owner=notice.id),)
    form = Form(
        notice.id,
        network,
        words=SealedRef(written[0].id) if written else None,
        signals=heard(words) if words else frozenset(),
        elements=elements,
        contact=SealedRef(contacts[0].id) if contacts else None,
    )
    _execute(notice, form, Enclosed(sealed=(*contacts, *written)), intake)


def _execute(notice: Notice, form: Form, enclosed: Enclosed | None = None, intake: Intake | None = None) -> None:
    here = installation()
    form = replace(form, language=shown())
    commands = commands_of(form, notice, here.casebook, here.regimes)
    enclosed = replace(enclosed or Enclosed(), network=form.network)
    here.casebook.execute(commands, intake=intake, enclosed=enclosed)


def _links(notice: NoticeId, pasted: Sequence[Pasted]) -> tuple[tuple[Link, ...], tuple[SealedObject, ...]]:
    return sealed_links(notice, ((each.text, each.found) for each in pasted), sealer(), other_sites())


def _with(code: str | None) -> Enclosed:
    """Return what puts a code's hash beside a command."""
    if code is None:
        return Enclosed()
    return Enclosed(code_sha256=codes.hash_of(code), code_expires_at=installation().casebook.now() + codes.VALID_FOR)
