"""Nobody sees another's vote or look in an open round: the pages are the same to the byte (law i)."""

import re
from datetime import timedelta

import pytest

from amparo.cases.actor import System
from amparo.cases.commands import ExpireClock
from amparo.cases.refs import CaseId
from amparo.cases.words import Age, Seen
from amparo.records import alarms, models, people
from tests.console.desk import Browser, Desk

PAGES = ("/", "/clocks", "/alarms", "/replies", "/links")


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for name, role in (("first", "reviewer"), ("second", "reviewer"), ("lead", "lead"), ("other-lead", "lead")):
        desk.enrol(name, role)
    return desk


def seen_by(browser: Browser, *addresses: str) -> list[str]:
    """Return the pages without the forms' tokens, which differ on every visit."""
    return [_without_tokens(browser.get(address).content.decode()) for address in addresses]


@pytest.mark.parametrize("viewer", ["second", "lead"])
@pytest.mark.parametrize("age", [Age.CHILD, Age.ADULT])
def test_a_vote_to_keep_changes_no_page_of_anybody_else(staffed: Desk, viewer: str, age: Age) -> None:
    case = staffed.report(age=age)
    staffed.see(case, Seen.HIDDEN)
    browser = staffed.browser(viewer)
    addresses = (*PAGES, f"/cases/{case}", f"/notices/{staffed.notice_of(case)}")
    before = seen_by(browser, *addresses)
    staffed.look("first", case)
    after_the_look = seen_by(browser, *addresses)
    staffed.vote_to_keep("first", case)
    after_the_vote = seen_by(browser, *addresses)
    assert before == after_the_look == after_the_vote
    assert case in before[0]


def test_a_vote_changes_nothing_on_the_page_of_whoever_has_the_case_in_hand(staffed: Desk, vault: None) -> None:
    case = staffed.report()
    staffed.write(staffed.notice_of(case), "please look")
    browser = staffed.browser("lead")
    browser.send(f"/cases/{case}/open")
    before = seen_by(browser, f"/cases/{case}", f"/cases/{case}?look=1")
    staffed.vote_to_keep("first", case)
    assert seen_by(browser, f"/cases/{case}", f"/cases/{case}?look=1") == before


@pytest.mark.parametrize("minutes", [1, 8, 20, 40, 60 * 30])
def test_at_no_time_does_a_looked_at_and_voted_case_differ_from_a_fresh_one(staffed: Desk, minutes: int) -> None:
    """Two reports of the same second: somebody looks at one and votes to keep it, and then time passes over both."""
    touched, fresh = staffed.report("1"), staffed.report("2")
    for case in (touched, fresh):
        staffed.see(case, Seen.HIDDEN)
    staffed.look("first", touched)
    staffed.vote_to_keep("first", touched)
    until = staffed.clock[0] + timedelta(minutes=minutes)
    while staffed.clock[0] < until:
        staffed.pass_time(minutes=min(10, minutes))
        for case in (touched, fresh):
            _let_clocks_ring(staffed, case)
    browser = staffed.browser("lead")
    pages = [_of_one(browser.get(f"/cases/{case}").content.decode(), case) for case in (touched, fresh)]
    assert pages[0].replace("post 1<", "post 2<") == pages[1]
    queue = browser.get("/").content.decode()
    cards = {
        case: _of_one(next(card for card in queue.split("<article")[1:] if case in card).split("</article>")[0], case)
        for case in (touched, fresh)
    }
    assert cards[touched] == cards[fresh]
    wall = browser.get("/clocks").content.decode()
    lines = [row.split("</tr>")[0] for row in wall.split("<tr")]
    rows = {case: [_of_one(line, case) for line in lines if case in line] for case in (touched, fresh)}
    assert rows[touched] == rows[fresh]
    assert rows[touched]
    calls = browser.get("/alarms").content.decode()
    assert calls.count(touched) == calls.count(fresh)


def test_with_too_few_people_the_pages_say_so_before_and_after_a_vote_alike(desk: Desk) -> None:
    """The core rings when a vote leaves too few; the console says it from the staff list, so it tells of no vote."""
    for name in ("first", "second"):
        desk.enrol(name, "reviewer")
    case = desk.report()
    browser = desk.browser("second")
    before = seen_by(browser, *PAGES, f"/cases/{case}")
    desk.vote_to_keep("first", case)
    state = desk.case(case)
    assert state.round is not None
    assert state.round.lacks_people
    alarms.ring("not_enough_people", case, desk.clock[0])
    assert seen_by(browser, *PAGES, f"/cases/{case}") == before
    assert "not enough people" in before[0]
    assert "one of the two who keep something up has to be a lead" in before[-1]


def test_a_card_is_away_only_for_the_minutes_in_which_somebody_has_it_in_hand(staffed: Desk) -> None:
    case = staffed.report()
    browser = staffed.browser("lead")
    staffed.browser("first").send(f"/cases/{case}/open")
    assert case not in browser.get("/").content.decode()
    assert browser.send(f"/cases/{case}/open").status_code == 409
    staffed.pass_time(minutes=5, seconds=1)
    assert case in browser.get("/").content.decode()
    assert browser.send(f"/cases/{case}/open").status_code == 302


def test_voters_see_their_own_vote_and_no_card_of_it(staffed: Desk) -> None:
    case = staffed.report()
    browser = staffed.browser("first")
    voted = browser.send(f"/cases/{case}/keep", staffed.keep_form(case), follow=True).content.decode()
    assert "Your vote is in. Somebody else has to vote, too." in voted
    assert case not in browser.get("/").content.decode()
    assert people.claim(case, staffed.staff["lead"], staffed.clock[0]), "a vote gives the case back"
    assert "Your vote is in" not in staffed.browser("lead").get(f"/cases/{case}").content.decode()


def test_opening_a_case_answers_the_calls_for_a_look(staffed: Desk) -> None:
    case = staffed.report()
    for kind in ("look_due", "lead_wanted", "not_hidden"):
        alarms.ring(kind, case, staffed.clock[0])
    staffed.browser("lead").send(f"/cases/{case}/open")
    assert [alarm.kind for alarm in alarms.open_alarms()] == ["not_hidden"]


def _let_clocks_ring(desk: Desk, case: CaseId) -> None:
    """Do as the worker does: expire what is due, and ring what that calls for."""
    for clock in models.Clock.objects.filter(aggregate=case, wakes_at__lte=desk.clock[0]):
        done = desk.here.casebook.execute(ExpireClock(case, clock.key, System("clocks")))
        for entry in done.entries(case):
            kind = getattr(getattr(entry.event, "alarm", None), "value", None)
            if type(entry.event).__name__ == "EscalatedToLead":
                kind = "lead_wanted"
            if kind is not None:
                alarms.ring(kind, case, desk.clock[0])


def _without_tokens(page: str) -> str:
    page = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page)
    return re.sub(r'(name="key" value=)"[^"]*"', r"\1", page)


def _of_one(page: str, case: CaseId) -> str:
    """Return a page without what names the one case: its id, and the ids of its reports."""
    page = _without_tokens(page).replace(case, "CASE")
    return re.sub(r"notice_[a-z2-7]{26}", "NOTICE", page)
