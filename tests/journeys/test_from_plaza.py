"""From something seen on the platform to the receipt: the same few words everywhere, few activations, no typing."""

import pytest
from playwright.sync_api import expect

from amparo.cli.check import Plaza
from amparo.cli.demo import World
from tests.journeys.conftest import Browse
from tests.journeys.reporter import DOOR_WORDS, RECEIPT, Reporter
from tests.journeys.things import sign_in, things_of_each_kind

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
KINDS = ("post", "profile", "message", "live room")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_receipt_is_at_most_seven_activations_and_no_letter_away(
    browse: Browse, world: World, plaza: Plaza, kind: str, has_scripts: bool
) -> None:
    page, thing = browse(has_scripts=has_scripts), things_of_each_kind(world, plaza)[KINDS.index(kind)]
    if thing.reader:
        sign_in(page, world, thing.reader)
    page.goto(thing.address)
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
