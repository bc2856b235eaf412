"""The gate over what a reporter reads: every page, with real values, is easy enough, text by text and as a whole."""

from collections.abc import Callable, Iterator

import pytest

from amparo.cases.words import Seen, Told
from amparo.home import home
from amparo.records.access import Register
from amparo.vault.server import answering
from tests.letters import pages
from tests.letters.test_measure import REFUSAL
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor

Step = Callable[[Visitor, Staff, str], object]


def hard(visitor: Visitor) -> list[str]:
    """What has to change on the page that was looked at last."""
    return pages.hard(visitor.text_of(visitor.last))


@pytest.fixture
def vault(at_the_door: None) -> Iterator[None]:
    """The vault, answering on the sockets of this home."""
    here = home()
    with answering(here.run, here.objects, here.keys / "vault.key", Register()):
        yield


@pytest.mark.parametrize(
    "path", ["/help-me", "/help", "/officials", "/officials/confirm", "/u/", "/nothing", "/report/who", "/u/page"]
)
def test_a_page_before_any_report_is_easy(visitor: Visitor, path: str) -> None:
    visitor.look(path)
    assert hard(visitor) == []


def test_each_question_and_the_receipt_are_easy(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    for path, answer in (
        ("/report/who", {"relation": "me"}),
        ("/report/age", {"age": "yes"}),
        ("/report/how", {"way": "private_page"}),
        ("/report/check", {"country": "GB"}),
    ):
        assert hard(visitor) == []
        visitor.send(path, **answer)
    assert "Your way back" in visitor.page
    assert hard(visitor) == []


@pytest.mark.parametrize("topic", ["threat", "enticement", "spam"])
def test_the_questions_about_something_else_are_easy(visitor: Visitor, post: str, topic: str) -> None:
    visitor.report(post, topic=topic)
    assert hard(visitor) == []


def test_many_links_of_every_kind_are_easy(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(
        post, f"{PLAZA}/user/somebody", f"{PLAZA}/message/7", f"{PLAZA}/live/7", f"{PLAZA}/nowhere", "post 12",
        "https://elsewhere.example/post/1", relation="i_dont_know_them", age="not_sure", way="not_at_all",
    )  # fmt: skip
    assert hard(visitor) == []
    visitor.look("/u/page")
    assert "Link 7" in visitor.page
    assert hard(visitor) == []
    staff.answers_link(6, Told.LINK_ELSEWHERE)
    staff.answers_link(5, Told.LINK_NOT_FOUND)
    visitor.look("/u/page")
    assert hard(visitor) == []


def _taken_down(visitor: Visitor, staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.looks(post)
    staff.removes(post)


def _gone(visitor: Visitor, staff: Staff, post: str) -> None:
    _taken_down(visitor, staff, post)
    staff.sees(post, Seen.GONE)


def _came_back(visitor: Visitor, staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.tells(post, Told.HIDDEN)
    staff.sees(post, Seen.SHOWN)
    staff.tells(post, Told.CAME_BACK)


def _kept(visitor: Visitor, staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.keeps(post)


def _asked_again(visitor: Visitor, staff: Staff, post: str) -> None:
    _kept(visitor, staff, post)
    visitor.look("/u/page")
    visitor.send("/u/again", new_facts="yes", words="He said so.")


def _closed(visitor: Visitor, staff: Staff, post: str) -> None:
    _kept(visitor, staff, post)
    staff.closes(staff.notice())


STATES: dict[str, Step] = {
    "asked for": lambda visitor, staff, post: None,
    "hidden": lambda visitor, staff, post: staff.sees(post, Seen.HIDDEN),
    "looked at": lambda visitor, staff, post: staff.looks(post),
    "to go": _taken_down,
    "gone": _gone,
    "back": _came_back,
    "kept": _kept,
    "asked again": _asked_again,
    "closed": _closed,
    "not found": lambda visitor, staff, post: staff.does_not_know(post),
    "late": lambda visitor, staff, post: staff.is_late(post, "first_look"),
    "over": lambda visitor, staff, post: staff.passes(minutes=16),
}


@pytest.mark.parametrize("state", STATES)
def test_the_private_page_is_easy_in_every_state(visitor: Visitor, staff: Staff, post: str, state: str) -> None:
    visitor.report_and_send(post)
    STATES[state](visitor, staff, post)
    visitor.look("/u/page")
    assert hard(visitor) == []


def test_a_letter_on_the_page_is_measured_with_it(visitor: Visitor, vault: None, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    staff.writes("We have your message. A person reads it now.")
    visitor.look("/u/page")
    assert "A person reads it now." in visitor.page
    assert hard(visitor) == []
    staff.writes(REFUSAL)
    visitor.look("/u/page")
    assert f"This sentence has 21 words. Split it: “{REFUSAL}”" in hard(visitor)


def test_what_the_door_says_of_a_mistake_is_easy(visitor: Visitor, vault: None, staff: Staff, post: str) -> None:
    visitor.look("/help-me")
    for links in ("", f"{PLAZA}/post/1\n" * 60, f"{PLAZA}/post/1\n{PLAZA}/post/{'a' * 3000}"):
        visitor.send("/report", links=links, topic="sexual_picture")
        assert hard(visitor) == []
    visitor.send("/report", links=post, topic="nothing")
    assert hard(visitor) == []
    visitor.open("0000-0000-0000-0000-0000-0000-00")
    assert hard(visitor) == []
    visitor.report_and_send(post)
    visitor.look("/u/page")
    for path, fields in (
        ("/u/words", {"words": ""}),
        ("/u/words", {"words": "a" * 30_000}),
        ("/u/again", {"new_facts": "perhaps"}),
        ("/u/answers", {"country": "nowhere"}),
        ("/u/new-code", {}),
    ):
        visitor.send(path, **fields)
        assert hard(visitor) == []
        visitor.look("/u/page")
