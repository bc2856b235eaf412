"""The lane of police, regulators and courts at the door: hidden as anybody's, and never data for anybody."""

import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from amparo.cases.actor import Connector, Reviewer
from amparo.cases.case_commands import RecordContent
from amparo.cases.notice import Notice
from amparo.cases.office_commands import GiveOfficeLink, RecordOfficeCall
from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import Digest, SealedRef, StaffId, Subject, SubjectKind
from amparo.cases.sender import OfficeKind
from amparo.cases.words import Seen
from amparo.plugins import installation
from amparo.records import models, offices, people, queues
from tests.public.staff import Staff
from tests.public.visitor import Visitor

OFFICE = {
    "kind": "police",
    "office": "City police",
    "country": "PL",
    "writer": "desk 4, +48 22 123 45 67",
    "case_number": "K 77/26",
    "topic": "sexual_picture",
    "age": "not_sure",
    "danger": "no",
    "asks": ["remove", "preserve"],
    "send": "yes",
}


def sends(visitor: Visitor, post: str, **other: object) -> str:
    """Send an office's form about a post, and return the code."""
    visitor.look("/officials")
    visitor.send("/officials", **{**OFFICE, "links": post, **other})
    return visitor.code


def notice_of(staff: Staff) -> Notice:
    found = staff.book.notice(staff.notice())
    assert found is not None
    return found


class Colleagues:
    """Two approved people, and an office whose number has been on file for long enough."""

    def __init__(self) -> None:
        now = installation().casebook.now()
        self.ids = [people.enrol(name, "a long enough password", "reviewer", enrolled_by=None, now=now,
                                 draw=os.urandom(16)).id for name in ("first", "second")]  # fmt: skip
        models.Staff.objects.filter(id__in=self.ids).update(approved_by="staff_other", approved_at=now)

    def contact(self, days: float = 8) -> str:
        since = installation().casebook.now() - timedelta(days=days)
        by, other = self.ids
        office = offices.add(
            "City police", OfficeKind.POLICE, "PL", "police.example", by=by, now=since, draw=os.urandom
        )
        page = "https://police.example/"
        contact = offices.add_contact(office.id, "+48221234567", page, by=by, now=since, draw=os.urandom)
        offices.confirm_contact(contact.on_file.id, by=other, now=since)
        return contact.on_file.id

    def give_link(self, notice: Notice, contact: str) -> str:
        book, on_file = installation().casebook, offices.contact_on_file(contact)
        assert on_file is not None
        until = book.now() + timedelta(hours=1)
        code = offices.new_link(notice.id, on_file.id, until, os.urandom(16), settings.SECRET_KEY)
        sha256 = offices.keep_link(code, notice.id, until)
        book.execute(GiveOfficeLink(notice.id, on_file, sha256, until, Reviewer(StaffId(self.ids[0]))))
        return code

    def call(self, notice: Notice, contact: str) -> None:
        on_file = offices.contact_on_file(contact)
        assert on_file is not None
        command = RecordOfficeCall(notice.id, on_file, Reviewer(StaffId(self.ids[1])))
        installation().casebook.execute(command)


@pytest.fixture
def colleagues(at_the_door: None) -> Colleagues:
    return Colleagues()


def content(staff: Staff, post: str, shows: str = "") -> tuple[ContentPart, ...]:
    """Have the post fetched and sealed, as a worker does; return its parts."""
    parts = []
    for number, media_type in enumerate(("text/plain", "image/png")):
        digest = Digest(hashlib.sha256(f"{post} {number}{shows}".encode()).hexdigest())
        parts.append(ContentPart(SealedRef(f"vault_{number}"), digest, media_type, 9))
    whole, account = (
        Digest(hashlib.sha256(shows.encode()).hexdigest()),
        Subject("plaza", SubjectKind.ACCOUNT, "some-uploader"),
    )
    command = RecordContent(staff.case_of(post).id, whole, 1, account, tuple(parts), 12, Connector("plaza"))
    staff.book.execute(command)
    return tuple(parts)


