"""A bystander, a mother, the boy and the uploader report one post: none learns of the others, of copies, of filings.

The strictest reading: whoever reports last sees, at each step, exactly what they would see had nobody else reported.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from amparo.cases.words import Seen
from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor, words_of

_TIMES = re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September"
                    r"|October|November|December)\b|\b(?:tomorrow|today|yesterday)\b[^.]{0,20}")  # fmt: skip
_TOKENS = re.compile(
    rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]+"|<output id="own-code">[^<]+|name="code" value="[^"]+"'
)
_WHO = {
    "bystander": ("i_dont_know_them", "not_sure"),
    "mother": ("child_i_look_after", "yes"),
    "boy": ("me", "yes"),
    "uploader": ("i_dont_know_them", "no"),
}


@dataclass
class Person:
    visitor: Visitor
    code: str
    words: str
    notice: str


def _report(new_visitor: Callable[[], Visitor], staff: Staff, who: str, link: str) -> Person:
    visitor = new_visitor()
    relation, age = _WHO[who]
    visitor.report_and_send(link, relation=relation, age=age)
    code, notice, words = visitor.code, str(staff.notice()), f"only the {who} knows the word {who}berry"
    visitor.look("/u/page")
    visitor.send("/u/words", words=words, key="")
    staff.passes(minutes=7)
    return Person(visitor, code, words, notice)


@pytest.fixture
def link() -> str:
    return f"{PLAZA}/post/everybodys"


@pytest.fixture
def everybody(new_visitor: Callable[[], Visitor], staff: Staff, link: str) -> dict[str, Person]:
    return {who: _report(new_visitor, staff, who, link) for who in _WHO}


def _steps(staff: Staff, link: str) -> list[Callable[[], object]]:
    return [
        lambda: staff.sees(link, Seen.HIDDEN),
        lambda: staff.looks(link),
        lambda: staff.removes(link),
        lambda: staff.sees(link, Seen.GONE),
    ]


def test_no_page_holds_anything_of_another_reporter_at_any_step(
    everybody: dict[str, Person], staff: Staff, link: str
) -> None:
    case = staff.case_of(link).id
    for step in _steps(staff, link):
        step()
        for who, person in everybody.items():
            pages = [person.visitor.look(path) for path in ("/u/page", "/u/certificate", "/report/check")]
            said = b" ".join(page.content for page in pages).decode()
            headers = " ".join(f"{name}: {value}" for page in pages for name, value in page.headers.items())
            for other, them in everybody.items():
                if other != who:
                    for fact in (them.words, f"{other}berry", them.code, them.notice):
                        assert fact not in said + headers, (who, other)
            assert case not in said + headers
            assert not re.search(r"\b(?:[2-9]|two|three|four|several|other) (?:reports?|people reported)\b", said, re.I)
            assert not re.search(r"\bcop(?:y|ies) of (?:it|the post)\b|\bfil(?:ed|ing)\b|CyberTip", words_of(pages[0]))


@pytest.mark.parametrize("last", list(_WHO))
def test_whoever_reports_last_sees_what_they_would_see_alone(
    new_visitor: Callable[[], Visitor], staff: Staff, link: str, last: str
) -> None:
    for who in _WHO:
        if who != last:
            _report(new_visitor, staff, who, link)
    among = _report(new_visitor, staff, last, link)
    alone_link = f"{PLAZA}/post/mineonly12"
    alone = _report(new_visitor, staff, last, alone_link)
    for step, step_alone in zip(_steps(staff, link), _steps(staff, alone_link), strict=True):
        step()
        step_alone()
        seen = [_without_times(person.visitor, where) for person, where in ((among, link), (alone, alone_link))]
        assert seen[0] == seen[1]


def _without_times(visitor: Visitor, link: str) -> str:
    visitor.look("/u/page")
    return _TIMES.sub("…", visitor.page.replace(link, "LINK").replace(link.removeprefix("http://"), "LINK"))


def test_reporting_a_strangers_link_again_asks_and_answers_as_for_any_other(
    everybody: dict[str, Person], new_visitor: Callable[[], Visitor], staff: Staff, link: str
) -> None:
    fresh = f"{PLAZA}/post/nobodysyet"
    assert _walk(new_visitor(), link) == _walk(new_visitor(), fresh)


def _walk(visitor: Visitor, link: str) -> list[tuple[int, str, bytes]]:
    """Go through every page until before the receipt; return what was answered, without the link and chance."""
    seen = []
    visitor.report(link)
    for path, answer in (
        ("/report/who", {"relation": "i_dont_know_them"}),
        ("/report/age", {"age": "not_sure"}),
        ("/report/how", {"way": "private_page"}),
        ("", {}),
    ):
        response = visitor.last
        names = " ".join(
            sorted(f"{name}:{value}" for name, value in response.headers.items() if name != "Content-Length")
        )
        body = _TOKENS.sub(b"", response.content).replace(link.rpartition("/")[2].encode(), b"LINK")
        seen.append((response.status_code, names, body))
        if path:
            visitor.send(path, **answer)
    return seen


def test_no_cookie_or_code_of_one_opens_a_page_of_another(
    everybody: dict[str, Person], new_visitor: Callable[[], Visitor]
) -> None:
    boy = everybody["boy"]
    guesser = new_visitor()
    guesser.open(boy.code[:-1] + ("0" if boy.code[-1] != "0" else "1"))
    assert guesser.last.status_code == 400
    assert boy.words not in guesser.text_of(guesser.last)
    for cookie in ("amparo_page", "amparo_draft"):
        guesser.client.cookies[cookie] = boy.notice
    for path in ("/u/page", "/report/check", "/u/certificate"):
        assert guesser.look(path).status_code == 403


def test_no_page_of_a_report_is_kept_for_the_back_button_or_a_cache(everybody: dict[str, Person]) -> None:
    boy = everybody["boy"].visitor
    for path in ("/u/page", "/u/certificate", "/report/who", "/report/check", "/u/"):
        answer = boy.look(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]
    boy.look("/leave")
    assert boy.client.get("/u/page").status_code == 403


def test_what_the_books_count_of_it_is_one_case(everybody: dict[str, Person], staff: Staff, link: str) -> None:
    assert models.Case.objects.count() == 1
    assert models.CaseNotice.objects.filter(case=staff.case_of(link).id).count() == len(everybody)
