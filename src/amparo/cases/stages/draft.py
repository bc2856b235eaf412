"""A case while it is being decided: each event is folded in at once, so that the next rule sees it."""

from datetime import datetime, timedelta

from amparo.cases.actor import Actor, Rule
from amparo.cases.case import Case, Ground
from amparo.cases.case_events import CaseEvent, CaseOpened, ReportersTold, RoundClosed
from amparo.cases.clock_events import AlarmRaised, ClockStarted, ClockStopped
from amparo.cases.events import Entry
from amparo.cases.evolve import evolve, open_case
from amparo.cases.facts import Facts
from amparo.cases.platform_events import HideRequested, LookDue
from amparo.cases.refs import CaseId, PolicyRef, Subject
from amparo.cases.refused import Refused
from amparo.cases.words import Alarm, GroundStatus, Told, Wanted, WhyHide
from amparo.policies.deadlines import deadlines, next_check
from amparo.policies.policy import ClockName, Policy

RECHECK = "recheck"
RESTORED = "restored"
REVIEW = (ClockName.FIRST_LOOK.value, ClockName.DECIDED.value, ClockName.ORDERED.value)
"""The clocks under which people look and decide."""
# No law sets this one: a platform that does not show again what two people kept is an operator's problem.
RESTORE_WITHIN = timedelta(seconds=30)
# Ten thousand reports of one removed post are no reason to ask the platform ten thousand times.
_LOOKED_LATELY = timedelta(minutes=1)


class Draft:
    """Gathers the events of one decision. `case` is the state after those gathered so far."""

    def __init__(self, case_id: CaseId, case: Case | None, facts: Facts, now: datetime, actor: Actor) -> None:
        self.case_id, self._case, self.facts, self.now, self.actor = case_id, case, facts, now, actor
        self.entries: list[Entry] = []
        self.is_late = False
        self.is_doubted = False

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
        """Start a policy's clocks of that name. One that runs already may only become shorter.

        A running clock whose first time is over has been missed and renewed: the new promise stands. Only what came
        while the books were away brings a promise that is over already and has not rung: it rings at once.
        """
        for due in deadlines(policy, name, regimes, start):
            key = f"{name.value}/{policy.ref}/{due.rule.regime or 'house'}"
            running = next((c for c in self.case.clocks if c.key == key), None)
            if running is None or (due.due_at < running.due_at and (self.is_late or self.now < due.due_at)):
                self.add(ClockStarted(key, name.value, policy.ref, due.due_at, due.page_at), policy=policy.ref)

    def start_review(
        self, policy: Policy, regimes: frozenset[str], start: datetime, *, is_new_ground: bool = False
    ) -> None:
        """Start the clocks under which people look and decide. A new ground is looked at although an old one was."""
        if self.case.looked_at is None or is_new_ground:
            self.start(ClockName.FIRST_LOOK, policy, regimes, start)
        self.start(ClockName.DECIDED, policy, regimes, start)

    def stop(self, *names: str, policy: PolicyRef | None = None) -> None:
        """Stop the running clocks of these names, of one policy or of all."""
        for clock in self.case.clocks:
            if clock.name in names and (policy is None or clock.policy == policy):
                self.add(ClockStopped(clock.key))

    def recheck(self) -> None:
        """Have the clock running that says when the platform is looked at next. A look that is due stays due."""
        due = next_check(self.case.wanted_since or self.now, self.now)
        running = next(iter(self.case.running(RECHECK)), None)
        if running is None or running.due_at <= self.now or due < running.due_at:
            self.add(ClockStarted(RECHECK, RECHECK, None, due, None))

    def look_now(self) -> None:
        """Have the platform looked at, unless it was a moment ago."""
        if self.case.seen_at is None or self.now - self.case.seen_at >= _LOOKED_LATELY:
            self.add(LookDue())

    def watch_restoring(self) -> None:
        """Have the clock running that rings when the platform does not show again what is to be shown."""
        if not self.case.running(RESTORED):
            self.add(ClockStarted(RESTORED, RESTORED, None, self.now + RESTORE_WITHIN, None))
        self.recheck()

    def keep_watch(self) -> None:
        """See to it that what people decided is watched: until the platform obeys, and then until the watch ends."""
        if self.case.is_confirmed:
            self.start(ClockName.WATCH, self.gravest(), self.regimes, self.now)
            if not self.case.running(RECHECK):
                self.recheck()
        elif not self.case.running(ClockName.HIDDEN.value) and not self.case.running(RECHECK):
            self.start(ClockName.GONE, self.gravest(), self.regimes, self.now)

    def close_round(self) -> None:
        """End the round where no ground is open any more, and its clocks with it."""
        if self.case.round is None or self.case.open_grounds:
            return
        self.stop(*REVIEW)
        self.add(RoundClosed(self.case.round.number))
        if self.case.wanted is not Wanted.SHOWN:
            self.keep_watch()

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

    def pinned(self, policy: Policy) -> Policy:
        """Return the version under which the case holds a ground of that policy, or else the given one."""
        ground = self.ground_named(policy) if self.exists else None
        return policy if ground is None else self.policy(ground.policy)

    def gravest(self) -> Policy:
        """Return the policy of the gravest ground that stands, or of the gravest of all where none does."""
        standing = (GroundStatus.OPEN, GroundStatus.UPHELD)
        return self.policy(max(self.case.grounds, key=lambda g: (g.status in standing, g.lane)).policy)
