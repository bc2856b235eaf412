"""The whole door in each of its languages, in a real browser: what somebody has to do, and what they get.

Each of the acceptance tests has a name here, beside the sentence of the page that it is about. What is measured of the
pages is what `tests/journeys` measures in English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from amparo.cli.check import Plaza
from amparo.cli.demo import World
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.desk import Desk
from tests.journeys.door_pages import Looker, every_page
from tests.journeys.keys import Keys
from tests.journeys.loopback import somebody
from tests.journeys.reporter import DOOR_WORDS, RECEIPT, Reporter
from tests.journeys.test_door_pages import LARGEST_BYTES
from tests.journeys.test_from_plaza import ASKS_TOO_MUCH, MOST_ACTIVATIONS
from tests.journeys.things import sign_in, things_of_each_kind
from tests.long.results import write_down

pytestmark = [pytest.mark.long, pytest.mark.browser]

LOCALES = {"en": "en-GB", "fr": "fr-FR", "nb": "nb-NO", "pl": "pl-PL"}
CLOCK_TIME = re.compile(r"\b\d\d:\d\d UTC\b")
in_each_language = pytest.mark.parametrize("language", LOCALES)


@dataclass
class Tally:
    """What was seen so far, by figure."""

    figures: dict[str, tuple[object, bool]] = field(default_factory=dict)

    def held(self, name: str, language: str, value: object = "yes") -> None:
        self.figures[f"{name}, {language}"] = (value, True)


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Notes what held, and writes the table unless only a part was asked for."""
    seen = Tally()
    yield seen
    if not request.config.option.keyword:
        write_down("the door in four languages", seen.figures)


def test_there_is_a_walk_for_every_language_that_the_door_speaks() -> None:
    assert set(LOCALES) == {code for code, _name in settings.LANGUAGES}


@in_each_language
def test_t1_from_each_kind_of_subject(
    browse: Browse,
    world: World,
    plaza: Plaza,
    tally: Tally,
    language: str,
) -> None:
    names, most = set[str](), 0
    for subject in things_of_each_kind(world, plaza):
        page = browse(locale=LOCALES[language])
        if subject.reader:
            sign_in(page, world, subject.reader)
        reporter = Reporter(page, language)
        page.goto(subject.address)
        reporter.open_report()
        names.add(page.locator("report-door form button:visible").first.inner_text())
        reporter.activate(page.get_by_role("button", name=DOOR_WORDS))
        reporter.answer_and_send()
        assert page.locator("html").get_attribute("lang") == language
        assert reporter.typed == 0
        most = max(most, reporter.activations)
    assert names == {DOOR_WORDS}
    assert most <= MOST_ACTIVATIONS
    tally.held("T1 most activations from a post, profile, message or live room", language, most)


@in_each_language
@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_t2_and_t3_from_nothing_to_the_receipt(
    browse: Browse,
    world: World,
    plaza: Plaza,
    tally: Tally,
    language: str,
    has_scripts: bool,
) -> None:
    page = browse(locale=LOCALES[language], has_scripts=has_scripts)
    reporter, asked = Reporter(page, language), list[str]()
    page.goto(f"{world.door}/help-me")
    page.get_by_label(reporter.reads("Paste the link to the post")).fill(plaza.post()["url"])
    reporter.press("Go on")
    for words in ("It is me", "Yes", "A private page", "Send"):
        expect(reporter.button(words).first).to_be_visible()
        asked += [each for each in ASKS_TOO_MUCH if page.locator(each).count()]
        reporter.press(words)
    expect(page.get_by_role("heading", name=reporter.reads(RECEIPT), level=1)).to_be_visible()
    expect(page.locator("#copy")).to_be_visible(visible=has_scripts)
    assert asked == []
    assert reporter.typed == 0
    tally.held(f"T{2 if has_scripts else 3} pasted link to receipt, scripts {'on' if has_scripts else 'off'}", language)


@in_each_language
def test_t4_every_page(
    browser: Browser,
    world: World,
    plaza: Plaza,
    books: Books,
    desk: Desk,
    tally: Tally,
    language: str,
) -> None:
    with somebody(browser, locale=LOCALES[language]) as page:
        looker = Looker(page)
        for name in every_page(Reporter(page, language), world, plaza, books, desk):
            looker.look(name)
            assert page.locator("html").get_attribute("lang") == language, name
    assert [fault for each in looker.seen for fault in each.faults] == []
    assert [(each.name, each.too_wide) for each in looker.seen if each.too_wide > 0] == []
    heaviest = max(each.size_bytes for each in looker.seen)
    assert heaviest <= LARGEST_BYTES
    tally.held("T4 pages without a fault of axe, and none too wide at 320 px and 200 %", language, len(looker.seen))
    tally.held("T4 heaviest page, kB gzipped with all it loads", language, round(heaviest / 1000, 1))


