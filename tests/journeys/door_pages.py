"""Every page of the door, met as a person meets it, and what was seen of each."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urljoin

from playwright.sync_api import Page, Response, ViewportSize, expect

from amparo.cli.check import Plaza
from amparo.cli.demo import World
from tests.journeys import pictures
from tests.journeys.accessibility import faults_of
from tests.journeys.books import Books
from tests.journeys.desk import Desk
from tests.journeys.loopback import DESK, PHONE
from tests.journeys.reporter import RECEIPT, Reporter

NARROW: ViewportSize = {"width": 320, "height": 568}
# The letters a browser shows when nobody has changed its settings, and twice that.
USUAL_PIXELS, DOUBLE_PIXELS = 16, 32


@dataclass(frozen=True)
class Seen:
    """One page. `size_bytes`: it and all it loads, each gzipped. `too_wide`: pixels beyond a screen of 320."""

    name: str
    status: int
    faults: list[str]
    loaded: set[str]
    size_bytes: int
    too_wide: int
    letters: str


class Looker:
    """Looks at a page in every way, and notes what came with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seen: list[Seen] = []
        self.given_by_get: set[tuple[str, str]] = set()
        self.cookies: dict[str, Morsel[str]] = {}
        self._came: list[Response] = []
        self._devtools = page.context.new_cdp_session(page)
        page.on("response", self._note)

    def look(self, name: str) -> None:
        """Note everything about the page that is open now."""
        self.page.wait_for_load_state()
        document = max(n for n, each in enumerate(self._came) if each.request.is_navigation_request())
        loaded = self._came[document:]
        self.seen.append(
            Seen(
                name,
                loaded[0].status,
                [*faults_of(self.page, name, (DESK,)), *self._faults_when_narrow(name)],
                {each.request.resource_type for each in loaded},
                sum(len(gzip.compress(each.body())) for each in loaded),
                *self._narrow(),
            )
        )

    def _faults_when_narrow(self, name: str) -> list[str]:
        self._letters(DOUBLE_PIXELS)
        faults = faults_of(self.page, f"{name}, letters of double size", (NARROW,))
        self._letters(USUAL_PIXELS)
        return faults

    def _narrow(self) -> tuple[int, str]:
        """Return how far the page is too wide at 320 px with letters of double size, and that size as it came out."""
        self._letters(DOUBLE_PIXELS)
        self.page.set_viewport_size(NARROW)
        found = self.page.evaluate("""() => {
          const page = document.documentElement;
          return [page.scrollWidth - page.clientWidth, getComputedStyle(document.body).fontSize];
        }""")
        self._letters(USUAL_PIXELS)
        self.page.set_viewport_size(PHONE)
        return found[0], found[1]

    def _letters(self, pixels: int) -> None:
        self._devtools.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})

    def _note(self, response: Response) -> None:
        self._came.append(response)
        for line in response.headers_array():
            if line["name"].lower() == "set-cookie":
                cookie = SimpleCookie(line["value"])
                self.cookies |= cookie
                if response.request.method == "GET":
                    path = response.url.partition("://")[2].partition("/")[2].partition("?")[0]
                    self.given_by_get |= {("/" + path, name) for name in cookie}


def every_page(reporter: Reporter, world: World, plaza: Plaza, books: Books, desk: Desk) -> Iterator[str]:
    """Walk through the whole door, stop at each page, and yield what it is."""
    yield from _before_a_report(reporter, world)
    yield from _a_report(reporter, plaza)
    yield from _own_page(reporter, books, desk)
    yield from _a_certificate(reporter, plaza, books, desk)
    yield from _many_links(reporter, world, plaza)


