"""With a keyboard alone: from the door to the receipt, and from the queue to a decision."""

import pytest
from playwright.sync_api import Page, expect

from amparo.cli.check import Missed, Plaza, Stranger
from amparo.cli.demo import World
from tests.journeys import staff
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.keys import Keys
from tests.journeys.loopback import DESK
from tests.journeys.reporter import RECEIPT

pytestmark = pytest.mark.browser

MOST_CARDS = 60


def test_a_report_is_sent_with_the_keyboard_alone(browse: Browse, world: World, plaza: Plaza) -> None:
    post, page = plaza.post(), browse()
    keys = Keys(page)
    page.goto(f"{world.door}/help-me")

    keys.press("Go on")
    expect(page.get_by_role("alert")).to_be_focused()
    keys.type("Paste the link to the post", post["url"])
    keys.press("Go on")
    for question, words in (
        ("Who is in the picture?", "It is me"),
        ("Were you under 18 when it was taken?", "Yes"),
        ("How can we tell you what happens?", "A private page"),
        ("Look it over and send it.", "Send"),
    ):
        expect(page.get_by_role("heading", name=question)).to_be_visible()
        keys.press(words)

    expect(page.get_by_role("heading", name=RECEIPT, level=1)).to_be_visible()
    keys.press("Open your page now")
    expect(page.get_by_role("link", name="Check again")).to_be_visible()
    assert keys.lost == []
    plaza.wait(post["url"], 404)


def test_a_case_is_decided_with_the_keyboard_alone_and_without_a_look(
    browse: Browse, world: World, plaza: Plaza, books: Books
) -> None:
    post, page = plaza.post(), browse(viewport=DESK)
    Stranger(world).report(post["url"], "It is me", "Yes")
    case = books.case_of(post["id"]).id
    staff.sign_in(page, world, "second-reviewer")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    _open_card(page, case)
    page.wait_for_url(f"**/cases/{case}")
    page.keyboard.press("1")
    assert Keys(page).focus().name == "Remove"
    page.keyboard.press("Enter")

    expect(page.get_by_text("Decided: it breaks the rule.")).to_be_visible()
    plaza.wait(post["url"], 410)
    assert [url for url in asked if "/parts/" in url] == []


def _open_card(page: Page, case: str) -> None:
    """Move with J to the card of a case and press Enter."""
    focused = "document.activeElement.form ? document.activeElement.form.getAttribute('action') : ''"
    for _ in range(MOST_CARDS):
        page.keyboard.press("j")
        if case in page.evaluate(focused):
            page.keyboard.press("Enter")
            return
    raise Missed(f"J never comes to the card of {case}")
