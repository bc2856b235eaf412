"""Plaza in a real browser on a phone: accessible, no scripts needed, and its report forms arrive at the door."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.accessibility import faults_of, is_wider_than_its_screen
from tests.plaza.running_plaza import RunningPlaza, running_plaza

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
]


class Door:
    """A real HTTP server that takes reports and remembers their fields."""

    def __init__(self) -> None:
        self.reports: list[dict[str, list[str]]] = []
        door = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                door.reports.append(parse_qs(body) | {"path": [self.path]})
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<title>The door</title>")

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture(scope="module")
def module_plaza(tmp_path_factory: pytest.TempPathFactory, door: Door) -> Iterator[RunningPlaza]:
    with running_plaza(tmp_path_factory.mktemp("plaza"), door_url=door.url) as plaza:
        yield plaza


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser, plaza: RunningPlaza) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, base_url=plaza.base_url)
    yield context.new_page()
    context.close()


@pytest.fixture
def scriptless_phone(browser: Browser, plaza: RunningPlaza) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, base_url=plaza.base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def sign_in(page: Page, plaza: RunningPlaza, handle: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(handle)
    page.get_by_label("Password").fill(plaza.password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{plaza.base_url}/")


def _faults_at(page: Page, path: str) -> list[str]:
    page.goto(path)
    return faults_of(page, path) + ([f"{path} is wider than the phone"] if is_wider_than_its_screen(page) else [])


def test_no_page_has_an_accessibility_fault(phone: Page, plaza: RunningPlaza):
    post, hidden, room, message = plaza.post(tags=["blue"]), plaza.post(), plaza.live(), plaza.message()
    plaza.move(hidden, "hide")
    public = [
        *("/", "/search", "/search?q=harbour", "/tag/colours", "/user/paper_kite", "/live", f"/live/{room['id']}"),
        *(f"/post/{post['id']}", f"/post/{hidden['id']}", f"/report?subject=post:{post['id']}", "/sign-in", "/join"),
        *("/nothing", f"/message/{message['id']}"),
    ]
    found = [fault for path in public for fault in _faults_at(phone, path)]
    sign_in(phone, plaza, message["recipient"])
    private = [
        *("/", "/new", "/live", "/messages", f"/messages/{message['account']}", f"/message/{message['id']}"),
        *(f"/post/{post['id']}", f"/user/{message['account']}"),
    ]
    found += [fault for path in private for fault in _faults_at(phone, path)]

    assert found == []


@pytest.mark.parametrize("kind", ["post", "user", "live", "message"])
def test_a_report_takes_two_activations_without_scripts(
    scriptless_phone: Page, plaza: RunningPlaza, door: Door, kind: str
):
    page = scriptless_phone
    if kind == "user":
        subject = {"url": f"{plaza.base_url}/user/harbour_light"}
    else:
        subject = {"post": plaza.post, "live": plaza.live, "message": plaza.message}[kind]()
    if kind == "message":
        sign_in(page, plaza, subject["recipient"])
    page.goto(subject["url"])
    door.reports.clear()

    page.locator("summary").first.click()
    page.get_by_role("button", name="A sexual picture of me or a child").first.click()
    page.wait_for_url(f"{door.url}/report")

    (report,) = door.reports
    assert (report["path"], report["link"], report["topic"]) == (["/report"], [subject["url"]], ["sexual_picture"])
    assert len(report["key"]) == 1


def test_a_member_posts_edits_reshares_and_signs_out_without_scripts(
    scriptless_phone: Page, plaza: RunningPlaza, tmp_path: Path
):
    page = scriptless_phone
    handle = plaza.account()
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(plaza.moderator.get(f"/media/{plaza.post()['media'][0]['id']}").content)
    sign_in(page, plaza, handle)

    page.get_by_role("link", name="New post").click()
    page.get_by_label("Text").fill("By hand.")
    page.get_by_label("Picture or video").set_input_files(picture)
    page.get_by_role("button", name="Post").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Text").fill("By two hands.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Reshare").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()

    (post,) = plaza.moderator.get(f"/accounts/{handle}/subjects").json()["subjects"]
    assert (post["version"], post["reshares"], len(post["media"])) == (2, 1, 1)


def test_a_video_plays(phone: Page, plaza: RunningPlaza):
    post = plaza.post(media="video")
    phone.goto(f"/post/{post['id']}")

    phone.wait_for_function("document.querySelector('video').readyState >= 1")

    assert phone.evaluate("document.querySelector('video').duration") == pytest.approx(2, abs=0.2)
