"""A platform that asks the questions itself sends the whole report at once: opened, answered and sent, or nothing."""

import uuid
from collections.abc import Callable

import pytest

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.words import Age, Relation, Wanted, Way
from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import Visitor

WHOLE = {"relation": "me", "age": "yes", "way": "private_page", "send": "yes"}


def _notice(staff: Staff) -> Notice:
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    return notice


def test_one_form_with_every_answer_is_answered_by_the_receipt_with_the_code(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    visitor.report(post, country="GB", **WHOLE)
    assert "We have your report." in visitor.page
    notice = _notice(staff)
    answers = (notice.relation, notice.age, notice.way, notice.country)
    assert answers == (Relation.DEPICTED, Age.CHILD, Way.PRIVATE_PAGE, "GB")
    assert notice.sent_at == notice.opened_at
    assert staff.case_of(post).wanted is Wanted.HIDDEN
    assert new_visitor().open(visitor.code).redirect_chain[-1][0] == "/u/page"


def test_the_browser_that_sent_it_can_open_its_page_and_change_its_answers(visitor: Visitor, post: str) -> None:
    visitor.report(post, **WHOLE)
    assert visitor.look("/u/page").status_code == 200
    assert visitor.look("/report/how").status_code == 200


@pytest.mark.parametrize("relation", [each.value for each in Relation])
@pytest.mark.parametrize("age", [each.value for each in Age])
def test_at_once_or_by_the_five_forms_the_same_comes_of_it(
    visitor: Visitor, staff: Staff, post: str, relation: str, age: str
) -> None:
    visitor.report(post, relation=relation, age=age, way="private_page", country="GB", send="yes")
    at_once, case = _notice(staff), staff.case_of(post)
    visitor.report_and_send(f"{post}9", relation=relation, age=age, country="GB")
    by_forms, other = _notice(staff), staff.case_of(f"{post}9")
    assert _said(at_once) == _said(by_forms)
    assert _judged(case) == _judged(other)


def _said(notice: Notice) -> tuple[object, ...]:
    clocks = {clock.name for clock in notice.clocks}
    return notice.relation, notice.age, notice.settled_age, notice.way, notice.country, clocks


def _judged(case: Case) -> tuple[object, ...]:
    return case.grounds, case.wanted, case.lane, case.relations, {clock.key for clock in case.clocks}


def test_who_wants_no_answer_gets_no_code(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post, **{**WHOLE, "way": "not_at_all"})
    assert "We will not write to you." in visitor.page
    assert _notice(staff).sent_at is not None
    assert models.NoticeCode.objects.count() == 0


def test_an_age_that_was_not_answered_counts_as_a_childs(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post, send="yes")
    assert "We have your report." in visitor.page
    assert _notice(staff).settled_age is Age.NOT_SURE
    assert staff.case_of(post).lane.name == "CHILD"


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        pytest.param("relation", "Who is in the picture?", id="a word that is no answer"),
        pytest.param("age", "under 18", id="the same for the age"),
        pytest.param("way", "How can we tell you what happens?", id="the same for the way"),
        pytest.param("country", "Look it over and send it.", id="a country we know no law and no help line of"),
    ],
)
def test_an_answer_we_cannot_read_is_asked_again_and_loses_nobody_the_report(
    visitor: Visitor, staff: Staff, post: str, field: str, asked: str
) -> None:
    visitor.report(post, **{**WHOLE, field: "fourteen"})
    assert asked in visitor.page
    assert _notice(staff).sent_at is None
    assert staff.case_of(post).wanted is Wanted.HIDDEN


def test_answers_without_sending_are_kept_and_the_rest_is_asked(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post, relation="me", way="private_page")
    assert "Were you under 18 when it was taken?" in visitor.page
    assert _notice(staff).relation is Relation.DEPICTED
    assert _notice(staff).sent_at is None


def test_without_a_link_nothing_is_opened_and_the_form_says_what_is_missing(visitor: Visitor) -> None:
    answer = visitor.report(" ", **WHOLE)
    assert answer.status_code == 400
    assert "Paste at least one link to the post." in visitor.page
    assert models.Notice.objects.count() == 0


def test_the_same_form_again_is_one_report_with_a_further_code(
    visitor: Visitor, new_visitor: Callable[[], Visitor], post: str
) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key, **WHOLE)
    first = visitor.code
    visitor.report(post, key=key, **WHOLE)
    assert models.Notice.objects.count() == 1
    assert models.Event.objects.filter(type="NoticeSent").count() == 1
    assert visitor.code != first
    for code in (first, visitor.code):
        assert new_visitor().open(code).redirect_chain[-1][0] == "/u/page"


def test_the_same_key_with_another_answer_is_refused_and_the_links_are_given_back(visitor: Visitor, post: str) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key, **WHOLE)
    answer = visitor.report(post, key=key, **{**WHOLE, "age": "no"})
    assert answer.status_code == 409
    assert post in answer.content.decode()
    assert models.Notice.objects.count() == 1
    assert models.Event.objects.filter(type="AgeAnswered").count() == 1
