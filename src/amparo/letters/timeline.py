"""The steps of one link as a line: received, hidden, a person looking, decided, gone, watching. Each with its time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amparo.cases.case import Case
from amparo.letters.link_state import LinkState, is_out_of_sight
from amparo.letters.moments import clock_time, day
from amparo.letters.states import headline
from amparo.policies.policy import ClockName

_FINAL = (LinkState.GONE, LinkState.SHUT)


@dataclass(frozen=True)
class Step:
    """One step. `how`: done, now or next. `time`: when it happened, or by when it will."""

    how: str
    text: str
    time: str = ""


def timeline(
    case: Case, state: LinkState, received_at: datetime, now: datetime, *, shows_removal: bool = True
) -> list[Step]:
    """Return the steps of a case, in order; those after a refusal are left out, since nothing more is to happen.

    `shows_removal`: the platform's page tells removed from hidden.
    """
    line = _Line(case, state, received_at, now, shows_removal)
    first = Step("done", _("We have your report"), clock_time(received_at, now))
    if state in (LinkState.KEPT, LinkState.LOCK_ENDED):
        return [first, line.looking(), line.decided()]
    return [first, line.hidden(), line.looking(), line.decided(), *line.gone(), *line.watched()]


@dataclass(frozen=True)
class _Line:
    case: Case
    state: LinkState
    received_at: datetime
    now: datetime
    shows_removal: bool

    def hidden(self) -> Step:
        kind = self.case.subject.kind
        if is_out_of_sight(self.case):
            return Step("done", headline(LinkState.HIDDEN, kind), self._time(self.case.hidden_at))
        how = "now" if self.state in (LinkState.HIDING, LinkState.CAME_BACK) else "next"
        state = LinkState.CANNOT_HIDE if self.state is LinkState.CANNOT_HIDE else LinkState.HIDING
        return Step(how, headline(state, kind))

    def looking(self) -> Step:
        if self._is_decided():
            return Step("done", _("A person looked"), self._time(self.case.looked_at))
        if self.case.looked_at is not None:
            since = self._time(self.case.looked_at)
            return Step("now", _("A person is looking"), since and _("since %(time)s") % {"time": since})
        return Step("next", _("A person looks"), self._before(ClockName.FIRST_LOOK))

    def decided(self) -> Step:
        if self._is_decided():
            return Step("done", _("Decided"), self._time(self.case.decided_at))
        return Step("next", _("Decision"), self._before(ClockName.DECIDED))

    def gone(self) -> list[Step]:
        if self.case.subject.is_account:
            return []
        text = _("Gone from this site") if self.shows_removal else _("Taken down")
        if self.state in _FINAL:
            return [Step("done", text, self._time(self.case.gone_at))]
        is_now = self.state in (LinkState.REMOVING, LinkState.CANNOT_REMOVE)
        return [Step("now" if is_now else "next", text)]

    def watched(self) -> list[Step]:
        if self.state not in _FINAL:
            return [Step("next", _("We keep watch"))]
        watch = self.case.running(ClockName.WATCH.value)
        return [Step("now", _("We keep watch"), _("until %(day)s") % {"day": day(each.due_at)}) for each in watch[:1]]

    def _is_decided(self) -> bool:
        """Whether people have decided it. What was kept on one ground while another is open is not."""
        return self.case.decided_at is not None and not (self.case.kept_for and self.case.open_grounds)

    def _time(self, at: datetime | None) -> str:
        """Return the time of a step, unless it was before this report: that would tell of another one."""
        return "" if at is None or at < self.received_at else clock_time(at, self.now)

    def _before(self, name: ClockName) -> str:
        running = self.case.running(name.value)
        if self.case.round is None or not running or running[0].due_at <= self.now:
            return ""
        return _("before %(time)s") % {"time": clock_time(running[0].due_at, self.now)}