def _before_a_report(reporter: Reporter, world: World) -> Iterator[str]:
    page = reporter.page
    page.goto(f"{world.door}/help-me")
    pictures.keep(page, "door")
    yield "R0 and R1, the first page"
    reporter.press("Go on")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "R1, sent without a link"
    for name, path in (
        ("help", "/help"),
        ("the code of a picture", "/picture"),
        ("the lane of offices", "/officials"),
        ("an office's link", "/officials/confirm"),
        ("an address without a page", "/nothing"),
        ("a question without a report", "/report/who"),
        ("a private page that was closed", "/u/page"),
        ("the paste box", "/u/"),
    ):
        page.goto(world.door + path)
        yield name
    page.goto(f"{world.door}/officials")
    reporter.press("Send")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "the lane of offices, sent with nothing"
    page.goto(f"{world.door}/u/")
    reporter.write("Your code", "0000-0000-0000-0000-0000-0000-00")
    reporter.press("Open")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "the paste box, after a wrong code"
    page.context.clear_cookies()
    reporter.press("Open")
    expect(page.get_by_role("heading", name=reporter.reads("That did not work."))).to_be_visible()
    yield "a form without its cookie"


def _a_report(reporter: Reporter, plaza: Plaza) -> Iterator[str]:
    post = plaza.post()
    reporter.choose_at(post["url"], "Spam")
    expect(reporter.button("Send")).to_be_visible()
    yield "R5, about spam"
    reporter.choose_at(post["url"])
    for name, words in (
        ("R2, who is in it", "It is me"),
        ("R3, how old", "Yes"),
        ("R4, how to tell", "A private page"),
        ("R5, look over and send", "Send"),
    ):
        expect(reporter.button(words).first).to_be_visible()
        yield name
        reporter.press(words)
    expect(reporter.page.get_by_role("heading", name=reporter.reads(RECEIPT), level=1)).to_be_visible()
    yield "R6, the receipt"
    reporter.open_own_page()
    reporter.wait_to_read("done", "The post is hidden.")
    yield "R7, hidden"


def _own_page(reporter: Reporter, books: Books, desk: Desk) -> Iterator[str]:
    page = reporter.page
    reporter.press("Send the message")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "R7, an empty message"
    reporter.write("Your message", "It is on other sites, too.")
    reporter.press("Send the message")
    expect(
        page.get_by_text(reporter.reads("You wrote to us at %(time)s. We have it.").partition("%")[0])
    ).to_be_visible()
    letter = reporter.reads("You can close this page at any time.")
    desk.answer("reviewer", books.newest_notice(), letter)
    reporter.check_again()
    expect(page.get_by_text(letter)).to_be_visible()
    yield "R7, a letter"
    reporter.press("Show a new code")
    expect(page.locator("#own-code")).to_be_visible()
    yield "a new code"
    for name, path in (
        ("a letter for the school", "/u/school"),
        ("what another site needs to know", "/u/packet"),
        ("the code of an own picture", "/u/picture"),
    ):
        page.goto(urljoin(page.url, path))
        yield name


def _a_certificate(reporter: Reporter, plaza: Plaza, books: Books, desk: Desk) -> Iterator[str]:
    page, post = reporter.page, plaza.post()
    reporter.choose_at(post["url"])
    reporter.answer_and_send("It is me", "Yes")
    reporter.open_own_page()
    reporter.wait_to_read("done", "The post is hidden.")
    case = books.case_of(post["id"]).id
    desk.take("reviewer", case)
    desk.remove("reviewer", case)
    reporter.wait_to_read("now", "We keep watch")
    reporter.wait_for("Read or print the certificate")
    yield "R7, gone, with its certificate"
    page.get_by_role("link", name=reporter.reads("Read or print the certificate")).click()
    certified = "Certified: it was seen gone, and at no later look was it seen again."
    expect(page.get_by_text(reporter.reads(certified))).to_be_visible()
    yield "a certificate"


def _many_links(reporter: Reporter, world: World, plaza: Plaza) -> Iterator[str]:
    links = [
        plaza.post()["url"],
        f"{world.plaza}/user/{plaza.account()}",
        "https://elsewhere.example/post/1",
        "post 12",
    ]
    page = reporter.page
    page.goto(f"{world.door}/help-me")
    reporter.write("Paste the link to the post", "\n".join(links))
    reporter.press("Go on")
    reporter.answer_and_send("I don’t know them", "Not sure")
    yield "R6, many links"
    reporter.open_own_page()
    fourth = reporter.reads("Link %(number)s") % {"number": 4}
    expect(page.get_by_role("heading", level=2, name=fourth)).to_be_visible()
    yield "R7, many links"
