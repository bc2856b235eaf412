"""What the door asks of somebody who reports, for each way and language, counted in a real browser; and on a slow line.

The seconds are those of a machine that presses at once: they say what the door adds to a person's own time, and nothing
of how long a person takes.
"""

import shutil
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from amparo.cli.check import Plaza
from amparo.cli.demo import World, running_world
from amparo.home import BadSettings
from benchmarks import machine
from benchmarks.bench import Effort
from benchmarks.door_walks import WALKS, Asked, NotThere, Walker
from benchmarks.rows import Result, Row
from benchmarks.slow_line import slow_line

PHONE: ViewportSize = {"width": 390, "height": 844}
BITS_A_SECOND, ROUND_TRIP_MS = 400_000, 400
ACTIVATIONS_BAR, REQUIRED_BAR, PAGE_KB_BAR, USABLE_BAR_SECONDS = 7, 4, 30.0, 2.0
_FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
LOCALES = {"en": "en-GB", "fr": "fr-FR", "nb": "nb-NO", "pl": "pl-PL"}
_ANCHOR = "StopNCII's steps"
_ANCHOR_STEPS = 6.0
_NOTES = (
    "Activations count the paste of a link as one.",
    "Required are the answers without which nothing can be sent, and the press that sends. How we tell somebody is",
    "preset to the private page, so its press counts as an activation only.",
    "The anchors published steps, and no counts. StopNCII: six steps, with the picture at hand. Google: three presses",
    "and a form. Mastodon: four steps after signing in. Report Remove: three steps over two sites, with an account.",
    "None of them was walked here, because each walk files a real report.",
    f"The slow line carries {BITS_A_SECOND // 1000} kbit/s with {ROUND_TRIP_MS} ms there and back.",
    "A connection costs two round trips, for TCP and TLS; looking a name up is not in it.",
    "Usable is when everything is drawn and a press would count.",
    "Seconds are the machine's own, pressing at once; no person was timed.",
)

Say = Callable[[str], None]


def measure(effort: Effort, say: Say) -> Result:
    """Walk every way in every language as often as `effort` repeats. Raises BadSettings without Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise BadSettings("This needs Chromium. On Debian or Ubuntu: apt-get install chromium")
    rows: list[Row] = []
    facts = machine.facts()
    with running_world(free_ports=True) as world, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=False, args=_FLAGS)
        facts["chromium"] = browser.version
        for code in LOCALES:
            for way in WALKS:
                say(f"{way}, {code}")
                rows += _rows(f"{way} {code}", [_walk(browser, world, way, code) for _ in range(effort.repeats)])
            say(f"the first page on a slow line, {code}")
            usable = statistics.median(_usable(browser, world, code) for _ in range(effort.repeats))
            rows.append(
                Row(
                    f"first page {code}", "usable on a slow line", usable, "s",
                    bar=USABLE_BAR_SECONDS, is_better_high=False,
                )
            )  # fmt: skip
        browser.close()
    return Result("door", rows, facts, _NOTES)


def _rows(what: str, walks: Sequence[Asked]) -> Iterator[Row]:
    first = walks[0]
    if any(
        (each.activations, each.required, each.typed) != (first.activations, first.required, first.typed)
        for each in walks
    ):
        raise NotThere(f"{what}: the same way asked for different things.")
    strayed = sorted(url for each in walks for url in each.strayed)
    if strayed:
        raise NotThere(f"{what}: a page asked another host: {strayed}")
    heaviest = max(each.heaviest_bytes for each in walks) / 1000
    yield Row(
        what, "activations", first.activations, "",
        peer=_ANCHOR, peer_value=_ANCHOR_STEPS, bar=ACTIVATIONS_BAR, is_better_high=False,
    )  # fmt: skip
    yield Row(what, "required inputs", first.required, "", bar=REQUIRED_BAR, is_better_high=False)
    yield Row(what, "typed characters", first.typed, "", bar=0, is_better_high=False)
    yield Row(what, "page kB gzipped", heaviest, "kB", bar=PAGE_KB_BAR, is_better_high=False)
    yield Row(what, "seconds", statistics.median(each.seconds for each in walks), "s", is_better_high=False)


def _walk(browser: Browser, world: World, way: str, code: str) -> Asked:
    with _somebody(browser, code) as page:
        walker = Walker(page, world, Plaza(world))
        WALKS[way](walker)
        shown = page.locator("html").get_attribute("lang")
        if shown != code:
            raise NotThere(f"{way}: the receipt is in {shown!r} and not in {code!r}.")
        return walker.asked


def _usable(browser: Browser, world: World, code: str) -> float:
    """Return the seconds until the first page stands there and a press would count, with nothing of it at hand."""
    door = urlsplit(world.door)
    assert door.hostname is not None  # noqa: S101 - for the type checker: our own address
    assert door.port is not None  # noqa: S101 - the same
    line = slow_line(door.hostname, door.port, bits_a_second=BITS_A_SECOND, round_trip_ms=ROUND_TRIP_MS)
    with line as port, _somebody(browser, code) as page:
        page.goto(f"http://127.0.0.1:{port}/help-me")
        page.locator("main form .primary").click(trial=True)
        painted, loaded = page.evaluate(
            """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime,
                      performance.getEntriesByType("navigation")[0].loadEventEnd]"""
        )
        return float(max(painted, loaded)) / 1000


@contextmanager
def _somebody(browser: Browser, code: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale=LOCALES[code])
    context.set_default_timeout(60_000)
    try:
        yield context.new_page()
    finally:
        context.close()
