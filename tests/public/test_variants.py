"""Who reports changes the words and never what is asked; a threat needs no link; more is told after sending."""

import re

import pytest

from amparo.cases.notice import Notice
from amparo.cases.refs import SubjectKind
from amparo.cases.words import LinkProblem
from amparo.policies.elements import Element
from amparo.policies.signal import Signal
from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor

LINKS = {
    SubjectKind.POST: f"{PLAZA}/post/71",
    SubjectKind.MESSAGE: f"{PLAZA}/message/71",
    SubjectKind.LIVE: f"{PLAZA}/live/71",
    SubjectKind.ACCOUNT: f"{PLAZA}/user/somebody71",
}


def _notice(staff: Staff) -> Notice:
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    return notice


def _report_threat(visitor: Visitor, *, age: str = "yes", relation: str = "me", links: str = "") -> None:
    visitor.look("/help-me")
    visitor.send("/report", topic="threat", links=links)
    visitor.send("/report/who", relation=relation)
    visitor.send("/report/age", age=age)
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")


@pytest.mark.parametrize(
    ("relation", "there", "not_there"),
    [
        ("me", "You have done nothing wrong.", "Thank you for telling us."),
        ("child_i_look_after", "Your child need not read or sign anything.", "Thank you for telling us."),
        ("someone_i_know", "They will not hear from us that it was you.", "You have done nothing wrong."),
        ("i_dont_know_them", "Thank you for telling us.", "You have done nothing wrong."),
    ],
)
def test_each_reporter_has_words_of_their_own(
    visitor: Visitor, post: str, relation: str, there: str, not_there: str
) -> None:
    visitor.report(post)
    visitor.send("/report/who", relation=relation)
    assert there in visitor.page
    assert not_there not in visitor.page


def test_a_bystander_is_asked_not_to_save_it_and_finds_the_help_lines_last(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post, relation="i_dont_know_them", country="GB")
    page = visitor.page
    assert "Please do not save or share the picture." in page
    assert page.index("Talk to a person, free and private") > page.index("Add more links")
    assert "Someone is threatening me" not in page
    assert "A letter for the school" not in page
    visitor.report_and_send(f"{post}0", relation="me", country="GB")
    assert visitor.page.index("Talk to a person, free and private") < visitor.page.index("Add more links")


@pytest.mark.parametrize("kind", LINKS)
def test_every_kind_of_subject_is_asked_about_in_words_that_fit(visitor: Visitor, kind: SubjectKind) -> None:
    is_account = kind is SubjectKind.ACCOUNT
    visitor.report(LINKS[kind])
    assert ("Who is in the pictures on this account?" in visitor.page) is is_account
    visitor.send("/report/who", relation="me")
    question = "Were you under 18 in them?" if is_account else "Were you under 18 when it was taken?"
    assert question in visitor.page
    visitor.send("/report/age", age="no")
    visitor.send("/report/how", way="private_page")
    assert question in visitor.page
    visitor.send("/report/check")
    named = {"post": "the post", "message": "the message", "live": "the live video", "account": "the account"}
    assert re.search(rf"We have not (hidden|locked) {named[kind.value]} yet", visitor.page)


def test_fifty_links_are_taken_and_more_are_added_afterwards_until_there_are_fifty(
    visitor: Visitor, staff: Staff
) -> None:
    visitor.report_and_send(*[f"{PLAZA}/post/{number}" for number in range(5000, 5049)])
    visitor.send("/u/links", links=f"{PLAZA}/user/one50", key="6f0d8f5e-3f0c-4a44-9e43-0d2a8b6c1b50")
    assert len(_notice(staff).links) == 50
    assert len(_notice(staff).cases) == 50
    visitor.send("/u/links", links=f"{PLAZA}/post/5050", key="6f0d8f5e-3f0c-4a44-9e43-0d2a8b6c1b51")
    assert visitor.last.status_code == 409
    assert "One report takes 50 links." in visitor.page


def test_a_threat_is_taken_without_a_link_and_a_clock_runs_for_a_person(visitor: Visitor, staff: Staff) -> None:
    _report_threat(visitor)
    assert "You gave no link. That is all right." in visitor.page
    assert re.search(r"A person will look at it before .*\d\d:\d\d UTC", visitor.page)
    for sentence in ("You can stop replying.", "You do not have to pay.", "Do not send more pictures."):
        assert sentence in visitor.page
    for service in ("Take It Down", "Report Remove"):
        assert service in visitor.page
    assert visitor.code
    notice = _notice(staff)
    (link,) = notice.links
    assert (link.problem, link.sealed) == (LinkProblem.NO_LINK, None)
    assert {"placed", "answered"} <= {clock.name for clock in notice.clocks}


