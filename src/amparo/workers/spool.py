"""Takes in what the door kept while the books were away, in the order in which it came.

One record: 1. the vault opens it, and writes that down first  2. its signature and its label are checked  3. its
commands are executed, each under a key of its own  4. its file is removed. Killed between any two of these and started
again, it ends with the same books: a command whose key was taken changes nothing, and a file that is still there is
taken in once more. Each door's machine needs a worker, for only that one sees its folder.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

from amparo.cases.actor import Reporter
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
from amparo.cases.refs import SealedRef, Subject
from amparo.cases.refused import Refused
from amparo.cases.transaction import UNKNOWN_YET, Intake, KeyReused
from amparo.cases.words import Age
from amparo.plugins import Installation
from amparo.records import alarms, budgets, codes
from amparo.records.casebook import Enclosed
from amparo.records.spooled import Forged, Spooled, from_bytes
from amparo.vault import spool
from amparo.vault.client import VaultClient
from amparo.vault.errors import VaultDamaged, VaultDown, VaultRefused
from amparo.vault.sealed import SealedObject
from amparo.vault.spool import Label
from amparo.workers import pager

log = logging.getLogger(__name__)

WAITS, ASIDE = "spool_waits", "spool_aside"
_RINGS_AFTER = timedelta(minutes=1)
_AGAIN_AFTER = timedelta(minutes=1)


@dataclass
class TakeIn:
    """The spool of one machine being taken in. `directory` is the folder, `vault` a client of the worker's channel."""

    here: Installation
    vault: VaultClient
    directory: Path
    _not_empty_since: datetime | None = None
    _not_before: dict[str, datetime] = field(default_factory=dict)

    def look(self) -> int:
        """Take in what waits, as far as it goes; return how many records still wait.

        Raises OperationalError or InterfaceError where the database is away again. A spool that is not empty although
        the database has answered for a minute rings (invariant I13 of the design).
        """
        with _alone(self.directory) as is_ours:
            if not is_ours:
                return 0
            labels = spool.waiting(self.directory)
            for label in labels:
                if not self._try(label):
                    break
            left = len(spool.waiting(self.directory)) if labels else 0
            self._ring_if_stuck(labels, left)
        return left

    def _try(self, label: Label) -> bool:
        """Take one record in, or leave or set it aside; return whether to go on with the next one."""
        now = self.here.casebook.now()
        if self._not_before.get(label.name, now) > now:
            return True
        try:
            self._take_in(label)
        except (OperationalError, InterfaceError):
            raise
        except VaultDown as error:
            log.error("the spool waits: the vault does not open %s (%s)", label.name, error.reason)
            return False
        except (VaultDamaged, Forged, Refused) as error:
            self._set_aside(label, type(error).__name__)
        except Exception as error:
            # A mistake of ours keeps this record waiting and no other.
            self._not_before[label.name] = now + _AGAIN_AFTER
            pager.call_for_broken("the taking in", label.notice, error, now)
        return True

    def _take_in(self, label: Label) -> None:
        try:
            opened = self.vault.open_for("system:spool", "take_in", label.name)
        except VaultRefused:
            if not (self.directory / label.name).exists():
                return
            raise
        spooled = from_bytes(opened, settings.SECRET_KEY)
        if (spooled.name, spooled.received_at, spooled.body_mac) != (label.name, label.received_at, label.body_mac):
            raise Forged("a record whose first line says something else than what is sealed")
        if spooled.topic is None and self.here.casebook.notice(spooled.notice) is None:
            # Its report may lie in the spool of another machine: it waits, and rings after a minute.
            log.warning("%s waits for its report", label.name)
            self._not_before[label.name] = self.here.casebook.now() + timedelta(seconds=5)
            return
        execute(self.here, spooled)
        spool.remove(self.directory, label.name)
        self._not_before.pop(label.name, None)
        log.info("taken in: %s", label.name)

    def _set_aside(self, label: Label, why: str) -> None:
        log.error("%s cannot be taken in and is set aside: %s", label.name, why)
        spool.set_aside(self.directory, label.name)
        if alarms.ring(ASIDE, label.notice, self.here.casebook.now()):
            pager.page(ASIDE, label.notice)

    def _ring_if_stuck(self, labels: list[Label], left: int) -> None:
        now = self.here.casebook.now()
        if not left:
            self._not_empty_since = None
            return
        self._not_empty_since = self._not_empty_since or now
        if now - self._not_empty_since > _RINGS_AFTER:
            about = next(each.notice for each in labels if (self.directory / each.name).exists())
            if alarms.ring(WAITS, about, now):
                pager.page(WAITS, about)
            self._not_empty_since = now


