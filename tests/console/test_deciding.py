"""Deciding through the pages: removing takes one person, keeping two who may, and every refusal is a sentence."""

from dataclasses import replace

import pytest

from amparo.cases.refs import CaseId, SubjectKind
from amparo.cases.words import Age, GroundStatus, Relation, Suspend, Wanted
from amparo.connectors.connector import NO_CAPABILITY
from amparo.policies.policy import Topic
from amparo.records import models
from tests.console.desk import PIXEL, UPLOADER, Browser, Desk


def statuses(desk: Desk, case: CaseId) -> set[GroundStatus]:
    """The states of a case's grounds, without those that were withdrawn when the age was answered."""
    return {ground.status for ground in desk.case(case).grounds} - {GroundStatus.WITHDRAWN}


@pytest.mark.parametrize("role", ["reviewer", "lead", "admin"])
@pytest.mark.parametrize("age", [Age.CHILD, Age.NOT_SURE, Age.ADULT])
def test_no_role_refuses_alone_whatever_one_person_presses(desk: Desk, role: str, age: Age) -> None:
    desk.enrol("one", role)
    case = desk.report(age=age)
    browser = desk.browser("one")
    form = desk.keep_form(case)
    ways = (
        ("open", {}), ("keep", form), ("keep", form), ("put-down", {}), ("open", {}), ("keep", form),
        ("keep", {**form, "round": "2"}), ("keep", {**form, "round": "0"}), ("keep", {**form, "policies": []}),
    )  # fmt: skip
    for way, filled in ways:
        assert browser.send(f"/cases/{case}/{way}", filled).status_code < 500
    browser = desk.browser("one")
    for _ in range(3):
        browser.send(f"/cases/{case}/keep", form)
    assert statuses(desk, case) == {GroundStatus.OPEN}
    assert desk.case(case).wanted is Wanted.HIDDEN


@pytest.mark.parametrize("others", [["reviewer"], ["lead"], ["reviewer", "lead"]])
def test_somebody_whose_enrolment_nobody_approved_does_not_count(desk: Desk, others: list[str]) -> None:
    desk.enrol("new", "lead", is_approved=False)
    case = desk.report()
    refused = desk.browser("new").send(f"/cases/{case}/keep", desk.keep_form(case))
    assert refused.status_code == 409
    assert "A second person has to approve your enrolment before you vote to keep." in refused.content.decode()
    desk.enrol("other", others[0])
    desk.pass_time(minutes=6)
    desk.browser("other").send(f"/cases/{case}/keep", desk.keep_form(case))
    assert statuses(desk, case) == {GroundStatus.OPEN}


def test_about_a_child_two_reviewers_without_a_lead_keep_nothing(desk: Desk) -> None:
    for name, role in (("first", "reviewer"), ("second", "reviewer"), ("lead", "lead")):
        desk.enrol(name, role)
    case = desk.report()
    for name in ("first", "second"):
        assert desk.browser(name).send(f"/cases/{case}/keep", desk.keep_form(case)).status_code == 302
        assert statuses(desk, case) == {GroundStatus.OPEN}
    decided = desk.browser("lead").send(f"/cases/{case}/keep", desk.keep_form(case), follow=True)
    assert statuses(desk, case) == {GroundStatus.REFUSED}
    assert desk.case(case).wanted is Wanted.SHOWN
    assert "Decided: it is kept." in decided.content.decode()