def test_an_adult_who_is_threatened_is_led_to_stopncii(visitor: Visitor) -> None:
    _report_threat(visitor, age="no")
    assert "StopNCII" in visitor.page
    assert "Take It Down" not in visitor.page


def test_who_has_no_link_says_so_and_is_not_turned_away(visitor: Visitor, staff: Staff) -> None:
    visitor.look("/help-me")
    visitor.send("/report", topic="sexual_picture", links="")
    assert visitor.last.status_code == 400
    visitor.send("/report", topic="sexual_picture", links="", no_link="yes")
    assert "Who is in the picture?" in visitor.page
    assert _notice(staff).links[0].problem is LinkProblem.NO_LINK


def test_a_link_that_comes_later_has_its_case(visitor: Visitor, staff: Staff, post: str) -> None:
    _report_threat(visitor)
    visitor.send("/u/links", links=post)
    assert staff.case_of(post).is_open
    assert len(_notice(staff).links) == 2


def test_a_link_to_a_known_other_site_says_where_that_one_takes_reports(visitor: Visitor, staff: Staff) -> None:
    _report_threat(visitor, links="https://www.snapchat.com/add/somebody")
    assert "Snapchat takes reports here: values.snap.com/safety/safety-reporting" in visitor.page
    assert "We have not checked this address." not in visitor.page
    assert _notice(staff).links[0].site == "snapchat"
    _report_threat(visitor, links="https://t.me/somebody")
    assert "We have not checked this address." in visitor.page


FACTS = {
    "threat": Signal.THREAT,
    "school": Signal.SPREADING,
    "elsewhere": Signal.OTHER_PLATFORM,
    "police": Signal.POLICE,
}


