"""Offices on file, and finding out who sent a notice: two people for a contact, a week, and two for the sender."""

import re

import pytest

from amparo.cases.refs import NoticeId
from amparo.records import models, offices
from tests.console.desk import Desk

OFFICE = {"name": "City police", "kind": "police", "country": "PL", "domain": "police.example"}
CONTACT = {"value": "+48 22 123 45 67", "published_at": "https://police.example/contact"}
KNEW = {"knew": "on"}


@pytest.fixture
def staffed(desk: Desk, vault: None) -> Desk:
    for name, role in (("lead", "lead"), ("admin", "admin"), ("reviewer", "reviewer"), ("colleague", "reviewer")):
        desk.enrol(name, role)
    desk.enrol("newcomer", "lead", is_approved=False)
    return desk


@pytest.fixture
def notice(staffed: Desk) -> NoticeId:
    found = staffed.notice_of(staffed.report())
    staffed.name_office(found, "Office: City police\nCase number: K 1/26")
    return found


def contact_of(desk: Desk, *, days: float = 7, confirmed_by: str | None = "colleague") -> str:
    """Return a contact that the lead put on file, and how long ago."""
    contact = desk.put_office_on_file("lead").contacts[0].on_file.id
    if confirmed_by is not None:
        offices.confirm_contact(contact, by=desk.staff[confirmed_by], now=desk.clock[0])
    desk.pass_time(days=days)
    return contact


# ---- on file


def test_two_people_put_a_contact_on_file(staffed: Desk) -> None:
    lead, reviewer = staffed.browser("lead"), staffed.browser("reviewer")
    assert lead.send("/offices/add", OFFICE).status_code == 302
    office = offices.every()[0]
    assert lead.send(f"/offices/{office.id}/contacts", CONTACT).status_code == 302
    contact = offices.every()[0].contacts[0].on_file.id
    confirm = f"/office-contacts/{contact}/confirm"
    assert confirm not in lead.get("/offices").content.decode()
    own = lead.send(confirm)
    assert (own.status_code, "Somebody else has to confirm it." in own.content.decode()) == (409, True)
    assert confirm in reviewer.get("/offices").content.decode()
    assert reviewer.send(confirm).status_code == 302
    page = reviewer.get("/offices").content.decode()
    assert "+48221234567" in page
    assert re.search(r"<td>lead</td>\s*<td>reviewer</td>", page)
    assert lead.send(f"/office-contacts/{contact}/retire").status_code == 302
    assert "+48221234567" not in lead.get("/offices").content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"value": "desk@mail.example"}, "ends with police.example", id="another-domain"),
        pytest.param({"value": "desk@notpolice.example"}, "ends with police.example", id="a-domain-that-looks-alike"),
        pytest.param({"value": "call me"}, "Give a phone number", id="no-contact"),
        pytest.param({"published_at": "https://elsewhere.example/police.example"}, "the page of", id="elsewhere"),
        pytest.param({"published_at": "http://police.example/"}, "https address", id="no-tls"),
    ],
)
def test_a_contact_that_the_office_does_not_publish_is_refused(
    staffed: Desk, change: dict[str, str], says: str
) -> None:
    lead = staffed.browser("lead")
    lead.send("/offices/add", OFFICE)
    answer = lead.send(f"/offices/{offices.every()[0].id}/contacts", {**CONTACT, **change})
    assert (answer.status_code, says in answer.content.decode()) == (409, True)
    assert offices.every()[0].contacts == ()


@pytest.mark.parametrize(
    ("change", "status"),
    [({"country": "Poland"}, 422), ({"domain": "no domain"}, 409), ({"kind": "king"}, 422), ({"name": ""}, 422)],
)
def test_an_office_that_could_not_be_is_refused(staffed: Desk, change: dict[str, str], status: int) -> None:
    assert staffed.browser("admin").send("/offices/add", {**OFFICE, **change}).status_code == status
    assert offices.every() == []


def test_nobody_whose_enrolment_is_not_approved_puts_anything_on_file(staffed: Desk) -> None:
    assert staffed.browser("newcomer").send("/offices/add", OFFICE).status_code == 409
    contact = staffed.put_office_on_file("lead").contacts[0].on_file.id
    assert staffed.browser("newcomer").send(f"/office-contacts/{contact}/confirm").status_code == 409
    assert staffed.browser("newcomer").send(f"/office-contacts/{contact}/retire").status_code == 409


