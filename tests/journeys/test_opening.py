"""What opens a report and what does not: one press does, even if nothing follows; looking never does (law o)."""

import time
import uuid
from urllib.parse import urlencode

import httpx
import pytest

from amparo.cli.check import Missed, Plaza
from amparo.cli.demo import World
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.elsewhere import Wire, other_site
from tests.journeys.reporter import DOOR_WORDS, Reporter

pytestmark = pytest.mark.browser

LOOKERS = """<!doctype html><title>A page that links to the door</title>
<link rel="prefetch" href="{door}by=link-prefetch">
<link rel="prerender" href="{door}by=link-prerender">
<script type="speculationrules">
{{"prefetch": [{{"source": "list", "urls": ["{door}by=rules-prefetch"], "eagerness": "immediate"}}],
  "prerender": [{{"source": "list", "urls": ["{door}by=rules-prerender"], "eagerness": "immediate"}}]}}
</script>
<img src="{door}by=img" alt="">
<link rel="stylesheet" href="{door}by=stylesheet">
<iframe src="{door}by=iframe" title="door"></iframe>
<script>fetch("{door}by=fetch", {{mode: "no-cors"}})</script>
"""
# Chromium may ignore what is only a hint; these it asks for whenever the page is shown.
CERTAIN = {"link-prefetch", "img", "stylesheet", "iframe", "fetch", "rules-prefetch"}
_PATIENCE_SECONDS = 60.0


def test_a_tab_closed_after_the_first_press_leaves_an_open_case_with_a_running_clock(
    browse: Browse, world: World, plaza: Plaza, books: Books
) -> None:
    post = plaza.post()
    page = browse()
    reporter = Reporter(page)
    page.goto(post["url"])
    reporter.open_report()

    with page.expect_response(lambda response: response.request.method == "POST"):
        reporter.press(DOOR_WORDS)
    page.close()

    case = books.case_of(post["id"])
    (notice,) = case.notices
    assert case.is_open
    assert {"first_look", "decided"} <= books.running_clocks(case.id)
    assert books.running_clocks(notice)
    plaza.wait(post["url"], 404)


def test_asking_for_the_door_without_a_post_opens_nothing(world: World, plaza: Plaza, books: Books) -> None:
    post, before = plaza.post(), books.counts()
    form = {"link": post["url"], "topic": "sexual_picture", "key": str(uuid.uuid4())}

    for method in ("GET", "HEAD", "OPTIONS"):
        answer = httpx.request(method, f"{world.door}/report", params=form, follow_redirects=True, trust_env=False)
        assert answer.status_code in (200, 405)

    assert books.counts() == before
    assert not books.knows(post["id"])
    assert plaza.sees(post["url"]) == 200


def test_a_page_that_prefetches_prerenders_and_embeds_the_door_opens_nothing(
    browse: Browse, world: World, plaza: Plaza, books: Books
) -> None:
    post, before = plaza.post(), books.counts()
    form = urlencode({"link": post["url"], "topic": "sexual_picture", "key": str(uuid.uuid4())})

    with Wire(world.door).open() as wire, other_site(LOOKERS.format(door=f"{wire.url}/report?{form}&")) as site:
        browse().goto(site)
        until = time.monotonic() + _PATIENCE_SECONDS
        while not (_looks_of(wire) >= CERTAIN and wire.answers >= len(wire.asked)):
            if time.monotonic() > until:
                raise Missed(f"{wire.answers} answers, and the browser asked only by {sorted(_looks_of(wire))}")
            time.sleep(0.05)
        print(f"the door was looked at by {sorted(_looks_of(wire))}")

    assert books.counts() == before
    assert not books.knows(post["id"])
    assert plaza.sees(post["url"]) == 200


def _looks_of(wire: Wire) -> set[str]:
    return {line.split("by=")[1].split()[0] for line in wire.asked if "by=" in line}
