"""What one simulated world came to, read from its books and from what its platform showed, never from its plan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from amparo.cases.case import PROMISES, Case
from amparo.cases.case_events import KeepDecided, RemovalDecided
from amparo.cases.clock_events import ClockExpired
from amparo.cases.events import Entry
from amparo.cases.notice_draft import ANSWERED
from amparo.cases.platform_events import HideRequested, Observed, RemoveRequested, RestoreRequested
from amparo.cases.refs import Subject
from amparo.cases.words import Seen, Told, WhyHide
from amparo.simulate.crew import Crew
from amparo.simulate.platform import SimulatedPlatform
from amparo.simulate.views import Curve
from amparo.simulate.world import World


@dataclass(frozen=True)
class Lived:
    """A world that has run. `since`: when its first notice came."""

    world: World
    platform: SimulatedPlatform
    crew: Crew
    subject: Subject
    since: datetime

    @property
    def cases(self) -> list[Case]:
        """The cases of the subject; by law there is never more than one."""
        return [case for case in self.world.casebook.cases() if case.subject == self.subject]

    @property
    def entries(self) -> list[Entry]:
        return [entry for case in self.cases for entry in self.world.casebook.entries(case.id)]

    def minutes_to_hidden(self) -> float | None:
        """Return when the worker first saw it away, logged out."""
        return self._minutes(e.at for e in self.entries if isinstance(e.event, Observed) and _is_away(e.event))

    def minutes_to_decision(self) -> float | None:
        """Return when people first decided."""
        return self._minutes(e.at for e in self.entries if _is_decision(e))

    def minutes_to_gone(self) -> float | None:
        """Return when the worker first saw it gone after its removal was asked for."""
        asked = next((e.at for e in self.entries if isinstance(e.event, RemoveRequested)), None)
        return self._minutes(
            e.at
            for e in self.entries
            if asked is not None
            and e.at >= asked
            and isinstance(e.event, Observed)
            and e.event.seen is Seen.GONE
            and e.event.confirms
        )

    def decisions(self) -> int:
        return sum(_is_decision(entry) for entry in self.entries)

    def notices(self) -> int:
        """Return how many notices name the subject."""
        return sum(case.notices for case in self.cases)

    def views(self, curve: Curve) -> int:
        """Return the views after the first notice in the spans in which the platform showed it."""
        return curve.during(self.platform.shown_between(self.subject, self.since, curve.removed))

    def is_hidden(self) -> bool:
        """Whether a stranger sees nothing of it now."""
        return self.platform.observe(self.subject) in (Seen.HIDDEN, Seen.GONE)

    def refusals(self) -> int:
        """Return how often anything, of whatever case, was decided to be kept or ordered to be shown again."""
        kinds = (KeepDecided, RestoreRequested)
        cases = self.world.casebook.cases()
        return sum(isinstance(e.event, kinds) for case in cases for e in self.world.casebook.entries(case.id))

    def breaches(self) -> dict[str, int]:
        """Return how often each promised clock ran out, of cases and notices."""
        books = self.world.casebook
        counted: Counter[str] = Counter()
        ids: list[str] = [*(case.id for case in books.cases()), *(notice.id for notice in books.notices())]
        for entry in (entry for each in ids for entry in books.entries(each)):
            if isinstance(entry.event, ClockExpired):
                counted[entry.event.key.partition("/")[0]] += 1
        return {name: counted[name] for name in (*PROMISES, ANSWERED)}

    def late_letters(self) -> int:
        """Return how often reporters were told that we are late."""
        return sum(news.what is Told.LATE for notice in self.world.casebook.notices() for news in notice.news)

    def at_limit(self) -> dict[str, int]:
        """Return what policies did by themselves at the hard limit: hid, or removed."""
        hid = sum(isinstance(e.event, HideRequested) and e.event.why is WhyHide.LIMIT for e in self.entries)
        removed = sum(isinstance(e.event, RemovalDecided) and e.event.by is None for e in self.entries)
        return {"hid": hid, "removed": removed}

    def _minutes(self, moments: Iterable[datetime]) -> float | None:
        first = next(iter(moments), None)
        return None if first is None else round((first - self.since) / timedelta(minutes=1), 2)


def _is_away(event: Observed) -> bool:
    return event.confirms and event.seen in (Seen.HIDDEN, Seen.GONE)


def _is_decision(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, KeepDecided) or (isinstance(event, RemovalDecided) and event.by is not None)