def execute(here: Installation, spooled: Spooled) -> None:
    """Carry out what a form brought, durably once this returns; repeated, it changes nothing.

    Its time starts when it came. The budget of automatic hides is the one of now: the hides are ordered now.
    Raises Refused.
    """
    commands, sealed = _commands(here, spooled)
    if commands:
        _under_its_key(here, spooled, commands, Enclosed(sealed, network=spooled.network))
    if spooled.code_sha256 is not None and spooled.code_expires_at is not None:
        codes.keep(spooled.code_sha256, spooled.notice, spooled.code_expires_at)


def _under_its_key(here: Installation, spooled: Spooled, commands: list[Command], enclosed: Enclosed) -> None:
    """Execute all that a form asks in one step, unless the books took this very form before they went away.

    Had they taken another one under its key, they would have refused this one at the door, with the text given back.
    The spool could not know and has acknowledged it, so it is taken in by itself.
    """
    try:
        done = here.casebook.execute(commands, intake=Intake(spooled.key, spooled.body_sha256), enclosed=enclosed)
        is_another = done.notice != spooled.notice
    except KeyReused:
        is_another = True
    if is_another:
        anew = Intake(f"{spooled.name}:anew", spooled.body_sha256)
        here.casebook.execute(commands, intake=anew, enclosed=enclosed)


def _commands(here: Installation, spooled: Spooled) -> tuple[list[Command], tuple[SealedObject, ...]]:
    """Return what a form asks for, in the order in which the door would have asked it, and what is sealed with it."""
    before = here.casebook.notice(spooled.notice)
    notice, by = spooled.notice, Reporter(spooled.notice)
    country = spooled.country or (None if before is None else before.country)
    binding = here.regimes if country is None else here.regimes | {country}
    links, sealed = _links(here, spooled)
    commands: list[Command] = []
    if spooled.topic is not None:
        policy = here.policies.for_notice(spooled.topic, is_adult=False)
        within = budgets.is_within(policy, spooled.network, here.casebook.now())
        commands.append(
            OpenNotice(
                notice, spooled.topic, policy.ref, country, links, binding, within, by, received_at=spooled.received_at
            )
        )
    within = _is_within(here, spooled, before)
    if spooled.topic is None and links:
        commands.append(AddLinks(notice, links, binding, within, by, spooled.received_at))
    if spooled.relation is not None:
        commands.append(AnswerRelation(notice, spooled.relation, binding, within, by))
    if spooled.age is not None:
        commands.append(AnswerAge(notice, spooled.age, binding, within, by))
    if spooled.topic is None and spooled.country is not None:
        commands.append(AnswerCountry(notice, spooled.country, binding, within, by))
    if spooled.way is not None:
        commands.append(AnswerWay(notice, spooled.way, by))
    if spooled.words is not None:
        words = here.sealer.seal(spooled.words.encode(), kind="words", owner=notice)
        sealed = (*sealed, words)
        again, facts = spooled.asks_again, spooled.brings_new_facts
        commands.append(ReceiveWords(notice, SealedRef(words.id), again, facts, by, spooled.received_at))
    if spooled.is_sent:
        commands.append(SendNotice(notice, binding, within, by))
    return commands, sealed


def _is_within(here: Installation, spooled: Spooled, before: Notice | None) -> bool:
    """Whether one more automatic hide is within the hour's budget, under the policy that the age said now leads to."""
    topic = spooled.topic or (None if before is None else before.topic)
    if topic is None:
        raise Refused("no_such_notice", "There is no report for this form.")
    known = None if before is None else before.settled_age or before.age
    policy = here.policies.for_notice(topic, is_adult=(spooled.age or known) is Age.ADULT)
    return budgets.is_within(policy, spooled.network, here.casebook.now())


def _links(here: Installation, spooled: Spooled) -> tuple[tuple[Link, ...], tuple[SealedObject, ...]]:
    links: list[Link] = []
    sealed: list[SealedObject] = []
    for text in spooled.links:
        found = here.place(text)
        if isinstance(found, Subject):
            links.append(PlacedLink(found, UNKNOWN_YET))
        else:
            sealed.append(here.sealer.seal(text.encode(), kind="words", owner=spooled.notice))
            links.append(UnplacedLink(SealedRef(sealed[-1].id), found))
    return tuple(links), tuple(sealed)


@contextmanager
def _alone(directory: Path) -> Iterator[bool]:
    """Whether this is the only worker of this machine that takes in, until the end of the `with`."""
    directory.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(directory / "take-in.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(lock)