def test_about_an_adult_two_people_keep(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.enrol(name, "reviewer")
    case = desk.report(age=Age.ADULT)
    desk.browser("first").send(f"/cases/{case}/keep", desk.keep_form(case))
    assert statuses(desk, case) == {GroundStatus.OPEN}
    desk.browser("second").send(f"/cases/{case}/keep", desk.keep_form(case))
    assert statuses(desk, case) == {GroundStatus.REFUSED}


def test_an_adult_may_turn_out_to_be_a_child(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(age=Age.ADULT)
    page = desk.browser("reviewer").get(f"/cases/{case}").content.decode()
    assert "Remove: it shows a child" in page
    assert "Remove: it shows an adult, no consent" in page
    child = next(policy.ref for policy in desk.here.policies.current if policy.name == "child-imagery")
    desk.browser("reviewer").send(f"/cases/{case}/remove", {**desk.remove_form(case), "policy": child})
    assert desk.case(case).removed_for == child


def test_spam_is_removed_under_its_own_rule_and_kept_by_one(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    first, second = (desk.report(number, topic=Topic.SPAM, age=Age.ADULT) for number in ("1", "2"))
    page = desk.browser("reviewer").get(f"/cases/{first}").content.decode()
    assert "Remove: Spam" in page
    assert "Remove: it shows a child" not in page
    assert "second, blind vote" not in page
    desk.browser("reviewer").send(f"/cases/{first}/remove", desk.remove_form(first))
    desk.browser("reviewer").send(f"/cases/{second}/keep", desk.keep_form(second))
    assert statuses(desk, first) == {GroundStatus.UPHELD}
    assert statuses(desk, second) == {GroundStatus.REFUSED}


def test_an_account_is_suspended_for_good_by_two_and_for_a_time_by_one(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.enrol(name, "reviewer")
    case = desk.report(age=Age.ADULT)
    asked = desk.browser("first").send(f"/cases/{case}/remove", desk.remove_form(case, "for_good"))
    assert asked.status_code == 302
    account = CaseId(models.Case.objects.get(kind="account").id)
    assert desk.case(account).wanted is Wanted.HIDDEN
    assert desk.case(account).suspended_until is not None
    again = desk.browser("first").send(f"/cases/{account}/remove", desk.remove_form(account, "for_good"))
    assert again.status_code == 409
    assert "Somebody else has to agree." in again.content.decode()
    assert account not in desk.browser("first").get("/").content.decode()
    desk.pass_time(minutes=6)
    assert account in desk.browser("second").get("/").content.decode()
    desk.browser("second").send(f"/cases/{account}/remove", desk.remove_form(account, "for_good"))
    assert desk.case(account).wanted is Wanted.REMOVED


def test_a_reported_account_offers_a_suspension_or_to_keep_it(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report("somebody", kind=SubjectKind.ACCOUNT, age=Age.ADULT)
    page = desk.browser("reviewer").get(f"/cases/{case}").content.decode()
    assert "Suspend the account for a time" in page
    assert "Leave the account alone" not in page
    desk.browser("reviewer").send(f"/cases/{case}/remove", desk.remove_form(case, "for_a_time"))
    assert desk.case(case).wanted is Wanted.HIDDEN


def test_with_an_unknown_account_there_is_nothing_to_suspend(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(content=False)
    page = desk.browser("reviewer").get(f"/cases/{case}").content.decode()
    assert f'value="{Suspend.NO.value}" checked' in page
    assert f'value="{Suspend.FOR_A_TIME.value}"' not in page


def test_changed_content_is_looked_at_again_and_nothing_that_was_filled_in_is_lost(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    form = desk.keep_form(case)
    desk.fetch(case, ("image/png", PIXEL + b"edited"))
    for way, filled in (("keep", form), ("remove", {**desk.remove_form(case), "digest": form["digest"]})):
        answer = desk.browser("reviewer").send(f"/cases/{case}/{way}", filled)
        assert answer.status_code == 409
        assert "The content has changed since you looked. Look at the case again." in answer.content.decode()
    kept = desk.browser("reviewer").send(f"/cases/{case}/keep", form).content.decode()
    assert f'<option value="{form["reason"]}" selected>' in kept


def test_a_decision_on_a_review_that_is_over_says_so(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.enrol(name, "reviewer")
    case = desk.report()
    remove, keep = desk.remove_form(case), desk.keep_form(case)
    desk.browser("first").send(f"/cases/{case}/remove", remove)
    for way, filled in (("remove", remove), ("keep", keep), ("open", {})):
        answer = desk.browser("second").send(f"/cases/{case}/{way}", filled)
        assert answer.status_code == 409
        assert "This has been decided meanwhile." in answer.content.decode()


def test_what_somebody_else_has_in_hand_is_not_decided_over_their_head(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.enrol(name, "reviewer")
    case = desk.report()
    desk.browser("first").send(f"/cases/{case}/open")
    answer = desk.browser("second").send(f"/cases/{case}/remove", desk.remove_form(case))
    assert answer.status_code == 409
    assert "Somebody else has this case open now." in answer.content.decode()
    assert desk.case(case).wanted is Wanted.HIDDEN


@pytest.mark.parametrize(
    ("way", "without", "sentence"),
    [
        pytest.param("remove", "policy", "Choose the rule that it breaks.", id="no rule to remove under"),
        pytest.param("remove", "suspend", "Say what becomes of the account.", id="nothing said of the account"),
        pytest.param("keep", "policies", "Name at least one ground.", id="no ground"),
        pytest.param("keep", "reason", "Choose the rule that you cite.", id="no reason"),
    ],
)
def test_what_is_left_out_is_asked_for(desk: Desk, way: str, without: str, sentence: str) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    form = {**(desk.remove_form(case) if way == "remove" else desk.keep_form(case))}
    del form[without]
    answer = desk.browser("reviewer").send(f"/cases/{case}/{way}", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert statuses(desk, case) == {GroundStatus.OPEN}


def test_a_rule_that_is_none_of_the_offered_ones_removes_nothing(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    spam = next(policy.ref for policy in desk.here.policies.current if policy.name == "spam")
    for ref in (spam, "nothing@0"):
        answer = desk.browser("reviewer").send(f"/cases/{case}/remove", {**desk.remove_form(case), "policy": ref})
        assert answer.status_code == 422
    assert desk.case(case).wanted is Wanted.HIDDEN


def _own(desk: Desk) -> list[Browser]:
    """Two people who must never judge case "1": its uploader, and whoever reported it."""
    desk.enrol("uploader", "lead", account=UPLOADER)
    desk.enrol("tattler", "reviewer")
    return [desk.browser("uploader"), desk.browser("tattler")]


def test_nobody_sees_or_judges_what_they_posted_or_reported(desk: Desk, vault: None) -> None:
    uploader, tattler = _own(desk)
    case = desk.report()
    link = {"link": "http://plaza.test:8000/post/1", "topic": "sexual_picture", "relation": "i_dont_know_them",
            "age": "yes", "key": "6f8a1d1e-7b1c-4a5e-9d3e-0a4c5b6d7e8f"}  # fmt: skip
    reported = tattler.send("/report-as-staff", link)
    assert "It is reported. Somebody else decides" in reported.content.decode()
    assert desk.staff["tattler"] in desk.case(case).reported_by
    notice = desk.notice_of(case)
    for browser in (uploader, tattler):
        for page in ("/", "/clocks", "/alarms", "/replies"):
            answer = browser.get(page).content.decode()
            assert case not in answer
            assert notice not in answer
        for place in (f"/cases/{case}", f"/cases/{case}/parts/0", f"/notices/{notice}"):
            assert browser.get(place).status_code == 404
        for place in ("open", "put-down", "remove", "keep"):
            assert browser.send(f"/cases/{case}/{place}", desk.remove_form(case)).status_code == 404
        assert browser.send(f"/notices/{notice}/letters", {"text": "x"}).status_code == 404
    assert desk.case(case).looked_at is None


def test_the_same_report_by_staff_sent_twice_is_one(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    form = {"link": "http://plaza.test:8000/post/9", "topic": "spam", "relation": "i_dont_know_them",
            "age": "no", "key": "6f8a1d1e-7b1c-4a5e-9d3e-0a4c5b6d7e8f"}  # fmt: skip
    browser = desk.browser("reviewer")
    assert browser.send("/report-as-staff", form).status_code == 200
    assert browser.send("/report-as-staff", form).status_code == 200
    assert browser.send("/report-as-staff", {**form, "topic": "sexual_picture"}).status_code == 409
    assert models.Notice.objects.count() == 1


def test_who_decided_before_does_not_find_the_reopened_case_in_the_queue(desk: Desk) -> None:
    from amparo.cases.actor import System
    from amparo.cases.case_commands import ReceiveReply

    for name, role in (("first", "reviewer"), ("lead", "lead"), ("third", "reviewer")):
        desk.enrol(name, role)
    case = desk.report(relation=Relation.KNOWS)
    for name in ("first", "lead"):
        desk.vote_to_keep(name, case)
    desk.here.casebook.execute(ReceiveReply(case, desk.notice_of(case), True, False, System("tests")))
    assert case not in desk.browser("first").get("/").content.decode()
    assert case in desk.browser("third").get("/").content.decode()
    assert "opened again by a reply to a refusal" in desk.browser("third").get("/").content.decode()
    refused = desk.browser("first").send(f"/cases/{case}/keep", desk.keep_form(case))
    assert refused.status_code == 409
    assert "Somebody new has to look at it this time." in refused.content.decode()


@pytest.fixture
def humble(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk beside a site that can do nothing but remove."""
    card = replace(NO_CAPABILITY, removes=True)
    monkeypatch.setattr(desk.here.connectors["plaza"], "capabilities", card)
    desk.enrol("reviewer", "reviewer")
    return desk


def test_on_a_site_that_locks_no_accounts_nobody_is_offered_to(humble: Desk) -> None:
    case = humble.report()
    browser = humble.browser("reviewer")
    page = browser.send(f"/cases/{case}/open", follow=True).content.decode()
    assert "This site locks no accounts for us." in page
    assert "Leave the account alone" in page
    assert "Suspend the account" not in page
    ground = humble.case(case).open_grounds[0].policy
    content = humble.case(case).content
    assert content is not None
    form = {"round": "1", "digest": content.digest, "policy": ground, "suspend": "for_a_time"}
    refused = browser.send(f"/cases/{case}/remove", form)
    assert refused.status_code == 422
    assert humble.case(case).wanted is Wanted.HIDDEN
    browser.send(f"/cases/{case}/remove", {**form, "suspend": "no"})
    assert humble.case(case).wanted is Wanted.REMOVED


def test_on_a_site_that_cannot_hide_the_card_says_so(humble: Desk) -> None:
    case = humble.report()
    page = humble.browser("reviewer").send(f"/cases/{case}/open", follow=True).content.decode()
    assert "NOT hidden: the site cannot" in page
    assert "This site cannot hide it: it stays up until it is removed." in page
    assert "asked to hide" not in page


def test_an_account_on_a_site_that_locks_none_is_to_be_locked_there_by_hand(humble: Desk) -> None:
    case = humble.report(kind=SubjectKind.ACCOUNT)
    page = humble.browser("reviewer").send(f"/cases/{case}/open", follow=True).content.decode()
    assert "This site locks no accounts for us. Decide here, and have it locked on the site by hand." in page
    assert "only what is reported is here" in page


def test_a_site_that_counts_no_views_gets_no_counter(humble: Desk) -> None:
    case = humble.report(content=False)
    humble.fetch(case, views=None)
    page = humble.browser("reviewer").send(f"/cases/{case}/open", follow=True).content.decode()
    assert "this site does not count views" in page
    assert "before the report" not in page
