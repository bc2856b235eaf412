"""The only writer of cases and notices: one command, one transaction, then it is acknowledged.

In that transaction: the events, the folded rows, the effects, the clocks, the reporter's sealed words and code, and
the job that says "look now". Rows are locked notice first, then its links' cases in the order of their ids, then the
case of an account that is sanctioned with one. Where two still meet head-on, the database refuses one, tried again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction

from amparo.cases.case import Case
from amparo.cases.commands import Command
from amparo.cases.events import Entry
from amparo.cases.evolve import fold
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, fold_notice
from amparo.cases.notice_commands import NoticeCommand, OpenNotice
from amparo.cases.refs import CaseId, NoticeId, new_id
from amparo.cases.transaction import Done, Intake, KeyReused, as_sequence, decide_in_turn
from amparo.policies.policy import PolicyBook
from amparo.records import codec, models, people
from amparo.records.picture_claims import ClaimedPicture
from amparo.records.rows import Rows
from amparo.records.statements import ask
from amparo.records.writes import SentBy, Writes
from amparo.vault.sealed import SealedObject

__all__ = ["Casebook", "Done", "Enclosed", "Intake", "KeyReused", "SentBy"]

log = logging.getLogger(__name__)

_TRIES = 5
_DEADLOCK, _SERIALIZATION = "40P01", "40001"
_TAKE = """
INSERT INTO records_intake (key, body_sha256, notice, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING key
"""
_TAKEN = "SELECT body_sha256, notice FROM records_intake WHERE key = %s"


@dataclass(frozen=True)
class Enclosed:
    """Rows that belong in the command's transaction: sealed objects, a code's hash, the reporter's network.

    `picture`: the code of a claimed picture. `sent_by`: whose program sent the notice, where it came by the API.
    """

    sealed: tuple[SealedObject, ...] = ()
    code_sha256: str | None = None
    code_expires_at: datetime | None = None
    network: str | None = None
    picture: ClaimedPicture | None = None
    sent_by: SentBy | None = None


class Casebook:
    """The books of one installation. Time, randomness and the job queue are passed in."""

    def __init__(
        self,
        policies: PolicyBook,
        now: Callable[[], datetime],
        draw: Callable[[int], bytes],
        look_now: Callable[[str], None],
    ) -> None:
        self.policies, self.now, self._draw, self._look_now = policies, now, draw, look_now

    def with_jobs(self, look_now: Callable[[str], None]) -> "Casebook":
        """Return these books with another way of saying "look now"."""
        return Casebook(self.policies, lambda: self.now(), self._draw, look_now)

    def new_notice_id(self) -> NoticeId:
        """Return an id for a notice about to be opened."""
        return NoticeId(new_id("notice", self._draw(16)))

    def execute(
        self,
        command: Command | Sequence[Command],
        *,
        intake: Intake | None = None,
        enclosed: Enclosed | None = None,
    ) -> Done:
        """Carry a command out, durably once this returns. Raises Refused or KeyReused, and then nothing changed.

        Several commands of one notice go together: all of them, each upon the one before it, or none.

        The same intake key and body again is answered as before (`is_replay`) and changes nothing but the code: a
        code's secret is kept nowhere, so a repeated form gets a further one.
        """
        commands = as_sequence(command)
        for attempt in range(_TRIES):
            try:
                with transaction.atomic():
                    return self._execute(commands, intake, enclosed or Enclosed())
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in (_DEADLOCK, _SERIALIZATION) or attempt == _TRIES - 1:
                    raise
                log.info("a command met another one and is tried again")
        raise AssertionError("The loop above returns or raises.")

    def case(self, case_id: str) -> Case | None:
        """Return a case as it is now, without locking it."""
        state = models.Case.objects.filter(id=case_id).values_list("state", flat=True).first()
        return None if state is None else codec.from_json(Case, state)

    def notice(self, notice_id: str) -> Notice | None:
        """Return a notice as it is now, without locking it."""
        state = models.Notice.objects.filter(id=notice_id).values_list("state", flat=True).first()
        return None if state is None else codec.from_json(Notice, state)

    def entries(self, aggregate: str, seq: int | None = None) -> tuple[Entry, ...]:
        """Return the events of a case or notice in their order, or the one with that number."""
        rows = models.Event.objects.filter(aggregate=aggregate).order_by("seq")
        if seq is not None:
            rows = rows.filter(seq=seq)
        return tuple(codec.entry_from_row(row) for row in rows.values("seq", "at", "actor", "policy", "type", "body"))

    def refold(self, aggregate: str) -> bool:
        """Return whether folding the events of a case or notice gives the stored state (law c)."""
        entries = self.entries(aggregate)
        if aggregate.startswith("notice_"):
            stored = models.Notice.objects.values_list("state", flat=True).get(id=aggregate)
            return bool(codec.to_json(fold_notice(NoticeId(aggregate), entries)) == stored)
        stored = models.Case.objects.values_list("state", flat=True).get(id=aggregate)
        return bool(codec.to_json(fold(CaseId(aggregate), entries)) == stored)

    def _execute(self, commands: Sequence[Command], intake: Intake | None, enclosed: Enclosed) -> Done:
        now = self.now()
        writes = Writes(self.policies, now)
        notice = commands[0].notice if isinstance(commands[0], NoticeCommand) else None
        if intake is not None:
            if notice is None:
                raise TypeError("Only a notice's commands come by a form with a key.")
            earlier = _taken_before(intake, notice, now)
            if earlier is not None:
                _add_code(writes, earlier, enclosed)
                writes.send()
                return Done((), earlier, is_replay=True)
        rows = Rows(self._draw)
        if notice is not None and isinstance(commands[0], OpenNotice):
            rows.reserve_notice(notice)
        changes = decide_in_turn(commands, rows, Facts(self.policies, people.staffing()), now)
        waiting = writes.changes(changes, rows.new, enclosed.network)
        writes.picture(changes, enclosed.picture, enclosed.network)
        writes.sealed(enclosed.sealed)
        if notice is not None and enclosed.sent_by is not None:
            writes.sent_by(enclosed.sent_by, notice)
        writes.messages(changes)
        if notice is not None:
            _add_code(writes, notice, enclosed)
        writes.send()
        for aggregate in waiting:
            self._look_now(aggregate)
        return Done(changes, notice)


def _taken_before(intake: Intake, notice: NoticeId, now: datetime) -> NoticeId | None:
    """Take the key, or return the notice that came under it before. Two at once: the second waits for the first."""
    if ask(_TAKE, [intake.key, intake.body_sha256, notice, now]):
        return None
    ((body_sha256, earlier),) = ask(_TAKEN, [intake.key])
    if body_sha256 != intake.body_sha256:
        raise KeyReused("This form was sent before with other answers. Go back, reload the page and send again.")
    return NoticeId(earlier)


def _add_code(writes: Writes, notice: NoticeId, enclosed: Enclosed) -> None:
    if enclosed.code_sha256 is not None and enclosed.code_expires_at is not None:
        writes.code(enclosed.code_sha256, notice, enclosed.code_expires_at)
