"""Time that passes only when a simulation says so, and what is to happen in it, in order."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush

Steps = Iterator[timedelta]
"""Somebody at work: does something, yields for how long it then pauses, and goes on."""


class VirtualTime:
    """The hour of a simulated world. What is due at one moment happens in the order in which it was asked for."""

    def __init__(self, start: datetime) -> None:
        self._now, self._asked = start, 0
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []

    def __call__(self) -> datetime:
        return self._now

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        """Have something done at a moment; at once, after what is due already, where that is past."""
        self._asked += 1
        heappush(self._due, (max(moment, self._now), self._asked, act))

    def after(self, length: timedelta, act: Callable[[], None]) -> None:
        """Have something done after a while."""
        self.at(self._now + length, act)

    def begin(self, steps: Steps) -> None:
        """Do these steps, each after the pause that the one before yields."""
        pause = next(steps, None)
        if pause is not None:
            self.after(pause, lambda: self.begin(steps))

    def run_until(self, end: datetime) -> None:
        """Let time pass up to and including that moment."""
        while self._due and self._due[0][0] <= end:
            self._now, _, act = heappop(self._due)
            act()
        self._now = max(self._now, end)
