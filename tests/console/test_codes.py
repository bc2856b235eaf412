"""The page of codes: who may start one, how two people end one without seeing each other's vote."""

import re
from datetime import timedelta

import pytest

from amparo.cases.refs import ClaimId, NoticeId
from amparo.plugins import installation
from amparo.policies.policy import Topic
from amparo.records import models, picture_claims
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
    before = lead.get("/codes").content.decode().count("Vote to end</button>")
    assert colleague.send(f"/codes/{NOTICE}/0/end").status_code == 302
    assert is_live()
    assert lead.get("/codes").content.decode().count("Vote to end</button>") == before == 1
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


def row(number: int, *, works: bool) -> None:
    """Keep the row of a code whose report is the one of `claim()`: a page of many is cut before it is shown."""
    since = installation().casebook.now() - timedelta(days=1, seconds=number)
    of = {"notice": NOTICE, "pdq": "0f" * 32, "quality": 90, "pipeline": PIPELINE, "radius": 31}
    name = f"claim_{number:026d}"
    models.PictureClaim.objects.create(id=name, works=works, made_at=since, until=since + timedelta(180), **of)


def test_codes_that_wait_push_no_working_code_off_the_page(staffed: Desk) -> None:
    claim()
    for number in range(120):
        row(number, works=False)
    shown = staffed.browser("lead").get("/codes").content.decode()
    assert f"/codes/{NOTICE}/0/end" in shown
    assert re.search(r"Waiting to be started <span[^>]*>120<", shown)
    assert "working=2" not in shown


def test_each_list_is_cut_and_goes_on_to_its_next_page_alone(staffed: Desk) -> None:
    for number in range(51):
        row(number, works=True)
    first = picture_claims.working()
    rest = picture_claims.working(start=50)
    assert (len(first.claims), len(rest.claims), first.in_all) == (50, 1, 51)
    assert not {each.id for each in first.claims} & {each.id for each in rest.claims}
    shown = staffed.browser("lead").get("/codes").content.decode()
    assert 'href="/codes?waiting=1&amp;working=2"' in shown
    assert "working=3" not in staffed.browser("lead").get("/codes?waiting=1&working=2").content.decode()
    assert staffed.browser("lead").get("/codes?working=x&waiting=-1").status_code == 200


def test_what_has_found_most_stands_first_and_each_case_counts_once(desk: Desk) -> None:
    for number in range(3):
        row(number, works=True)
    for case, item in (("case_a", "1"), ("case_a", "2"), ("case_b", "1")):
        like = {"work": "1", "item": item, "is_exact": False, "distance": 3}
        models.Likeness.objects.create(case=case, star=f"claim_{1:026d}", **like)
    assert [each.found for each in picture_claims.working().claims] == [2, 0, 0]
    assert picture_claims.working().claims[0].id == f"claim_{1:026d}"


def test_the_page_of_a_report_leads_to_its_own_codes(staffed: Desk) -> None:
    claim()
    models.PictureClaim.objects.create(
        **{**models.PictureClaim.objects.values().get(), "id": "claim_x", "notice": "notice_x"}
    )
    lead = staffed.browser("lead")
    assert f'href="/codes?report={NOTICE}"' in lead.get(f"/notices/{NOTICE}").content.decode()
    shown = lead.get(f"/codes?report={NOTICE}").content.decode()
    assert f"/codes/{NOTICE}/0/end" in shown
    assert re.search(r"At work <span[^>]*>1<", shown)