# ---- who sent it


def test_a_notice_of_an_office_is_listed_with_what_it_wrote_of_itself(staffed: Desk, notice: NoticeId) -> None:
    browser = staffed.browser("reviewer")
    listed = browser.get("/officials").content.decode()
    assert f"/officials/{notice}" in listed
    assert "not confirmed" in listed
    page = browser.get(f"/officials/{notice}").content.decode()
    assert "Case number: K 1/26" in page
    assert "Give no data about anybody" in page
    assert (
        "somebody who says to be an office" in browser.get(f"/cases/{staffed.notice(notice).cases[0]}").content.decode()
    )


def test_a_link_and_a_call_by_two_people_confirm_it(staffed: Desk, notice: NoticeId) -> None:
    contact = contact_of(staffed)
    answer = staffed.browser("reviewer").send(f"/officials/{notice}/link", {"contact": contact})
    page = answer.content.decode()
    link = re.search(r"http://[^<\s]+/officials/confirm#([0-9A-Z-]{32})", page)
    assert link is not None, page
    assert "City police (PL): +48221234567" in page
    again = staffed.browser("reviewer").get(f"/officials/{notice}").content.decode()
    assert link[1] not in again
    assert link[1] not in str(list(models.Event.objects.values_list("body", flat=True)))
    own = staffed.browser("reviewer").send(f"/officials/{notice}/call", {"contact": contact, **KNEW})
    assert (own.status_code, "handed out the link" in own.content.decode()) == (409, True)
    called = staffed.browser("colleague").send(f"/officials/{notice}/call", {"contact": contact, **KNEW})
    assert called.status_code == 302
    page = staffed.browser("reviewer").get(f"/officials/{notice}").content.decode()
    assert "by colleague to City police (PL): +48221234567" in page
    sender = staffed.notice(notice).sender
    assert sender is not None
    assert not sender.is_verified, "nobody has opened the link"


@pytest.mark.parametrize(
    ("days", "confirmed_by", "says"),
    [
        pytest.param(0, "colleague", "too new", id="put-there-today"),
        pytest.param(6.9, "colleague", "too new", id="not-quite-a-week"),
        pytest.param(30, None, "second person has to confirm", id="one-person-alone"),
    ],
)
def test_a_fresh_contact_confirms_nobody(
    staffed: Desk, notice: NoticeId, days: float, confirmed_by: str | None, says: str
) -> None:
    contact = contact_of(staffed, days=days, confirmed_by=confirmed_by)
    for what in ("link", "call"):
        answer = staffed.browser("reviewer").send(f"/officials/{notice}/{what}", {"contact": contact, **KNEW})
        assert (answer.status_code, says in answer.content.decode()) == (409, True)
        assert "/officials/confirm#" not in answer.content.decode()
    assert staffed.case(staffed.notice(notice).cases[0]).hide_asked_at is not None


def test_a_retired_contact_confirms_nobody(staffed: Desk, notice: NoticeId) -> None:
    contact = contact_of(staffed)
    offices.retire_contact(contact, by=staffed.staff["admin"], now=staffed.clock[0])
    answer = staffed.browser("reviewer").send(f"/officials/{notice}/link", {"contact": contact})
    assert (answer.status_code, "not on file any more" in answer.content.decode()) == (422, True)


def test_a_call_in_which_they_did_not_know_is_not_recorded(staffed: Desk, notice: NoticeId) -> None:
    contact = contact_of(staffed)
    answer = staffed.browser("reviewer").send(f"/officials/{notice}/call", {"contact": contact})
    assert answer.status_code == 422
    sender = staffed.notice(notice).sender
    assert sender is not None
    assert sender.called is None


def test_what_nobody_can_confirm_is_set_aside_and_goes_on_as_anybodys(staffed: Desk, notice: NoticeId) -> None:
    assert staffed.browser("reviewer").send(f"/officials/{notice}/aside").status_code == 302
    assert "nobody could confirm it" in staffed.browser("lead").get("/officials").content.decode()
    assert staffed.case(staffed.notice(notice).cases[0]).round is not None


def test_a_report_of_no_office_has_no_such_page(staffed: Desk) -> None:
    notice = staffed.notice_of(staffed.report())
    assert staffed.browser("reviewer").get(f"/officials/{notice}").status_code == 404
