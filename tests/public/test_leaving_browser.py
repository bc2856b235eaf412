"""Leaving at once: by the button, by a link for the keyboard, by Shift three times, and without scripts."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.public.staff import Staff
from tests.public.test_door_browser import CHROMIUM, FLAGS, phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]
ELSEWHERE = re.compile("^http://localhost:")
PATHS = ("/help-me", "/help", "/u/", "/report/who", "/report/check", "/u/page", "/u/packet", "/u/school", "/nowhere")

# Everything in one go of the page's own loop: what is there afterwards is what the next frame shows.
SHIFT = "new KeyboardEvent('keydown', {key: 'Shift', bubbles: true})"
PRESSED = f"""() => {{
  for (let times = 0; times < 3; times++) document.body.dispatchEvent({SHIFT});
  const box = document.querySelector('.blank').getBoundingClientRect();
  const covers = box.left === 0 && box.top === 0 && box.width >= innerWidth && box.height >= innerHeight;
  return [document.body.innerText, covers];
}}"""
OBSCURED = """() => {
  const way = document.querySelector('.way').getBoundingClientRect();
  const found = [];
  for (const each of document.querySelectorAll('h1, h2, h3, p, legend, label, button, summary, main a')) {
    if (!each.checkVisibility() || each.classList.contains('unseen')) continue;
    each.scrollIntoView({block: 'nearest'});
    const box = each.getBoundingClientRect();
    const isBeside = box.right <= way.left || box.left >= way.right;
    if (box.height > innerHeight / 2 || isBeside) continue;
    if (box.bottom > way.top + 1 && box.top < way.bottom) found.push(each.textContent.trim());
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django then takes us for a coroutine. We are not one.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, served_door: str, staff: Staff) -> Iterator[Page]:
    with phone(browser, served_door) as opened:
        yield opened


def _send(page: Page, link: str) -> None:
    page.goto("/help-me")
    page.locator("#links").fill(link)
    page.locator("main .primary").click()
    for field, value in (("relation", "me"), ("age", "yes"), ("way", "private_page")):
        page.locator(f"button[name={field}][value={value}]").click()
    page.locator("main .primary").click()
    expect(page.locator("#own-code")).to_be_visible()


def _is_left(page: Page) -> None:
    page.wait_for_url(ELSEWHERE)
    page.go_back()
    page.wait_for_load_state()
    _is_forgotten(page)


def _is_forgotten(left: Page) -> None:
    page = left.context.new_page()
    for path in ("/u/page", "/report/check"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 403
    assert page.context.cookies() == []


def test_the_page_is_empty_and_covered_before_the_third_press_of_shift_has_ended(page: Page, post: str) -> None:
    _send(page, post)
    assert page.evaluate(PRESSED) == ["", True]
    _is_left(page)


@pytest.mark.parametrize("name", ["Leave this page", "Get out now"])
def test_each_link_forgets_the_report_and_back_shows_none_of_it(page: Page, post: str, name: str) -> None:
    _send(page, post)
    link = page.get_by_role("link", name=name)
    link.focus()
    page.keyboard.press("Enter")
    _is_left(page)
    assert page.locator("#own-code").count() == 0


def test_the_first_press_of_tab_shows_the_way_out(page: Page) -> None:
    page.goto("/help-me")
    page.keyboard.press("Tab")
    first = page.get_by_role("link", name="Get out now")
    expect(first).to_be_focused()
    box = first.bounding_box()
    assert box is not None
    assert box["width"] > 44
    assert box["height"] >= 44


def test_somebody_who_types_capitals_stays(page: Page) -> None:
    page.goto("/help-me")
    page.locator("#links").focus()
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("#links")).to_have_value("ABC")
    assert page.locator(".blank").count() == 0


def test_who_listens_hears_how_many_presses_are_left(page: Page) -> None:
    page.goto("/help-me")
    said = page.locator("#leave-said")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Press Shift two more times to leave.")
    page.keyboard.press("Shift")
    expect(said).to_have_text("Press Shift once more to leave.")
    page.keyboard.press("Escape")
    expect(said).to_have_text("")


def test_without_scripts_both_links_lead_away(browser: Browser, served_door: str, staff: Staff, post: str) -> None:
    for name in ("Leave this page", "Get out now"):
        with phone(browser, served_door, java_script_enabled=False) as page:
            _send(page, post)
            page.get_by_role("link", name=name).focus()
            page.keyboard.press("Enter")
            page.wait_for_url(ELSEWHERE)
            # The receipt was the answer to a form and is kept nowhere: the browser has nothing to show.
            with pytest.raises(Error, match="ERR_CACHE_MISS"):
                page.go_back()
            _is_forgotten(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_way_out_lies_over_no_words_and_no_button(
    browser: Browser, served_door: str, staff: Staff, post: str, width: int
) -> None:
    with phone(browser, served_door, viewport={"width": width, "height": 700}) as page:
        _send(page, post)
        assert page.evaluate(OBSCURED) == []
        for path in PATHS:
            page.goto(path)
            assert page.evaluate(OBSCURED) == [], path


def test_how_to_leave_is_said_before_anything_is_asked(page: Page, post: str) -> None:
    page.goto("/help-me")
    expect(page.locator(".leaving")).to_contain_text("the Shift key three times")
    page.locator("#links").fill(post)
    page.locator("main .primary").click()
    page.wait_for_url("**/report/who")
    expect(page.locator(".leaving")).to_be_visible()
    page.locator("button[value=me]").click()
    page.wait_for_url("**/report/age")
    assert page.locator(".leaving").count() == 0


def test_a_tab_and_a_preview_say_nothing(page: Page, post: str) -> None:
    _send(page, post)
    for path in PATHS:
        answer = page.goto(path)
        assert answer is not None
        assert page.title() == "Update on your request"
        assert page.locator("meta[property='og:title']").get_attribute("content") == "Update on your request"
        assert (
            page.locator("meta[property='og:image'], meta[name=description], meta[property='og:description']").count()
            == 0
        )
        assert answer.headers["cache-control"] == "no-store"
        is_found = path in ("/help-me", "/help")
        assert ("noindex" in answer.headers.get("x-robots-tag", "")) is not is_found
