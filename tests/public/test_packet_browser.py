"""A threat from another app, in a browser on a phone: what to do, a text to copy or download, a letter to print."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.accessibility import faults_of, is_wider_than_its_screen
from tests.public.staff import Staff
from tests.public.test_door_browser import CHROMIUM, FLAGS, phone

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


def _threatened(page: Page) -> None:
    """Report a threat that stands nowhere yet, by presses alone."""
    page.goto("/help-me")
    page.get_by_label("Someone threatens to post a sexual picture").check()
    for name in ("Go on", "It is me", "Yes", "A private page", "Send"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your report.")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_threat_without_a_link_to_a_text_for_the_other_app(
    browser: Browser, served_door: str, staff: Staff, tmp_path: Path, has_scripts: bool
) -> None:
    with phone(browser, served_door, java_script_enabled=has_scripts) as page:
        _threatened(page)
        expect(page.get_by_text("You do not have to pay.")).to_be_visible()
        page.get_by_role("link", name="Make a text for the other site or app").click()
        page.get_by_label("Which site or app is it?").select_option("Snapchat")
        page.get_by_label("Name of the account that does this").fill("bad_account")
        page.get_by_role("button", name="Make the text").click()
        text = page.locator("#packet").text_content() or ""
        assert "The account that does this: bad_account" in text
        assert page.get_by_role("button", name="Copy").is_visible() is has_scripts
        assert page.locator("main img, main video, main input[type=file]").count() == 0
        with page.expect_download() as coming:
            page.get_by_role("button", name="Download it as a file").click()
        coming.value.save_as(tmp_path / "text.txt")
        assert (tmp_path / "text.txt").read_text() == text


def test_what_was_typed_for_the_text_survives_a_change_of_language(
    browser: Browser, served_door: str, staff: Staff
) -> None:
    with phone(browser, served_door, java_script_enabled=False) as page:
        _threatened(page)
        page.goto("/u/packet")
        page.locator("#account").fill("bad_account")
        page.locator("#site").select_option("discord")
        page.get_by_role("button", name="Norsk").click()
        expect(page.locator("html")).to_have_attribute("lang", "nb")
        expect(page.locator("#account")).to_have_value("bad_account")
        expect(page.locator("#site")).to_have_value("discord")


@pytest.mark.parametrize("code", ["en", "fr", "nb", "pl"])
def test_every_new_page_is_accessible_and_narrow(browser: Browser, served_door: str, staff: Staff, code: str) -> None:
    small = {"width": 320, "height": 640}
    with phone(browser, served_door, locale=code, viewport=small, bypass_csp=True) as page:
        page.goto("/help-me")
        page.locator("input[value=threat]").check()
        page.locator("main .primary").click()
        for field, value in (("relation", "me"), ("age", "no"), ("way", "private_page")):
            page.locator(f"button[name={field}][value={value}]").click()
        page.locator("main .primary").click()
        for path in ("/u/page", "/u/statement", "/u/school", "/u/packet"):
            page.goto(path)
            _look(page, path)
        page.locator("#site").select_option("tiktok")
        page.locator("#account").fill("an-account-with-a-name-that-has-no-blank-in-it-at-all")
        page.locator("main .primary").click()
        _look(page, "the text")


def _look(page: Page, name: str) -> None:
    assert faults_of(page, name) == []
    page.add_style_tag(content=":root{font-size:212.5% !important}")
    assert not is_wider_than_its_screen(page), name
