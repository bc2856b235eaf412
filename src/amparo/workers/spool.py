"""Takes in what the door kept while the books were away or in a flood, each in its turn (`vault/spool_turn.py`).

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
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings

from amparo.cases.commands import Command
from amparo.cases.refs import SealedRef
from amparo.cases.refused import Refused
from amparo.cases.transaction import Intake, KeyReused
from amparo.plugins import Installation, other_sites
from amparo.policies.signal import Signal
from amparo.records import alarms, codes
from amparo.records.away import is_away
from amparo.records.casebook import Enclosed
from amparo.records.forms import Form, commands_of, sealed_links
from amparo.records.spooled import Forged, Spooled, from_bytes
from amparo.signals import heard
from amparo.vault import spool
from amparo.vault.client import VaultClient
from amparo.vault.errors import VaultDamaged, VaultDown, VaultRefused
from amparo.vault.sealed import SealedObject
from amparo.vault.spool import NO_TIME, UNREADABLE, Label
from amparo.vault.spool_turn import brought_forward, forget_forward, in_turn
from amparo.workers import jobs, pager

log = logging.getLogger(__name__)

WAITS, ASIDE = "spool_waits", "spool_aside"
_RINGS_AFTER = timedelta(minutes=1)
_AGAIN_AFTER = timedelta(minutes=1)
# Only the door keeps forms here, so no sender's key stands behind them: nothing is `vouched`.
_READ_APART = {"notice", "network", "links", "words", "signals", "contact", "received_at", "vouched"}
_SAID = tuple(each.name for each in fields(Form) if each.name not in _READ_APART)
_SOON = timedelta(seconds=5)
_AT_ONCE_SECONDS = 5.0


@dataclass
class TakeIn:
    """The spool of one machine being taken in. `directory` is the folder, `vault` a client of the worker's channel."""

    here: Installation
    vault: VaultClient
    directory: Path
    _not_empty_since: datetime | None = None
    _not_before: dict[str, datetime] = field(default_factory=dict)
    _labels: dict[str, Label] = field(default_factory=dict)

    @property
    def _behind(self) -> Installation:
        return replace(self.here, casebook=self.here.casebook.with_jobs(jobs.look_behind))

    def look(self) -> int:
        """Take in what waits, for some seconds and as far as it goes; return how many records still wait.

        Then whoever calls looks again: in a flood somebody whose turn is sooner may have come meanwhile.
        Raises a database error where the database is away again. A spool that is not empty although
        the database has answered for a minute rings (invariant I13 of the design).
        """
        with _alone(self.directory) as is_ours:
            if not is_ours:
                return 0
            labels, until = self._waiting(), monotonic() + _AT_ONCE_SECONDS
            for label in in_turn(labels, self._brought_forward(labels)):
                if not self._try(label) or monotonic() > until:
                    break
            left = sum(1 for _ in spool.paths_in(self.directory)) if labels else 0
            self._ring_if_stuck(labels, left)
        return left

    def _waiting(self) -> list[Label]:
        labels = spool.waiting(self.directory, self._labels)
        # One without a time could not be read: it is read again.
        self._labels = {label.name: label for label in labels if label.received_at != NO_TIME}
        return labels

    def _brought_forward(self, labels: list[Label]) -> set[str]:
        forward = brought_forward(self.directory)
        forget_forward(self.directory, forward - {label.notice for label in labels})
        return forward

    def _try(self, label: Label) -> bool:
        """Take one record in, or leave or set it aside; return whether to go on with the next one."""
        now = self.here.casebook.now()
        if self._not_before.get(label.name, now) > now:
            return True
        try:
            self._take_in(label)
        except VaultDown as error:
            log.error("the spool waits: the vault does not open %s (%s)", label.name, error.reason)
            return False
        except VaultDamaged as error:
            if error.reason == UNREADABLE:
                # No open files left, or a disk that fails: perhaps for a moment. It says nothing of what is in it.
                log.error("%s cannot be read just now and goes on waiting", label.name)
                self._not_before[label.name] = now + _SOON
            else:
                self._set_aside(label, error.reason)
        except Forged:
            self._set_aside(label, "not signed with our django.key, or not what its first line says")
        except Refused as error:
            self._set_aside(label, f"refused, {error.code}")
        except Exception as error:
            if is_away(error):
                raise
            # A mistake of ours keeps this record waiting and no other.
            self._not_before[label.name] = now + _AGAIN_AFTER
            pager.call_for_broken("the taking in", label.notice, error, now)
        return True

    def _take_in(self, label: Label) -> None:
        try:
            opened = self.vault.open_for("system:spool", "take_in", label.name)
        except VaultRefused:
            if not spool.path_of(self.directory, label.name).exists():
                return
            raise
        spooled = from_bytes(opened, settings.SECRET_KEY)
        if (spooled.name, spooled.received_at, spooled.body_mac) != (label.name, label.received_at, label.body_mac):
            raise Forged("a record whose first line says something else than what is sealed")
        if spooled.topic is None and self.here.casebook.notice(spooled.notice) is None:
            # Its report may lie in the spool of another machine: it waits, and rings after a minute.
            log.warning("%s waits for its report", label.name)
            self._not_before[label.name] = self.here.casebook.now() + _SOON
            return
        # What the platform is to be asked for stands behind, too: else a flood is over, and its orders go first.
        execute(self._behind if label.behind_seconds is not None else self.here, spooled)
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
            # None where all of those are done with, and what is left came while they were taken in.
            about = next((each.notice for each in labels if spool.path_of(self.directory, each.name).exists()), None)
            if about is not None and alarms.ring(WAITS, about, now):
                pager.page(WAITS, about)
            self._not_empty_since = now


def execute(here: Installation, spooled: Spooled) -> None:
    """Carry out what a form brought, durably once this returns; repeated, it changes nothing.

    Its time starts when it came. The budget of automatic hides is the one of now: the hides are ordered now.
    Raises Refused.
    """
    commands, sealed = _commands(here, spooled)
    if commands:
        _under_its_key(here, spooled, commands, Enclosed(sealed, network=spooled.network, picture=spooled.picture))
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
    """Return what a form asks for, as the door would have asked it, and what is sealed with it."""
    placed = ((text, here.place(text)) for text in spooled.links)
    links, sealed = sealed_links(spooled.notice, placed, here.sealer, other_sites())
    words, signals = None, frozenset[Signal]()
    if spooled.words is not None:
        signals = heard(spooled.words)
        sealed = (*sealed, here.sealer.seal(spooled.words.encode(), kind="words", owner=spooled.notice))
        words = SealedRef(sealed[-1].id)
    contact = None
    if spooled.contact is not None:
        sealed = (*sealed, here.sealer.seal(spooled.contact.encode(), kind="contact", owner=spooled.notice))
        contact = SealedRef(sealed[-1].id)
    said = {name: getattr(spooled, name) for name in _SAID}
    form = Form(
        spooled.notice,
        spooled.network,
        links=links,
        words=words,
        signals=signals,
        contact=contact,
        received_at=spooled.received_at,
        **said,
    )
    return commands_of(form, here.casebook.notice(spooled.notice), here.casebook, here.regimes), sealed


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
