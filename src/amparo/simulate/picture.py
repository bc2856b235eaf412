"""What of a replay goes into the chart: the published views, and those of two worlds, under each curve."""

from datetime import datetime, timedelta

from amparo.simulate.chart import Chart, Line, Panel, Point
from amparo.simulate.lived import Lived
from amparo.simulate.replay import Replay
from amparo.simulate.views import Curve

_STEP = timedelta(hours=12)


def chart_of(replay: Replay) -> Chart:
    """Return the chart of a replay."""
    case, staffed = replay.case, replay.staffed
    panels = tuple(
        Panel(
            curve.title,
            (
                _history(curve),
                _line("victim", curve, staffed.victim_first),
                _line("amparo", curve, staffed.whole),
            ),
        )
        for curve in replay.curves
    )
    return Chart(
        title="The founding case: views as they were, and the same days with Amparo",
        description=(
            f"Four charts of views from {_day(case.posted)} to {_day(case.removed)}, one for each assumed curve. "
            f"In history they reach {case.views:,}. With Amparo they stop when a post is hidden: after the bystander's "
            "notice of 25 December, or, had the boy's own been the first, on 21 January. A dot marks that moment."
        ),
        legend=(
            ("history", f"history: removed on {_day(case.removed)}, after {case.views:,} views"),
            ("amparo", "Amparo, from the bystander's notice on"),
            ("victim", "Amparo, had the boy's own been the first"),
        ),
        mark="the moment from which nobody could see it",
        since=case.posted,
        until=case.removed,
        most=case.views,
        panels=panels,
    )


def _history(curve: Curve) -> Line:
    points = tuple((at, curve.until(at)) for at in _moments(curve, []))
    return Line("history", points, points[-1])


def _line(kind: str, curve: Curve, lived: Lived) -> Line:
    """Return the views that were possible: those of the spans in which the platform showed the post."""
    spans = lived.platform.shown_between(lived.subject, curve.posted, curve.removed)

    def views(until: datetime) -> float:
        return sum(curve.until(min(end, until)) - curve.until(min(start, until)) for start, end in spans)

    ends = [end for _, end in spans]
    points: tuple[Point, ...] = tuple((at, views(at)) for at in _moments(curve, ends))
    hidden = next(((end, views(end)) for end in ends if end < curve.removed), None)
    return Line(kind, points, hidden)


def _moments(curve: Curve, ends: list[datetime]) -> list[datetime]:
    count = int((curve.removed - curve.posted) / _STEP)
    return sorted({*(curve.posted + _STEP * number for number in range(count + 1)), curve.removed, *ends})


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B}"
