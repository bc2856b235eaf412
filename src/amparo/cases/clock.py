"""Running clocks, as a case and a notice both keep them in their state."""

from dataclasses import dataclass, replace
from datetime import datetime

from amparo.cases.clock_events import ClockExpired, ClockStarted, ClockStopped, PersonPaged
from amparo.cases.refs import PolicyRef


@dataclass(frozen=True)
class Clock:
    """One running clock. `is_paged`: a person has been called for it already."""

    key: str
    name: str
    policy: PolicyRef | None
    due_at: datetime
    page_at: datetime | None
    is_paged: bool = False

    @property
    def wakes_at(self) -> datetime:
        """The next moment at which somebody must look at this clock."""
        if self.page_at is not None and not self.is_paged:
            return min(self.page_at, self.due_at)
        return self.due_at


ClockEvent = ClockStarted | ClockStopped | ClockExpired | PersonPaged


def turn(clocks: tuple[Clock, ...], event: ClockEvent) -> tuple[Clock, ...]:
    """Return the running clocks after an event. An expired clock with a new promise goes on under it."""
    others = tuple(c for c in clocks if c.key != event.key)
    same = next((c for c in clocks if c.key == event.key), None)
    match event:
        case ClockStarted():
            return (*others, Clock(event.key, event.name, event.policy, event.due_at, event.page_at))
        case ClockStopped():
            return others
        case ClockExpired(renewed_to=renewed):
            if same is None or renewed is None:
                return others
            return (*others, replace(same, due_at=renewed, page_at=None))
        case PersonPaged():
            return clocks if same is None else (*others, replace(same, is_paged=True))
