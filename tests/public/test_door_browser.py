"""The door in a real browser on a phone: accessible, few presses, no scripts needed, and it can be left at once."""

import gzip
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from amparo.cases.words import Seen
from amparo.records import models
from tests.accessibility import faults_of, is_wider_than_its_screen
from tests.public.staff import Staff

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 390, "height": 844}
MOST_BYTES = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django then takes us for a coroutine. We are not one.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def phone(browser: Browser, door: str, **options: Any) -> Iterator[Page]:
    """A page on a phone."""
    context = browser.new_context(viewport=options.pop("viewport", PHONE), base_url=door, **options)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, served_door: str, staff: Staff) -> Iterator[Page]:
    with phone(browser, served_door, java_script_enabled=request.param == "with scripts") as opened:
        yield opened


@pytest.fixture
def scripted(browser: Browser, served_door: str, staff: Staff) -> Iterator[Page]:
    with phone(browser, served_door) as opened:
        yield opened


@pytest.fixture
def platform(served_door: str, post: str) -> Iterator[str]:
    """A post on another site, with the platform's own "Report" button. The value is its address."""
    body = (
        f'<title>A post</title><img src="{served_door}/report?link={post}&topic=spam" alt="">'
        f'<link rel="prefetch" href="{served_door}/report?link={post}">'
        f'<form method="post" action="{served_door}/report"><input type="hidden" name="link" value="{post}">'
        '<input type="hidden" name="key" value="6f0d8f5e-3f0c-4a44-9e43-0d2a8b6c1b11">'
        '<button name="topic" value="sexual_picture">A sexual picture of me or a child</button></form>'
    ).encode()

    class Show(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Show)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # By another name than the door's, so that to a browser it is another site.
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_from_a_post_on_another_site_to_the_receipt_in_five_presses(page: Page, platform: str) -> None:
    page.goto(platform)
    assert models.Notice.objects.count() == 0
    presses = ["A sexual picture of me or a child", "It is me", "Yes", "A private page", "Send"]
    for name in presses:
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your report.")
    assert page.locator("#own-code").text_content()
    page.get_by_role("link", name="Open your page now").click()
    page.wait_for_url("**/u/page")
    # The platform's own "Report" button, which unfolds the choices, is one more.
    assert len(presses) + 1 <= 7


