"""The one way to a case, a notice and its sealed parts: each checks that it is not the person's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.refs import SealedRef
from amparo.console.member import Member
from amparo.plugins import installation, vault
from amparo.records import people, queues
from amparo.vault.client import OpenedStream
from amparo.vault.errors import VaultDamaged, VaultDown, VaultError


class NotNow(Exception):
    """The vault cannot open this now. The text is a sentence for the page; `is_away`: nothing else would open."""

    def __init__(self, sentence: str, *, is_away: bool = False) -> None:
        super().__init__(sentence)
        self.is_away = is_away


def case_for(member: Member, case_id: str) -> Case:
    """Return a case, but not to whoever posted or reported its subject: to them it does not exist."""
    case = installation().casebook.case(case_id)
    person = people.find(member.id)
    if case is None or person is None or case.owner in person.accounts or member.id in case.reported_by:
        raise Http404
    return case


def notice_for(member: Member, notice_id: str) -> Notice:
    """Return a notice, but not to somebody who posted or reported anything that it names."""
    notice = installation().casebook.notice(notice_id)
    if notice is None or queues.is_own_notice(member.id, notice_id):
        raise Http404
    return notice


def has_in_hand(member: Member, case: Case) -> bool:
    """Whether this person has opened the case for review and nobody else could open it now."""
    return people.has_claimed(case.id, member.id, installation().casebook.now())


@contextmanager
def opened(member: Member, purpose: str, sealed: SealedRef) -> Iterator[OpenedStream]:
    """Open sealed bytes; the access is on record before the first one. Raises NotNow with a sentence."""
    with _sentences():
        stream = vault("console").stream_for(member.name, purpose, sealed)
    with stream:
        yield stream


def text_of(member: Member, purpose: str, sealed: SealedRef) -> str:
    """Return a sealed text. Raises NotNow with a sentence."""
    with _sentences():
        return vault("console").open_for(member.name, purpose, sealed).decode("utf-8", "replace")


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except VaultDown as error:
        raise NotNow(
            "The vault does not answer at the moment, so this cannot be opened. Try again soon.", is_away=True
        ) from error
    except VaultDamaged as error:
        raise NotNow("What the vault keeps here is damaged. Tell whoever runs this installation.") from error
    except VaultError as error:
        raise NotNow("The vault does not open this for you. Tell a lead if you should see it.") from error
