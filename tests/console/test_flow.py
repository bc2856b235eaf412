"""A day at the desk: sign in, take a case from the queue, look, decide, answer."""

from amparo.cases.words import GroundStatus, Seen, Wanted
from amparo.records import models
from tests.console.desk import PASSWORD, PIXEL, Browser, Desk


def test_from_the_sign_in_to_a_removal(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.enrol("lead", "lead")
    case = desk.report()
    desk.see(case, Seen.HIDDEN)
    browser = Browser()

    assert browser.get("/").headers["Location"] == "/sign-in?next=/"
    signed_in = browser.send("/sign-in", {"username": "reviewer", "password": PASSWORD})
    assert signed_in.headers["Location"] == "/"

    queue = browser.get("/").content.decode()
    assert "1 post: 1 picture, 1 text · a child, said by the person shown" in queue
    assert "15:00" in queue
    assert "hidden" in queue

    opened = browser.send(f"/cases/{case}/open")
    assert opened.headers["Location"] == f"/cases/{case}"
    assert desk.case(case).looked_at is not None
    page = browser.get(f"/cases/{case}").content.decode()
    assert "some words" not in page
    assert "/parts/1" not in page
    looked = browser.get(f"/cases/{case}?look=1").content.decode()
    assert "some words" in looked
    assert f'src="/cases/{case}/parts/1"' in looked
    served = browser.get(f"/cases/{case}/parts/1")
    assert b"".join(served.streaming_content) == PIXEL

    decided = browser.send(f"/cases/{case}/remove", desk.remove_form(case, "for_a_time"), follow=True)
    assert "Decided: it breaks the rule." in decided.content.decode()
    state = desk.case(case)
    assert state.wanted is Wanted.REMOVED
    assert [ground.status for ground in state.grounds] == [GroundStatus.UPHELD]
    account = models.Case.objects.get(kind="account")
    assert desk.case(account.id).wanted is Wanted.HIDDEN
    assert "Nothing waits for you now." in browser.get("/").content.decode()