def test_from_the_first_page_with_one_paste(page: Page, post: str) -> None:
    page.goto("/help-me")
    page.get_by_label("Paste the link to the post").fill(post)
    page.get_by_role("button", name="Go on").click()
    for name in ("A child I look after", "Not sure", "A private page", "Send"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your report.")


def test_the_tab_closed_after_the_first_press_leaves_an_open_case_with_a_clock(
    scripted: Page, platform: str, staff: Staff, post: str
) -> None:
    scripted.goto(platform)
    scripted.get_by_role("button", name="A sexual picture").click()
    scripted.wait_for_url("**/report/who")
    scripted.close()
    assert staff.case_of(post).is_open
    assert staff.case_of(post).running("first_look")


def _sent(page: Page, post: str) -> str:
    page.goto("/help-me")
    page.get_by_label("Paste the link to the post").fill(post)
    page.get_by_role("button", name="Go on").click()
    for name in ("It is me", "Yes", "A private page", "Send"):
        page.get_by_role("button", name=name).click()
    return page.locator("#own-code").text_content() or ""


def _walk(page: Page, staff: Staff, post: str) -> Iterator[str]:
    """Stand on every page of the door, one after the other."""
    page.goto("/help-me")
    yield "R0"
    page.get_by_label("Paste the link to the post").fill("x" * 3_000)
    page.get_by_role("button", name="Go on").click()
    yield "R1 with what was wrong"
    page.get_by_label("Paste the link to the post").fill(
        f"{post} https://elsewhere.example/an-address-without-any-blank"
    )
    page.get_by_role("button", name="Go on").click()
    for name in ("It is me", "Yes", "A private page"):
        yield f"the question before {name}"
        page.get_by_role("button", name=name).click()
    yield "R5"
    page.get_by_role("button", name="Send").click()
    yield "R6"
    page.goto("/u/page")
    yield "R7 with two links"
    _sent(page, f"{post}1")
    for step in (lambda: None, lambda: staff.sees(f"{post}1", Seen.HIDDEN), lambda: staff.looks(f"{post}1")):
        step()
        page.goto("/u/page")
        yield "R7"
    staff.keeps(f"{post}1")
    page.goto("/u/page")
    yield "R7 after a refusal"
    _sent(page, f"{post}2")
    staff.is_late(f"{post}2", "first_look")
    page.goto("/u/page")
    yield "R7 when late"
    _unfold(page)
    page.get_by_role("button", name="Show a new code").click()
    yield "a new code"
    for path in ("/help", "/u/", "/nowhere"):
        page.goto(path)
        yield path
    page.goto("/u/")
    page.get_by_label("Your code").fill("wrong")
    page.get_by_role("button", name="Open", exact=True).click()
    yield "a wrong code"


def test_every_page_is_accessible_light_and_big_enough(
    browser: Browser, served_door: str, staff: Staff, post: str
) -> None:
    asked: list[str] = []
    faults: list[str] = []
    with phone(browser, served_door, bypass_csp=True) as page:
        page.on("request", lambda request: asked.append(request.url))
        dot = page.request.get("/static/public/dot.svg").body()
        for name in _walk(page, staff, post):
            page.wait_for_load_state("load")
            weight = sum(len(gzip.compress(part)) for part in (page.content().encode(), dot))
            faults += [f"{name} weighs {weight} bytes"] if weight > MOST_BYTES else []
            faults += faults_of(page, name)
            faults += _too_small(page, name)
            page.set_viewport_size({"width": 320, "height": 640})
            page.add_style_tag(content=":root{font-size:212.5% !important}")
            faults += [f"{name} is too wide at 320 pixels"] if is_wider_than_its_screen(page) else []
            page.set_viewport_size(PHONE)
    assert faults == []
    assert {url for url in asked if not url.startswith(served_door)} == set()


def _too_small(page: Page, name: str) -> Iterator[str]:
    """Say what a thumb would miss, by WCAG 2.2's success criterion 2.5.5: 44 pixels high."""
    for target in page.locator("button:visible, select:visible, summary:visible, .leave").all():
        box = target.bounding_box()
        assert box is not None
        if box["height"] < 44:
            yield f"{name}: {target.text_content()} is {box['height']} pixels high"


HEADINGS = {"fr": "Nous avons ton signalement.", "nb": "Vi har fått saken din.", "pl": "Mamy Twoje zgłoszenie."}


def _walk_unread(page: Page, post: str) -> Iterator[str]:
    """Stand on the door's main pages, finding everything by its place and nothing by its words."""
    for path in ("/help", "/u/", "/nowhere", "/help-me"):
        page.goto(path)
        yield path
    page.locator("#links").fill(f"{post} https://elsewhere.example/an-address-without-any-blank")
    page.locator("main .primary").click()
    for field, value in (("relation", "me"), ("age", "yes"), ("way", "private_page")):
        yield f"the question of {field}"
        page.locator(f"button[name={field}][value={value}]").click()
    yield "R5"
    page.locator("main .primary").click()
    yield "R6"
    expect(page.get_by_role("heading", level=1)).to_have_text(
        HEADINGS[page.locator("html").get_attribute("lang") or ""]
    )
    page.goto("/u/page")
    yield "R7"


@pytest.mark.parametrize("code", HEADINGS)
def test_other_languages_are_as_accessible_and_as_narrow(
    browser: Browser, served_door: str, staff: Staff, post: str, code: str
) -> None:
    small = {"width": 320, "height": 640}
    with phone(browser, served_door, locale=code, viewport=small, bypass_csp=True) as page:
        for name in _walk_unread(page, post):
            assert page.locator("html").get_attribute("lang") == code
            assert faults_of(page, name) == []
            page.add_style_tag(content=":root{font-size:212.5% !important}")
            assert not is_wider_than_its_screen(page), name


def test_a_language_is_chosen_with_or_without_scripts_and_nothing_typed_is_lost(page: Page, post: str) -> None:
    page.goto("/help-me")
    page.locator("#links").fill(post)
    page.locator("input[value=threat]").check()
    page.get_by_role("button", name="Polski").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("To dobre miejsce.")
    expect(page.locator("#links")).to_have_value(post)
    expect(page.locator("input[value=threat]")).to_be_checked()
    page.locator("main .primary").click()
    page.get_by_role("button", name="Norsk").click()
    page.wait_for_url("**/report/who")
    expect(page.locator("html")).to_have_attribute("lang", "nb")


def test_a_language_is_chosen_by_keyboard_on_the_receipt_and_its_code_stays(scripted: Page, post: str) -> None:
    code = _sent(scripted, post)
    _tab_to(scripted, lambda active: active["text"] == "Français")
    with scripted.expect_navigation():
        scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("heading", level=1)).to_have_text(HEADINGS["fr"])
    assert scripted.locator("#own-code").text_content() == code


