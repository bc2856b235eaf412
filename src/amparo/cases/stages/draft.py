"""A case while it is being decided: each event is folded in at once, so that the next rule sees it."""

from datetime import datetime, timedelta

from amparo.cases.actor import Actor, Rule
from amparo.cases.case import Case, Ground, evolve, open_case
from amparo.cases.commands import Refused
from amparo.cases.events import (
    AlarmRaised,
    CaseEvent,
    CaseOpened,
    ClockStarted,
    ClockStopped,
    Entry,
    HideRequested,
    ReportersTold,
)
from amparo.cases.facts import Facts
from amparo.cases.refs import CaseId, PolicyRef, Subject
from amparo.cases.words import Alarm, Told, Wanted, WhyHide
from amparo.policies.deadlines import deadlines, next_check
from amparo.policies.policy import ClockName, Policy

RECHECK = "recheck"
RESTORED = "restored"
# No law sets this one: a platform that does not show again what two people kept is an operator's problem.
RESTORE_WITHIN = timedelta(seconds=30)


class Draft:
    """Gathers the events of one decision. `case` is the state after those gathered so far."""

    def __init__(self, case_id: CaseId, case: Case | None, facts: Facts, now: datetime, actor: Actor) -> None:
        self.case_id, self._case, self.facts, self.now, self.actor = case_id, case, facts, now, actor
        self.entries: list[Entry] = []

    @property
    def case(self) -> Case:
        if self._case is None:
            raise Refused("no_such_case", "There is no case for this. Check the address and try again.")
        return self._case

    @property
    def exists(self) -> bool:
        return self._case is not None

    def open(self, subject: Subject) -> None:
        """Begin the case where it does not exist yet."""
        if self._case is None:
            entry = Entry(1, self.now, self.actor, None, CaseOpened(subject))
            self.entries.append(entry)
            self._case = open_case(self.case_id, entry)

    def add(self, event: CaseEvent, actor: Actor | None = None, policy: PolicyRef | None = None) -> None:
        """Add one event, by `actor` or else by whoever gave the command."""
        entry = Entry(self.case.seq + 1, self.now, actor or self.actor, policy, event)
        self.entries.append(entry)
        self._case = evolve(self.case, entry)

    def policy(self, ref: PolicyRef) -> Policy:
        return self.facts.policies.get(ref)

    def start(self, name: ClockName, policy: Policy, regimes: frozenset[str], start: datetime) -> None:
        """Start a policy's clocks of that name. One that runs already may only become shorter."""
        for due in deadlines(policy, name, regimes, start):
            key = f"{name.value}/{policy.ref}/{due.rule.regime or 'house'}"
            running = next((c for c in self.case.clocks if c.key == key), None)
            if running is None or due.due_at < running.due_at:
                self.add(ClockStarted(key, name.value, policy.ref, due.due_at, due.page_at), policy=policy.ref)

    def start_review(self, policy: Policy, regimes: frozenset[str], start: datetime) -> None:
        """Start the clocks under which people look and decide."""
        if self.case.looked_at is None:
            self.start(ClockName.FIRST_LOOK, policy, regimes, start)
        self.start(ClockName.DECIDED, policy, regimes, start)

    def stop(self, *names: str, policy: PolicyRef | None = None) -> None:
        """Stop the running clocks of these names, of one policy or of all."""
        for clock in self.case.clocks:
            if clock.name in names and (policy is None or clock.policy == policy):
                self.add(ClockStopped(clock.key))

    def recheck(self) -> None:
        """Start, or start again, the clock that says when the platform is looked at next."""
        due = next_check(self.case.wanted_since or self.now, self.now)
        self.add(ClockStarted(RECHECK, RECHECK, None, due, None))

    def watch_restoring(self) -> None:
        """Start the clock that rings when the platform does not show again what is to be shown."""
        self.add(ClockStarted(RESTORED, RESTORED, None, self.now + RESTORE_WITHIN, None))
        self.recheck()

    def hide(self, policy: Policy, why: WhyHide) -> None:
        """Ask the platform to hide the subject, unless it is hidden or removed already. The rule acts, not a person."""
        if self.case.wanted is not Wanted.SHOWN:
            return
        self.stop(RESTORED)
        self.add(HideRequested(why), actor=Rule(policy.ref), policy=policy.ref)
        self.start(ClockName.HIDDEN, policy, self.regimes, self.now)

    def tell(self, what: Told, by: datetime | None = None) -> None:
        """Have every reporter of this subject told."""
        self.add(ReportersTold(what, self.case.rounds, by))

    def alarm(self, alarm: Alarm) -> None:
        """Have a person called."""
        self.add(AlarmRaised(alarm))

    @property
    def regimes(self) -> frozenset[str]:
        """The countries whose law applies, by any ground."""
        return frozenset().union(*(g.regimes for g in self.case.grounds))

    def ground_named(self, policy: Policy) -> Ground | None:
        """Return the ground of that policy, in whichever version the case was opened under."""
        return next((g for g in self.case.grounds if g.policy.split("@")[0] == policy.name), None)
