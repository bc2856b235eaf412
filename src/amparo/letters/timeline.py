"""The steps of one link as a line: received, hidden, a person looking, decided, gone, watching. Each with its time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amparo.cases.case import Case
from amparo.letters.link_state import LinkState, is_out_of_sight
from amparo.letters.moments import clock_time, day
from amparo.letters.promises import next_promise
from amparo.letters.states import headline
from amparo.policies.policy import ClockName


@dataclass(frozen=True)
class Step:
    """One step. `how`: done, now or next. `time`: when it happened, or by when it will."""

    how: str
    text: str
    time: str = ""


def timeline(case: Case, state: LinkState, received_at: datetime, now: datetime) -> list[Step]:
    """Return the steps of a case, in order; those after a refusal are left out, since nothing more is to happen."""
    steps = [
        Step("done", _("We have your report"), clock_time(received_at, now)),
        _hidden(case, state, now),
        _looking(case, now),
        _decided(case, now),
    ]
    return steps if state is LinkState.KEPT else [*steps, *_gone(case, state, now)]


def _hidden(case: Case, state: LinkState, now: datetime) -> Step:
    if is_out_of_sight(case) and case.hidden_at is not None:
        return Step("done", headline(LinkState.HIDDEN, case.subject.kind), clock_time(case.hidden_at, now))
    if state is LinkState.KEPT:
        return Step("done", _("Not hidden any more"))
    how = "now" if state in (LinkState.HIDING, LinkState.CAME_BACK) else "next"
    return Step(how, _("Not hidden yet"))


def _looking(case: Case, now: datetime) -> Step:
    if case.decided_at is not None:
        return Step("done", _("A person looked"), "" if case.looked_at is None else clock_time(case.looked_at, now))
    if case.looked_at is not None:
        return Step("now", _("A person is looking"), _("since %(time)s") % {"time": clock_time(case.looked_at, now)})
    return Step("next", _("A person looks"), _before(case, ClockName.FIRST_LOOK, now))


def _decided(case: Case, now: datetime) -> Step:
    if case.decided_at is not None:
        return Step("done", _("Decided"), clock_time(case.decided_at, now))
    return Step("next", _("Decision"), _before(case, ClockName.DECIDED, now))


def _gone(case: Case, state: LinkState, now: datetime) -> list[Step]:
    watch = case.running(ClockName.WATCH.value)
    if state is not LinkState.GONE:
        how = "now" if state is LinkState.REMOVING else "next"
        return [Step(how, _("Gone from this site")), Step("next", _("We keep watch"))]
    since = case.gone_at or case.hidden_at
    gone = Step("done", _("Gone from this site"), "" if since is None else clock_time(since, now))
    if not watch:
        return [gone]
    return [gone, Step("now", _("We keep watch"), _("until %(day)s") % {"day": day(watch[0].due_at)})]


def _before(case: Case, name: ClockName, now: datetime) -> str:
    clock = next_promise(case)
    running = case.running(name.value)
    if clock is None or not running or running[0].due_at <= now:
        return ""
    return _("before %(time)s") % {"time": clock_time(running[0].due_at, now)}
