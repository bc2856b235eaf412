"""In a flood a real browser does the work while its person reads, and the page stays small."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.public.conftest import serving
from tests.public.test_door_browser import CHROMIUM, MOST_BYTES, browser, phone
from tests.public.visitor import PLAZA

__all__ = ["browser"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def flooded_door(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A door to which one report a minute is calm, and more have come."""
    with serving(os.environ["DATABASE_URL"], tmp_path_factory.mktemp("flooded"), calm=1) as door:
        for number in range(10):
            form = {"link": f"{PLAZA}/post/flood{number}", "topic": "sexual_picture"}
            httpx.post(f"{door}/report", data=form, trust_env=False)
        yield door


@pytest.fixture
def scripted(browser: Browser, flooded_door: str) -> Iterator[Page]:
    with phone(browser, flooded_door) as opened:
        yield opened


def test_the_work_is_done_while_the_person_reads_and_the_report_is_taken_in_at_once(
    scripted: Page, flooded_door: str, empty_books: None
) -> None:
    scripted.goto(f"{flooded_door}/help-me")
    expect(scripted.locator("[name=work]")).not_to_have_value("", timeout=30_000)
    scripted.get_by_label("Paste the link to the post").fill(f"{PLAZA}/post/worked")
    scripted.get_by_role("button", name="Go on").click()
    expect(scripted).to_have_url(f"{flooded_door}/report/who")
    expect(scripted.get_by_role("heading")).to_contain_text("Who is in the picture?")


def test_a_report_that_was_sent_without_work_is_brought_forward_by_the_page_that_acknowledges_it(
    scripted: Page, flooded_door: str, empty_books: None
) -> None:
    scripted.route("**/work.js", lambda route: route.abort())
    scripted.goto(f"{flooded_door}/help-me")
    scripted.unroute("**/work.js")
    scripted.get_by_label("Paste the link to the post").fill(f"{PLAZA}/post/later")
    scripted.get_by_role("button", name="Go on").click()
    expect(scripted.get_by_role("heading", name="We have what you sent.")).to_be_visible()
    expect(scripted.locator("#come-forward")).to_have_attribute("data-forward", "204", timeout=30_000)


def test_without_scripts_the_report_is_acknowledged_with_a_code(
    browser: Browser, flooded_door: str, empty_books: None
) -> None:
    with phone(browser, flooded_door, java_script_enabled=False) as page:
        page.goto(f"{flooded_door}/help-me")
        page.get_by_label("Paste the link to the post").fill(f"{PLAZA}/post/no-scripts")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("yours waits its turn")).to_be_visible()
        expect(page.locator("#own-code")).to_be_visible()


def test_the_first_page_with_its_work_is_small(flooded_door: str) -> None:
    page = httpx.get(f"{flooded_door}/help-me", trust_env=False)
    parts = [page.content] + [
        httpx.get(f"{flooded_door}/static/public/{name}", trust_env=False).content
        for name in ("dot.svg", "work.js", "puzzle.js")
    ]
    assert "work.js" in page.text
    assert sum(len(gzip.compress(part)) for part in parts) <= MOST_BYTES
