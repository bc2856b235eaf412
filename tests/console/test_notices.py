"""What reporters write and we answer, and links that wait for a person."""

import html
import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from amparo.cases.actor import Reporter
from amparo.cases.notice_commands import AnswerLanguage, GiveElements, TellFacts
from amparo.cases.refs import CaseId, NoticeId, SealedRef
from amparo.cases.words import Age, Told
from amparo.home import home
from amparo.plugins import installation
from amparo.policies.elements import Element
from amparo.policies.signal import Signal
from amparo.records import models
from amparo.records.casebook import Enclosed
from amparo.vault.client import VaultClient
from tests.console.desk import Desk
from tests.letters.test_measure import REFUSAL

KEY = "0d1f7c0e-5f5e-4f6b-9c1d-2b3a4c5d6e7f"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "<!--#exec cmd='id'-->\u202e\u0000",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_a_reporter_writes_is_shown_as_text(desk: Desk, vault: None, words: str) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    desk.write(desk.notice_of(case), words)
    browser = desk.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    unplaced = desk.report_unplaced(words)
    for page in (f"/cases/{case}", f"/notices/{desk.notice_of(case)}", f"/links/{unplaced}/0"):
        shown = browser.get(page).content.decode()
        assert escape(words) in shown
        assert shown.count("<script") == 1, "ours alone"
        assert "<svg" not in shown
        assert "<img" not in shown