def test_the_page_offers_no_data_and_is_led_to_from_every_page(visitor: Visitor) -> None:
    for page in ("/", "/help", "/u/"):
        visitor.look(page)
        assert 'href="/officials"' in visitor.text_of(visitor.last)
    visitor.look("/officials")
    assert "Nobody gets data here." in visitor.page
    assert 'type="file"' not in visitor.text_of(visitor.last)


def test_a_stranger_who_says_police_gets_the_hide_and_the_receipt_and_no_list(
    visitor: Visitor, staff: Staff, post: str
) -> None:
    code = sends(visitor, post)
    assert "We have not hidden the post yet." in visitor.page
    case = staff.case_of(post)
    assert case.hide_asked_at is not None
    content(staff, post)
    staff.sees(post, Seen.HIDDEN)
    visitor.open(code)
    assert "The post is hidden." in visitor.page
    assert "We do not know yet who wrote." in visitor.page
    assert not re.search(r"\b[0-9a-f]{64}\b", visitor.page)
    visitor.look("/u/preserved.txt")
    assert "sha256" not in visitor.page


def test_what_an_office_says_of_itself_is_sealed(visitor: Visitor, staff: Staff, post: str) -> None:
    sends(visitor, post)
    rows = models.Event.objects.values_list("body", flat=True)
    written = json.dumps(list(rows)) + json.dumps(list(models.Notice.objects.values_list("state", flat=True)))
    for secret in ("City police", "K 77/26", "desk 4"):
        assert secret not in written
    sender = notice_of(staff).sender
    assert sender is not None
    assert models.SealedObject.objects.filter(id=sender.sealed, owner=notice_of(staff).id).exists()


