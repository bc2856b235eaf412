"""Every page in every language: nothing is left in English, and each text is easy in its own language."""

import re
from collections.abc import Iterator

import pytest

from amparo.cases.words import Told
from amparo.letters import help_lines
from amparo.records import models
from amparo.records.picture_claims import PIPELINE
from tests.letters import pages
from tests.letters.catalogues import TRANSLATED
from tests.letters.leftovers import left_in_english
from tests.public.staff import Staff
from tests.public.test_reading import STATES
from tests.public.visitor import PLAZA, Visitor

TU, VOUS = r"(?i)\b(tu|ton|ta|tes|te|toi)\b|\bt’", r"(?i)\b(vous|votre|vos)\b"


def _wrong(visitor: Visitor, code: str) -> list[str]:
    page = visitor.text_of(visitor.last)
    assert f'<html lang="{code}">' in page
    return [*left_in_english(page, code), *pages.hard(page, code)]


def _look_in_each(visitor: Visitor, path: str) -> Iterator[tuple[str, list[str]]]:
    visitor.client.cookies.pop("amparo_language", None)
    for code in TRANSLATED:
        visitor.last = visitor.client.get(path, HTTP_ACCEPT_LANGUAGE=code)
        yield f"{path} {code}", _wrong(visitor, code)


def _send_in_each(visitor: Visitor, path: str, **fields: str) -> Iterator[tuple[str, list[str]]]:
    for code in TRANSLATED:
        visitor.look(f"/language?language={code}&back=start")
        visitor.look("/u/page" if path.startswith("/u/") and path != "/u/" else "/u/")
        visitor.send(path, **fields)
        yield f"{path} {code}", _wrong(visitor, code)


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_left_in_english_is_found(code: str) -> None:
    page = "<p>{}</p>"
    assert left_in_english(page.format("We said 15:40 UTC and we have missed it."), code)
    assert left_in_english(page.format("Nothing: the reason"), code)
    assert left_in_english("<button>Go on</button>", code)


def test_pages_before_any_report(visitor: Visitor) -> None:
    wrong = [found for path in ("/help-me", "/help", "/picture", "/officials", "/officials/confirm", "/u/",
                                "/nothing", "/report/who", "/u/page")
             for found in _look_in_each(visitor, path)]  # fmt: skip
    assert {name: said for name, said in wrong if said} == {}


def test_what_is_said_of_the_code_of_a_picture(visitor: Visitor, staff: Staff) -> None:
    code = {"pdq": "0f" * 32, "quality": "90", "pipeline": PIPELINE, "country": "PL"}
    wrong = [found for fields in ({**code, "quality": "9"}, {**code, "pdq": ""}, {**code, "pipeline": ""}, code)
             for found in _send_in_each(visitor, "/picture", **fields)]  # fmt: skip
    wrong += [found for path in ("/u/page", "/u/picture") for found in _look_in_each(visitor, path)]
    visitor.look("/u/page")
    visitor.send("/u/picture/code", claim=models.PictureClaim.objects.get(notice=staff.notice()).id, do="withdraw")
    wrong += _look_in_each(visitor, "/u/page")
    assert {name: said for name, said in wrong if said} == {}


@pytest.mark.parametrize("topic", ["sexual_picture", "threat", "enticement", "spam"])
def test_the_questions(visitor: Visitor, post: str, topic: str) -> None:
    visitor.report(post, topic=topic)
    wrong = [found for path in ("/report/who", "/report/age", "/report/how", "/report/check")
             for found in _look_in_each(visitor, path)]  # fmt: skip
    visitor.look("/report/who")
    visitor.send("/report/who", relation="me")
    wrong += [*_look_in_each(visitor, "/report/age"), *_look_in_each(visitor, "/report/check")]
    assert {name: said for name, said in wrong if said} == {}


def test_many_links_and_the_receipt(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(
        post, f"{PLAZA}/user/somebody", f"{PLAZA}/message/7", f"{PLAZA}/live/7", f"{PLAZA}/nowhere", "post 12",
        "https://elsewhere.example/post/1", country="GB",
    )  # fmt: skip
    code = visitor.code
    wrong = []
    for each in TRANSLATED:
        visitor.send("/language/receipt", language=each, code=code)
        assert visitor.code == code
        wrong.append((f"receipt {each}", _wrong(visitor, each)))
    wrong += _look_in_each(visitor, "/u/page")
    staff.answers_link(6, Told.LINK_ELSEWHERE)
    staff.answers_link(5, Told.LINK_NOT_FOUND)
    wrong += _look_in_each(visitor, "/u/page")
    assert {name: said for name, said in wrong if said} == {}


@pytest.mark.parametrize("relation", ["me", "child_i_look_after", "someone_i_know", "i_dont_know_them"])
def test_the_receipt_and_the_page_of_each_reporter(visitor: Visitor, relation: str) -> None:
    visitor.report("https://t.me/somebody", f"{PLAZA}/user/somebody", topic="threat")
    visitor.send("/report/who", relation=relation)
    wrong = [found for path in ("/report/age", "/report/how") for found in _look_in_each(visitor, path)]
    visitor.send("/report/check")
    for each in TRANSLATED:
        visitor.send("/language/receipt", language=each, code=visitor.code)
        wrong.append((f"receipt {each}", _wrong(visitor, each)))
    visitor.send("/u/facts", fact=["school"], police_number="12/3")
    wrong += _look_in_each(visitor, "/u/page")
    assert {name: said for name, said in wrong if said} == {}


@pytest.mark.parametrize("age", ["yes", "no", "not_sure"])
@pytest.mark.parametrize("topic", ["sexual_picture", "threat"])
def test_what_is_offered_after_sending(visitor: Visitor, post: str, topic: str, age: str) -> None:
    visitor.report(post, topic=topic)
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age=age)
    visitor.send("/report/check")
    paths = ("/u/packet", "/u/school", "/u/statement") if age == "no" else ("/u/packet", "/u/school")
    wrong = [found for path in paths for found in _look_in_each(visitor, path)]
    wrong += _send_in_each(visitor, "/u/packet", site="telegram", account="x1", own_account="x2", link="x3")
    wrong += _send_in_each(visitor, "/u/packet", site="facebook", account="x1")
    wrong += _send_in_each(visitor, "/u/packet", site="other")
    wrong += _send_in_each(visitor, "/u/packet", site="x", account="x" * 400)
    wrong += _send_in_each(visitor, "/u/facts")
    if age == "no":
        wrong += _send_in_each(visitor, "/u/statement")
        wrong += _send_in_each(visitor, "/u/statement", name="x", contact="x@y.example")
    assert {name: said for name, said in wrong if said} == {}


