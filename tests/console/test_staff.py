"""Enrolment by two people, first passwords that cannot be used for anything, own accounts, and leaving."""

import re

import pytest

from amparo.cases.refs import StaffId
from amparo.records import models, people
from tests.console.desk import Browser, Desk

OWN = "words that only I know"


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for role in ("reviewer", "lead", "admin"):
        desk.enrol(role, role)
    return desk


def enrolled(desk: Desk, role: str = "reviewer") -> tuple[str, str]:
    """Enrol somebody on the page; return the id and the first password."""
    page = desk.browser("admin").send("/staff/enrol", {"username": "newcomer", "role": role}).content.decode()
    found = re.search(r'class="code">([^<]+)<', page)
    assert found is not None
    return models.Staff.objects.get(username="newcomer").id, found[1]


def test_a_newcomer_votes_after_a_second_person_approved_and_a_password_of_their_own(staffed: Desk) -> None:
    case = staffed.report()
    person, first = enrolled(staffed)
    assert first not in staffed.browser("admin").get("/staff").content.decode(), "it is shown once"

    browser = Browser()
    assert browser.send("/sign-in", {"username": "newcomer", "password": first}).status_code == 302
    for page in ("/", f"/cases/{case}", "/me"):
        assert browser.get(page).headers["Location"] == "/password"
    assert browser.send(f"/cases/{case}/remove", staffed.remove_form(case)).headers["Location"] == "/password"
    short = browser.send("/password", {"old_password": first, "new_password1": "short", "new_password2": "short"})
    assert short.status_code == 422
    changed = {"old_password": first, "new_password1": OWN, "new_password2": OWN}
    assert browser.send("/password", changed).headers["Location"] == "/me"
    assert "not approved yet" in browser.get("/me").content.decode()

    assert browser.send(f"/cases/{case}/keep", staffed.keep_form(case)).status_code == 409
    people.release(case, person)
    assert staffed.browser("lead").send(f"/staff/{person}/approve").status_code == 302
    assert browser.send(f"/cases/{case}/keep", staffed.keep_form(case)).status_code == 302


def test_a_first_password_still_has_to_be_replaced_after_signing_in_twice(staffed: Desk) -> None:
    _, first = enrolled(staffed)
    for _ in range(2):
        browser = Browser()
        browser.send("/sign-in", {"username": "newcomer", "password": first})
        assert browser.get("/").headers["Location"] == "/password"


def test_whoever_enrolled_somebody_does_not_approve_them(staffed: Desk) -> None:
    person, _ = enrolled(staffed)
    refused = staffed.browser("admin").send(f"/staff/{person}/approve")
    assert refused.status_code == 409
    assert "Somebody other than the person and whoever enrolled them approves." in refused.content.decode()
    assert models.Staff.objects.get(id=person).approved_by is None


def test_nobody_approves_themselves(staffed: Desk) -> None:
    staffed.enrol("new-lead", "lead", is_approved=False)
    refused = staffed.browser("new-lead").send(f"/staff/{staffed.staff['new-lead']}/approve")
    assert refused.status_code == 409


def test_one_admin_cannot_make_two_leads_approve_each_other(staffed: Desk) -> None:
    for name in ("puppet", "other-puppet"):
        staffed.browser("admin").send("/staff/enrol", {"username": name, "role": "lead"})
        person = models.Staff.objects.get(username=name)
        people.note_own_password(person.id, staffed.clock[0])
        staffed.staff[name] = StaffId(person.id)
    refused = staffed.browser("puppet").send(f"/staff/{staffed.staff['other-puppet']}/approve")
    assert refused.status_code == 409
    assert models.Staff.objects.get(username="other-puppet").approved_by is None


def test_a_name_is_given_once(staffed: Desk) -> None:
    refused = staffed.browser("admin").send("/staff/enrol", {"username": "lead", "role": "reviewer"})
    assert refused.status_code == 409
    assert 'value="lead"' in refused.content.decode()


@pytest.mark.parametrize("name", ["", "a", "two words", "<b>", "x" * 61, "nul\0"])
def test_a_name_that_is_none_is_refused(staffed: Desk, name: str) -> None:
    assert staffed.browser("admin").send("/staff/enrol", {"username": name, "role": "lead"}).status_code == 422


def test_somebody_taken_off_the_staff_is_out_with_the_next_page(staffed: Desk) -> None:
    browser = staffed.browser("reviewer")
    assert browser.get("/").status_code == 200
    staffed.browser("lead").send(f"/staff/{staffed.staff['reviewer']}/deactivate")
    assert browser.get("/").headers["Location"].startswith("/sign-in")
    assert "off the staff" in staffed.browser("lead").get("/staff").content.decode()


def test_nobody_takes_themselves_off_the_staff(staffed: Desk) -> None:
    assert staffed.browser("admin").send(f"/staff/{staffed.staff['admin']}/deactivate").status_code == 409
    assert models.Staff.objects.get(username="admin").is_active


def test_an_own_account_is_named_by_its_profile_and_belongs_to_one_person(staffed: Desk) -> None:
    profile = {"link": "http://plaza.test:8000/user/uploader"}
    case = staffed.report()
    browser = staffed.browser("reviewer")
    assert case in browser.get("/").content.decode()
    assert browser.send("/me/accounts", {"link": "http://plaza.test:8000/post/1"}).status_code == 422
    assert browser.send("/me/accounts", profile).headers["Location"] == "/me"
    assert "plaza: uploader" in browser.get("/me").content.decode()
    assert case not in browser.get("/").content.decode()
    taken = staffed.browser("lead").send("/me/accounts", profile)
    assert taken.status_code == 409
    assert case in staffed.browser("lead").get("/").content.decode()


def test_an_admin_sees_what_calls_for_a_person_but_no_way_into_a_case(staffed: Desk) -> None:
    from amparo.records import alarms

    case = staffed.report()
    alarms.ring("not_hidden", case, staffed.clock[0])
    browser = staffed.browser("admin")
    for page in ("/clocks", "/alarms"):
        shown = browser.get(page).content.decode()
        assert case not in shown
    alarm = alarms.open_alarms()[0].id
    assert "not hidden in time" in browser.get("/alarms").content.decode()
    assert browser.send(f"/alarms/{alarm}/take-up").status_code == 302
    assert models.Alarm.objects.get().closed_by == staffed.staff["admin"]
    assert browser.send(f"/alarms/{alarm}/take-up").status_code == 404
