"""The same form twice is one report; the same key with other answers is refused and loses nothing."""

import uuid
from collections.abc import Callable

from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import Visitor


def test_the_same_form_sent_twice_opens_one_notice(visitor: Visitor, post: str) -> None:
    key = str(uuid.uuid4())
    for _ in range(3):
        assert "Who is in the picture?" in visitor.report(post, key=key).content.decode()
    assert models.Notice.objects.count() == 1
    assert models.CaseNotice.objects.count() == 1


def test_two_forms_without_a_key_are_two_reports_of_one_case(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    visitor.report(post, key="not a key")
    assert models.Notice.objects.count() == 2
    assert models.Case.objects.count() == 1


def test_the_same_key_with_other_links_is_refused_and_the_text_is_given_back(visitor: Visitor, post: str) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key)
    answer = visitor.report(f"{post}9", key=key)
    assert answer.status_code == 409
    assert f"{post}9" in answer.content.decode()
    assert models.Notice.objects.count() == 1
    visitor.send("/report", topic="sexual_picture", links=f"{post}9", key=str(uuid.uuid4()))
    assert models.Notice.objects.count() == 2


def test_a_form_repeated_much_later_opens_nobody_elses_report(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key)
    staff.passes(hours=2)
    other = new_visitor()
    assert other.report(post, key=key).status_code == 409
    assert other.client.get("/report/who").status_code == 403


def test_sending_twice_sends_once_and_both_codes_open_the_page(
    visitor: Visitor, new_visitor: Callable[[], Visitor], post: str
) -> None:
    visitor.report_and_send(post)
    first = visitor.code
    visitor.look("/report/check")
    visitor.send("/report/check")
    assert models.Event.objects.filter(type="NoticeSent").count() == 1
    for code in (first, visitor.code):
        assert new_visitor().open(code).redirect_chain[-1][0] == "/u/page"


def test_a_message_sent_twice_is_there_once(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    key = str(uuid.uuid4())
    for _ in range(2):
        visitor.send("/u/words", words="please hurry", key=key)
    assert visitor.page.count("You wrote to us") == 1