def test_the_whole_report_goes_by_keyboard_alone(scripted: Page, post: str) -> None:
    scripted.goto("/help-me")
    _tab_to(scripted, lambda active: active["id"] == "links")
    scripted.keyboard.insert_text(post)
    for name in ("Go on", "It is me", "Yes", "A private page", "Send"):
        _tab_to(scripted, lambda active, name=name: active["text"].startswith(name))  # type: ignore[misc]
        with scripted.expect_navigation():
            scripted.keyboard.press("Enter")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("We have your report.")


def test_what_was_wrong_has_the_focus(scripted: Page) -> None:
    scripted.goto("/help-me")
    scripted.get_by_role("button", name="Go on").click()
    expect(scripted.get_by_role("alert")).to_be_focused()


def test_a_link_with_its_code_opens_the_page_and_leaves_no_code_in_the_address(
    scripted: Page, browser: Browser, served_door: str, post: str
) -> None:
    code = _sent(scripted, post)
    with phone(browser, served_door) as other:
        other.goto(f"/u/#{code}")
        other.wait_for_url("**/u/page")
        assert code not in other.url
        expect(other.locator("main")).to_contain_text("We have not hidden the post yet.")


def test_without_scripts_the_link_lands_on_the_box_which_says_so(
    scripted: Page, browser: Browser, served_door: str, post: str
) -> None:
    code = _sent(scripted, post)
    with phone(browser, served_door, java_script_enabled=False) as other:
        other.goto(f"/u/#{code}")
        assert other.get_by_text("Scripts are off, so a link cannot open your page by itself.").is_visible()
        other.get_by_label("Your code").fill(code)
        other.get_by_role("button", name="Open", exact=True).click()
        other.wait_for_url("**/u/page")


@pytest.mark.parametrize("how", ["the link", "three times Shift"])
def test_leaving_opens_another_site_and_back_shows_nothing(scripted: Page, post: str, how: str) -> None:
    _sent(scripted, post)
    if how == "the link":
        scripted.get_by_role("link", name="Leave this page").click()
    else:
        for _ in range(3):
            scripted.keyboard.press("Shift")
    scripted.wait_for_url(re.compile("^http://localhost:"))
    scripted.go_back()
    assert scripted.locator("#own-code").count() == 0
    assert "We have your report." not in scripted.content()
    scripted.goto("/u/page")
    assert "Open it again with your code." in scripted.content()


def test_leaving_without_scripts_closes_the_page_too(
    browser: Browser, served_door: str, staff: Staff, post: str
) -> None:
    with phone(browser, served_door, java_script_enabled=False) as page:
        _sent(page, post)
        page.get_by_role("link", name="Leave this page").click()
        page.wait_for_url(re.compile("^http://localhost:"))
        page.goto("/u/page")
        assert "Open it again with your code." in page.content()


def _unfold(page: Page) -> None:
    # A press returns when the next page begins to come, and what is still coming has no head and no folds yet.
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def _tab_to(page: Page, is_it: Callable[[dict[str, str]], bool]) -> None:
    """Press Tab until it is reached; what has the focus is never behind the way out."""
    for _ in range(30):
        page.keyboard.press("Tab")
        active: dict[str, Any] = page.evaluate(
            """() => { const each = document.activeElement, box = each.getBoundingClientRect();
            const top = document.elementFromPoint(box.left + Math.min(24, box.width / 2), box.top + box.height / 2);
            const text = (each.textContent || '').trim();
            return {id: each.id, text, is_free: each === top || each.contains(top)} }"""
        )
        assert active["is_free"] or not active["text"], f"{active['text']} is covered"
        if is_it(active):
            return
    raise AssertionError("it cannot be reached with the Tab key")
