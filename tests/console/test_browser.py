"""The console in a real browser, as the real process: accessible on desktop and phone, by keyboard, without scripts."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from amparo.cases.words import Age, GroundStatus, Seen, Wanted
from amparo.records import alarms, models
from tests.accessibility import faults_of, is_wider_than_its_screen
from tests.console.desk import PASSWORD, Desk
from tests.console.routes import Addresses, populate

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def console(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The console as a process of its own, on a free port. The value is its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("console") / "console.log"
    words = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    env = {**os.environ, "AMPARO_HOME": str(amparo_home), "AMPARO_PROCESS": "console"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *words, "amparo.console.wsgi:application"],
            env=env, stdout=output, stderr=output,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/healthz", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, which makes Django refuse its tables to the tests.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(desk: Desk, vault: None, chromium: Browser, console: str) -> Iterator[Callable[..., Page]]:
    """`visit("reviewer")` is a page in which that person has signed in through the form."""
    contexts: list[BrowserContext] = []

    def sign_in(name: str, size: str = "desktop", **options: object) -> Page:
        context = chromium.new_context(viewport=SIZES[size], base_url=console, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    # The console's own process checks the passwords here, by the hash that it really uses.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.ScryptPasswordHasher"]):
        yield sign_in
    for context in contexts:
        context.close()


def _pages(desk: Desk, places: Addresses) -> dict[str, list[str]]:
    case, notice = f"/cases/{places.case}", f"/notices/{places.notice}"
    return {
        "reviewer": ["/", case, f"{case}?look=1", "/replies", notice, "/links", f"/links/{places.notice}/0", "/clocks",
                     "/alarms", "/report-as-staff", "/me", "/password", "/nothing", "/banks"],
        "lead": ["/", f"/cases/{models.Case.objects.get(kind='account').id}", "/staff", "/banks",
                 "/banks/ours"],
        "admin": ["/staff", "/clocks", "/alarms", "/"],
    }  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible(desk: Desk, visit: Callable[..., Page], size: str) -> None:
    places = populate(desk)
    desk.see(places.case, Seen.HIDDEN)  # type: ignore[arg-type]
    desk.write(desk.notice_of(places.case), "please take it down")  # type: ignore[arg-type]
    for role, addresses in _pages(desk, places).items():
        page = visit(role, size)
        if role == "reviewer":
            page.get_by_role("button", name="Open: 1 post").click()
            page.get_by_role("button", name="Keep it in hand").wait_for()
        for address in addresses:
            page.goto(address)
            assert faults_of(page, address) == []
            assert not is_wider_than_its_screen(page), address


@pytest.mark.parametrize("size", SIZES)
def test_answers_to_forms_are_accessible(desk: Desk, visit: Callable[..., Page], size: str) -> None:
    places = populate(desk)
    page = visit("reviewer", size)
    page.goto("/")
    page.get_by_role("button", name="Open: 1 post").click()
    desk.fetch(places.case, ("text/plain", b"edited meanwhile"))  # type: ignore[arg-type]
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("The content has changed since you looked.").wait_for()
    expect(page.locator("#errors")).to_be_focused()
    assert faults_of(page, "a refusal") == []
    page.goto(f"/notices/{places.notice}")
    page.get_by_label("Your letter").fill("Our investigation of this publication is unfortunately incomplete.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("A child has to understand this letter.").wait_for()
    expect(page.get_by_role("button", name="Send this letter")).to_have_count(0)
    assert faults_of(page, "a letter that is too hard") == []
    page.get_by_label("Your letter").fill("We look at it today. You need not do anything.")
    page.get_by_role("button", name="Preview").click()
    assert faults_of(page, "a preview") == []
    page.get_by_role("button", name="Send this letter").click()
    page.get_by_role("heading", name="We,").wait_for()
    admin = visit("admin", size)
    admin.goto("/staff")
    admin.get_by_label("Name to sign in with").fill("newcomer")
    admin.get_by_role("button", name="Enrol").click()
    admin.get_by_text("signs in for the first time with").wait_for()
    assert faults_of(admin, "an enrolment") == []
    stranger = admin.context.browser.new_page() if admin.context.browser else admin
    stranger.goto(admin.url.replace("/staff/enrol", "/sign-in"))
    assert faults_of(stranger, "the sign-in") == []


def test_a_case_is_taken_and_removed_by_the_keyboard_alone(desk: Desk, visit: Callable[..., Page]) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(age=Age.ADULT)
    page = visit("reviewer")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Decide").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("Decided: it breaks the rule. Sexual imagery of a child.").wait_for()
    assert desk.case(case).wanted is Wanted.REMOVED
    assert not [url for url in asked if "/parts/" in url], "a decision without a look asks for no media"


def test_a_case_is_kept_by_the_keyboard_alone(desk: Desk, visit: Callable[..., Page]) -> None:
    for name, role in (("reviewer", "reviewer"), ("lead", "lead")):
        desk.enrol(name, role)
    case = desk.report()
    for name, sentence in (("reviewer", "Your vote is in."), ("lead", "Decided: it is kept.")):
        page = visit(name)
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Decide").wait_for()
        page.keyboard.press("3")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text(sentence).wait_for()
    assert {ground.status for ground in desk.case(case).grounds} == {GroundStatus.REFUSED}


def test_the_key_to_look_asks_first_and_sharpens_for_three_seconds(desk: Desk, visit: Callable[..., Page]) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.report()
    page = visit("reviewer")
    page.get_by_role("button", name="Open: 1 post").click()
    page.get_by_role("button", name="Look, grey and blurred").wait_for()
    page.keyboard.press("v")
    picture = page.get_by_role("img", name="Part 2 of the case")
    picture.wait_for()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") == 1
    assert "blur" in picture.evaluate("image => getComputedStyle(image).filter")
    page.keyboard.press("v")
    expect(picture).to_have_css("filter", "none")
    page.get_by_role("checkbox", name="Show part 2 sharp", checked=False).wait_for(timeout=10_000)
    assert "blur" in picture.evaluate("image => getComputedStyle(image).filter")


def test_keys_stay_letters_in_a_field_and_can_be_turned_off(desk: Desk, visit: Callable[..., Page]) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    page = visit("reviewer")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn single keys off").click()
    page.locator("main").focus()
    page.keyboard.press("j")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("button", name="Turn single keys on").click()
    page.goto(f"/notices/{desk.notice_of(case)}")
    page.get_by_label("Your letter").press_sequentially("jkv1234?")
    assert page.get_by_label("Your letter").input_value() == "jkv1234?"


def test_everything_works_without_scripts(desk: Desk, visit: Callable[..., Page]) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    page = visit("reviewer", "phone", java_script_enabled=False)
    page.get_by_role("button", name="Open: 1 post").click()
    page.get_by_role("button", name="Look, grey and blurred").click()
    page.get_by_text("some words").wait_for()
    picture = page.get_by_role("img", name="Part 2 of the case")
    page.get_by_role("checkbox", name="Show part 2 sharp").check()
    expect(picture).to_be_visible()
    page.get_by_label("Suspend the account for a time").check()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("Decided: it breaks the rule.").wait_for()
    assert desk.case(case).wanted is Wanted.REMOVED


def test_nothing_that_a_reporter_writes_runs_or_is_reported_by_the_browser(
    desk: Desk, visit: Callable[..., Page]
) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    notice = desk.notice_of(case)
    for words in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><svg onload=alert(1)>"):
        desk.write(notice, words)
    alarms.ring("not_hidden", case, desk.clock[0])
    page = visit("reviewer")
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.get_by_role("button", name="Open: 1 post").click()
    page.get_by_role("heading", name="The reporters wrote").wait_for()
    for address in (f"/cases/{case}?look=1", f"/notices/{notice}", "/alarms", "/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    assert said == []


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"The console did not come up:\n{log.read_text()}")
