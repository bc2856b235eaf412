"""Every page of the console, with something on it: no fault for axe on a phone or at a desk, in light or dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from amparo.cli.check import Plaza, Stranger
from amparo.cli.demo import World
from tests.journeys import pictures, staff
from tests.journeys.accessibility import faults_of
from tests.journeys.books import Books
from tests.journeys.conftest import Browse
from tests.journeys.loopback import DESK
from tests.journeys.reporter import Reporter

pytestmark = pytest.mark.browser


def test_no_page_for_reviewers_and_leads_has_an_accessibility_fault(
    browse: Browse, world: World, plaza: Plaza, books: Books
) -> None:
    page, post = browse(viewport=DESK), plaza.post()
    _report_with_a_message(browse(), post["url"])

    found = [
        fault for name in _pages_of_a_lead(page, world, plaza, books, post["id"]) for fault in faults_of(page, name)
    ]

    assert found == []


def test_no_page_for_admins_and_new_people_has_an_accessibility_fault(browse: Browse, world: World) -> None:
    page, newcomer = browse(viewport=DESK), browse(viewport=DESK)

    found = [fault for name in _pages_of_an_admin(page, world) for fault in faults_of(page, name)]
    first_password = page.locator("p.code").inner_text()
    staff.sign_in(newcomer, world, "new-reviewer", first_password)
    expect(newcomer.get_by_text("Set one of your own")).to_be_visible()
    found += faults_of(newcomer, "the first password")

    assert found == []


def _report_with_a_message(page: Page, post: str) -> None:
    reporter = Reporter(page)
    reporter.report(post)
    reporter.open_own_page()
    reporter.unfold("Write to us")
    reporter.write("Your message", "He said that he would post it again.")
    reporter.press("Send the message")
    expect(page.get_by_text("You wrote to us at")).to_be_visible()


def _pages_of_a_lead(page: Page, world: World, plaza: Plaza, books: Books, post: str) -> Iterator[str]:
    account = plaza.account()
    plaza.post(account)
    Stranger(world).report(f"{world.plaza}/user/{account}", "A child I look after", "Not sure")
    Stranger(world).report_links([plaza.post()["url"], f"{world.plaza}/somewhere/12", "the picture of me"])

    page.goto(f"{world.console}/")
    yield "sign-in"
    page.get_by_label("Name").fill("lead")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "sign-in, after a wrong password"
    staff.sign_in(page, world, "lead")
    expect(page.get_by_role("button", name="Open:").first).to_be_visible()
    pictures.keep(page, "queue")
    yield "queue"

    case = books.case_of(post)
    yield from _pages_of_a_case(page, f"{world.console}/cases/{case.id}")
    page.goto(f"{world.console}/cases/{books.case_of(account).id}")
    page.get_by_role("button", name="Open for review").click()
    expect(page.get_by_role("button", name="Put it down")).to_be_visible()
    yield "a case about an account"

    places = (
        "referrals",
        "officials",
        "offices",
        "replies",
        "clocks",
        "alarms",
        "report-as-staff",
        "staff",
        "me",
        "password",
        "links",
        "nothing",
        "banks",
    )
    for path in places:
        page.goto(f"{world.console}/{path}")
        yield path
    page.goto(f"{world.console}/links")
    page.get_by_role("link", name=re.compile("^Link 2 of")).first.click()
    expect(page.get_by_role("heading", name="A link that could not be placed")).to_be_visible()
    yield "a link"
    page.goto(f"{world.console}/notices/{case.notices[0]}")
    yield "a report"
    page.goto(f"{world.console}/referrals/{case.notices[0]}")
    expect(page.get_by_role("heading", name="The police have been told")).to_be_visible()
    yield "a police referral"
    page.goto(f"{world.console}/offices")
    page.get_by_label("Its name").fill("City police")
    page.get_by_label("Country, as two capitals").fill("PL")
    page.get_by_label("Its own domain").fill("police.example")
    page.get_by_role("button", name="Put it on file").click()
    expect(page.get_by_text("No contact is on file.")).to_be_visible()
    yield "an office on file"
    page.goto(f"{world.console}/notices/{case.notices[0]}")
    page.get_by_label("Your letter").fill(
        "We have your message. A person reads it now, and will not ask for anything more."
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Send this letter")).to_be_visible()
    yield "a letter, as a preview"
    page.goto(f"{world.console}/report-as-staff")
    page.get_by_label("Link").fill("not a link")
    for field in ("What is it?", "Who is in it?", "Under 18 when it was taken?"):
        page.get_by_label(field).select_option(index=1)
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("alert")).to_be_focused()
    yield "report a post, with a wrong link"


def _pages_of_a_case(page: Page, address: str) -> Iterator[str]:
    page.goto(address)
    yield "a case, not in hand"
    page.get_by_role("button", name="Open for review").click()
    expect(page.get_by_role("button", name="Put it down")).to_be_visible()
    page.goto(address)
    pictures.keep(page, "case")
    yield "a case, in hand"
    page.locator("#look").click()
    expect(page.get_by_role("link", name="Veil it again")).to_be_visible()
    yield "a case, looked at"
    page.get_by_label("The reporter will read").select_option(index=1)
    page.get_by_role("button", name="Keep: needs").click()
    expect(page.get_by_text("Your vote is in.")).to_be_visible()
    yield "a case, voted on"
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Decided: it breaks the rule.")).to_be_visible()
    yield "a case, decided"


def _pages_of_an_admin(page: Page, world: World) -> Iterator[str]:
    staff.sign_in(page, world, "admin")
    page.goto(f"{world.console}/")
    yield "not for this role"
    for path in ("clocks", "alarms", "me"):
        page.goto(f"{world.console}/{path}")
        yield f"{path}, for an admin"
    page.goto(f"{world.console}/staff")
    page.get_by_label("Name to sign in with").fill("new-reviewer")
    page.get_by_role("button", name="Enrol").click()
    expect(page.locator("p.code")).to_be_visible()
    yield "staff, with somebody new"
