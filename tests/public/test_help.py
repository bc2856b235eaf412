"""Where somebody can talk to a person: which country's lines stand open, in which order, and who removes pictures."""

import re

import pytest

from amparo.letters.questions import country_name
from amparo.letters.removal import SERVICES
from amparo.public.region import region_of
from tests.public.staff import Staff
from tests.public.visitor import Visitor

KNOWN = ("GB", "PL", "CA")


def _look(visitor: Visitor, path: str, languages: str) -> str:
    visitor.last = visitor.client.get(path, HTTP_ACCEPT_LANGUAGE=languages)
    return visitor.text_of(visitor.last)


def _opened(page: str) -> list[str]:
    return re.findall(r"<details open><summary>([^<]+)", page)


def _before(page: str, first: str, *then: str) -> bool:
    places = [page.index(each) for each in (first, *then)]
    return places == sorted(places)


@pytest.mark.parametrize("path", ["/help", "/nothing"])
def test_the_country_of_the_browsers_language_stands_open_and_first(visitor: Visitor, path: str) -> None:
    page = _look(visitor, path, "en-PL,en;q=0.9,pl;q=0.8")
    assert _opened(page)[0] == country_name("PL")
    assert _before(page, "findahelpline.com", "Telefon zaufania dla dzieci", "Choose a country", "Childline")
    assert page.count("Telefon zaufania dla dzieci") == 1


@pytest.mark.parametrize("languages", ["", "en", "xx-XX", "*", "en-", "not a language;;q=x"])
def test_without_a_known_region_the_directory_is_first_and_every_country_folded(
    visitor: Visitor, languages: str
) -> None:
    page = _look(visitor, "/help", languages)
    assert country_name("PL") not in _opened(page)
    assert _before(page, "findahelpline.com", "Choose a country", "Childline")
    assert "Telefon zaufania dla dzieci" in page


def test_the_languages_region_is_stored_nowhere(visitor: Visitor) -> None:
    _look(visitor, "/help", "en-PL")
    assert not visitor.client.cookies
    assert country_name("PL") not in _opened(_look(visitor, "/help", ""))


def test_what_was_answered_goes_before_the_browsers_language(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post, country="GB")
    page = _look(visitor, "/u/page", "pl-PL")
    assert "Childline" in page
    assert "Telefon zaufania" not in page


def test_the_browsers_language_becomes_no_answer(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "pl-PL"
    visitor.report_and_send(post)
    assert _opened(visitor.text_of(visitor.last))[0] == country_name("PL")
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert notice.country is None


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("pl-PL,pl;q=0.9", "PL"),
        ("fr-FR,en-CA;q=0.5", "CA"),
        ("en-GB;q=0.3,pl-PL;q=0.9", "PL"),
        ("zh-Hant-CA", "CA"),
        ("pl", None),
        ("en-US", None),
        ("", None),
    ],
)
def test_only_a_region_names_a_country(visitor: Visitor, languages: str, country: str | None) -> None:
    request = visitor.client.get("/help", HTTP_ACCEPT_LANGUAGE=languages).wsgi_request
    assert region_of(request, KNOWN) == country


def test_the_lines_of_a_childs_and_of_an_adults_report_stand_in_the_same_order_on_receipt_and_page(
    visitor: Visitor, post: str
) -> None:
    for age, first, last in (
        ("yes", "Childline", "Revenge Porn Helpline"),
        ("not_sure", "Childline", "Revenge Porn Helpline"),
        ("no", "Revenge Porn Helpline", "Childline"),
    ):
        visitor.report_and_send(f"{post}{len(age)}", age=age, country="GB")
        assert _before(visitor.page, first, last, "In danger right now"), age
        visitor.look("/u/page")
        assert _before(visitor.page, first, last, "In danger right now"), age


def test_the_help_page_has_the_order_of_a_childs_report(visitor: Visitor) -> None:
    page = _look(visitor, "/help", "en-GB")
    assert _before(page, "Childline", "Revenge Porn Helpline", "In danger right now")


def test_who_may_hurt_themself_finds_the_emergency_number_first(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post, country="GB")
    assert _before(visitor.page, "Childline", "In danger right now")
    visitor.send("/u/words", words="I can't go on. I want to die.")
    assert _before(visitor.page, "In danger right now", "Childline", "We received it at")


def _removal_is_open(visitor: Visitor) -> bool:
    return "It is on other sites too, or may be soon" in _opened(visitor.text_of(visitor.last))


@pytest.mark.parametrize("words", ["he says he will send it to everyone", "it is on instagram as well"])
def test_where_a_threat_or_another_site_is_said_the_removal_services_stand_open(
    visitor: Visitor, post: str, words: str
) -> None:
    visitor.report_and_send(post)
    assert not _removal_is_open(visitor)
    visitor.look("/u/page")
    assert not _removal_is_open(visitor)
    visitor.send("/u/words", words=words)
    assert _removal_is_open(visitor)


def test_a_report_of_a_threat_has_them_open_at_once(visitor: Visitor, post: str) -> None:
    visitor.report(post, topic="threat")
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="yes")
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")
    assert _removal_is_open(visitor)


@pytest.mark.parametrize(
    ("age", "country", "named"),
    [
        ("yes", "", {"Take It Down", "Report Remove"}),
        ("yes", "FR", {"Take It Down"}),
        ("no", "GB", {"StopNCII"}),
        ("not_sure", "GB", {"Take It Down", "Report Remove", "StopNCII"}),
    ],
)
def test_a_removal_service_is_a_link_beside_what_it_needs(
    visitor: Visitor, post: str, age: str, country: str, named: set[str]
) -> None:
    visitor.report_and_send(post, age=age, country=country)
    page = visitor.text_of(visitor.last)
    assert {each.name for each in SERVICES if f">{each.name}</a>: {each.need}" in page} == named


def test_the_help_page_names_every_removal_service(visitor: Visitor) -> None:
    page = _look(visitor, "/help", "")
    assert all(f'<a href="https://{each.site}" rel="noreferrer">{each.name}</a>' in page for each in SERVICES)


def test_a_report_of_spam_speaks_of_no_pictures(visitor: Visitor, post: str) -> None:
    visitor.report(post, topic="spam")
    visitor.send("/report/check")
    assert "We have your report." in visitor.page
    assert not any(each.name in visitor.page for each in SERVICES)
