"""A promise that nobody keeps: the private page says so and gives a new time, and the console calls for a person."""

import re
import time

import httpx
import pytest

from amparo.cli import processes
from amparo.cli.check import Missed, Plaza
from amparo.cli.demo import World
from tests.journeys import staff
from tests.journeys.accessibility import faults_of
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.faults import Faults
from tests.journeys.reporter import Reporter

pytestmark = pytest.mark.browser

ABOUT = "Someone asks a child for sexual pictures, or offers them"
_PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="module")
def impatient_world(world: World) -> World:
    """The world, started again with a policy for enticement that gives the platform and us a few seconds."""
    policy = world.home / "policies" / "child-enticement.toml"
    text = policy.read_text()
    for clock, usual, now in (("hidden", "30s", "2s"), ("first_look", "15min", "4s")):
        text, changed = re.subn(rf'(name\s*= "{clock}"\s*length\s*= )"{usual}"', rf'\1"{now}"', text)
        assert changed == 1
    policy.write_text(text)
    world.processes["amparo"].terminate()
    world.processes["amparo"].wait(timeout=_PATIENCE_SECONDS)
    world.processes["amparo"] = processes.start("up", world.home, world.home.parent / "amparo.log")
    for address in (world.door, world.console):
        _wait_until_it_answers(f"{address}/healthz")
    return world


def test_a_missed_promise_is_said_with_a_new_time(
    browse: Browse, impatient_world: World, plaza: Plaza, books: Books
) -> None:
    post, reporter = plaza.post(), Reporter(browse())
    reporter.report(post["url"], ABOUT)
    reporter.open_own_page()
    reporter.wait_to_read("done", "The post is hidden.")

    until = time.monotonic() + _PATIENCE_SECONDS
    while "New time:" not in (said := " ".join(reporter.page.locator(".late").all_inner_texts())):
        assert time.monotonic() < until, f"the page says only {said!r}"
        time.sleep(0.2)
        reporter.check_again()

    assert re.search(r"We said \d\d:\d\d UTC and we have missed it\.", said)
    assert "That is our fault, not yours." in said
    assert "The post is still hidden." in said
    assert re.search(r"New time: (\d+ \w+, )?\d\d:\d\d UTC\.", said)
    assert plaza.sees(post["url"]) == 404
    assert {"first_look", "decided"} <= books.running_clocks(books.case_of(post["id"]).id)
    assert faults_of(reporter.page, "late") == []


def test_a_post_that_the_platform_does_not_hide_calls_a_person_and_is_never_called_hidden(
    browse: Browse, impatient_world: World, plaza: Plaza, faults: Faults
) -> None:
    post, reporter, lead = plaza.post(), Reporter(browse()), browse()
    faults.put(lies=True)
    reporter.report(post["url"], ABOUT)
    reporter.open_own_page()

    staff.sign_in(lead, impatient_world, "second-lead")
    until = time.monotonic() + _PATIENCE_SECONDS
    while not lead.get_by_role("button", name="Taken up").count():
        assert time.monotonic() < until, "no alarm rang"
        lead.goto(f"{impatient_world.console}/alarms")

    reporter.check_again()
    assert ("now", "We have not hidden the post yet.") in [(step.how, step.text) for step in reporter.steps()]
    assert plaza.sees(post["url"]) == 200
    assert faults_of(reporter.page, "not hidden in time") + faults_of(lead, "alarms") == []


def _wait_until_it_answers(address: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # Not up yet: asked again until the patience ends, and then said aloud below.
        time.sleep(0.1)
    raise Missed(f"{address} does not answer")
