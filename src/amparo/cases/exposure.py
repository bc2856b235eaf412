"""How many people saw it, and when: a platform's own counters, told apart by what was wanted of it at the time.

A counter says how often something was shown since it was posted, so a reading means little and two of them mean
their difference. Whatever it rose by between two readings belongs to the phase in which the earlier one was taken.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class Phase(Enum):
    """When it was seen.

    AFTER_NOTICE lasts until it was seen away; AFTER_HIDE until it is to be shown again, also while the platform shows
    it against our will; SHOWN_AGAIN is the time in which people have decided that it may be seen, so it hurts nobody.
    """

    AFTER_NOTICE = "after_notice"
    AFTER_HIDE = "after_hide"
    SHOWN_AGAIN = "shown_again"


@dataclass(frozen=True)
class Spread:
    """What one counter rose by, by phase; `before_notice` is all that it said when it was read first."""

    before_notice: int
    after_notice: int = 0
    after_hide: int = 0
    shown_again: int = 0

    def rose(self, phase: Phase, by: int) -> "Spread":
        """Return the spread after the counter rose in that phase."""
        return replace(self, **{phase.value: getattr(self, phase.value) + by})


@dataclass(frozen=True)
class Exposure:
    """Who saw one subject, as far as its platform counts.

    The first reading comes some seconds after the notice: what happens in between counts as before it, and
    `first_read_at` says how long that was. `fell` counts how often a counter went back; the figures are then the
    least that is certain. `reshares` is None where the platform does not tell them. `phase` is that of the last
    reading, whose counters `views_read` and `reshares_read` were.
    """

    views: Spread
    reshares: Spread | None
    first_read_at: datetime
    read_at: datetime
    phase: Phase
    views_read: int
    reshares_read: int | None
    fell: int = 0


def first_reading(views: int, reshares: int | None, read_at: datetime, phase: Phase) -> Exposure:
    """Return the exposure that the first reading tells of: all of it was before."""
    spread = None if reshares is None else Spread(reshares)
    return Exposure(Spread(views), spread, read_at, read_at, phase, views, reshares)


def next_reading(before: Exposure, views: int, reshares: int | None, read_at: datetime, phase: Phase) -> Exposure:
    """Return the exposure after one more reading, which must be younger than those before. No figure ever sinks.

    A counter that went back was reset or corrected: what it rose by meanwhile is not known, and it is counted on from
    where it stands now.
    """
    rose = views - before.views_read
    more = 0 if reshares is None or before.reshares_read is None else reshares - before.reshares_read
    spread = None if reshares is None else Spread(reshares)
    if before.reshares is not None:
        spread = before.reshares.rose(before.phase, max(more, 0))
    return Exposure(
        views=before.views.rose(before.phase, max(rose, 0)),
        reshares=spread,
        first_read_at=before.first_read_at,
        read_at=read_at,
        phase=phase,
        views_read=views,
        reshares_read=before.reshares_read if reshares is None else reshares,
        fell=before.fell + (rose < 0 or more < 0),
    )
