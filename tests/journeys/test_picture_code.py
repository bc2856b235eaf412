"""A picture that is not posted yet: its code is made on the device, no byte of it leaves, and its copy is hidden."""

import io
import time

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Request, expect

from amparo.cli.check import Person
from amparo.cli.demo import World
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.copies import Site

pytestmark = pytest.mark.browser

_PATIENCE_SECONDS = 120.0
_HELP = "A picture that is not posted yet"


def drawn(seed: int) -> Image.Image:
    """Return a picture of clouds and noise."""
    chance = np.random.default_rng(seed)
    few = Image.fromarray(chance.integers(0, 256, (9, 12, 3), dtype=np.uint8))
    clouds = np.asarray(few.resize((900, 700), Image.Resampling.BICUBIC)).astype(np.int16)
    return Image.fromarray(np.clip(clouds + chance.integers(-9, 10, clouds.shape), 0, 255).astype(np.uint8))


def as_file(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def choose(page: Page, content: bytes, name: str = "holiday.jpg", kind: str = "image/jpeg") -> None:
    page.set_input_files("#picture", FilePayload(name=name, mimeType=kind, buffer=content))


def opened(world: World, case: str) -> str:
    """Return the words of a case's page, as a reviewer reads them."""
    return Person(world, "reviewer").visitor.open(f"{world.console}/cases/{case}").text


def said(page: Page) -> str:
    """Return what the page says of the picture, once it says something."""
    expect(page.locator("[data-said]:visible")).not_to_have_attribute("data-said", "busy")
    return page.locator("[data-said]:visible").get_attribute("data-said") or ""


def test_a_code_made_on_the_device_hides_the_copy_that_is_posted_later(
    browse: Browse, world: World, books: Books
) -> None:
    site, picture = Site(world), drawn(270)
    content = as_file(picture, quality=92)
    page = browse()
    sent: list[tuple[str, str, bytes]] = []

    def remember(request: Request) -> None:
        sent.append((request.method, request.url, request.post_data_buffer or b""))

    page.context.on("request", remember)
    page.goto(f"{world.door}/help")
    page.get_by_text(_HELP).click()
    page.get_by_role("link", name="Make a code from a picture").click()
    assert not any(url.endswith(".wasm") for _, url, _ in sent), "it is loaded only when a picture is chosen"
    choose(page, content)
    assert said(page) == "made"
    assert [method for method, _, _ in sent if method != "GET"] == []
    assert page.locator("img, canvas, video").count() == 0
    page.get_by_label("It is me").check()
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="We have your report")).to_be_visible()
    ((_, address, body),) = [each for each in sent if each[0] != "GET"]
    assert address == f"{world.door}/picture"
    assert len(body) < 500
    pieces = [content[at : at + 24] for at in range(0, len(content) - 24, 24)]
    assert not any(piece in body or piece.hex().encode() in body for piece in pieces)
    assert b"holiday" not in body

    copy = as_file(picture.resize((450, 350)), quality=60)
    site.post("copy", copy)
    site.post("another", as_file(drawn(271)))
    until = time.monotonic() + _PATIENCE_SECONDS
    while site.is_seen(site.posts["copy"]) and time.monotonic() < until:
        time.sleep(0.2)
    assert not site.is_seen(site.posts["copy"])
    assert site.is_seen(site.posts["another"])
    case = books.case_of(site.posts["copy"].rsplit("/", 1)[-1])
    assert (case.is_open, case.notices) == (True, ())
    assert "a picture that somebody claimed by a code; nobody here has seen it" in opened(world, case.id)

    page.get_by_role("link", name="Open your page now").click()
    told = page.locator("main").inner_text()
    assert "We use the code until" in told
    assert "We do not show here what a code finds." in told
    assert site.posts["copy"].rsplit("/", 1)[-1] not in told


@pytest.mark.parametrize(
    ("content", "name", "kind", "says"),
    [
        pytest.param(as_file(Image.new("RGB", (300, 200), "navy")), "a.jpg", "image/jpeg", "too_plain", id="flat"),
        pytest.param(b"no picture at all", "a.jpg", "image/jpeg", "unreadable", id="no picture"),
        pytest.param(b"", "a.jpg", "image/jpeg", "unreadable", id="empty"),
        pytest.param(b"0000ftypmp42", "a.mp4", "video/mp4", "video", id="a video"),
        pytest.param(as_file(drawn(5), "WEBP"), "a", "", "made", id="a picture without a name or type"),
    ],
)
def test_what_cannot_have_a_code_is_told_in_a_sentence_and_nothing_is_sent(
    browse: Browse, world: World, content: bytes, name: str, kind: str, says: str
) -> None:
    page = browse()
    page.goto(f"{world.door}/picture")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method != "GET" else None)
    choose(page, content, name, kind)
    assert said(page) == says
    assert page.get_by_role("button", name="Send the code").is_visible() is (says == "made")
    assert posted == []


def test_the_worker_may_connect_to_nothing(browse: Browse, world: World) -> None:
    page = browse()
    page.goto(f"{world.door}/picture")
    reached = page.evaluate(
        """async () => {
          const address = document.getElementById("make").dataset.worker;
          const rule = (await fetch(address)).headers.get("Content-Security-Policy");
          return rule;
        }"""
    )
    assert reached == "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"


def test_without_scripts_the_page_is_plain_about_it(browse: Browse, world: World) -> None:
    page = browse(has_scripts=False)
    page.goto(f"{world.door}/picture")
    expect(page.get_by_text("This needs scripts.")).to_be_visible()
    assert not page.locator("#picture").is_visible()
    expect(page.get_by_role("link", name="It is posted here: send us the link")).to_be_visible()
