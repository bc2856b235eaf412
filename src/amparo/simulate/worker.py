"""A worker on virtual time: gives the commands that `workers/effects.py` gives, and asks the platform what that asks.

A test holds the two together: one report and its removal, carried out by both, leave the same events behind.
"""

import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta

from amparo.cases.actor import Connector as ConnectorActor
from amparo.cases.actor import System
from amparo.cases.case import Case
from amparo.cases.case_commands import (
    JoinFromAccount,
    RecordAccountMedia,
    RecordContent,
    RecordObservation,
    RecordReach,
    RecordTrouble,
)
from amparo.cases.clock_events import AlarmRaised
from amparo.cases.consequences import news_for
from amparo.cases.effects import VISIBLE, Effect, EffectName
from amparo.cases.platform_events import AccountMediaRequested, ContentPart
from amparo.cases.refs import CaseId, Digest, SealedRef
from amparo.cases.transaction import UNKNOWN_YET, Change
from amparo.cases.words import Seen
from amparo.connectors.connector import Connector, ConnectorError
from amparo.connectors.wanted import LOOKS, fits, order
from amparo.simulate.virtual_time import Steps
from amparo.simulate.world import World

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)

Try = Generator[timedelta, None, bool]
"""One try at an order, with its pauses; returns whether what is wanted was seen."""


@dataclass
class _Tries:
    made: int = 0
    next_at: datetime | None = None


class SimulatedWorker:
    """Carries out the effects of one world on one platform, `takes_up` after each arose.

    `page` is told of every alarm: its kind and the case or notice it is about.
    """

    def __init__(
        self, world: World, connector: Connector, takes_up: timedelta, page: Callable[[str, str], None]
    ) -> None:
        self._world, self._connector, self._takes_up, self._page = world, connector, takes_up, page
        self._tries: dict[str, _Tries] = {}
        self._busy: set[str] = set()
        world.watchers.append(self._on_change)

    def _on_change(self, change: Change) -> None:
        if any(each.aggregate == change.aggregate for each in self._world.casebook.effects.values()):
            self._look_after(change.aggregate, self._takes_up)

    def _look_after(self, aggregate: str, length: timedelta) -> None:
        self._world.time.after(length, lambda: self._world.time.begin(self._carry_out(aggregate)))

    def _carry_out(self, aggregate: str) -> Steps:
        """Do what a case or notice has waiting: hiding first, then oldest first. What cannot be done is tried again."""
        if aggregate in self._busy:
            return
        self._busy.add(aggregate)
        while waiting := self._waiting(aggregate):
            for effect in sorted(waiting, key=lambda each: (each.name is not EffectName.HIDE, each.seq)):
                yield from self._try(effect)
        self._busy.discard(aggregate)

    def _waiting(self, aggregate: str) -> list[Effect]:
        now = self._world.time()
        mine = [each for each in self._world.casebook.effects.values() if each.aggregate == aggregate]
        return [each for each in mine if (self._tries.setdefault(each.key, _Tries()).next_at or now) <= now]

    def _try(self, effect: Effect) -> Steps:
        tries = self._tries[effect.key]
        tries.made += 1
        try:
            if effect.name in VISIBLE:
                is_done = yield from self._enforce(effect)
            else:
                _AT_ONCE[effect.name](self, effect)
                is_done = True
        except ConnectorError as error:
            if tries.made == 1:
                self._report(effect, error)
            is_done = error.permanent and effect.name not in VISIBLE
        if is_done:
            self._world.casebook.effects.pop(effect.key, None)
        else:
            wait = min(_FIRST_WAIT * 2 ** min(tries.made - 1, 10), _LONGEST_WAIT)
            tries.next_at = self._world.time() + wait
            self._look_after(effect.aggregate, wait)

    def _enforce(self, effect: Effect) -> Try:
        """Bring the platform to the wanted state and see it there."""
        if effect.key not in self._world.casebook.effects:
            return True  # Seen done, or superseded by a newer order.
        case = self._case(effect)
        if self._tries[effect.key].made > 1 and (yield from self._is_seen(case, looks=1)):
            return True
        order(self._connector, case, effect.key)
        return (yield from self._is_seen(case, looks=len(LOOKS)))

    def _is_seen(self, case: Case, *, looks: int) -> Try:
        """Look until the page shows what is wanted, or the looks are used up; have the last sight recorded."""
        seen = Seen.UNKNOWN
        for pause in LOOKS[:looks]:
            yield timedelta(seconds=pause)
            seen = self._connector.observe(case.subject)
            if fits(case.wanted, seen, tells_gone=self._connector.capabilities.shows_removal):
                break
        after = self._observed(case, seen)
        return after.is_confirmed and after.wanted is case.wanted

    def _observed(self, case: Case, seen: Seen) -> Case:
        tells_gone = self._connector.capabilities.shows_removal
        self._world.execute(RecordObservation(case.id, seen, tells_gone, self._actor))
        return self._case_named(case.id)

    def _observe(self, effect: Effect) -> None:
        case = self._case(effect)
        self._observed(case, self._connector.observe(case.subject))

    def _hash_nothing(self, effect: Effect) -> None:
        """Find no copies: what the simulated platform shows are words of a story, and no picture to be hashed."""

    def _demonetise(self, effect: Effect) -> None:
        self._connector.demonetise(self._case(effect).subject, key=effect.key)

    def _fetch_content(self, effect: Effect) -> None:
        case = self._case(effect)
        fetched = self._connector.fetch(case.subject)
        parts = []
        for number, part in enumerate(fetched.parts):
            digest = Digest(hashlib.sha256(part.body).hexdigest())
            sealed = SealedRef(f"sealed_{case.id}_{number}")  # Nothing is kept here, so nothing is sealed.
            parts.append(ContentPart(sealed, digest, part.media_type, len(part.body)))
        whole = Digest(hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest())
        self._world.execute(
            RecordContent(case.id, whole, fetched.version, fetched.account, tuple(parts), fetched.views, self._actor)
        )

    def _read_reach(self, effect: Effect) -> None:
        case, counts = self._case(effect), self._connector.capabilities.counts_views
        reach = self._connector.reach(case.subject) if counts and not case.subject.is_account else None
        if reach is not None:
            now = self._world.time()
            self._world.execute(RecordReach(case.id, reach.views, reach.reshares, now, self._actor))

    def _certify(self, effect: Effect) -> None:
        """Sign nothing: a certificate of what was only imagined would be a forgery."""

    def _list_media(self, effect: Effect) -> None:
        """Have every unreviewed media item of a reported account wait hidden for review."""
        case = self._case(effect)
        event = self._world.casebook.entries(effect.aggregate, effect.seq)[0].event
        assert isinstance(event, AccountMediaRequested)  # noqa: S101 - for the type checker: effects_of pairs them
        ground = case.ground(event.policy)
        regimes = self._world.regimes if ground is None else ground.regimes
        policy = self._world.casebook.policies.get(event.policy)
        found = joined = 0
        for subject in self._connector.media_of(case.subject):
            found += 1
            is_within, actor = self._world.is_within(policy, media=True), System("workers")
            command = JoinFromAccount(UNKNOWN_YET, subject, case.subject, event.policy, regimes, actor, is_within)
            joined += bool(self._world.execute(command).changes)
        self._world.execute(RecordAccountMedia(case.id, found, joined, self._actor))

    def _raise_alarm(self, effect: Effect) -> None:
        event = self._world.casebook.entries(effect.aggregate, effect.seq)[0].event
        self._page(event.alarm.value if isinstance(event, AlarmRaised) else "lead_wanted", effect.aggregate)

    def _tell_reporters(self, effect: Effect) -> None:
        case_id = CaseId(effect.aggregate)
        entry = self._world.casebook.entries(effect.aggregate, effect.seq)[0]
        for notice in self._world.casebook.notices_of(case_id):
            self._world.execute(news_for(notice, case_id, entry, System("workers")))

    def _report(self, effect: Effect, error: ConnectorError) -> None:
        case_id = CaseId(effect.aggregate)
        self._world.execute(RecordTrouble(case_id, effect.name.value, error.code, error.permanent, System("workers")))

    @property
    def _actor(self) -> ConnectorActor:
        return ConnectorActor(self._connector.platform)

    def _case(self, effect: Effect) -> Case:
        return self._case_named(CaseId(effect.aggregate))

    def _case_named(self, case_id: CaseId) -> Case:
        case = self._world.casebook.case(case_id)
        assert case is not None  # noqa: S101 - for the type checker: effects belong to cases that exist
        return case


