"""From something seen on the platform to the receipt: the same few words everywhere, few activations, no typing."""

import pytest
from playwright.sync_api import Page, expect

from amparo.cli.demo import World
from tests.journeys.conftest import Browse
from tests.journeys.reporter import DOOR_WORDS, RECEIPT, Reporter

pytestmark = pytest.mark.browser

MOST_ACTIVATIONS = 7
# What nobody who reports should ever meet, on any page between the post and the receipt.
ASKS_TOO_MUCH = (
    "[required]",
    "[type=file]",
    "[type=password]",
    "[autocomplete=name]",
    "[autocomplete=email]",
    "[autocomplete=tel]",
    "[type=email]",
    "[type=tel]",
    "iframe",
)
# kind → who is signed in, and whose it is, with scripts and without: each seeded subject is reported once.
SEEDED = {
    "post": ("", {True: "slow_baker", False: "north_window"}),
    "message": ("harbour_light", {True: "Do you still have", False: "Perfect. I can"}),
    "live": ("", {True: "Watching dough rise", False: "Drawing together"}),
    "user": ("", {True: "quiet_meadow", False: "green_tram"}),
}


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("kind", SEEDED)
def test_the_receipt_is_at_most_seven_activations_and_no_letter_away(
    browse: Browse, world: World, kind: str, has_scripts: bool
) -> None:
    page = browse(has_scripts=has_scripts)
    _find(page, world, kind, has_scripts)
    reporter = Reporter(page)
    asked: list[str] = []

    reporter.open_report()
    assert page.locator("report-door form button:visible").first.inner_text() == DOOR_WORDS
    reporter.press(DOOR_WORDS)
    for words in ("It is me", "Yes", "A private page", "Send"):
        expect(page.get_by_role("button", name=words).first).to_be_visible()
        asked += [each for each in ASKS_TOO_MUCH if page.locator(each).count()]
        reporter.press(words)

    expect(page.get_by_role("heading", name=RECEIPT, level=1)).to_be_visible()
    # The button to copy the code is there with scripts only, so this is what shows that they were off.
    expect(page.locator("#copy")).to_be_visible(visible=has_scripts)
    print(f"{kind}, scripts {has_scripts}: {reporter.activations} activations, {reporter.typed} letters typed")
    assert reporter.activations <= MOST_ACTIVATIONS
    assert reporter.typed == 0
    assert asked == []


def _find(page: Page, world: World, kind: str, has_scripts: bool) -> None:
    """Go to a subject that Plaza was seeded with, as somebody who came across it."""
    signs_in_as, whose = SEEDED[kind]
    if signs_in_as:
        page.goto(f"{world.plaza}/sign-in")
        page.get_by_label("Name").fill(signs_in_as)
        page.get_by_label("Password").fill(world.plaza_password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{world.plaza}/")
    if kind == "user":
        page.goto(f"{world.plaza}/user/{whose[has_scripts]}")
    elif kind == "post":
        page.goto(f"{world.plaza}/user/{whose[has_scripts]}")
        page.get_by_role("link", name=f"Post by {whose[has_scripts]}").first.click()
        page.wait_for_url("**/post/*")
    elif kind == "live":
        page.goto(f"{world.plaza}/live")
        page.get_by_role("link", name=whose[has_scripts]).click()
        page.wait_for_url("**/live/*")
    else:
        page.goto(f"{world.plaza}/messages/paper_kite")
        page.locator("article", has_text=whose[has_scripts]).get_by_role("link", name="Message from").click()
        page.wait_for_url("**/message/*")
