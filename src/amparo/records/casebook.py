"""The only writer of cases and notices: one command, one transaction, then it is acknowledged.

In that transaction: the events, the folded rows, the effects, the clocks, the reporter's sealed words and code, and
the job that says "look now". Rows are locked notice first, then its links' cases in the order of their ids, then the
case of an account that is sanctioned with one. Where two still meet head-on, the database refuses one, tried again.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

from amparo.cases.case import Case
from amparo.cases.case_events import HideRequested, NoticeJoined, Observed
from amparo.cases.commands import Command
from amparo.cases.effects import VISIBLE, Effect, effects_of
from amparo.cases.events import Entry
from amparo.cases.evolve import fold
from amparo.cases.facts import Facts
from amparo.cases.notice import Notice, fold_notice
from amparo.cases.notice_commands import NoticeCommand, OpenNotice
from amparo.cases.notice_events import LetterSent, WordsReceived
from amparo.cases.refs import CaseId, NoticeId, Subject, new_id
from amparo.cases.transaction import Change, Done, Intake, KeyReused, decide_all
from amparo.cases.words import WhyHide
from amparo.policies.policy import ClockName, PolicyBook
from amparo.records import budgets, codec, codes, models, people
from amparo.vault.sealed import SealedObject

__all__ = ["Casebook", "Done", "Enclosed", "Intake", "KeyReused"]

log = logging.getLogger(__name__)

_TRIES = 5
_COUNTED = {WhyHide.REPORT: "", WhyHide.ACCOUNT_REPORTED: budgets.MEDIA}
_DEADLOCK, _SERIALIZATION = "40P01", "40001"


@dataclass(frozen=True)
class Enclosed:
    """Rows that belong in the command's transaction: sealed objects, a code's hash, the reporter's network."""

    sealed: tuple[SealedObject, ...] = ()
    code_sha256: str | None = None
    code_expires_at: datetime | None = None
    network: str | None = None


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

    def new_notice_id(self) -> NoticeId:
        """Return an id for a notice about to be opened."""
        return NoticeId(new_id("notice", self._draw(16)))

    def execute(self, command: Command, *, intake: Intake | None = None, enclosed: Enclosed | None = None) -> Done:
        """Carry a command out, durably once this returns. Raises Refused or KeyReused, and then nothing changed.

        The same intake key and body again is answered as before (`is_replay`) and changes nothing but the code: a
        code's secret is kept nowhere, so a repeated form gets a further one.
        """
        for attempt in range(_TRIES):
            try:
                with transaction.atomic():
                    return self._execute(command, intake, enclosed or Enclosed())
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

    def _execute(self, command: Command, intake: Intake | None, enclosed: Enclosed) -> Done:
        now = self.now()
        if intake is not None:
            earlier = self._taken_before(command, intake, now)
            if earlier is not None:
                _add_code(earlier, enclosed)
                return Done((), earlier, is_replay=True)
        if isinstance(command, OpenNotice):
            models.Notice.objects.create(id=command.notice)
        books = _Rows(self._draw)
        changes = decide_all(command, books, Facts(self.policies, people.staffing()), now)
        for change in changes:
            self._write(change, now, enclosed.network)
        notice = NoticeId(command.notice) if isinstance(command, NoticeCommand) else None
        _add_sealed(enclosed, now)
        if notice is not None:
            _add_code(notice, enclosed)
        return Done(changes, notice)

    def _taken_before(self, command: Command, intake: Intake, now: datetime) -> NoticeId | None:
        """Take the key, or return the notice that came under it before. Two at once: the second waits for the first."""
        if not isinstance(command, NoticeCommand):
            raise TypeError("Only a notice's commands come by a form with a key.")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO records_intake (key, body_sha256, notice, at) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [intake.key, intake.body_sha256, command.notice, now],
            )
            if cursor.rowcount == 1:
                return None
        earlier = models.Intake.objects.get(key=intake.key)
        if earlier.body_sha256 != intake.body_sha256:
            raise KeyReused("This form was sent before with other answers. Go back, reload the page and send again.")
        return NoticeId(earlier.notice)

    def _write(self, change: Change, now: datetime, network: str | None) -> None:
        models.Event.objects.bulk_create(
            models.Event(aggregate=change.aggregate, **codec.entry_to_row(entry)) for entry in change.entries
        )
        if isinstance(change.state, Case):
            self._write_case(change.state, change.entries, network)
        else:
            self._write_notice(change.state, change.entries)
        _write_clocks(change)
        effects = [effect for entry in change.entries for effect in effects_of(change.aggregate, entry)]
        if any(isinstance(entry.event, Observed) and entry.event.confirms for entry in change.entries):
            _close_effects(change.aggregate, "seen", now)
        if any(effect.name in VISIBLE for effect in effects):
            _close_effects(change.aggregate, "superseded", now)
            newest = max(effect.seq for effect in effects if effect.name in VISIBLE)
            effects = [effect for effect in effects if effect.name not in VISIBLE or effect.seq == newest]
        models.Effect.objects.bulk_create(_effect_row(effect, now) for effect in effects)
        if effects:
            self._look_now(change.aggregate)

    def _write_case(self, case: Case, entries: Sequence[Entry], network: str | None) -> None:
        open_policies = [self.policies.get(ground.policy) for ground in case.open_grounds]
        lengths = [r.length for p in open_policies for r in p.rules(ClockName.FIRST_LOOK, frozenset())]
        models.Case.objects.filter(id=case.id).update(
            seq=case.seq,
            state=codec.to_json(case),
            is_open=case.is_open,
            lane=int(case.lane),
            harm=max((policy.harm for policy in open_policies), default=0),
            round=None if case.round is None else case.round.number,
            look_by=None if case.round is None or not lengths else case.round.opened_at + min(lengths),
            account=None if case.owner is None else str(case.owner),
            opened_at=case.opened_at,
        )
        for entry in entries:
            if isinstance(entry.event, NoticeJoined):
                models.CaseNotice.objects.get_or_create(case=case.id, notice=entry.event.notice)
            elif isinstance(entry.event, HideRequested) and entry.event.why in _COUNTED:
                policy = (entry.policy or "").split("@")[0] + _COUNTED[entry.event.why]
                models.AutomaticHide.objects.create(at=entry.at, network=network or "", policy=policy)

    def _write_notice(self, notice: Notice, entries: Sequence[Entry]) -> None:
        unread: dict[str, bool] = {}
        if any(isinstance(entry.event, WordsReceived) for entry in entries):
            unread = {"has_unread_words": True}
        elif any(isinstance(entry.event, LetterSent) for entry in entries):
            unread = {"has_unread_words": False}
        models.Notice.objects.filter(id=notice.id).update(
            seq=notice.seq,
            state=codec.to_json(notice),
            is_open=notice.is_open,
            waits_for_a_person=any(link.waits_for_a_person for link in notice.links),
            opened_at=notice.opened_at,
            **unread,
        )