def test_each_fact_told_after_sending_raises_the_priority_further(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    harms = [models.Case.objects.get(id=staff.case_of(post).id).harm]
    for fact, signal in FACTS.items():
        visitor.send("/u/facts", fact=[fact])
        assert "We have what you ticked." in visitor.page
        assert signal in staff.case_of(post).signals
        harms.append(models.Case.objects.get(id=staff.case_of(post).id).harm)
    assert harms == sorted(set(harms))


def test_the_number_of_the_police_is_sealed_and_stands_in_no_event(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    visitor.send("/u/facts", police_number="KR 4711/2020")
    notice = _notice(staff)
    assert notice.facts_told == {Signal.POLICE}
    assert len(notice.words) == 1
    assert "4711" not in " ".join(str(row) for row in models.Event.objects.values_list("body", flat=True))
    assert "4711" not in " ".join(str(row) for row in models.Notice.objects.values_list("state", flat=True))


def test_nothing_ticked_is_said_and_changes_nothing(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    before = _notice(staff).seq
    visitor.send("/u/facts")
    assert visitor.last.status_code == 400
    assert "Choose at least one of them." in visitor.page
    assert _notice(staff).seq == before


ALL = {"name": "A Person", "contact": "person@example.org", "no_consent": "yes", "good_faith": "yes"}


def test_an_adult_is_offered_the_lists_of_the_laws_and_what_is_given_is_kept_as_flags(
    visitor: Visitor, staff: Staff, post: str
) -> None:
    visitor.report_and_send(post, age="no")
    assert "Add your name for the law, if you want to" in visitor.page
    visitor.look("/u/statement")
    assert "TAKE IT DOWN Act: this is still open." in visitor.page
    visitor.send("/u/statement", **ALL)
    assert "TAKE IT DOWN Act: all is there." in visitor.page
    notice = _notice(staff)
    assert notice.elements >= {Element.SIGNATURE, Element.CONTACT, Element.EMAIL, Element.NO_CONSENT}
    assert notice.complete_under == {"US", "GB", "EU"}
    assert notice.contact is not None
    said = " ".join(str(row) for row in models.Event.objects.values_list("body", flat=True))
    assert "A Person" not in said
    assert "example.org" not in said


@pytest.mark.parametrize("field", ["name", "contact", "good_faith"])
def test_one_part_alone_is_taken_and_the_rest_is_named_as_open(
    visitor: Visitor, staff: Staff, post: str, field: str
) -> None:
    visitor.report_and_send(post, age="no")
    hidden = staff.case_of(post).hide_asked_at
    assert hidden is not None
    visitor.look("/u/statement")
    visitor.send("/u/statement", **{field: ALL[field]})
    assert "We have what you gave us." in visitor.page
    assert "TAKE IT DOWN Act: this is still open." in visitor.page
    assert _notice(staff).complete_under == frozenset()
    assert staff.case_of(post).hide_asked_at == hidden


@pytest.mark.parametrize("age", ["yes", "not_sure"])
def test_where_it_may_be_about_a_child_no_name_is_asked_for_and_none_is_taken(
    visitor: Visitor, staff: Staff, post: str, age: str
) -> None:
    visitor.report_and_send(post, age=age)
    assert "Add your name" not in visitor.page
    before = _notice(staff).seq
    visitor.look("/u/statement")
    assert 'name="contact"' not in visitor.text_of(visitor.last)
    visitor.send("/u/statement", **ALL)
    visitor.send("/language/statement", language="fr", **ALL)
    assert 'name="contact"' not in visitor.text_of(visitor.last)
    assert _notice(staff).seq == before
    assert models.SealedObject.objects.filter(kind="contact").count() == 0


TYPED = {"site": "snapchat", "account": "bad_account", "own_account": "my_account"}


def test_the_text_for_another_site_holds_what_was_typed_and_no_more(visitor: Visitor, staff: Staff) -> None:
    _report_threat(visitor)
    code = visitor.code
    visitor.look("/u/packet")
    visitor.send("/u/packet", **TYPED)
    text = visitor.text_of(visitor.last)
    packet = text[text.index('id="packet"') : text.index("</pre>")]
    assert "Someone threatens to share a sexual picture of me." in packet
    assert "I was under 18 in it." in packet
    assert "The account that does this: bad_account" in packet
    assert "The account it is done to: my_account" in packet
    assert "18 USC 2258A" in packet
    assert "http" not in packet
    assert code not in packet
    assert staff.notice() not in packet
    assert "values.snap.com/safety/safety-reporting" in text


def test_the_text_is_a_file_with_a_name_that_says_nothing(visitor: Visitor) -> None:
    _report_threat(visitor, age="no")
    visitor.look("/u/packet")
    visitor.send("/u/packet", **TYPED)
    visitor.send("/u/packet.txt", **TYPED, link="https://elsewhere.example/1")
    assert visitor.last.headers["Content-Disposition"] == 'attachment; filename="text.txt"'
    assert visitor.last.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = visitor.last.content.decode()
    assert "Link: https://elsewhere.example/1" in said
    assert "TAKE IT DOWN Act" in said
    assert "<" not in said


def test_the_accounts_named_are_sealed_once_and_raise_the_priority(visitor: Visitor, staff: Staff) -> None:
    _report_threat(visitor)
    for _ in range(2):
        visitor.look("/u/packet")
        visitor.send("/u/packet", **TYPED)
    notice = _notice(staff)
    assert Signal.OTHER_PLATFORM in notice.facts_told
    assert len(notice.words) == 1
    assert "bad_account" not in " ".join(str(row) for row in models.Event.objects.values_list("body", flat=True))


def test_lines_cannot_be_forged_into_the_text(visitor: Visitor) -> None:
    _report_threat(visitor)
    visitor.look("/u/packet")
    visitor.send("/u/packet.txt", site="other", site_name="A\nsite", account="x\n\nLink: y")
    assert "To the safety team of A site\n" in visitor.last.content.decode()
    assert "The account that does this: x Link: y\n" in visitor.last.content.decode()


def test_a_text_for_no_site_is_asked_again(visitor: Visitor) -> None:
    _report_threat(visitor)
    visitor.look("/u/packet")
    visitor.send("/u/packet", site="other", account="bad_account")
    assert visitor.last.status_code == 400
    assert "Choose the other site, or write its name." in visitor.page
    assert "bad_account" in visitor.text_of(visitor.last)


@pytest.mark.parametrize("code", ["en", "fr", "nb", "pl"])
def test_the_letter_for_the_school_has_no_link_no_code_and_no_name(
    visitor: Visitor, staff: Staff, post: str, code: str
) -> None:
    visitor.report_and_send(post, country="GB")
    own = visitor.code
    visitor.client.cookies["amparo_language"] = code
    visitor.look("/u/page")
    assert 'href="/u/school"' in visitor.text_of(visitor.last)
    visitor.look("/u/school.txt")
    letter = visitor.last.content.decode()
    assert visitor.last.headers["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert len(letter.split("\n\n")) == 10
    for private in ("http", "plaza", own, staff.notice(), post.rpartition("/")[2], "Amparo"):
        assert private not in letter
    visitor.look("/u/school")
    assert letter.split("\n\n")[0].strip() in visitor.page


def test_without_a_place_the_letter_does_not_say_that_it_was_reported(visitor: Visitor) -> None:
    _report_threat(visitor)
    visitor.look("/u/school")
    assert "It was reported where it was seen." not in visitor.page


@pytest.mark.parametrize("path", ["/u/packet", "/u/school", "/u/school.txt", "/u/statement"])
def test_only_who_has_the_page_open_sees_any_of_it(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path).status_code == 403
