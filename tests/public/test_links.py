"""Links as people paste them: none is refused, each has its kind and its answer, and a person looks at the odd ones."""

import gzip

import pytest

from amparo.cases.words import LinkProblem, Told
from amparo.records import models
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor


def test_twenty_links_of_which_three_are_foreign_are_one_receipt(visitor: Visitor, staff: Staff) -> None:
    posts = [f"{PLAZA}/post/many{number}" for number in range(17)]
    foreign = [f"https://elsewhere.example/p/{number}" for number in range(3)]
    visitor.look("/")
    visitor.send("/report", topic="sexual_picture", links="\n".join([*posts[:9], *foreign, *posts[9:]]))
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="yes")
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")
    assert visitor.page.count("We have not hidden the post yet.") == 17
    assert visitor.page.count("This link is on another site, not on Plaza.") == 3
    assert models.Notice.objects.count() == 1
    assert models.Case.objects.count() == 17
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert sum(link.waits_for_a_person for link in notice.links) == 3
    assert any(clock.name == "placed" for clock in notice.clocks)


KINDS = {
    "words": ("somebody posted me", LinkProblem.NOT_A_LINK, "We could not read this as a link."),
    "another site": ("https://elsewhere.example/x", LinkProblem.FOREIGN, "This link is on another site"),
    "a place without a post": (f"{PLAZA}/about", LinkProblem.UNKNOWN_PLACE, "This link names no post"),
    "a link cut short": (f"{PLAZA}/post/", LinkProblem.UNKNOWN_PLACE, "The link may be cut short."),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_odd_link_opens_the_report_and_waits_for_a_person(visitor: Visitor, staff: Staff, kind: str) -> None:
    text, problem, said = KINDS[kind]
    visitor.report_and_send(text)
    assert said in visitor.page
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert [link.problem for link in notice.links] == [problem]
    assert notice.links[0].sealed is not None
    assert models.SealedObject.objects.filter(id=notice.links[0].sealed, owner=notice.id).count() == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Told.LINK_ELSEWHERE, "A person looked. This is on another site, not on Plaza."),
        (Told.LINK_NOT_FOUND, "A person looked. Nothing is at this link any more."),
    ],
)
def test_what_a_person_found_of_an_odd_link_is_said(visitor: Visitor, staff: Staff, told: Told, said: str) -> None:
    visitor.report_and_send("https://elsewhere.example/x")
    staff.answers_link(0, told)
    visitor.look("/u/page")
    assert said in visitor.page


PASTED = {
    "by lines": "{a}\n{b}",
    "by blanks": "{a}   {b}",
    "by commas": "{a}, {b}",
    "by commas alone": "{a},{b}",
    "by commas without http": "plaza.test:8000/post/pasted1,plaza.test:8000/post/pasted2",
    "by Windows lines": "{a}\r\n\r\n{b}\r\n",
    "each twice": "{a} {b} {a} {b}",
    "in brackets and dots": "<{a}>; ({b}).",
}


@pytest.mark.parametrize("how", PASTED)
def test_two_links_are_two_links_however_they_are_pasted(visitor: Visitor, how: str) -> None:
    text = PASTED[how].format(a=f"{PLAZA}/post/pasted1", b=f"{PLAZA}/post/pasted2")
    visitor.look("/")
    visitor.send("/report", topic="sexual_picture", links=text)
    assert "Your report is already open: 2 links." in visitor.page
    assert models.Case.objects.count() == 2


def test_words_around_a_link_stay_together_as_one_thing_to_read(visitor: Visitor) -> None:
    visitor.look("/")
    visitor.send("/report", topic="sexual_picture", links=f"please look at {PLAZA}/post/worded it is me")
    assert "Your report is already open: 3 links." in visitor.page


def test_fifty_links_fit_and_one_more_is_given_back_whole(visitor: Visitor) -> None:
    links = [f"{PLAZA}/post/fifty{number}" for number in range(51)]
    visitor.look("/")
    answer = visitor.send("/report", topic="sexual_picture", links="\n".join(links))
    assert answer.status_code == 400
    assert "You pasted 51 links. One report takes 50." in visitor.page
    assert all(link in answer.content.decode() for link in links)
    assert models.Notice.objects.count() == 0
    visitor.send("/report", topic="sexual_picture", links="\n".join(links[:50]))
    assert "Your report is already open: 50 links." in visitor.page
    visitor.send("/report/check")
    assert len(gzip.compress(visitor.last.content)) < 30_000
    visitor.look("/u/page")
    assert "Link 50" in visitor.page
    assert len(gzip.compress(visitor.last.content)) < 30_000


def test_further_links_join_the_open_report(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    visitor.send("/u/links", links=f"{post}1 https://elsewhere.example/y")
    assert visitor.page.count("Link 1") == 1
    assert "Link 3" in visitor.page
    assert staff.case_of(f"{post}1").hide_asked_at is not None
    answer = visitor.send("/u/links", links="\n".join(f"{post}{number}" for number in range(100, 150)))
    assert answer.status_code == 409
    assert f"{post}149" in answer.content.decode()
