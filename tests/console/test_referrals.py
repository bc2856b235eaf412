"""The question whether the police are told: on the list, the case and the report; answered by a person, on record."""

import re
from datetime import timedelta

import pytest

from amparo.cases.refs import CaseId, NoticeId
from amparo.policies.signal import Signal
from amparo.records import alarms, models
from tests.console.desk import Desk

DANGER = "I cannot go on any more, I want to kill myself"


@pytest.fixture
def asked(desk: Desk, vault: None) -> tuple[Desk, CaseId, NoticeId]:
    for name, role in (("lead", "lead"), ("reviewer", "reviewer")):
        desk.enrol(name, role)
    desk.enrol("newcomer", "reviewer", is_approved=False)
    case = desk.report()
    notice = desk.notice_of(case)
    desk.write(notice, DANGER)
    assert Signal.SELF_HARM in desk.notice(notice).signals
    return desk, case, notice


def test_an_answer_ends_the_calls_for_it(asked: tuple[Desk, CaseId, NoticeId]) -> None:
    desk, _, notice = asked
    for kind in ("referral_due", "may_hurt_themself", "link_waits"):
        alarms.ring(kind, notice, desk.clock[0])
    desk.browser("reviewer").send(f"/referrals/{notice}/told", told_form())
    assert [each.kind for each in alarms.open_alarms()] == ["link_waits"]


def told_form(**other: str) -> dict[str, str]:
    said = {"number": "1", "authority": "City police", "told_at": "2026-01-02T15:40", "reference": "K 123/26"}
    return {**said, **other}


def test_it_stands_on_the_list_the_case_and_the_report_with_what_was_written(
    asked: tuple[Desk, CaseId, NoticeId],
) -> None:
    desk, case, notice = asked
    browser = desk.browser("reviewer")
    listed = browser.get("/referrals").content.decode()
    assert f"/referrals/{notice}" in listed
    assert "may hurt themself" in listed
    for address in (f"/cases/{case}", f"/notices/{notice}"):
        assert f'href="/referrals/{notice}">Are the police told?' in browser.get(address).content.decode()
    page = browser.get(f"/referrals/{notice}").content.decode()
    assert "kill myself" in page
    assert "Nothing is sent from here" in page
    assert re.search(r'Police referrals <span class="count">1<', page)


def test_told_is_written_down_with_whom_when_and_the_number_all_sealed(asked: tuple[Desk, CaseId, NoticeId]) -> None:
    desk, _, notice = asked
    browser = desk.browser("reviewer")
    assert browser.send(f"/referrals/{notice}/told", told_form()).status_code == 302
    page = browser.get(f"/referrals/{notice}").content.decode()
    assert "Told on 2 Jan 2026, 15:40, written down by reviewer" in page
    assert "Told: City police<br>Number: K 123/26" in page
    assert f"/referrals/{notice}" not in browser.get("/referrals").content.decode()
    events = models.Event.objects.filter(aggregate=notice)
    said = str([(event.body, event.actor) for event in events])
    assert "K 123/26" not in said
    assert "City police" not in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"reference": ""}, "Without it nobody has been told.", id="no-number"),
        pytest.param({"authority": ""}, "Say which police or authority was told.", id="nobody"),
        pytest.param({"told_at": ""}, "Say when they were told.", id="no-time"),
        pytest.param({"told_at": "soon"}, "Write the time as", id="no-time-at-all"),
        pytest.param({"told_at": "2999-01-01T00:00"}, "still to come", id="not-yet"),
        pytest.param({"number": "7"}, "answered this meanwhile", id="another-question"),
    ],
)
def test_nobody_is_said_to_be_told_without_the_receipt(
    asked: tuple[Desk, CaseId, NoticeId], change: dict[str, str], says: str
) -> None:
    desk, _, notice = asked
    answer = desk.browser("reviewer").send(f"/referrals/{notice}/told", told_form(**change))
    assert answer.status_code in (409, 422)
    assert says in answer.content.decode()
    assert desk.notice(notice).open_referral is not None


def test_not_telling_needs_a_reason_and_an_approved_person(asked: tuple[Desk, CaseId, NoticeId]) -> None:
    desk, _, notice = asked
    address = f"/referrals/{notice}/not-told"
    assert desk.browser("reviewer").send(address, {"number": "1", "reason": ""}).status_code == 422
    said = {"number": "1", "reason": "It is about a song."}
    refused = desk.browser("newcomer").send(address, said)
    assert (refused.status_code, "approve your enrolment" in refused.content.decode()) == (409, True)
    assert desk.browser("lead").send(address, said).status_code == 302
    page = desk.browser("reviewer").get(f"/referrals/{notice}").content.decode()
    assert "Not told: It is about a song." in page
    assert "Not told, decided by lead" in page


def test_a_person_may_ask_it_for_what_no_words_say(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    browser = desk.browser("reviewer")
    assert "Ask whether the police are told" in browser.get(f"/referrals/{notice}").content.decode()
    assert browser.send(f"/referrals/{notice}/ask").status_code == 302
    assert "asked by a person" in browser.get("/referrals").content.decode()
    again = browser.send(f"/referrals/{notice}/ask")
    assert (again.status_code, "open already" in again.content.decode()) == (409, True)


def test_it_stands_on_the_clock_wall_until_it_is_answered(asked: tuple[Desk, CaseId, NoticeId]) -> None:
    desk, _, notice = asked
    clock = next(clock for clock in desk.notice(notice).clocks if clock.name == "referral")
    assert clock.due_at == desk.clock[0] + timedelta(minutes=30)
    assert "are the police told?" in desk.browser("lead").get("/clocks").content.decode()
    desk.browser("reviewer").send(f"/referrals/{notice}/told", told_form())
    assert "are the police told?" not in desk.browser("lead").get("/clocks").content.decode()


def test_whoever_reported_it_themselves_does_not_see_it(asked: tuple[Desk, CaseId, NoticeId]) -> None:
    desk, case, notice = asked
    owner = desk.case(case).account
    desk.enrol("own", "reviewer", account=owner)
    browser = desk.browser("own")
    assert f"/referrals/{notice}" not in browser.get("/referrals").content.decode()
    assert browser.get(f"/referrals/{notice}").status_code == 404