class _Rows:
    """The books as PostgreSQL keeps them, inside the running transaction."""

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        ordered = sorted(subjects, key=str)
        for subject in ordered:
            if self._find(subject) is None:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO records_case (id, platform, kind, subject_id, seq, is_open, lane, harm)"
                        " VALUES (%s, %s, %s, %s, 0, true, 0, 0) ON CONFLICT DO NOTHING",
                        [new_id("case", self._draw(16)), subject.platform, subject.kind.value, subject.id],
                    )
        return {subject: CaseId(self._find(subject) or "") for subject in ordered}

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        found: dict[str, Case | Notice | None] = dict.fromkeys(ids)
        notices = [each for each in ids if each.startswith("notice_")]
        cases = [each for each in ids if not each.startswith("notice_")]
        rows: list[tuple[str, Any]] = []
        if notices:
            locked = models.Notice.objects.select_for_update().filter(id__in=notices).order_by("id")
            rows += locked.values_list("id", "state")
        if cases:
            locked_cases = models.Case.objects.select_for_update().filter(id__in=cases).order_by("id")
            rows += locked_cases.values_list("id", "state")
        for each, state in rows:
            if state is not None:
                is_notice = each.startswith("notice_")
                found[each] = codec.from_json(Notice, state) if is_notice else codec.from_json(Case, state)
        return found

    def _find(self, subject: Subject) -> str | None:
        row = models.Case.objects.filter(
            platform=subject.platform, kind=subject.kind.value, subject_id=subject.id
        ).values_list("id", flat=True)
        return row.first()


def _add_sealed(enclosed: Enclosed, now: datetime) -> None:
    models.SealedObject.objects.bulk_create(
        models.SealedObject(
            id=each.id,
            kind=each.kind,
            owner=each.owner,
            sealed_key=each.sealed_key,
            sha256=each.sha256,
            size_bytes=each.size_bytes,
            at=now,
        )
        for each in enclosed.sealed
    )


def _add_code(notice: NoticeId, enclosed: Enclosed) -> None:
    if enclosed.code_sha256 is not None and enclosed.code_expires_at is not None:
        codes.keep(enclosed.code_sha256, notice, enclosed.code_expires_at)


def _write_clocks(change: Change) -> None:
    """Make the clock rows the running clocks of the state, touching only those that differ."""
    wanted = {clock.key: clock for clock in change.state.clocks}
    for row in models.Clock.objects.filter(aggregate=change.aggregate):
        clock = wanted.pop(row.key, None)
        if clock is None:
            row.delete()
        elif (clock.due_at, clock.wakes_at) != (row.due_at, row.wakes_at):
            row.due_at, row.wakes_at = clock.due_at, clock.wakes_at
            row.save(update_fields=["due_at", "wakes_at"])
    models.Clock.objects.bulk_create(
        models.Clock(
            aggregate=change.aggregate, key=clock.key, name=clock.name, due_at=clock.due_at, wakes_at=clock.wakes_at
        )
        for clock in wanted.values()
    )


def _close_effects(aggregate: str, outcome: str, now: datetime) -> None:
    names = [name.value for name in VISIBLE]
    models.Effect.objects.filter(aggregate=aggregate, name__in=names, done_at__isnull=True).update(
        done_at=now, outcome=outcome
    )


def _effect_row(effect: Effect, now: datetime) -> models.Effect:
    return models.Effect(
        key=effect.key,
        name=effect.name.value,
        aggregate=effect.aggregate,
        seq=effect.seq,
        created_at=now,
        next_try_at=now,
    )
