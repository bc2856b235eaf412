"""Every form and address answers whatever comes with a clear page below 500, and loses nothing that was there."""

import httpx
import pytest
from django.apps import apps

from amparo.records import models
from tests.public.staff import Staff
from tests.public.test_looking import PATHS
from tests.public.visitor import PLAZA, Visitor, words_of

FORM = "application/x-www-form-urlencoded"
FIELDS = (
    "link={0}&links={0}&topic={0}&key={0}&relation={0}&age={0}&way={0}&country={0}&code={0}&words={0}&new_facts={0}"
)
ODD = {
    "nothing at all": (b"", FORM),
    "not a form": (b"{]", FORM),
    "json": (b'{"link": "x"}', "application/json"),
    "xml": (b"<a/>", "text/xml"),
    "no type": (b"link=x", ""),
    "a NUL in every field": (FIELDS.format("a%00b").encode(), FORM),
    "half a letter in every field": (FIELDS.format("%ff%fe").encode(), FORM),
    "bytes that are no text": (b"link=\xff\xfe\x00&topic=\x80", FORM),
    "another encoding": ("links=größe&topic=spam".encode("latin-1"), f"{FORM}; charset=iso-8859-1"),
    "an encoding that there is not": (b"links=x", f"{FORM}; charset=klingon"),
    "a link of 10,000 letters": (FIELDS.format(f"{PLAZA}/post/{'a' * 10_000}").encode(), FORM),
    "50,000 letters": (FIELDS.format("a" * 50_000).encode(), FORM),
    "300 fields": ("&".join(f"f{number}=1" for number in range(300)).encode(), FORM),
    "a form in parts without an end": (
        b"--x\r\nContent-Disposition: form-data; nam",
        "multipart/form-data; boundary=x",
    ),
    "a form in parts without a boundary": (b"--x", "multipart/form-data"),
    "markup in every field": (FIELDS.format("%3Cscript%3Ealert(1)%3C/script%3E").encode(), FORM),
    "lone surrogates": (FIELDS.format("%ed%a0%80").encode(), FORM),
    "10 MB": (b"links=" + b"a" * 10_000_000, FORM),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_bodies_are_answered_clearly_by_every_address(visitor: Visitor, staff: Staff, kind: str, post: str) -> None:
    visitor.report_and_send(post)
    case, opened = staff.case_of(post), models.Notice.objects.count()
    body, content_type = ODD[kind]
    for path in PATHS:
        answer = visitor.client.generic("POST", path, body, content_type)
        if not path.startswith("/language/"):
            # Those take nothing in: they show the page again with whatever of it can be shown.
            assert answer.status_code >= 400, path
        assert answer.status_code < 500, path
        assert "Leave this page" in words_of(answer), path
        assert "<script>alert" not in answer.content.decode(), path
    assert models.Notice.objects.count() == opened
    assert staff.case_of(post) == case


TOKENED = ("/report/who", "/report/age", "/report/how", "/report/check", "/u/", "/u/words", "/u/again", "/u/links",
           "/u/answers")  # fmt: skip
VALUES = {
    "a NUL": "x\x00x",
    "half a letter": "x\ufffdx",
    "a word that is no answer": "perhaps",
    "a bell": "\x07",
    "10,000 letters": "a" * 10_000,
    "50,000 letters": "a" * 50_000,
    "another alphabet": "كلمة 言葉",
    "a link": PLAZA,
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("path", TOKENED)
def test_odd_answers_in_our_own_forms_end_in_a_page(visitor: Visitor, path: str, value: str, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    fields = ("relation", "age", "way", "country", "code", "words", "links", "new_facts", "key")
    answer = visitor.send(path, **dict.fromkeys(fields, VALUES[value]))
    assert answer.status_code < 500
    assert "Leave this page" in visitor.page


LONG = f"{PLAZA}/post/{'a' * 10_000}"


@pytest.mark.parametrize(
    ("text", "said", "back"),
    [
        pytest.param(f"{PLAZA}/post/1\x00", "could not be read", f"{PLAZA}/post/1", id="a NUL"),
        pytest.param(f"{PLAZA}/post/1\ufffd", "could not be read", f"{PLAZA}/post/1", id="half a letter"),
        pytest.param(f"{PLAZA}/post/1\n{LONG}", "too long", LONG, id="a link of 10,000 letters"),
        pytest.param("", "Paste at least one link", "", id="nothing"),
        pytest.param(" ,;.\n", "Paste at least one link", "", id="no words"),
    ],
)
def test_links_that_no_report_can_take_come_back_in_the_form(visitor: Visitor, text: str, said: str, back: str) -> None:
    visitor.look("/")
    answer = visitor.send("/report", topic="sexual_picture", links=text)
    assert answer.status_code == 400
    assert said in visitor.page
    assert back in answer.content.decode()
    assert 'value="sexual_picture" checked' in answer.content.decode()
    assert models.Notice.objects.count() == 0


@pytest.mark.parametrize("topic", ["", "nonsense", "x\x00"])
def test_an_unknown_topic_is_asked_again_with_the_links_still_there(visitor: Visitor, post: str, topic: str) -> None:
    answer = visitor.report(post, topic=topic)
    assert answer.status_code == 400
    assert post in answer.content.decode()


def test_a_message_that_is_too_long_comes_back_to_be_sent_in_two(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    answer = visitor.send("/u/words", words="word " * 5_000)
    assert answer.status_code == 400
    assert "word " * 4_999 in answer.content.decode()


def test_a_form_without_its_token_is_refused_and_its_text_given_back(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    answer = visitor.client.post("/u/words", {"words": "they wrote again"})
    assert answer.status_code == 403
    assert "they wrote again" in answer.content.decode()


def test_a_form_from_another_site_cannot_answer_in_somebodys_name(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    answer = visitor.client.post("/report/who", {"relation": "me"}, HTTP_ORIGIN="http://elsewhere.example")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/nowhere", "/report/", "/u/page/", "/%00", "/%ff", "/../etc/passwd", "/" + "a" * 5_000]
)
def test_an_address_that_there_is_not_has_a_page(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == 404
    assert "There is no page at this address." in words_of(answer)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_method_that_there_is_not_has_a_page(visitor: Visitor, method: str) -> None:
    answer = getattr(visitor.client, method)("/report")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "Start from the first page." in words_of(answer)


@pytest.mark.parametrize("cookie", ["", "x", "notice_a:b:c", "\x80" * 9, "a" * 3_000])
def test_a_cookie_that_we_did_not_give_opens_nothing(visitor: Visitor, cookie: str) -> None:
    for name in ("amparo_draft", "amparo_page"):
        visitor.client.cookies[name] = cookie
    for path in ("/report/who", "/u/page"):
        assert visitor.client.get(path).status_code == 403


def test_a_foreign_host_name_is_refused_with_a_page(visitor: Visitor) -> None:
    answer = visitor.client.get("/", HTTP_HOST="elsewhere.example")
    assert answer.status_code == 400
    assert "Leave this page" in words_of(answer)


def _rows() -> int:
    """How much the books hold. The served door rings by itself where no worker shows a sign of life for too long."""
    kept = (model for model in apps.get_models() if model is not models.Alarm)
    return sum(model.objects.count() for model in kept)  # type: ignore[attr-defined]


def test_over_real_http_ten_megabytes_are_read_away_and_answered(served_door: str) -> None:
    rows = _rows()
    with httpx.Client(base_url=served_door, trust_env=False, timeout=60) as client:
        for path in ("/report", "/u/", "/u/words"):
            answer = client.post(path, content=b"links=" + b"a" * 10_000_000, headers={"Content-Type": FORM})
            assert answer.status_code == 413
            assert "We do not need the picture." in answer.text
        parts = client.post("/report", files={"picture": b"\xff\xd8" + b"a" * 500_000}, data={"topic": "spam"})
        assert parts.status_code == 400
        in_pieces = client.post("/report", content=iter([b"links=", b"a" * 10_000_000]))
        assert 400 <= in_pieces.status_code < 500
    assert _rows() == rows
