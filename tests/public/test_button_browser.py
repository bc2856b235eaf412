"""The report button on another site, in a real browser: with scripts and without, under strict policies, door away."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from amparo.records import models
from tests.public.button_host import CHILD, button, host, opened, page_with
from tests.public.conftest import serving
from tests.public.staff import Staff

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DEAD = "http://127.0.0.1:9"

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


@pytest.fixture(scope="module")
def door(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A door that lets sites on this machine frame its choices."""
    folder = tmp_path_factory.mktemp("framed")
    with serving(os.environ["DATABASE_URL"], folder, framed_by="http://localhost:*") as address:
        yield address


def _press(page: Page, within: str = "") -> Page:
    """Press the first choice; return the tab that it opens."""
    frame = page.frame_locator(within) if within else page
    with page.expect_popup() as popup:
        frame.get_by_role("button", name=CHILD).click()
    popup.value.wait_for_url("**/report/who")
    return popup.value


def test_two_lines_of_html_open_a_report_of_the_post_in_a_tab_of_its_own(
    browser: Browser, door: str, staff: Staff, post: str
) -> None:
    with host(page_with(door, button(post, 'type="post"'))) as site, opened(browser, site) as page:
        page.get_by_role("button", name="Report", exact=True).click()
        assert models.Notice.objects.count() == 0
        tab = _press(page)
        expect(tab.get_by_role("heading", level=1)).to_have_text("Who is in the picture?")
        for name in ("It is me", "Yes", "A private page", "Send"):
            tab.get_by_role("button", name=name).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("We have your report.")
        assert page.url == site
    assert models.Case.objects.get().subject_id == post.rpartition("/")[2]


def test_the_same_choice_pressed_twice_is_one_report_and_another_choice_is_another(
    browser: Browser, door: str, staff: Staff, post: str
) -> None:
    with host(page_with(door, button(post))) as site, opened(browser, site) as page:
        page.get_by_role("button", name="Report", exact=True).click()
        _press(page)
        _press(page)
        assert models.Notice.objects.count() == 1
        with page.expect_popup() as popup:
            page.get_by_role("button", name="Someone threatens").click()
        popup.value.wait_for_url("**/report/who")
    assert models.Notice.objects.count() == 2


def test_neither_site_learns_anything_of_the_other(browser: Browser, door: str, staff: Staff, post: str) -> None:
    listening = (
        "<script>heard = []; ['click', 'submit', 'keydown', 'pointerdown', 'mousedown', 'change', 'input']"
        ".forEach(kind => document.addEventListener(kind, event => heard.push(kind)))</script>"
    )
    with host(page_with(door, button(post), head=listening)) as site, opened(browser, site) as page:
        asked: list[dict[str, str]] = []
        page.context.on("request", lambda one: asked.append(one.all_headers()) if one.method == "POST" else None)
        page.get_by_role("button", name="Report", exact=True).click()
        tab = _press(page)
        assert page.evaluate("heard") == []
        assert tab.evaluate("opener") is None
        assert tab.evaluate("document.referrer") == ""
        assert [(one.get("referer"), one.get("origin")) for one in asked] == [(None, "null")]
        assert page.context.cookies(site) == []


def test_the_button_asks_nobody_anything_until_a_choice_is_pressed(browser: Browser, door: str, post: str) -> None:
    with host(page_with(door, button(post) * 3)) as site, opened(browser, "about:blank") as page:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url))
        page.goto(site)
        for each in page.get_by_role("button", name="Report", exact=True).all():
            each.click()
        expect(page.get_by_role("button", name=CHILD)).to_have_count(3)
        assert [url for url in asked if "favicon" not in url] == [site, f"{door}/report-door.js"]
        assert page.context.cookies() == []


def test_without_scripts_the_sites_own_form_or_link_stands_in_its_place(browser: Browser, door: str, post: str) -> None:
    with host(page_with(door, button(post, door=door))) as site, opened(browser, site, has_scripts=False) as page:
        page.get_by_role("link", name="Get help with a sexual picture").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are in the right place.")


