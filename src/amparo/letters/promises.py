"""What we promise and by when, and what we say when a promise was missed."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from amparo.cases.case import Case
from amparo.cases.clock import Clock
from amparo.letters.moments import clock_time
from amparo.policies.deadlines import deadlines
from amparo.policies.policy import ClockName, OnExpiry, PolicyBook


@dataclass(frozen=True)
class Missed:
    """A promise that was not kept. `renewed_to` is None as long as there is no new one."""

    said: datetime
    renewed_to: datetime | None
    has_called_lead: bool


def as_promised(case: Case, policies: PolicyBook, came_at: datetime) -> Case:
    """Return the case with what was promised to somebody whose report came at that time.

    People look by the first report's clock, which may be nearly over. Whoever reports later is promised what anybody
    is: a shorter time would tell them that, and when, somebody else has reported before.
    """
    lengths = {ClockName.FIRST_LOOK.value: ClockName.FIRST_LOOK, ClockName.DECIDED.value: ClockName.DECIDED}
    clocks = []
    for clock in case.clocks:
        name, ground = lengths.get(clock.name), None if clock.policy is None else case.ground(clock.policy)
        if name is not None and ground is not None:
            own = deadlines(policies.get(ground.policy), name, ground.regimes, came_at)
            clock = replace(clock, due_at=max([clock.due_at, *(each.due_at for each in own[:1])]))
        clocks.append(clock)
    return replace(case, clocks=tuple(clocks))


def next_promise(case: Case) -> Clock | None:
    """Return the clock of what a person does next on a case, or None once it is decided."""
    if case.round is None:
        return None
    names = (ClockName.DECIDED,) if case.looked_at is not None else (ClockName.FIRST_LOOK, ClockName.DECIDED)
    for name in names:
        running = case.running(name.value)
        if running:
            return running[0]
    return None


def missed(case: Case, policies: PolicyBook, *, promised_since: datetime, now: datetime) -> Missed | None:
    """Return the promise that is broken now: one that expired and is not made good, or one that is just over.

    Only what fell due after `promised_since` was promised to this reporter, and only the open round counts.
    """
    clock = next_promise(case)
    if clock is None or case.round is None:
        return None
    late, since = case.late, max(promised_since, case.round.opened_at)
    if late is not None and late.clock == clock.name and late.due_at > since:
        renewed = clock.due_at if clock.due_at > now else None
        said = late.due_at if renewed is not None else clock.due_at
        return Missed(said, renewed, _has_called_lead(clock, policies))
    return None if clock.due_at > now else Missed(clock.due_at, None, has_called_lead=False)


def promise(clock: Clock, now: datetime) -> str:
    """Return what happens next and by when."""
    said = {"time": clock_time(clock.due_at, now)}
    if clock.name == ClockName.FIRST_LOOK.value:
        return _("A person will look at it before %(time)s.") % said
    return _("Next: a decision, before %(time)s.") % said


def promise_for_all(until: datetime, now: datetime) -> str:
    """Return by when a person will have looked at every link of a report."""
    return _("A person will look at each link before %(time)s.") % {"time": clock_time(until, now)}


def apology(broken: Missed, now: datetime, *, still_hidden: str | None) -> list[str]:
    """Return what the page says when we are late: the old time, whose fault it is, what holds, the new time."""
    said = [
        _("We said %(time)s and we have missed it.") % {"time": clock_time(broken.said, now)},
        _("That is our fault, not yours."),
    ]
    if still_hidden is not None:
        said.append(still_hidden)
    if broken.has_called_lead:
        said.append(_("We have called a senior person."))
    if broken.renewed_to is None:
        said.append(_("There is no new time yet. We will show it here."))
    else:
        said.append(_("New time: %(time)s.") % {"time": clock_time(broken.renewed_to, now)})
    return said


def _has_called_lead(clock: Clock, policies: PolicyBook) -> bool:
    if clock.policy is None:
        return False
    rules = (rule for rule in policies.get(clock.policy).clocks if rule.name.value == clock.name)
    return any(OnExpiry.ESCALATE_LEAD in rule.on_expiry for rule in rules)