def test_the_words_on_a_case_page_are_for_whoever_has_it_in_hand(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    desk.write(desk.notice_of(case), "he is in my class")
    browser = desk.browser("reviewer")
    assert "he is in my class" not in browser.get(f"/cases/{case}").content.decode()
    assert models.Access.objects.count() == 0
    browser.send(f"/cases/{case}/open")
    assert "he is in my class" in browser.get(f"/cases/{case}").content.decode()
    access = models.Access.objects.get()
    assert (access.actor, access.purpose) == (f"reviewer:{desk.staff['reviewer']}", "read_notice")


def test_a_letter_is_shown_as_it_will_be_read_and_then_sent_once(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    desk.write(notice, "is it gone?")
    browser = desk.browser("reviewer")
    assert notice in browser.get("/replies").content.decode()

    letter = {"key": KEY, "text": "We hid it. A person looks today."}
    preview = browser.send(f"/notices/{notice}/letters", {**letter, "preview": "yes"}).content.decode()
    assert "2 sentences, the longest has 4 words" in preview
    assert "Send this letter" in preview
    assert desk.notice(notice).letters == ()

    for _ in range(2):
        sent = browser.send(f"/notices/{notice}/letters", {**letter, "send": "yes"})
        assert sent.headers["Location"] == f"/notices/{notice}"
    (kept,) = desk.notice(notice).letters
    assert VaultClient(home().run / "vault-door.sock").open_for(f"reporter:{notice}", "read_letter", kept.sealed) == (
        b"We hid it. A person looks today."
    )
    assert "We hid it." in browser.get(f"/notices/{notice}").content.decode()
    assert notice not in browser.get("/replies").content.decode()


def test_another_text_under_the_same_key_is_not_sent(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    browser = desk.browser("reviewer")
    browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": "One.", "send": "yes"})
    second = browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": "Two.", "send": "yes"})
    assert second.status_code == 409
    assert "Two." in second.content.decode()
    assert len(desk.notice(notice).letters) == 1


def test_a_letter_that_is_too_hard_is_not_sent_and_says_beside_the_field_what_to_change(
    desk: Desk, vault: None
) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    browser = desk.browser("reviewer")
    answer = browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": REFUSAL, "send": "yes"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert desk.notice(notice).letters == ()
    assert f">{escape(REFUSAL)}</textarea>" in page, "nothing typed is lost"
    assert KEY in page
    assert 'aria-invalid="true" aria-describedby="too-hard"' in page
    advice = html.unescape(page.partition('id="too-hard"')[2].partition("</div>")[0])
    assert f"<li>This sentence has 21 words. Split it: “{REFUSAL}”</li>" in advice
    assert "Use shorter words: “violation”, “policies”." in advice

    text = "We looked at the post. Two people think it may stay."
    browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": text, "send": "yes"})
    assert len(desk.notice(notice).letters) == 1


def test_a_letter_that_is_too_hard_says_so_in_its_preview_and_offers_no_button_to_send(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    page = desk.browser("reviewer").send(f"/notices/{notice}/letters", {"key": KEY, "text": REFUSAL}).content.decode()
    assert "1 sentence, the longest has 21 words, grade 10" in page
    assert 'id="too-hard"' in page
    assert "Send this letter" not in page


def test_a_letter_is_measured_in_the_language_that_the_reporter_reads(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    text = "Dwie osoby to widzą. Zdjęcie jest ukryte. Teraz sprawdzamy kopie. Odpowiemy do 15:40."
    browser = desk.browser("reviewer")
    assert "<dd>English</dd>" in browser.get(f"/notices/{notice}").content.decode()
    assert browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": text, "send": "yes"}).status_code == 422

    installation().casebook.execute(AnswerLanguage(notice, "pl", Reporter(notice)))
    assert "<dd>Polski</dd>" in browser.get(f"/notices/{notice}").content.decode()
    assert browser.send(f"/notices/{notice}/letters", {"key": KEY, "text": text, "send": "yes"}).status_code == 302
    assert len(desk.notice(notice).letters) == 1


def test_the_names_of_help_lines_and_of_the_site_make_no_letter_hard(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    text = "Call the 988 Suicide & Crisis Lifeline. Or the Revenge Porn Helpline: 0345 6000 459."
    sent = desk.browser("reviewer").send(f"/notices/{notice}/letters", {"key": KEY, "text": text, "send": "yes"})
    assert sent.status_code == 302


def test_without_the_vault_every_page_still_says_what_can_be_said(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report()
    desk.write(desk.notice_of(case), "please")
    unplaced = desk.report_unplaced()
    browser = desk.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    for page in (f"/cases/{case}", f"/cases/{case}?look=1", f"/notices/{desk.notice_of(case)}", f"/links/{unplaced}/0"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "The vault does not answer at the moment" in answer.content.decode()
    assert browser.get(f"/cases/{case}/parts/1").status_code == 503
    assert browser.send(f"/cases/{case}/remove", desk.remove_form(case)).status_code == 302


def test_a_link_is_placed_by_pasting_the_right_one(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.report_unplaced("the one with the red square")
    browser = desk.browser("reviewer")
    listed = browser.get("/links").content.decode()
    assert f"/links/{notice}/0" in listed
    assert "red square" not in listed
    assert "the one with the red square" in browser.get(f"/links/{notice}/0").content.decode()
    wrong = browser.send(f"/links/{notice}/0/place", {"link": "https://elsewhere.test/post/1"})
    assert wrong.status_code == 422
    assert "https://elsewhere.test/post/1" in wrong.content.decode()
    placed = browser.send(f"/links/{notice}/0/place", {"link": "http://plaza.test:8000/post/77"})
    assert placed.headers["Location"] == "/links"
    (case,) = desk.notice(notice).cases
    assert desk.case(case).subject.id == "77"
    again = browser.send(f"/links/{notice}/0/answer", {"answer": "link_not_found"})
    assert again.status_code == 409
    assert "That link has its answer already." in again.content.decode()


def test_every_page_tells_of_a_report_of_an_outage_when_it_came_and_not_when_it_was_taken_in(
    desk: Desk, vault: None
) -> None:
    desk.enrol("reviewer", "reviewer")
    came_at = desk.clock[0].replace(microsecond=0) - timedelta(hours=3, seconds=17)
    case = desk.report(came_at=came_at)
    notice = desk.notice_of(case)
    desk.write(notice, "please")
    desk.report_unplaced(came_at=came_at)
    browser = desk.browser("reviewer")

    def page(path: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", browser.get(path).content.decode()).split())

    day, time = f"{came_at.day} {came_at:%b}", f"{came_at:%H:%M:%S}"
    assert f"Came {day} {came_at:%Y}, {time}" in page(f"/notices/{notice}")
    assert f"{day}, {time}, by " in page(f"/cases/{case}")
    assert f"on {came_at:%d %b}, {time}, and waited in the spool; it was taken in now" in page(f"/cases/{case}")
    assert f"of the report of {day}, {time}" in page("/links")
    assert f"report of {day}, {time[:5]}" in page("/replies")


@pytest.mark.parametrize("answer", ["link_not_found", "link_elsewhere"])
def test_a_link_that_names_nothing_here_is_answered(desk: Desk, vault: None, answer: str) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.report_unplaced()
    browser = desk.browser("reviewer")
    assert browser.send(f"/links/{notice}/0/answer", {"answer": "removed"}).status_code == 422
    assert browser.send(f"/links/{notice}/0/answer", {"answer": answer}).status_code == 302
    assert [news.what for news in desk.notice(notice).news] == [Told(answer)]
    assert "Every link has its place or its answer." in browser.get("/links").content.decode()


def _gives(desk: Desk, case: str, *elements: Element, contact: str = "") -> NoticeId:
    """Give these of what a law asks, as an adult does after sending."""
    notice = desk.notice_of(CaseId(case))
    sealed = desk.here.sealer.seal(contact.encode(), kind="contact", owner=notice) if contact else None
    ref = None if sealed is None else SealedRef(sealed.id)
    command = GiveElements(notice, frozenset(elements), ref, frozenset(), True, Reporter(notice))
    desk.here.casebook.execute(command, enclosed=Enclosed(sealed=() if sealed is None else (sealed,)))
    return notice


def test_the_case_says_under_which_law_a_report_is_complete_and_what_it_lacks(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(age=Age.ADULT)
    browser = desk.browser("reviewer")
    said = html.unescape(browser.get(f"/cases/{case}").content.decode())
    assert "TAKE IT DOWN Act: lacks good faith, that nobody consented, signature, contact" in said
    _gives(desk, case, Element.GOOD_FAITH, Element.NO_CONSENT, Element.SIGNATURE, Element.CONTACT)
    said = browser.get(f"/cases/{case}").content.decode()
    assert "TAKE IT DOWN Act: complete, its clock runs" in said
    assert "Digital Services Act: lacks name, e-mail" in said


def test_of_a_child_no_law_is_said_to_lack_anything(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(age=Age.NOT_SURE)
    browser = desk.browser("reviewer")
    for page in (f"/cases/{case}", f"/notices/{desk.notice_of(case)}"):
        assert "TAKE IT DOWN" not in browser.get(page).content.decode()


def test_name_and_contact_are_opened_only_when_asked_for_and_that_is_on_record(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    case = desk.report(age=Age.ADULT)
    notice = _gives(desk, case, Element.NAME, contact="Name: A Person")
    browser = desk.browser("reviewer")
    assert "A Person" not in browser.get(f"/notices/{notice}").content.decode()
    assert models.Access.objects.count() == 0
    assert "A Person" in browser.get(f"/notices/{notice}?contact=1").content.decode()
    access = models.Access.objects.get()
    assert (access.actor, access.purpose) == (f"reviewer:{desk.staff['reviewer']}", "contact")


def test_what_was_ticked_after_sending_stands_on_the_report(desk: Desk) -> None:
    desk.enrol("reviewer", "reviewer")
    notice = desk.notice_of(desk.report())
    desk.here.casebook.execute(TellFacts(notice, frozenset({Signal.POLICE, Signal.SPREADING}), Reporter(notice)))
    said = desk.browser("reviewer").get(f"/notices/{notice}").content.decode()
    assert "it is being passed on, police were told" in said


def test_bad_faith_is_found_for_a_reason_once_something_may_stay_and_can_be_undone(desk: Desk, vault: None) -> None:
    desk.enrol("reviewer", "reviewer")
    desk.enrol("lead", "lead")
    case = desk.report()
    page = f"/notices/{desk.notice_of(case)}"
    browser = desk.browser("reviewer")
    assert browser.send(f"{page}/doubt", {"reason": ""}).status_code == 422
    refused = browser.send(f"{page}/doubt", {"reason": "campaign"})
    assert refused.status_code == 409
    assert "Two people must find first" in refused.content.decode()
    assert browser.send(f"{page}/lift-doubt").status_code == 409
