"""Every page of the door: without a fault for axe, on a narrow screen with large letters, light, and without traces."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from amparo.cli.check import Plaza
from amparo.cli.demo import World
from tests.journeys.accessibility import faults_of
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.desk import Desk
from tests.journeys.door_pages import Looker, every_page
from tests.journeys.loopback import somebody
from tests.journeys.reporter import Reporter

pytestmark = pytest.mark.browser

LARGEST_BYTES = 30_000


@pytest.fixture(scope="module")
def looker(browser: Browser, world: World, plaza: Plaza, books: Books, desk: Desk) -> Iterator[Looker]:
    with somebody(browser) as page:
        looker = Looker(page)
        for name in every_page(Reporter(page), world, plaza, books, desk):
            looker.look(name)
        yield looker


def test_axe_finds_a_fault_where_there_is_one(browse: Browse) -> None:
    page = browse()
    page.set_content(
        "<html lang=en><title>A page</title><main><h1>A page</h1><button></button>"
        "<style>@media (prefers-color-scheme: dark) { .night { color: #ccc } }</style>"
        "<style>.small { height: 9px; padding: 0 }</style>"
        "<p style='color:#ccc'>Faint words.</p><p class=night>Faint at night.</p>"
        "<button class=small>a</button><br><button class=small>b</button></main>"
    )

    found = faults_of(page, "faulty")

    names = {fault.split(": ")[1].split(" at ")[0] for fault in found}
    assert names == {"button-name", "color-contrast", "target-size"}
    assert {"dark" in fault for fault in found if "Faint at night." in fault} == {True}


def test_no_page_of_the_door_has_an_accessibility_fault(looker: Looker) -> None:
    assert [fault for each in looker.seen for fault in each.faults] == []
    assert {each.status for each in looker.seen} == {200, 400, 403, 404}


def test_no_page_of_the_door_scrolls_sideways_at_320_pixels_with_letters_of_double_size(looker: Looker) -> None:
    assert {each.letters for each in looker.seen} == {"34px"}
    assert [(each.name, each.too_wide) for each in looker.seen if each.too_wide > 0] == []


def test_no_page_of_the_door_weighs_more_than_thirty_kilobytes(looker: Looker) -> None:
    for each in sorted(looker.seen, key=lambda each: -each.size_bytes):
        print(f"{each.size_bytes:6} bytes  {each.name}")
    assert [each.name for each in looker.seen if "stylesheet" in each.loaded] == []
    assert {each.name for each in looker.seen if "script" in each.loaded} == {
        "the code of a picture",
        "the code of an own picture",
    }
    assert [each.name for each in looker.seen if each.size_bytes > LARGEST_BYTES] == []


def test_looking_leaves_no_cookie_but_the_token_of_a_form_and_the_page_one_has_open(looker: Looker) -> None:
    print(f"given by GET: {sorted(looker.given_by_get)}")
    assert {path for path, _ in looker.given_by_get} <= {
        *("/u/", "/u/page", "/u/certificate", "/report/who", "/report/age", "/report/how", "/report/check"),
        *("/officials", "/officials/confirm", "/picture", "/u/picture", "/u/school", "/u/packet"),
    }


def test_every_cookie_is_out_of_reach_of_scripts_and_gone_within_the_hour(looker: Looker) -> None:
    assert set(looker.cookies) == {"amparo_door", "amparo_draft", "amparo_page", "amparo_language"}
    for cookie in looker.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        # One without an age is gone with the browser.
        assert int(cookie["max-age"] or 0) <= 60 * 60
