"""The criteria of the 2020 review of platforms by a child-protection centre, at everything that Plaza shows.

Each thing that can be reported, signed out wherever a stranger can see it, on a phone and at a desk: a way of its own
for sexual pictures of a child, in plain words, easy to find, the same everywhere, without an account and without
personal facts, and never harder than the way for copyright.
"""

from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from amparo.cli.check import Plaza
from amparo.cli.demo import World
from tests.journeys.conftest import Browse
from tests.journeys.loopback import DESK, PHONE
from tests.journeys.reporter import DOOR_WORDS

pytestmark = pytest.mark.browser

SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]
SUBJECTS = ["post", "profile", "live room", "search hit", "hit in the feed", "picture", "message"]
COPYRIGHT = "It is my work, shown without my leave"
MENU = [
    DOOR_WORDS,
    "Someone threatens to post a sexual picture",
    "Someone asks a child for sexual pictures, or offers them",
    "Spam",
    COPYRIGHT,
]
WHO_IS_IT = {"profile": "Who is in the pictures on this account?"}
VAGUE = ("inappropriate", "objectionable", "harmful", "offensive", "other", "abuse", "sensitive")
PERSONAL = (
    "[required]",
    "[type=email]",
    "[type=tel]",
    "[type=password]",
    "[type=file]",
    "[autocomplete=name]",
    "[autocomplete=email]",
    "[autocomplete=tel]",
)


@dataclass(frozen=True)
class Choice:
    """One entry of a menu, as readers of screens hear it."""

    role: str
    name: str


def _open(page: Page, world: World, subject: str) -> Locator:
    """Go to one thing of that kind, as a stranger does wherever a stranger can; return its report button."""
    if subject == "message":
        page.goto(f"{world.plaza}/sign-in")
        page.get_by_label("Name").fill("harbour_light")
        page.get_by_label("Password").fill(world.plaza_password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{world.plaza}/")
        page.goto(f"{world.plaza}/messages/paper_kite")
        page.get_by_role("link", name="Message from").first.click()
    elif subject == "live room":
        page.goto(f"{world.plaza}/live")
        page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    elif subject == "search hit":
        page.goto(f"{world.plaza}/search?q=the")
    elif subject == "hit in the feed":
        page.goto(f"{world.plaza}/")
    elif subject == "profile":
        page.goto(f"{world.plaza}/user/quiet_meadow")
    else:
        page.goto(Plaza(world).post()["url"])
        if subject == "picture":
            page.locator("a[href^='/picture/']").first.click()
    page.wait_for_load_state()
    return page.locator("report-door").first


def _menu(door: Locator) -> list[Choice]:
    """Return what one press of the button shows."""
    door.get_by_role("button", name="Report", exact=True).click()
    buttons = [Choice("button", each.inner_text()) for each in door.locator("form button:visible").all()]
    links = [Choice("link", each.inner_text().strip()) for each in door.locator("[slot=also] a:visible").all()]
    return buttons + links


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_childs_picture_is_one_press_away_in_the_same_plain_words_and_asks_for_nothing_personal(
    browse: Browse, world: World, subject: str, size: ViewportSize
) -> None:
    page = browse(viewport=size)
    door = _open(page, world, subject)

    expect(door.get_by_role("button")).to_have_count(1)
    expect(door.get_by_role("button")).to_have_accessible_name("Report")
    menu = _menu(door)

    # The same entries in the same order at everything and on both sizes, the child's first and not under another.
    assert [choice.name for choice in menu] == MENU
    first = door.get_by_role("button", name=DOOR_WORDS, exact=True)
    expect(first).to_be_visible()
    assert not any(word in first.inner_text().lower() for word in VAGUE)
    # Signed out, where a stranger can see it at all: no cookie says who this is.
    assert page.context.cookies() == [] or subject == "message"
    box = first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]

    # It asks for nothing personal, and for less than the way for copyright right below it.
    door.get_by_role("link", name=COPYRIGHT).click()
    asked_for_copyright = page.get_by_role("main").get_by_role("listitem").count()
    page.go_back()
    door = page.locator("report-door").first
    _menu(door)
    door.get_by_role("button", name=DOOR_WORDS, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WHO_IS_IT.get(subject, "Who is in the picture?"))

    asked = page.locator("input:not([type=hidden]), textarea, select").count()
    assert asked < asked_for_copyright
    assert [each for each in PERSONAL if page.locator(each).count()] == []
    assert page.get_by_role("button", name="Sign in").count() == 0


@pytest.mark.parametrize("size", SIZES)
def test_without_scripts_the_same_words_stand_in_the_same_order(
    browse: Browse, world: World, size: ViewportSize
) -> None:
    page = browse(viewport=size, has_scripts=False)
    page.goto(Plaza(world).post()["url"])
    door = page.locator("report-door").first
    door.locator("summary").click()
    found = [each.inner_text() for each in door.locator("button:visible, details p a:visible").all()]
    assert found[: len(MENU)] == MENU
    # Once, and not a second time as what the button would have taken in.
    assert door.get_by_role("link", name=COPYRIGHT).count() == 1


def test_a_message_that_a_stranger_cannot_see_still_leads_to_the_door(browse: Browse, world: World) -> None:
    page = browse()
    page.goto(f"{world.plaza}/message/aaaaaaaaaa")
    page.get_by_role("link", name="Get help with a sexual picture").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are in the right place.")
    expect(page.get_by_role("radio", name=DOOR_WORDS)).to_be_checked()


@pytest.mark.parametrize("path", ["/", "/live", "/search", "/sign-in", "/nowhere", "/copyright", "/report"])
def test_every_page_leads_to_the_door_from_its_foot_signed_out(world: World, path: str) -> None:
    page = httpx.get(f"{world.plaza}{path}", trust_env=False).text
    foot = page.split("<footer>")[1]
    assert f'<a href="{world.door}/help-me">' in foot


def test_the_well_known_address_of_the_platform_leads_to_the_door(world: World) -> None:
    answer = httpx.get(f"{world.plaza}/.well-known/report-door", trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"{world.door}/help-me")
    assert httpx.get(answer.headers["location"], trust_env=False).status_code == 200
    assert httpx.get(f"{world.door}/report-door.json", trust_env=False).json()["help"] == answer.headers["location"]
