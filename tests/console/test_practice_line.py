"""The console of a practice home is marked on every page, before and after signing in; a real one never is."""

from django.test import Client, override_settings

from tests.console.desk import Desk

MARK = "<b>TEST</b> Nothing here is real. The clock is 0 min ahead."


def test_every_page_of_a_practice_console_is_marked(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    signed_in = desk.browser("lead")
    with override_settings(IS_PRACTICE=True):
        pages = [signed_in.get(path) for path in ("/", "/clocks", "/alarms", "/banks", "/staff", "/me", "/nowhere")]
        pages.append(Client().get("/sign-in"))
    assert [page.wsgi_request.path for page in pages if MARK not in page.content.decode()] == []


def test_no_page_of_a_real_console_is(desk: Desk) -> None:
    desk.enrol("lead", "lead")
    for path in ("/", "/clocks", "/sign-in"):
        assert "TEST" not in desk.browser("lead").get(path).content.decode()