def test_while_the_door_cannot_be_reached_the_link_stays(browser: Browser, door: str, post: str) -> None:
    with host(page_with(DEAD, button(post, door=door))) as site, opened(browser, site) as page:
        expect(page.get_by_role("link", name="Get help with a sexual picture")).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)


def test_a_slow_script_hides_nothing_and_finds_the_choices_unfolded(browser: Browser, door: str, post: str) -> None:
    inside = "<details><summary>Report</summary><p>Choices of the page</p></details>"
    with host(page_with(door, button(post, inside=inside))) as site, opened(browser, "about:blank") as page:
        held = []
        page.route("**/report-door.js", lambda route: held.append(route))
        page.goto(site, wait_until="commit")
        page.locator("summary").click()
        expect(page.get_by_text("Choices of the page")).to_be_visible()
        held[0].continue_()
        expect(page.get_by_role("button", name=CHILD)).to_be_visible()
        expect(page.get_by_text("Choices of the page")).to_be_hidden()


@pytest.mark.parametrize("view", ["menu", "open", "dialog"])
def test_a_strict_policy_needs_the_door_named_twice_and_nothing_else(
    browser: Browser, door: str, staff: Staff, post: str, view: str
) -> None:
    policy = f"default-src 'none'; script-src {door}; form-action {door}; require-trusted-types-for 'script'"
    with (
        host(page_with(door, button(post, f'view="{view}"')), policy) as site,
        opened(browser, "about:blank") as page,
    ):
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        page.goto(site)
        if view != "open":
            page.get_by_role("button", name="Report", exact=True).click()
        edge = page.locator("report-door .panel").evaluate("panel => getComputedStyle(panel).borderTopStyle")
        _press(page)
        assert edge == "solid"
        assert [text for text in told if "favicon" not in text] == []
    assert models.Notice.objects.count() == 1


def test_a_site_that_lets_no_script_in_frames_the_choices(browser: Browser, door: str, staff: Staff, post: str) -> None:
    frame = (
        f'<iframe src="{door}/embed?item={post}&amp;lang=en" title="Report this post" width="360" height="420"'
        ' sandbox="allow-forms allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    html = f"<!doctype html><html lang=en><title>A post</title>{frame}"
    with host(html, f"default-src 'none'; frame-src {door}") as site, opened(browser, site) as page:
        tab = _press(page, "iframe")
        tab.get_by_role("button", name="It is me").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Were you under 18 when it was taken?")
    assert models.Notice.objects.count() == 1


@pytest.mark.parametrize("path", ["/help-me", "/u/", "/help", "/report-door.json"])
def test_no_other_page_of_the_door_can_be_framed_even_there(browser: Browser, door: str, path: str) -> None:
    html = f'<!doctype html><html lang=en><title>A post</title><iframe src="{door}{path}" title="x"></iframe>'
    with host(html) as site, opened(browser, site) as page:
        expect(page.frame_locator("iframe").get_by_role("button", name="Go on")).to_have_count(0)
        assert page.frames[1].url.startswith("chrome-error:")


def test_a_site_that_is_drawn_by_scripts_may_say_the_item_later(
    browser: Browser, door: str, staff: Staff, post: str
) -> None:
    with host(page_with(door, "<report-door></report-door>")) as site, opened(browser, site) as page:
        page.get_by_role("button", name="Report", exact=True).click()
        expect(page.get_by_role("button", name="Get help")).to_be_visible()
        page.evaluate("link => document.querySelector('report-door').setAttribute('item', link)", post)
        _press(page)
    assert models.Case.objects.get().subject_id == post.rpartition("/")[2]


def test_an_item_is_an_address_as_seen_from_the_page(browser: Browser, door: str, post: str) -> None:
    with host(page_with(door, button("/post/7"))) as site, opened(browser, site) as page:
        link = page.locator("report-door input[name=link]")
        assert link.input_value() == f"{site}post/7"
        page.evaluate("document.querySelector('report-door').setAttribute('item', 'post:abc')")
        assert page.locator("report-door input[name=link]").input_value() == "post:abc"