def test_a_report_without_a_link(visitor: Visitor, staff: Staff) -> None:
    visitor.report("", topic="threat")
    visitor.send("/report/who", relation="me")
    visitor.send("/report/check")
    wrong = [*_look_in_each(visitor, "/u/page")]
    staff.answers_link(0, Told.LINK_NOT_FOUND)
    wrong += _look_in_each(visitor, "/u/page")
    assert {name: said for name, said in wrong if said} == {}


@pytest.mark.parametrize(("age", "own", "other"), [("yes", TU, VOUS), ("not_sure", TU, VOUS), ("no", VOUS, TU)])
def test_french_says_vous_to_an_adult_alone_and_never_both_on_a_page(
    visitor: Visitor, post: str, age: str, own: str, other: str
) -> None:
    visitor.client.cookies["amparo_language"] = "fr"
    visitor.report(post)
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age=age)
    read = [visitor.page]
    visitor.send("/report/how", way="private_page")
    read.append(visitor.page)
    visitor.send("/report/check")
    read.append(visitor.page)
    visitor.look("/u/page")
    read.append(visitor.page)
    visitor.send("/language/page", language="fr", words="")
    read.append(visitor.page)
    assert _wrong(visitor, "fr") == []
    assert visitor.last.headers["Content-Language"] == "fr"
    said = [_without_names(page) for page in read]
    assert [re.findall(other, page) for page in said] == [[]] * 5
    assert all(re.search(own, page) for page in said)


def _without_names(page: str) -> str:
    """A help line of Mexico has a Spanish "Te" in its name, which is no French one."""
    for name in sorted(help_lines.names(), key=len, reverse=True):
        page = page.replace(name, "")
    return page


@pytest.mark.parametrize("state", STATES)
def test_the_private_page_in_every_state(visitor: Visitor, staff: Staff, post: str, state: str) -> None:
    visitor.report_and_send(post)
    STATES[state](visitor, staff, post)
    assert {name: said for name, said in _look_in_each(visitor, "/u/page") if said} == {}


MISTAKES: list[tuple[str, dict[str, str]]] = [
    ("/report", {"links": "", "topic": "sexual_picture"}),
    ("/report", {"links": f"{PLAZA}/post/1 " + " ".join(f"{PLAZA}/post/{n}" for n in range(60)), "topic": "spam"}),
    ("/report", {"links": f"{PLAZA}/post/{'a' * 3000}", "topic": "sexual_picture"}),
    ("/report", {"links": f"{PLAZA}/post/1", "topic": "nothing"}),
    ("/u/", {"code": "0000-0000-0000-0000-0000-0000-00"}),
    ("/u/words", {"words": ""}),
    ("/u/words", {"words": "a" * 30_000}),
    ("/u/again", {"new_facts": "perhaps"}),
    ("/u/answers", {"country": "nowhere"}),
    ("/u/answers", {"age": "no"}),
]


def test_what_the_door_says_of_a_mistake(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    wrong = [found for path, fields in MISTAKES for found in _send_in_each(visitor, path, **fields)]
    assert {name: said for name, said in wrong if said} == {}


def test_a_form_that_was_sent_before_with_other_links(visitor: Visitor, post: str) -> None:
    key = "6f0d8f5e-3f0c-4a44-9e43-0d2a8b6c1b11"
    visitor.report(post, key=key)
    for code in TRANSLATED:
        visitor.look(f"/language?language={code}&back=start")
        visitor.send("/report", links=f"{post}9", topic="spam", key=key)
        assert visitor.last.status_code == 409
        assert _wrong(visitor, code) == []


@pytest.mark.parametrize(
    ("code", "written"),
    [("fr", r"\d+ \w+, \d\d:\d\d"), ("nb", r"\d+\. \w+, \d\d:\d\d"), ("pl", r"\d+ (\w+a|lutego), \d\d:\d\d")],
)
def test_a_time_of_another_day_is_written_as_the_language_does(
    visitor: Visitor, staff: Staff, post: str, code: str, written: str
) -> None:
    visitor.report_and_send(post)
    staff.passes(minutes=60 * 30)
    visitor.last = visitor.client.get("/u/page", HTTP_ACCEPT_LANGUAGE=code)
    assert re.search(written, visitor.page), visitor.page