def test_a_confirmed_office_reads_digests_and_times_and_a_day_and_a_contact_and_nothing_else(
    visitor: Visitor, staff: Staff, colleagues: Colleagues, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OFFICIALS_CONTACT", "Safety desk, +47 000")
    code = sends(visitor, post)
    parts = content(staff, post)
    notice, contact = notice_of(staff), colleagues.contact()
    link = colleagues.give_link(notice, contact)
    colleagues.call(notice, contact)
    officer = Visitor("10.99.0.1")
    officer.look("/officials/confirm")
    officer.send("/officials/confirm", code=link)
    assert "Did the office send this?" in officer.page
    asked = notice_of(staff).sender
    assert asked is not None
    assert not asked.is_verified, "asking confirms nothing"
    officer.send("/officials/confirm", code=link, sent="yes")
    assert "We know now that it was this office." in officer.page

    visitor.open(code)
    assert all(part.digest in visitor.page for part in parts)
    assert "Safety desk, +47 000" in visitor.page
    assert "sealed until" in visitor.page
    listed = visitor.client.get("/u/preserved.txt").content.decode()
    assert [part.digest for part in parts] == re.findall(r"^sha256:([0-9a-f]{64})", listed, re.MULTILINE)
    assert re.search(r"^Kept until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", listed, re.MULTILINE)
    account = staff.case_of(post).account
    assert account is not None
    for page in (visitor.text_of(visitor.last), listed):
        assert account.id not in page


def test_the_list_of_a_later_office_tells_no_time_of_an_earlier_report_and_nothing_edited_away_before(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, colleagues: Colleagues, post: str
) -> None:
    new_visitor().report_and_send(post)
    edited = content(staff, post, "before")
    parts = content(staff, post, "at that time")
    staff.sees(post, Seen.HIDDEN)
    code = sends(visitor, post)
    notice = notice_of(staff)
    contact = colleagues.contact()
    link = colleagues.give_link(notice, contact)
    colleagues.call(notice, contact)
    visitor.look("/officials/confirm")
    visitor.send("/officials/confirm", code=link, sent="yes")
    visitor.open(code)
    listed = visitor.client.get("/u/preserved.txt").content.decode()
    assert all(part.digest in listed for part in parts)
    for part in edited:
        assert part.digest not in listed + visitor.page
    came = f"{notice.came_at:%Y-%m-%dT%H:%M:%S}Z"
    assert set(re.findall(r"sealed by (\S+)$", listed, re.MULTILINE)) == {came}
    assert "first seen hidden" not in listed


def test_wrong_foreign_and_old_codes_open_the_same_nothing(
    visitor: Visitor, staff: Staff, colleagues: Colleagues, post: str
) -> None:
    own = sends(visitor, post)
    notice, contact = notice_of(staff), colleagues.contact()
    first = colleagues.give_link(notice, contact)
    colleagues.give_link(notice, contact)
    answers = set()
    for code in ("nonsense", "0" * 26, own, ""):
        visitor.look("/officials/confirm")
        answer = visitor.send("/officials/confirm", code=code)
        assert answer.status_code == 400
        answers.add(re.sub(r'value="[^"]+"', "", answer.content.decode()))
    assert len(answers) == 1
    visitor.look("/officials/confirm")
    assert visitor.send("/officials/confirm", code=first, sent="yes").status_code == 400, "a newer one was given"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"kind": ""}, "Say who writes", id="nobody"),
        pytest.param({"office": " "}, "Give the name of the office.", id="no-name"),
        pytest.param({"asks": []}, "Choose to hide it, to keep it, or both.", id="nothing-asked"),
        pytest.param({"links": ""}, "Paste at least one link", id="no-link"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_comes_back(
    visitor: Visitor, post: str, change: dict[str, object], says: str
) -> None:
    visitor.look("/officials")
    answer = visitor.send("/officials", **{**OFFICE, "links": post, **change})
    assert answer.status_code == 400
    assert says in visitor.page
    assert 'value="K 77/26"' in visitor.text_of(answer)
    assert not models.Notice.objects.exists()


def test_the_same_form_twice_is_one_notice(visitor: Visitor, staff: Staff, post: str) -> None:
    key = "00000000-0000-4000-8000-00000000abcd"
    first = sends(visitor, post, key=key)
    assert sends(visitor, post, key=key) != first
    assert models.Notice.objects.count() == 1
    visitor.look("/officials")
    assert visitor.send("/officials", **{**OFFICE, "links": post, "key": key, "office": "Other"}).status_code == 409


def test_a_regulators_notice_runs_under_its_own_clock(visitor: Visitor, staff: Staff, post: str) -> None:
    sends(visitor, post, kind="court", country="IN")
    clocks = staff.case_of(post).running("ordered")
    assert [clock.due_at - staff.case_of(post).opened_at for clock in clocks] == [timedelta(hours=3)]


@pytest.mark.parametrize("age", ["yes", "no", "not_sure"])
def test_a_victims_report_moves_as_fast_as_an_officers(visitor: Visitor, staff: Staff, post: str, age: str) -> None:
    other = f"{post}9"
    visitor.report_and_send(other, relation="me", age=age)
    sends(visitor, post, age=age, danger="yes")
    victim, officer = staff.case_of(other), staff.case_of(post)
    assert victim.hide_asked_at is not None
    assert officer.hide_asked_at is not None
    assert victim.hide_asked_at - victim.opened_at < timedelta(minutes=1)
    rows = {row.id: row for row in models.Case.objects.all()}
    assert rows[officer.id].harm == rows[victim.id].harm
    assert rows[officer.id].lane == rows[victim.id].lane
    lengths = [row.look_by - row.opened_at for row in rows.values() if row.look_by and row.opened_at]
    assert abs(lengths[0] - lengths[1]) < timedelta(minutes=1)
    reader = StaffId(people.everybody()[0].id)
    order = [each.case.id for each in queues.waiting_for(reader, installation().casebook.now())]
    assert order == [victim.id, officer.id], "whoever came first stands first"
