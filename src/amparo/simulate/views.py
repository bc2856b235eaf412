"""How views are taken to have come in. Only their sum is published, so every figure is given for four curves."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Curve:
    """Views from `posted` to `removed`, fitted to `views` in all. `doubles_every` is None where they came evenly."""

    name: str
    title: str
    doubles_every: timedelta | None
    posted: datetime
    removed: datetime
    views: int

    def until(self, moment: datetime) -> float:
        """Return how many views there had been by then, had nothing been hidden."""
        whole, since = self.removed - self.posted, min(max(moment, self.posted), self.removed) - self.posted
        if self.doubles_every is None:
            return self.views * (since / whole)
        # Begins at none, unlike a bare power of two, which would count views before the post was there.
        return (
            self.views
            * math.expm1(math.log(2) * (since / self.doubles_every))
            / math.expm1(math.log(2) * (whole / self.doubles_every))
        )

    def during(self, spans: Iterable[tuple[datetime, datetime]]) -> int:
        """Return how many views fall into these spans; one that has begun counts whole."""
        return math.ceil(sum(self.until(end) - self.until(start) for start, end in spans))


def curves(posted: datetime, removed: datetime, views: int) -> tuple[Curve, ...]:
    """Return the four curves: even, and doubling every 2, 4 and 7 days."""
    doubling = [(f"doubling_{days}_days", f"doubling every {days} days", timedelta(days=days)) for days in (2, 4, 7)]
    shapes = [("uniform", "uniform", None), *doubling]
    return tuple(Curve(name, title, every, posted, removed, views) for name, title, every in shapes)
