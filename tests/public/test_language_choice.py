"""Choosing a language: the browser's own, then whichever button is pressed; nothing typed and no code is lost."""

import re

import pytest

from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import Visitor

HOME = {"en": "You are in the right place.", "fr": "Tu es au bon endroit.", "nb": "Du har kommet til rett sted."}
HOME["pl"] = "To dobre miejsce."
COOKIE = "amparo_language"


def _lang(visitor: Visitor) -> str:
    found = re.search(r'<html lang="([^"]+)">', visitor.text_of(visitor.last))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("pl", "pl"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("nb-NO,nb;q=0.9", "nb"),
        ("nn-NO,nn,no-NO,no,nb-NO,nb,en", "nb"),
        ("no", "nb"),
        ("no-NO,en;q=0.9", "nb"),
        ("nn-NO", "nb"),
        ("nn", "nb"),
        ("sv,pl;q=0.2,en;q=0.1", "pl"),
        ("sv", "en"),
        ("", "en"),
    ],
)
def test_the_browser_says_which_language(visitor: Visitor, said: str, code: str) -> None:
    visitor.last = visitor.client.get("/help-me", HTTP_ACCEPT_LANGUAGE=said)
    assert HOME[code] in visitor.page
    assert _lang(visitor) == code
    assert visitor.last.headers["Content-Language"] == code
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in visitor.last.headers["Vary"].split(",")}


@pytest.mark.parametrize("code", HOME)
def test_a_pressed_language_stays_for_the_session_on_every_page(visitor: Visitor, code: str) -> None:
    visitor.look(f"/language?language={code}&back=help")
    assert visitor.last.request["PATH_INFO"] == "/help"
    cookie = visitor.client.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["expires"]) == (code, "", "")
    assert cookie["httponly"]
    visitor.look("/help-me")
    assert (_lang(visitor), HOME[code] in visitor.page) == (code, True)
    visitor.look("/nowhere")
    assert _lang(visitor) == code


def test_leaving_forgets_the_language(visitor: Visitor) -> None:
    visitor.look("/language?language=pl&back=help")
    visitor.client.get("/leave")
    assert visitor.client.cookies[COOKIE].value == ""


@pytest.mark.parametrize("asked", ["language=tlh&back=https://elsewhere.example/", "", "back=leave"])
def test_an_unknown_language_or_page_changes_nothing_and_leads_to_the_first_page(visitor: Visitor, asked: str) -> None:
    visitor.look(f"/language?{asked}")
    assert visitor.last.request["PATH_INFO"] == "/help-me"
    assert _lang(visitor) == "en"


def test_choosing_opens_and_changes_no_report(visitor: Visitor, post: str) -> None:
    for path in ("first", "enter", "check", "page", "receipt", "code", "kept", "error"):
        visitor.client.get(f"/language/{path}?language=pl&links={post}")
    visitor.look("/help-me")
    visitor.send("/language/first", language="pl", links=post, topic="sexual_picture")
    assert models.Notice.objects.count() == 0


def test_the_first_page_keeps_the_topic_and_the_links(visitor: Visitor, post: str) -> None:
    visitor.look("/help-me")
    visitor.send("/language/first", language="pl", links=f"{post}\nwords", topic="threat")
    assert HOME["pl"] in visitor.page
    assert f"{post}\nwords</textarea>" in visitor.text_of(visitor.last)
    assert 'value="threat" checked' in visitor.text_of(visitor.last)


def test_a_question_and_the_check_keep_their_place_and_the_country(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    visitor.look("/language?language=nb&back=who")
    assert visitor.last.request["PATH_INFO"] == "/report/who"
    assert "Hvem er på bildet?" in visitor.page
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="yes")
    visitor.send("/report/how", way="private_page")
    visitor.send("/language/check", language="fr", country="US")
    assert _lang(visitor) == "fr"
    assert '<option value="US" selected>' in visitor.text_of(visitor.last)


def test_the_receipt_keeps_its_code_and_shows_no_other(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    code = visitor.code
    visitor.send("/language/receipt", language="pl", code=code)
    assert (_lang(visitor), visitor.code) == ("pl", code)
    visitor.send("/language/receipt", language="fr", code="0000-0000-0000-0000-0000-0000-00")
    assert visitor.last.request["PATH_INFO"] == "/u/page"


def test_a_receipt_without_a_code_stays_one(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post, way="not_at_all")
    visitor.send("/language/receipt", language="nb", code="")
    assert "Vi skriver ikke til deg." in visitor.page


def test_a_further_code_is_kept_too(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    visitor.send("/u/code")
    code = visitor.code
    visitor.send("/language/code", language="nb", code=code)
    assert (_lang(visitor), visitor.code) == ("nb", code)
    visitor.send("/language/code", language="nb", code="0000")
    assert visitor.last.request["PATH_INFO"] == "/u/page"


def test_the_private_page_keeps_the_text_of_every_box(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    staff.keeps(post)
    visitor.look("/u/page")
    typed = {"words": "He <wrote> again.", "more_words": "It was me.", "links": f"{post}2"}
    visitor.send("/language/page", language="nb", **typed)
    assert _lang(visitor) == "nb"
    for text in ("He &lt;wrote&gt; again.", "It was me.", f"{post}2"):
        assert f">{text}</textarea>" in visitor.text_of(visitor.last)


def test_look_again_takes_the_words_of_its_own_box(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    staff.keeps(post)
    visitor.look("/u/page")
    visitor.send("/u/again", new_facts="perhaps", words="A message.", more_words="It was me.")
    assert "It was me.</textarea>" in visitor.text_of(visitor.last)
    assert "A message.</textarea>" in visitor.text_of(visitor.last)
    visitor.look("/u/page")
    visitor.send("/u/again", new_facts="yes", words="a" * 30_000, more_words="It was me.")
    assert visitor.last.status_code == 200


def test_the_box_for_the_code_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.look("/u/")
    visitor.send("/language/enter", language="pl", code='ABC"')
    assert 'value="ABC&quot;"' in visitor.text_of(visitor.last)


def test_a_page_for_an_error_keeps_the_text(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    visitor.send("/u/again", new_facts="perhaps", words="He said so.")
    visitor.send("/language/error", language="fr", status="400", words="He said so.")
    assert visitor.last.status_code == 400
    assert _lang(visitor) == "fr"
    assert "He said so.</textarea>" in visitor.text_of(visitor.last)


def test_a_form_of_another_site_chooses_nothing_behind_a_ticket(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    code = visitor.code
    answer = visitor.client.post("/language/receipt", {"language": "pl", "code": code}, HTTP_ORIGIN="http://plaza.test")
    assert answer.status_code == 403
    assert code not in answer.content.decode()


def test_each_page_has_a_button_for_each_language_behind_everything_else(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    pages = [visitor.text_of(visitor.last)]
    for path in ("/help-me", "/help", "/u/", "/u/page", "/nowhere", "/report/who", "/report/check"):
        pages.append(visitor.text_of(visitor.look(path)))
    for page in pages:
        assert re.findall(r'<button name="language" value="(\w\w)" lang="(\w\w)"', page) == [
            (code, code) for code in ("en", "fr", "nb", "pl")
        ]
        assert page.rindex("</main>") < page.index('<button name="language"')
