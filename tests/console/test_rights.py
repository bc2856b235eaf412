"""Who may go where: every route against every role, without a login, and without the form's token."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from amparo.console import urls
from amparo.console.rights import ANYBODY, EVERYONE, RIGHTS
from tests.console.desk import Browser, Desk
from tests.console.routes import UNSAFE, all_routes, everything, populate


def unlisted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


urlpatterns = [*urls.urlpatterns, path("unlisted", unlisted, name="unlisted"), path("nameless", unlisted)]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(RIGHTS) == set(all_routes())


def test_no_row_gives_a_right_to_a_role_that_does_not_exist() -> None:
    assert all(roles is ANYBODY or roles <= EVERYONE for roles in RIGHTS.values())


def test_an_admin_reaches_no_case_no_words_and_no_vote() -> None:
    about_cases = [name for name, pattern in all_routes().items() if "<case" in pattern or "<notice" in pattern]
    assert len(about_cases) >= 10
    assert not [name for name in (*about_cases, "queue", "replies", "links") if "admin" in RIGHTS[name]]


@pytest.mark.parametrize("address", ["/unlisted", "/nameless"])
def test_a_route_without_a_row_is_refused_to_everybody(desk: Desk, address: str) -> None:
    with override_settings(ROOT_URLCONF="tests.console.test_rights"):
        for role in ("reviewer", "lead", "admin"):
            desk.enrol(role, role)
            assert desk.browser(role).get(address).status_code == 403


def test_without_a_login_every_route_leads_to_the_sign_in(desk: Desk) -> None:
    places, browser = populate(desk), Browser()
    before = everything()
    for name, pattern in all_routes().items():
        if RIGHTS[name] is ANYBODY:
            continue
        for answer in (browser.get(places.of(pattern)), browser.send(places.of(pattern), {"round": "1"})):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/sign-in?next=/"), name
    assert everything() == before


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_every_role_is_refused_where_its_row_says_so_and_nowhere_else(desk: Desk, vault: None, role: str) -> None:
    places = populate(desk)
    for name, pattern in all_routes().items():
        if name in ("sign-out", "sign-in"):
            continue
        before = everything()
        browser = desk.browser(role)
        answers = [browser.get(places.of(pattern))]
        if name in UNSAFE and role not in RIGHTS[name]:
            answers.append(browser.send(places.of(pattern), {"round": "1", "text": "x"}))
        if RIGHTS[name] is ANYBODY or role in RIGHTS[name]:
            assert all(answer.status_code in (200, 404, 405) for answer in answers), name
        else:
            assert [answer.status_code for answer in answers] == [403] * len(answers), name
            assert everything() == before, name


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_without_its_token_no_form_is_taken_and_nothing_changes(desk: Desk, role: str) -> None:
    places = populate(desk)
    browser = desk.browser(role, enforce_csrf_checks=True)
    before = everything()
    for name, pattern in all_routes().items():
        answer = browser.send(places.of(pattern), {"round": "1", "csrfmiddlewaretoken": "x" * 64})
        assert answer.status_code == 403, name
        assert b"Nothing was changed" in answer.content
    assert everything() == before


def test_a_form_from_another_site_is_not_taken(desk: Desk) -> None:
    places = populate(desk)
    browser = desk.browser("reviewer", enforce_csrf_checks=True)
    page = browser.get("/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    before = everything()
    body = f"csrfmiddlewaretoken={token}"
    form = "application/x-www-form-urlencoded"
    foreign = browser.post(f"/cases/{places.case}/open", body, form, headers={"Origin": "https://elsewhere.test"})
    assert foreign.status_code == 403
    assert everything() == before
    own = browser.post(f"/cases/{places.case}/open", body, form, headers={"Origin": "http://testserver"})
    assert own.status_code == 302


def test_looking_at_pages_changes_nothing(desk: Desk, vault: None) -> None:
    """GET changes nothing (law o). Only the register of accesses grows, where sealed words are opened."""
    places = populate(desk)
    before = everything()
    for role in ("reviewer", "lead", "admin"):
        browser = desk.browser(role)
        for name, pattern in all_routes().items():
            if name != "sign-out":
                browser.get(places.of(pattern))
                browser.head(places.of(pattern))
    after = everything()
    assert {table for table in before if before[table] != after[table]} <= {"records_access"}


def test_no_page_is_kept_or_runs_anything_but_our_own_script(desk: Desk) -> None:
    populate(desk)
    answer = desk.browser("reviewer").get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin", "with no-referrer browsers send forms as from nowhere"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert "<script>" not in page
    assert "style=" not in page
    assert " on" + "click" not in page
