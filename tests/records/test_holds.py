"""What an office has preserved is not erased, and what its notice says stands in the rows that are asked for it."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from amparo.cases.actor import Reporter, Reviewer
from amparo.cases.notice_commands import OpenNotice, PlacedLink, SendNotice
from amparo.cases.office_commands import DecideReferral, NameOffice, OpenReferral, SetOfficeAside
from amparo.cases.refs import CaseId, NoticeId, SealedRef, StaffId, Subject, SubjectKind
from amparo.cases.sender import OfficeKind
from amparo.cases.transaction import UNKNOWN_YET
from amparo.policies.policy import Topic
from amparo.records import models, office_queues, people
from amparo.records.access import Register
from amparo.records.casebook import Casebook, Enclosed
from amparo.vault.errors import VaultRefused
from amparo.vault.sealed import SealedObject, new_object_id
from tests.cases.books import POLICIES
from tests.cases.given import NINE


@pytest.fixture
def book(empty_books: None, draw: Callable[[int], bytes]) -> Casebook:
    return Casebook(POLICIES, lambda: NINE, draw, lambda aggregate: None)


POST = Subject("plaza", SubjectKind.POST, "held-1")


def reported(book: Casebook, *, preserves: bool) -> tuple[NoticeId, CaseId]:
    """Take an office's notice in as its form does: several commands in one step."""
    notice, by = book.new_notice_id(), Reporter(NoticeId("notice_any"))
    policy = book.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False).ref
    link = PlacedLink(POST, UNKNOWN_YET)
    ref = SealedRef("vault_office")
    done = book.execute(
        [
            OpenNotice(notice, Topic.SEXUAL_PICTURE, policy, None, (link,), frozenset(), True, by),
            SendNotice(notice, frozenset(), True, by),
            NameOffice(notice, OfficeKind.REGULATOR, "AU", ref, True, preserves, False, True, by),
        ]
    )
    return notice, next(CaseId(change.aggregate) for change in done.changes if change.aggregate.startswith("case_"))


def sealed(book: Casebook, owner: str) -> SealedObject:
    row = SealedObject(new_object_id(), "content", owner, b"key", "ab" * 32, 9)
    models.SealedObject.objects.create(
        id=row.id, kind=row.kind, owner=owner, sealed_key=b"key", sha256=row.sha256, size_bytes=9, at=book.now()
    )
    return row


def judge(book: Casebook) -> Reviewer:
    """Enrol somebody who may judge."""
    person = people.enrol("judge", "a long enough password", "reviewer", enrolled_by=None, now=book.now(),
                          draw=os.urandom(16))  # fmt: skip
    models.Staff.objects.filter(id=person.id).update(approved_by="staff_other")
    return Reviewer(StaffId(person.id))


@pytest.mark.parametrize("preserves", [True, False])
def test_a_hold_makes_the_vault_refuse_to_erase(book: Casebook, preserves: bool) -> None:
    _, case = reported(book, preserves=preserves)
    row = sealed(book, case)
    if preserves:
        with pytest.raises(VaultRefused, match="kept"):
            Register().erase_key(row.id)
        assert Register().find(row.id) is not None
    else:
        Register().erase_key(row.id)
        assert Register().find(row.id) is None


def test_a_hold_of_another_case_keeps_nothing_else(book: Casebook) -> None:
    reported(book, preserves=True)
    row = sealed(book, "case_another")
    Register().erase_key(row.id)
    assert Register().find(row.id) is None


def test_its_clocks_are_rows_and_it_is_listed_until_it_is_confirmed(book: Casebook) -> None:
    notice, case = reported(book, preserves=True)
    rows = dict(models.Clock.objects.filter(aggregate__in=[notice, case]).values_list("name", "due_at"))
    opened = models.Case.objects.get(id=case).opened_at
    assert opened is not None
    assert rows["ordered"] - opened == timedelta(hours=24)
    assert rows["hold"] - opened == timedelta(days=21)
    assert "sender" in rows
    reader = StaffId("staff_reader")
    assert [each.id for each in office_queues.senders_for(reader)] == [notice]
    assert office_queues.count_senders_for(reader) == 1
    assert book.refold(notice)
    assert book.refold(case)


def test_offices_that_wait_stand_oldest_first_before_those_that_do_not(book: Casebook) -> None:
    names = ("new", "old", "late", "early")
    notices = {name: reported(book, preserves=False)[0] for name in names}
    for name, hours in zip(names, (1, 9, 2, 8), strict=True):
        models.Notice.objects.filter(id=notices[name]).update(opened_at=book.now() - timedelta(hours=hours))
    by = judge(book)
    for name in ("late", "early"):
        book.execute(SetOfficeAside(notices[name], by))
    listed = [each.id for each in office_queues.senders_for(StaffId("staff_reader"))]
    assert listed == [notices[name] for name in ("old", "new", "late", "early")]


def test_a_referral_is_listed_on_its_case_until_a_person_answers(book: Casebook) -> None:
    notice, case = reported(book, preserves=False)
    by = judge(book)
    book.execute(OpenReferral(notice, by))
    assert office_queues.referrals_of(case) == [notice]
    assert [each.id for each in office_queues.referrals_for(by.id)] == [notice]
    book.execute(DecideReferral(notice, 1, SealedRef("vault_answer"), None, by), enclosed=Enclosed())
    assert office_queues.referrals_of(case) == []
    assert office_queues.count_referrals_for(by.id) == 0
    assert book.refold(notice)