@in_each_language
def test_t5_with_the_keyboard_alone(
    browse: Browse,
    world: World,
    plaza: Plaza,
    tally: Tally,
    language: str,
) -> None:
    page = browse(locale=LOCALES[language])
    keys, reads = Keys(page), Reporter(page, language).reads
    page.goto(f"{world.door}/help-me")
    keys.press(reads("Go on"))
    expect(page.get_by_role("alert")).to_be_focused()
    keys.type(reads("Paste the link to the post"), plaza.post()["url"])
    keys.press(reads("Go on"))
    for words in ("It is me", "Yes", "A private page", "Send"):
        expect(page.get_by_role("button", name=reads(words)).first).to_be_visible()
        keys.press(reads(words))
    expect(page.get_by_role("heading", name=reads(RECEIPT), level=1)).to_be_visible()
    assert keys.lost == []
    tally.held("T5 keyboard alone, focus always seen", language)


@in_each_language
@pytest.mark.parametrize("way", ["the button", "the first link", "Shift three times"])
def test_t6_leaving_at_once(browse: Browse, world: World, plaza: Plaza, tally: Tally, language: str, way: str) -> None:
    page = browse(locale=LOCALES[language])
    reporter = Reporter(page, language)
    code = reporter.report(plaza.post()["url"])
    reporter.open_own_page()
    expect(page.locator(".line")).to_be_visible()
    with page.expect_navigation(url=f"{world.plaza}/live"):
        if way == "Shift three times":
            for _ in range(3):
                page.keyboard.press("Shift")
        elif way == "the button":
            page.get_by_role("link", name=reporter.reads("Leave this page")).click()
        else:
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
    page.go_back()
    page.wait_for_load_state()
    assert page.locator(".line").count() == 0, "Back shows nothing of the report"
    assert code not in page.content()
    answer = page.goto(f"{world.door}/u/page")
    assert answer is not None
    assert answer.status == 403
    assert {cookie["name"] for cookie in page.context.cookies(world.door)} & {"amparo_page", "amparo_draft"} == set()
    tally.held(f"T6 leaving by {way}: session gone, Back shows nothing", language)


@in_each_language
def test_t7_a_tab_closed_after_the_link(
    browse: Browse,
    world: World,
    plaza: Plaza,
    books: Books,
    tally: Tally,
    language: str,
) -> None:
    page, post = browse(locale=LOCALES[language]), plaza.post()
    reporter = Reporter(page, language)
    page.goto(f"{world.door}/help-me")
    page.get_by_label(reporter.reads("Paste the link to the post")).fill(post["url"])
    with page.expect_response(lambda response: response.request.method == "POST"):
        reporter.press("Go on")
    page.close()
    case = books.case_of(post["id"])
    assert case.is_open
    assert {"first_look", "decided"} <= books.running_clocks(case.id)
    plaza.wait(post["url"], 404)
    tally.held("T7 tab closed after the link: case open, clocks running, post hidden", language)


@in_each_language
def test_t8_the_receipt_says_what_is_true(
    browse: Browse,
    plaza: Plaza,
    world: World,
    tally: Tally,
    language: str,
) -> None:
    page, post = browse(locale=LOCALES[language]), plaza.post()
    reporter = Reporter(page, language)
    reporter.choose_at(post["url"])
    for words in ("It is me", "Yes", "A private page"):
        reporter.press(words)
    page.locator("#country").select_option("PL")
    plaza.wait(post["url"], 404)
    reporter.press("Send")
    expect(page.locator("#own-code")).to_be_visible()
    words = page.locator("main").inner_text()
    assert CLOCK_TIME.search(words)
    assert "116 111" in words, "the line for children of the country that was chosen"
    if reporter.reads("The post is hidden.") not in words:
        reporter.open_own_page()
        reporter.wait_to_read("done", "The post is hidden.")
    assert plaza.sees(post["url"]) == 404
    tally.held("T8 code, clock time with its zone, hidden as it is, lines of the country", language)


@in_each_language
def test_t9_a_reply_to_a_refusal_hides_again(
    browse: Browse,
    plaza: Plaza,
    books: Books,
    desk: Desk,
    tally: Tally,
    language: str,
) -> None:
    post, reporter = plaza.post(), Reporter(browse(locale=LOCALES[language]), language)
    reporter.report(post["url"])
    reporter.open_own_page()
    reporter.wait_to_read("done", "The post is hidden.")
    case = books.case_of(post["id"]).id
    desk.keep("reviewer", case)
    desk.keep("lead", case)
    reporter.wait_to_read("done", "Decided")
    plaza.wait(post["url"], 200)
    reporter.press("No. Look again all the same")
    reporter.wait_to_read("done", "The post is hidden.")
    assert plaza.sees(post["url"]) == 404
    assert CLOCK_TIME.search(reporter.page.locator("main").inner_text())
    tally.held("T9 reply to a refusal: hidden again, time of the answer told", language)
