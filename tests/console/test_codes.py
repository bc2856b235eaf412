"""The page of codes: who may start one, how two people end one without seeing each other's vote."""

import pytest

from amparo.cases.refs import ClaimId, NoticeId
from amparo.plugins import installation
from amparo.policies.policy import Topic
from amparo.records.casebook import Enclosed
from amparo.records.forms import Form, commands_of
from amparo.records.picture_claims import PIPELINE, ClaimedPicture
from tests.console.desk import Desk

NOTICE, CLAIM = NoticeId("notice_" + "b" * 26), ClaimId("claim_" + "b" * 26)


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for name, role in (("lead", "lead"), ("reviewer", "reviewer"), ("colleague", "reviewer")):
        desk.enrol(name, role)
    return desk


def claim() -> None:
    """Have somebody claim a picture."""
    here, code = installation(), ClaimedPicture(CLAIM, "0f" * 32, 90, PIPELINE)
    form = Form(NOTICE, "a network", Topic.SEXUAL_PICTURE, picture=code, is_sent=True)
    commands = commands_of(form, None, here.casebook, here.regimes)
    here.casebook.execute(commands, enclosed=Enclosed(network="a network", picture=code))


def is_live() -> bool:
    notice = installation().casebook.notice(NOTICE)
    assert notice is not None
    return notice.claims[0].is_live


def test_two_people_end_a_code_and_the_second_sees_the_page_that_the_first_saw(staffed: Desk) -> None:
    claim()
    colleague, lead = staffed.browser("colleague"), staffed.browser("lead")
    before = lead.get("/codes").content.decode().count("At work")
    assert colleague.send(f"/codes/{NOTICE}/0/end").status_code == 302
    assert is_live()
    assert lead.get("/codes").content.decode().count("At work") == before == 1
    assert lead.send(f"/codes/{NOTICE}/0/end").status_code == 302
    assert not is_live()
    assert "No code is at work." in lead.get("/codes").content.decode()


def test_two_who_are_no_leads_do_not_end_a_childs_code(staffed: Desk) -> None:
    claim()
    for name in ("reviewer", "colleague"):
        assert staffed.browser(name).send(f"/codes/{NOTICE}/0/end").status_code == 302
    assert is_live()


def test_a_second_vote_of_one_person_is_refused_with_a_sentence(staffed: Desk) -> None:
    claim()
    reviewer = staffed.browser("reviewer")
    reviewer.send(f"/codes/{NOTICE}/0/end")
    answer = reviewer.send(f"/codes/{NOTICE}/0/end")
    assert answer.status_code == 409
    assert "Somebody else has to vote, too." in answer.content.decode()


def test_the_code_itself_is_on_no_page(staffed: Desk) -> None:
    claim()
    browser = staffed.browser("lead")
    for path in ("/codes", f"/notices/{NOTICE}"):
        assert "0f0f0f" not in browser.get(path).content.decode()


def test_a_code_that_there_is_not_is_no_address(staffed: Desk) -> None:
    claim()
    assert staffed.browser("lead").send(f"/codes/{NOTICE}/1/end").status_code == 404
