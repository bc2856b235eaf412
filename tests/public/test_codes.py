"""The code opens one page and nothing else does; what is wrong with a code is told to nobody."""

import re
from collections.abc import Callable

import pytest

from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import Visitor

WRONG = {
    "a wrong code": "0000-0000-0000-0000-0000-0000-00",
    "too short": "ABCD",
    "nothing": "",
    "too long": "A" * 5_000,
    "letters that no code has": "UUUU-UUUU-UUUU-UUUU-UUUU-UUUU-UU",
    "a NUL": "A\x00B",
    "a notice's id": "notice_aaaaaaaaaaaaaaaaaaaaaaaaaa",
}


def test_the_code_opens_the_page_on_another_device(
    visitor: Visitor, new_visitor: Callable[[], Visitor], post: str
) -> None:
    visitor.report_and_send(post)
    other = new_visitor()
    other.open(visitor.code)
    assert "We have not hidden the post yet." in other.page


@pytest.mark.parametrize("how", ["lower", "without dashes", "with blanks", "with O for 0"])
def test_a_code_is_read_however_it_is_typed(
    visitor: Visitor, new_visitor: Callable[[], Visitor], post: str, how: str
) -> None:
    visitor.report_and_send(post)
    code = visitor.code
    typed = {
        "lower": code.lower(),
        "without dashes": code.replace("-", ""),
        "with blanks": f"  {code.replace('-', ' ')} ",
        "with O for 0": code.replace("0", "O"),
    }[how]
    assert new_visitor().open(typed).redirect_chain[-1][0] == "/u/page"


def test_wrong_foreign_and_expired_codes_get_the_same_page(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    visitor.report_and_send(post)
    expired, models_before = visitor.code, models.NoticeCode.objects.count()
    staff.passes(days=184)
    answers = [new_visitor().open(code) for code in (*WRONG.values(), expired)]
    assert {answer.status_code for answer in answers} == {400}
    assert len({_without_token(answer.content.decode()) for answer in answers}) == 1
    assert models.NoticeCode.objects.count() == models_before


def test_the_code_is_kept_nowhere_but_as_a_hash(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    code = visitor.code
    visitor.look("/u/page")
    assert code not in visitor.last.content.decode()
    for event in models.Event.objects.values_list("body", flat=True):
        assert code not in str(event)
    stored = models.NoticeCode.objects.get().sha256
    assert code.replace("-", "") not in stored
    assert len(stored) == 64


def test_a_further_code_can_be_had_on_the_page(visitor: Visitor, new_visitor: Callable[[], Visitor], post: str) -> None:
    visitor.report_and_send(post)
    first = visitor.code
    visitor.look("/u/page")
    visitor.send("/u/code")
    assert visitor.code != first
    for code in (first, visitor.code):
        assert new_visitor().open(code).redirect_chain[-1][0] == "/u/page"


def test_without_scripts_a_link_lands_on_the_box_which_says_so(visitor: Visitor) -> None:
    text = visitor.look("/u/").content.decode()
    assert "Scripts are off, so a link cannot open your page by itself." in text
    assert '<label class="label" for="code">Your code</label>' in text


def test_one_reporters_page_is_not_anothers(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    visitor.report_and_send(post)
    staff.writes("This is for the first one.")
    other = new_visitor()
    other.report_and_send(post)
    other.look("/u/page")
    assert "We wrote to you" not in other.page


def _without_token(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_some_time_after_sending_the_draft_opens_nothing_any_more(
    visitor: "Visitor", post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from amparo.public import steps

    visitor.report_and_send(post)
    assert visitor.look("/report/check").status_code == 200
    monkeypatch.setattr(steps, "_OPEN_AFTER_SENDING", timedelta())
    assert visitor.look("/report/check").status_code == 403
    assert visitor.send("/report/check").status_code == 403
