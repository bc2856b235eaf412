"""The picture in the documentation is the one that the code draws now, and it can be read by everybody."""

import re
from xml.etree import ElementTree

from amparo.simulate.chart import draw
from amparo.simulate.picture import chart_of
from tests.docs.repository import DOCS
from tests.simulate.replays import by_default, without_hiding

SVG = "{http://www.w3.org/2000/svg}"
COMMITTED = DOCS / "images" / "founding-case.svg"


def test_the_committed_picture_is_what_the_code_draws() -> None:
    assert COMMITTED.read_text() == draw(chart_of(by_default())), "./run replay founding-case --svg docs/images/…"


def test_the_picture_has_a_title_and_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(draw(chart_of(by_default())))  # noqa: S314 - our own text
    named = (root.get("aria-labelledby") or "").split()
    words = {
        each.get("id"): each.text or ""
        for each in (root.find(f"{SVG}title"), root.find(f"{SVG}desc"))
        if each is not None
    }
    assert root.get("role") == "img"
    assert set(named) == set(words)
    assert all("founding case" in words["t"] and "167,000" in words["d"] for _ in named)


def test_every_panel_shows_both_histories_and_the_moment_that_ended_each() -> None:
    root = ElementTree.fromstring(draw(chart_of(by_default())))  # noqa: S314 - our own text
    legend = 3
    kinds = [each.get("class") for each in root.iter(f"{SVG}polyline")][legend:]
    assert kinds == ["history", "victim", "amparo"] * 4
    assert sum(each.get("class") == "amparo" for each in root.iter(f"{SVG}circle")) == 4


def test_nothing_is_drawn_outside_of_the_picture() -> None:
    text = draw(chart_of(by_default()))
    places = [tuple(map(float, p.split(","))) for run in re.findall(r'points="([^"]+)"', text) for p in run.split()]
    assert all(0 <= x <= 880 and 0 <= y <= 640 for x, y in places)


def test_colours_are_given_for_light_and_for_dark_pages() -> None:
    light, _, dark = draw(chart_of(by_default())).partition("prefers-color-scheme: dark")
    for kind in ("page", "history", "amparo", "victim"):
        assert re.search(rf"\.{kind} {{", light)
        assert re.search(rf"\.{kind} {{", dark)


def test_another_outcome_is_another_picture() -> None:
    assert draw(chart_of(without_hiding())) != draw(chart_of(by_default()))
