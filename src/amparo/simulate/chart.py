"""Both histories as one picture: views over time under each curve, drawn by hand as SVG, for light and dark pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

WIDTH, HEIGHT = 880, 640
_LEFT, _TOP, _PANEL_WIDTH, _PANEL_HEIGHT = 70, 130, 340, 180
_COLUMN, _ROW = 430, 262
_STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .page { fill: #ffffff }
    .big { font-size: 18px; font-weight: 600 } .quiet { fill: #57606a } .axis { stroke: #8c959f; stroke-width: 1 }
    polyline { fill: none; stroke-width: 2.5 } circle { stroke: none }
    .history { stroke: #b35900 } .amparo { stroke: #0969da } .victim { stroke: #1a7f37; stroke-dasharray: 7 4 }
    circle.history { fill: #b35900 } circle.amparo { fill: #0969da } circle.victim { fill: #1a7f37 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9198a1 } .axis { stroke: #6e7681 }
      .history { stroke: #f0883e } .amparo { stroke: #58a6ff } .victim { stroke: #56d364 }
      circle.history { fill: #f0883e } circle.amparo { fill: #58a6ff } circle.victim { fill: #56d364 }
    }"""

Point = tuple[datetime, float]


@dataclass(frozen=True)
class Line:
    """Views by time. `kind`: history, amparo or victim. `hidden`: when and at how many views it was hidden."""

    kind: str
    points: tuple[Point, ...]
    hidden: Point | None


@dataclass(frozen=True)
class Panel:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chart:
    """Four panels over the same days and up to the same number of views.

    `legend`: words for each kind of line; `mark`: what a dot means.
    """

    title: str
    description: str
    legend: tuple[tuple[str, str], ...]
    mark: str
    since: datetime
    until: datetime
    most: int
    panels: tuple[Panel, ...]


def draw(chart: Chart) -> str:
    """Return the chart as an SVG document, the same for the same values."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">',
        f'  <title id="t">{escape(chart.title)}</title>',
        f'  <desc id="d">{escape(chart.description)}</desc>',
        f"  <style>{_STYLE}\n  </style>",
        f'  <rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
        f'  <text class="big" x="{_LEFT - 40}" y="32">{escape(chart.title)}</text>',
        *_legend(chart.legend),
        f'  <circle class="history" cx="{_LEFT - 40 + _COLUMN + 17}" cy="78" r="4.5"/>',
        f'  <text x="{_LEFT - 40 + _COLUMN + 42}" y="82">{escape(chart.mark)}</text>',
    ]
    for number, panel in enumerate(chart.panels):
        left, top = _LEFT + _COLUMN * (number % 2), _TOP + _ROW * (number // 2)
        parts += _panel(chart, panel, left, top)
    return "\n".join([*parts, "</svg>", ""])


def _legend(legend: Sequence[tuple[str, str]]) -> list[str]:
    parts = []
    for number, (kind, words) in enumerate(legend):
        x, y = _LEFT - 40 + _COLUMN * (number % 2), 58 + 24 * (number // 2)
        parts.append(f'  <polyline class="{kind}" points="{x},{y - 4} {x + 34},{y - 4}"/>')
        parts.append(f'  <text x="{x + 42}" y="{y}">{escape(words)}</text>')
    return parts


def _panel(chart: Chart, panel: Panel, left: int, top: int) -> list[str]:
    bottom, right = top + _PANEL_HEIGHT, left + _PANEL_WIDTH

    def place(point: Point) -> tuple[float, float]:
        at, views = point
        share = (at - chart.since) / (chart.until - chart.since)
        return round(left + _PANEL_WIDTH * share, 1), round(bottom - _PANEL_HEIGHT * views / chart.most, 1)

    parts = [
        f'  <text x="{left}" y="{top - 12}">{escape(panel.title)}</text>',
        f'  <line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
        f'  <line class="axis" x1="{left}" y1="{top}" x2="{left}" y2="{bottom}"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        y = bottom - _PANEL_HEIGHT * share
        parts.append(
            f'  <text class="quiet" x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{chart.most * share:,.0f}</text>'
        )
    day = chart.since
    while day <= chart.until:
        x, _ = place((day, 0))
        parts.append(f'  <text class="quiet" x="{x}" y="{bottom + 18}" text-anchor="middle">{day.day} {day:%b}</text>')
        day += timedelta(days=12)
    for line in panel.lines:
        points = " ".join(f"{x},{y}" for x, y in (place(point) for point in line.points))
        parts.append(f'  <polyline class="{line.kind}" points="{points}"/>')
        if line.hidden is not None:
            x, y = place(line.hidden)
            parts.append(f'  <circle class="{line.kind}" cx="{x}" cy="{y}" r="4.5"/>')
    return parts
