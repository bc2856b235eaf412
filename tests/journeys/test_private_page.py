"""The private page through a whole case: each step stands there once it is true, and not before."""

import re

import pytest
from playwright.sync_api import expect

from amparo.cli.check import Plaza
from tests.journeys import pictures
from tests.journeys.accessibility import faults_of
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.desk import Desk
from tests.journeys.faults import Faults
from tests.journeys.reporter import Reporter, Step

pytestmark = pytest.mark.browser

CLOCK_TIME = re.compile(r"\d\d:\d\d UTC$")


def told(line: list[Step]) -> list[tuple[str, str]]:
    return [(step.how, step.text) for step in line]


def test_each_step_stands_on_the_page_once_it_is_true(
    browse: Browse, plaza: Plaza, books: Books, desk: Desk, faults: Faults
) -> None:
    post, reporter = plaza.post(), Reporter(browse())
    heading = reporter.page.get_by_role("heading", level=1)
    found: list[str] = []

    faults.put(lies=True)
    reporter.report(post["url"])
    reporter.open_own_page()
    assert told(reporter.steps()) == [
        ("done", "We have your report"),
        ("now", "We have not hidden the post yet."),
        ("next", "A person looks"),
        ("next", "Decision"),
        ("next", "Gone from this site"),
        ("next", "We keep watch"),
    ]
    assert plaza.sees(post["url"]) == 200
    found += faults_of(reporter.page, "not hidden yet")

    faults.put()
    hidden = reporter.wait_to_read("done", "The post is hidden.")
    assert plaza.sees(post["url"]) == 404
    assert told(hidden)[2:] == [
        ("next", "A person looks"),
        ("next", "Decision"),
        ("next", "Gone from this site"),
        ("next", "We keep watch"),
    ]
    expect(heading).to_have_text("The post is hidden.")
    found += faults_of(reporter.page, "hidden")

    case = books.case_of(post["id"]).id
    desk.take("reviewer", case)
    looking = reporter.wait_to_read("now", "A person is looking")
    assert told(looking)[3] == ("next", "Decision")
    pictures.keep(reporter.page, "private-page")
    found += faults_of(reporter.page, "a person is looking")

    desk.remove("reviewer", case)
    over = reporter.wait_to_read("now", "We keep watch")
    assert told(over) == [
        ("done", "We have your report"),
        ("done", "The post is hidden."),
        ("done", "A person looked"),
        ("done", "Decided"),
        ("done", "Gone from this site"),
        ("now", "We keep watch"),
    ]
    assert plaza.sees(post["url"]) == 410
    expect(heading).to_have_text("The post is gone from this site.")
    found += faults_of(reporter.page, "gone")

    assert [step for step in over if step.how == "done" and not CLOCK_TIME.search(step.time)] == []
    assert re.fullmatch(r"until \d+ \w+ \d{4}", over[-1].time)
    assert found == []


def test_a_refused_report_is_hidden_again_when_the_reporter_asks_to_look_again(
    browse: Browse, plaza: Plaza, books: Books, desk: Desk
) -> None:
    post, reporter = plaza.post(), Reporter(browse())
    reporter.report(post["url"])
    reporter.open_own_page()
    reporter.wait_to_read("done", "The post is hidden.")
    case = books.case_of(post["id"]).id

    desk.keep("reviewer", case)
    reporter.check_again()
    assert ("done", "Decided") not in told(reporter.steps())
    assert plaza.sees(post["url"]) == 404

    desk.keep("lead", case)
    refused = reporter.wait_to_read("done", "Decided")
    assert told(refused) == [("done", "We have your report"), ("done", "A person looked"), ("done", "Decided")]
    expect(reporter.page.get_by_role("heading", level=1)).to_have_text("We decided that the post may stay.")
    plaza.wait(post["url"], 200)
    found = faults_of(reporter.page, "refused")

    reporter.press("No. Look again")
    again = reporter.wait_to_read("done", "The post is hidden.")
    assert plaza.sees(post["url"]) == 404
    assert ("next", "Decision") in told(again)
    expect(reporter.page.get_by_text("A new person checks this")).to_be_visible()
    found += faults_of(reporter.page, "looked at again")

    assert found == []
