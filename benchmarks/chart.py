"""The rates of a result, or else its recalls, as bars, for whoever reads pictures before tables.

Plain SVG, readable on light and dark.
"""

from dataclasses import replace
from html import escape

from benchmarks.rows import Result, Row

_WIDTH, _LEFT, _BAR, _STEP = 760, 300, 18, 40


def bars(result: Result) -> str:
    """Return an SVG with a bar for each rate of a result, or recall in per cent, and a mark where it has to reach."""
    rows = [row for row in result.rows if row.metric == "rate"] or [
        replace(row, value=100 * row.value, unit="%", bar=None if row.bar is None else 100 * row.bar)
        for row in result.rows
        if row.metric == "recall"
    ]
    longest = max([row.value for row in rows] + [row.bar or 0.0 for row in rows], default=1.0) or 1.0
    height = _STEP * len(rows) + 40
    words = "; ".join(f"{row.what}: {row.value:.0f} {row.unit}" for row in rows)
    drawn = "\n".join(_bar(row, number, longest) for number, row in enumerate(rows))
    machine = f"{result.machine['cores']} cores, {result.machine['processor']}, {result.machine['at'][:10]}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(words)}" font-family="system-ui, sans-serif" font-size="14">\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n{drawn}\n'
        f'<text x="12" y="{height - 12}" fill="#666666" font-size="12">{escape(machine)}</text>\n</svg>\n'
    )


def _bar(row: Row, number: int, longest: float) -> str:
    room = _WIDTH - _LEFT - 80
    top, wide = 14 + number * _STEP, room * row.value / longest
    middle = top + _BAR - 4
    drawn = (
        f'<text x="12" y="{middle}" fill="#222222">{escape(row.what)}</text>\n'
        f'<rect x="{_LEFT}" y="{top}" width="{wide:.0f}" height="{_BAR}" fill="#2b6a6c"/>\n'
        f'<text x="{_LEFT + wide + 8:.0f}" y="{middle}" fill="#222222">{row.value:.0f} {escape(row.unit)}</text>'
    )
    if row.bar is None:
        return drawn
    at = _LEFT + room * row.bar / longest
    return f'{drawn}\n<path d="M{at:.0f} {top - 4}v{_BAR + 8}" stroke="#b3541e" stroke-width="2"/>'
