"""How the report button looks and speaks: four languages, a keyboard, readers of screens, a site's own colours."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.public.button_host import CHILD, DESK, PHONE, button, host, opened, page_with
from tests.public.test_button_browser import browser, door, pytestmark  # noqa: F401 - the fixtures of both files

ITEM = "http://plaza.test:8000/post/7"
REPORT = {"en": "Report", "fr": "Signaler", "nb": "Si ifra", "pl": "Zgłoś"}
CHILDS = {
    "en": CHILD,
    "fr": "Une photo sexuelle de moi ou d’un enfant",
    "nb": "Et seksuelt bilde av meg eller et barn",
    "pl": "Seksualne zdjęcie moje lub dziecka",
}
_AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


@pytest.fixture
def shown(browser: Browser, door: str) -> Iterator[Page]:  # noqa: F811
    """A page with the button as a disclosure and as a dialog, the choices at once, and a site's own entry."""
    also = '<a slot="also" href="/copyright">It is my work</a>'
    elements = (
        button(ITEM, 'id="menu" type="post"', inside=also)
        + button(ITEM, 'id="dialog" view="dialog"')
        + button(ITEM, 'id="open" view="open"')
    )
    with host(page_with(door, elements)) as site, opened(browser, site) as page:
        yield page


@pytest.mark.parametrize("code", REPORT)
@pytest.mark.parametrize("said", ["on it", "around it", "by the browser"])
def test_it_speaks_as_it_is_told_or_as_the_page_or_the_browser_does(
    browser: Browser,  # noqa: F811
    door: str,  # noqa: F811
    code: str,
    said: str,
) -> None:
    element = button(ITEM, f'lang="{code}"' if said == "on it" else "")
    around = {"on it": ' lang="sv"', "around it": f' lang="{code}-XX"', "by the browser": ' lang="sv"'}[said]
    browsers = code if said == "by the browser" else "en"
    context = browser.new_context(viewport=PHONE, locale=browsers)  # type: ignore[arg-type]
    with host(page_with(door, element, language=around)) as site:
        page = context.new_page()
        page.goto(site)
        page.get_by_role("button", name=REPORT[code], exact=True).click()
        expect(page.get_by_role("button", name=CHILDS[code], exact=True)).to_be_visible()
        assert page.locator("report-door .all").get_attribute("lang") == code
        assert page.locator("report-door input[name=language]").input_value() == code
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK, {"width": 320, "height": 640}], ids=["phone", "desk", "320 px"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(shown: Page, size: dict[str, int], scheme: str) -> None:
    shown.set_viewport_size(size)  # type: ignore[arg-type]
    shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    shown.evaluate(Axe().axe_script)
    shown.locator("#menu").get_by_role("button", name="Report").click()
    wide = shown.evaluate("document.documentElement.scrollWidth > innerWidth")
    faults = shown.evaluate("options => axe.run(options).then(found => found.violations)", _AXE)
    shown.locator("#dialog").get_by_role("button", name="Report").click()
    faults += shown.evaluate("options => axe.run(options).then(found => found.violations)", _AXE)
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
    assert not wide
    small = [box for box in _boxes(shown) if box["height"] < 44]
    assert small == []


def test_twice_the_size_of_text_needs_no_scrolling_to_the_side(shown: Page) -> None:
    shown.set_viewport_size({"width": 320, "height": 640})
    shown.add_style_tag(content="html { font-size: 200% }")
    shown.locator("#menu").get_by_role("button", name="Report").click()
    assert not shown.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_keyboard_opens_it_goes_through_it_and_comes_back(shown: Page) -> None:
    keys, focused = shown.keyboard, "document.activeElement.shadowRoot.activeElement"
    keys.press("Tab")
    assert shown.evaluate(f"{focused}.textContent") == "Report"
    assert shown.evaluate(f"getComputedStyle({focused}).outlineWidth") == "3px"
    assert shown.evaluate(f"{focused}.getAttribute('aria-expanded')") == "false"
    keys.press("Enter")
    assert shown.evaluate(f"{focused}.getAttribute('aria-expanded')") == "true"
    keys.press("Tab")
    assert shown.evaluate(f"{focused}.textContent") == CHILD
    keys.press("Escape")
    assert shown.evaluate(f"{focused}.textContent") == "Report"
    expect(shown.locator("#menu").get_by_role("button", name=CHILD)).to_be_hidden()


def test_the_dialog_keeps_the_focus_and_gives_it_back(shown: Page) -> None:
    shown.locator("#dialog").get_by_role("button", name="Report").focus()
    shown.keyboard.press("Enter")
    expect(shown.get_by_role("dialog", name="What is wrong with it?")).to_be_visible()
    for _ in range(12):
        shown.keyboard.press("Tab")
        assert shown.evaluate("['dialog', ''].includes(document.activeElement.id)")
    shown.keyboard.press("Escape")
    expect(shown.get_by_role("dialog")).to_have_count(0)
    assert shown.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "Report"


def test_readers_of_screens_hear_a_button_and_then_a_named_group(shown: Page) -> None:
    menu = shown.locator("#menu")
    expect(menu.get_by_role("button", name="Report", exact=True)).to_have_count(1)
    expect(menu.get_by_role("group")).to_have_count(0)
    menu.get_by_role("button", name="Report", exact=True).click()
    group = menu.get_by_role("group", name="What is wrong with this post?")
    assert group.get_by_role("button").all_inner_texts()[0] == CHILD
    expect(menu.get_by_role("link", name="It is my work")).to_be_visible()


def test_the_sites_colours_and_parts_reach_it_and_its_other_rules_do_not(shown: Page) -> None:
    shown.add_style_tag(
        content="button, .panel, p { display: none !important } form { visibility: hidden }"
        "#menu { --report-door-paper: rgb(1, 2, 3); --report-door-radius: 0px }"
        "#menu::part(choice) { font-weight: 700 }"
    )
    menu = shown.locator("#menu")
    menu.get_by_role("button", name="Report", exact=True).click()
    choice = menu.get_by_role("button", name=CHILD)
    expect(choice).to_be_visible()
    style = choice.evaluate(
        "it => ['backgroundColor', 'fontWeight', 'borderRadius'].map(name => getComputedStyle(it)[name])"
    )
    assert style == ["rgb(1, 2, 3)", "700", "0px"]


@pytest.mark.parametrize(("theme", "os", "paper"), [("light", "dark", "255"), ("dark", "light", "27")])
def test_a_site_may_say_light_or_dark_itself(shown: Page, theme: str, os: str, paper: str) -> None:
    shown.emulate_media(color_scheme=os)  # type: ignore[arg-type]
    shown.evaluate("theme => document.getElementById('open').setAttribute('theme', theme)", theme)
    colour = shown.locator("#open .panel").evaluate("it => getComputedStyle(it).backgroundColor")
    assert colour.startswith(f"rgb({paper},")


def test_it_stands_right_on_a_page_that_is_read_from_right_to_left(browser: Browser, door: str) -> None:  # noqa: F811
    elements = button(ITEM) + button(ITEM, 'view="open"')
    with (
        host(page_with(door, elements, language=' lang="ar" dir="rtl"')) as site,
        opened(browser, "about:blank") as page,
    ):
        # As it will be with a catalogue of such a language.
        page.route("**/report-door.js", lambda route: _from_right(route))
        page.goto(site)
        page.get_by_role("button", name="Report", exact=True).click()
        choice = page.locator("report-door .choice").first
        assert choice.evaluate("it => getComputedStyle(it).direction") == "rtl"
        note = page.locator("report-door .note").first
        assert note.evaluate(
            "it => { let r = document.createRange(); r.selectNodeContents(it);"
            " let box = it.getBoundingClientRect(), text = r.getBoundingClientRect();"
            " return text.left - box.left > box.right - text.right }"
        )
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_no_rule_of_its_look_names_left_or_right(browser: Browser, door: str) -> None:  # noqa: F811
    with opened(browser, f"{door}/report-door.js") as page:
        look = page.inner_text("body").split("const LOOK = `")[1].split("`;")[0]
    assert not [word for word in ("left", "right") if word in look]


def _from_right(route: object) -> None:
    answer = route.fetch()  # type: ignore[attr-defined]
    route.fulfill(response=answer, body=answer.text().replace('"dir":"ltr"', '"dir":"rtl"'))  # type: ignore[attr-defined]


def _boxes(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(
        "[...document.querySelectorAll('report-door')].flatMap(it => [...it.shadowRoot.querySelectorAll('button')])"
        ".map(it => it.getBoundingClientRect()).filter(box => box.width).map(({height, width}) => ({height, width}))"
    )
    return found