_AT_ONCE: dict[EffectName, Callable[[SimulatedWorker, Effect], None]] = {
    EffectName.FETCH_CONTENT: SimulatedWorker._fetch_content,
    EffectName.LIST_MEDIA: SimulatedWorker._list_media,
    EffectName.HASH_CONTENT: SimulatedWorker._hash_nothing,
    EffectName.FIND_COPIES: SimulatedWorker._hash_nothing,
    EffectName.BANK: SimulatedWorker._hash_nothing,
    EffectName.RELEASE_COPIES: SimulatedWorker._hash_nothing,
    EffectName.HOLD_CLAIM: SimulatedWorker._hash_nothing,
    EffectName.RELEASE_CLAIM: SimulatedWorker._hash_nothing,
    EffectName.DEMONETISE: SimulatedWorker._demonetise,
    EffectName.OBSERVE: SimulatedWorker._observe,
    EffectName.READ_REACH: SimulatedWorker._read_reach,
    EffectName.CERTIFY: SimulatedWorker._certify,
    EffectName.RAISE_ALARM: SimulatedWorker._raise_alarm,
    EffectName.TELL_REPORTERS: SimulatedWorker._tell_reporters,
}
"""Everything but orders: done in one go, without waiting for the platform's page to change."""

CARRIED_OUT = VISIBLE | set(_AT_ONCE)
"""Every effect that this worker knows; a test compares it with those of the core."""
