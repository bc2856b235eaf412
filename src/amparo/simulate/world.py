"""A simulated installation: its books on a virtual clock, its deadlines, its budget of automatic hides.

Who carries effects out (`worker`) and who decides (`crew`) watch what changes in it.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from amparo.cases.actor import Staffing, System
from amparo.cases.commands import Command, ExpireClock
from amparo.cases.platform_events import HideRequested
from amparo.cases.refs import CaseId
from amparo.cases.transaction import Change, Done
from amparo.cases.words import WhyHide
from amparo.policies.policy import Policy, PolicyBook
from amparo.simulate.casebook import MemoryCasebook
from amparo.simulate.virtual_time import VirtualTime

_HOUR = timedelta(hours=1)


class World:
    """One installation from `start` on. `seed` draws its ids; `regimes` are the countries whose law binds it."""

    def __init__(
        self, policies: PolicyBook, staffing: Staffing, start: datetime, seed: int, regimes: frozenset[str]
    ) -> None:
        self.time, self.regimes = VirtualTime(start), regimes
        self.casebook = MemoryCasebook(policies, self.time, random.Random(seed).randbytes)  # noqa: S311 - no secret
        self.casebook.staffing = staffing
        self.watchers: list[Callable[[Change], None]] = []
        self._wakes: set[datetime] = set()
        self._hides: list[tuple[datetime, str, WhyHide]] = []

    def execute(self, command: Command) -> Done:
        """Carry a command out, and let everybody see what it changed. Raises Refused, and then nothing has changed."""
        done = self.casebook.execute(command)
        for change in done.changes:
            self._count_hides(change)
            for clock in change.state.clocks:
                self._wake(clock.wakes_at)
        for change in done.changes:
            for watch in self.watchers:
                watch(change)
        return done

    def is_within(self, policy: Policy, *, media: bool = False) -> bool:
        """Whether one more automatic hide is within this hour's budget; an account's media are counted apart.

        Every reporter here writes from a network of their own, so only the budget in all can be used up.
        """
        why = WhyHide.ACCOUNT_REPORTED if media else WhyHide.REPORT
        lately = [
            1 for at, name, each in self._hides if each is why and name == policy.name and at > self.time() - _HOUR
        ]
        return len(lately) < policy.on_report.budget.in_all_per_hour

    def _wake(self, moment: datetime) -> None:
        if moment not in self._wakes:
            self._wakes.add(moment)
            self.time.at(moment, self._expire)

    def _expire(self) -> None:
        """Expire what is due, as the worker does each second; here it is done in the very moment."""
        for aggregate, key in self.casebook.due(self.time()):
            self.execute(ExpireClock(CaseId(aggregate), key, System("clocks")))

    def _count_hides(self, change: Change) -> None:
        for entry in change.entries:
            if isinstance(entry.event, HideRequested):
                self._hides.append((entry.at, (entry.policy or "").split("@")[0], entry.event.why))
