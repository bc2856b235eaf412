"""The link that holds the secret code: one activation opens the page, and no address sent anywhere has the code."""

import re

import pytest
from playwright.sync_api import expect

from amparo.cli.check import Plaza, Stranger
from amparo.cli.demo import World
from tests.journeys.conftest import Browse
from tests.journeys.elsewhere import Wire, other_site
from tests.journeys.reporter import Reporter

pytestmark = pytest.mark.browser

KEPT_LINK = '<!doctype html><title>Notes</title><a href="{door}/u/#{code}">My page</a>'


@pytest.fixture
def code(world: World, plaza: Plaza) -> str:
    stranger = Stranger(world)
    stranger.report(plaza.post()["url"], "It is me", "Yes")
    return stranger.code


def test_the_link_opens_the_page_with_one_activation(browse: Browse, world: World, code: str) -> None:
    page = browse()
    reporter = Reporter(page)
    with Wire(world.door).open() as wire, other_site(KEPT_LINK.format(door=wire.url, code=code)) as notes:
        page.goto(notes)

        reporter.activate(page.get_by_role("link", name="My page"))
        page.wait_for_url("**/u/page")

    expect(page.get_by_role("link", name="Check again")).to_be_visible()
    assert (reporter.activations, reporter.typed) == (1, 0)
    # The code went once, in the body of the form that a person would have sent.
    assert wire.sent.count(code.encode()) == 1
    assert re.search(rb"POST /u/ HTTP/1.1\r\n.*?\r\n\r\n[^\r\n]*code=" + code.encode(), wire.sent, re.DOTALL)
    assert all(code not in line for line in wire.asked)
    assert code not in page.url


def test_without_scripts_the_link_lands_on_the_paste_box_and_says_so(browse: Browse, world: World, code: str) -> None:
    page = browse(has_scripts=False)
    reporter = Reporter(page)
    with Wire(world.door).open() as wire, other_site(KEPT_LINK.format(door=wire.url, code=code)) as notes:
        page.goto(notes)
        reporter.activate(page.get_by_role("link", name="My page"))

        expect(page.get_by_text("Scripts are off, so a link cannot open your page by itself.")).to_be_visible()
        expect(page.get_by_label("Your code")).to_be_visible()
        assert code.encode() not in wire.sent

        reporter.write("Your code", code)
        reporter.press("Open")
        expect(page.get_by_role("link", name="Check again")).to_be_visible()
        assert all(code not in line for line in wire.asked)
