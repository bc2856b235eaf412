"""R7: what the page says at each step of a case, and what it says only when it is true."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from amparo.cases.words import Seen, Told, Wanted
from amparo.connectors.connector import NO_CAPABILITY
from amparo.home import home
from amparo.plugins import installation
from amparo.policies.signal import Signal
from amparo.records import models
from amparo.records.access import Register
from amparo.vault.server import answering
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor


@pytest.fixture
def page(visitor: Visitor, post: str) -> Callable[[], str]:
    """A page of one sent report, by the person shown, of a child's picture. Calling it looks at it."""
    visitor.report_and_send(post)

    def look() -> str:
        visitor.look("/u/page")
        return visitor.page

    return look


@pytest.fixture
def vault(at_the_door: None) -> Iterator[None]:
    """The vault, answering on the sockets of this home."""
    here = home()
    with answering(here.run, here.objects, here.keys / "vault.key", Register()):
        yield


def test_the_line_goes_from_received_to_watched_with_a_time_at_each_step(
    page: Callable[[], str], staff: Staff, post: str
) -> None:
    assert "We have not hidden the post yet. We are asking the site to do it." in page()
    staff.sees(post, Seen.HIDDEN)
    assert "not signed in. It does not open." in page()
    assert "A person looks before" in page()
    staff.looks(post)
    assert "A person is looking at it now." in page()
    assert "A person is looking since" in page()
    staff.removes(post)
    said = page()
    assert "We decided: the post must go." in said
    assert "The post is still hidden." in said
    assert "The post is gone" not in said
    staff.sees(post, Seen.GONE)
    said = page()
    assert "The post is gone from this site." in said
    assert "You were right to tell us." in said
    assert "We keep watch until" in said


def test_a_post_that_comes_back_is_said_to_be_back(page: Callable[[], str], staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.tells(post, Told.HIDDEN)
    staff.sees(post, Seen.SHOWN)
    staff.tells(post, Told.CAME_BACK)
    said = page()
    assert "The post can be seen again, and it should not be." in said
    assert "The post is hidden." not in said
    staff.sees(post, Seen.HIDDEN)
    assert "The post is hidden." in page()


def test_a_post_that_the_site_does_not_know_is_said_to_be_missing(
    page: Callable[[], str], staff: Staff, post: str
) -> None:
    staff.does_not_know(post)
    said = page()
    assert "We could not find the post at this link." in said
    assert "Your report is still open." in said


def test_a_missed_promise_says_so_and_gives_the_new_time(page: Callable[[], str], staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    assert "we have missed it" not in page()
    staff.is_late(post, "first_look")
    said = page()
    assert "and we have missed it. That is our fault, not yours. The post is still hidden." in said
    assert "We have called a senior person. New time:" in said
    staff.looks(post)
    assert "we have missed it" not in page()


def test_a_promise_that_is_just_over_is_missed_although_nobody_has_noticed_yet(
    page: Callable[[], str], staff: Staff
) -> None:
    staff.passes(minutes=16)
    said = page()
    assert "and we have missed it." in said
    assert "There is no new time yet." in said
    assert "still hidden" not in said


def test_a_refusal_gives_the_rule_and_offers_to_look_again(page: Callable[[], str], staff: Staff, post: str) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.keeps(post)
    said = page()
    assert "We decided that the post may stay." in said
    assert "Two people looked at this, each alone." in said
    assert "The reason is: The picture is not sexual." in said
    assert "Look again" in said
    assert "The post is hidden." not in said


@pytest.mark.parametrize("facts", ["yes", "no"])
def test_look_again_opens_a_round_for_somebody_new_and_hides_again(
    page: Callable[[], str], visitor: Visitor, staff: Staff, post: str, facts: str
) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.keeps(post)
    page()
    visitor.send("/u/again", new_facts=facts)
    case = staff.case_of(post)
    assert case.round is not None
    assert case.round.excluded == {staff.reviewer.id, staff.lead.id}
    assert case.wanted is Wanted.HIDDEN
    assert "A new person checks this, no one who decided before." in visitor.page
    assert "You wrote to us" in visitor.page


def test_a_second_look_again_hides_only_for_something_new(
    page: Callable[[], str], visitor: Visitor, staff: Staff, post: str
) -> None:
    for facts, wanted in (("no", Wanted.HIDDEN), ("no", Wanted.SHOWN)):
        case = staff.case_of(post)
        if case.past_voters:
            people = [
                models.Staff.objects.create(
                    id=f"staff_{name}", username=name, role=name.split("_")[0], enrolled_at=staff.book.now(),
                    approved_by="staff_admin", approved_at=staff.book.now(),
                )
                for name in ("reviewer_2", "lead_2")
            ]  # fmt: skip
            staff = Staff(*(type(staff.lead)(person.id, person.role == "lead") for person in people))  # type: ignore[arg-type]
        staff.keeps(post)
        page()
        visitor.send("/u/again", new_facts=facts)
        assert staff.case_of(post).wanted is wanted


def test_words_are_sealed_and_only_their_time_is_shown(page: Callable[[], str], visitor: Visitor, staff: Staff) -> None:
    page()
    visitor.send("/u/words", words="he wrote again from another account")
    assert "You wrote to us at" in visitor.page
    assert "another account" not in visitor.page
    assert models.SealedObject.objects.filter(kind="words", owner=staff.notice()).count() == 1
    for body in models.Event.objects.values_list("body", flat=True):
        assert "another account" not in str(body)


def test_what_words_say_is_noted_on_the_case_and_told_to_nobody_outside(
    page: Callable[[], str], visitor: Visitor, staff: Staff, post: str
) -> None:
    before = page()
    visitor.send("/u/words", words="I am 14 and he says he will send it to everyone")
    assert staff.case_of(post).signals >= {Signal.MINOR, Signal.THREAT}
    before, after = (set(found.split(". ")) for found in (before, visitor.page))
    assert {line for line in after - before if "You wrote to us" not in line} == {"We have it"}


def test_who_may_hurt_themself_finds_somebody_to_talk_to_before_all_else(
    page: Callable[[], str], visitor: Visitor
) -> None:
    before = page()
    assert before.index("Talk to a person, free") > before.index("Tell us more")
    visitor.send("/u/words", words="I can't go on. I want to die.")
    after = visitor.page
    assert after.count("Talk to a person, free") == 1
    assert after.index("Talk to a person, free") < after.index("We received it at")


def test_a_letter_is_opened_for_its_reader_and_the_access_recorded(
    page: Callable[[], str], staff: Staff, vault: None
) -> None:
    staff.writes("We need one more thing.\nWhich of the two is you? <b>")
    said = page()
    assert "We need one more thing. Which of the two is you? <b>" in said
    access = models.Access.objects.get()
    assert (access.actor, access.purpose, access.channel) == (f"reporter:{staff.notice()}", "read_letter", "door")


def test_the_page_stands_and_says_so_while_the_vault_is_away(page: Callable[[], str], staff: Staff) -> None:
    staff.writes("We need one more thing.")
    said = page()
    assert "We cannot show this message just now." in said
    assert "We have not hidden the post yet." in said


def test_answers_become_graver_at_once_and_never_lighter(
    page: Callable[[], str], visitor: Visitor, staff: Staff, post: str
) -> None:
    page()
    answer = visitor.send("/u/answers", age="no")
    assert answer.status_code == 409
    assert "This report is handled as one about a child." in visitor.page
    visitor.report_and_send(f"{post}5", age="no", relation="i_dont_know_them")
    assert staff.case_of(f"{post}5").lane.name == "ADULT"
    visitor.look("/u/page")
    visitor.send("/u/answers", age="yes", relation="me", country="US")
    assert staff.case_of(f"{post}5").lane.name == "CHILD"


def test_nothing_from_before_a_report_is_told_to_a_later_reporter(
    page: Callable[[], str], staff: Staff, new_visitor: Callable[[], Visitor], post: str
) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.is_late(post, "first_look")
    staff.looks(post)
    staff.passes(hours=1)
    later = new_visitor()
    later.report_and_send(post)
    later.look("/u/page")
    assert "The post is hidden." in later.page
    assert "we have missed it" not in later.page
    assert "since" not in later.page
    assert "A person is looking" in later.page


def test_several_links_stand_each_with_its_own_state(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post, f"{post}7", f"{PLAZA}/user/someone{post[-4:]}", "https://elsewhere.example/z")
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="yes")
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")
    staff.sees(post, Seen.HIDDEN)
    visitor.look("/u/page")
    assert visitor.page.count("We have not hidden the post yet. We are asking") == 1
    assert "Link 1 · A post" in visitor.page
    assert "Link 3 · An account" in visitor.page
    assert "This link is on another site" in visitor.page


def test_a_closed_report_takes_nothing_more_and_loses_no_words(
    page: Callable[[], str], visitor: Visitor, staff: Staff, post: str
) -> None:
    staff.sees(post, Seen.HIDDEN)
    staff.keeps(post)
    page()
    staff.passes(days=182)
    staff.closes(staff.notice())
    answer = visitor.send("/u/words", words="are you there")
    assert answer.status_code == 409
    assert "are you there" in answer.content.decode()
    visitor.look("/u/page")
    assert "This report is closed." in visitor.page
    assert "Write to us" not in visitor.page


@pytest.mark.parametrize("seen", [Seen.HIDDEN, Seen.GONE])
def test_an_account_is_said_to_be_locked_once_that_was_seen(visitor: Visitor, staff: Staff, seen: Seen) -> None:
    account = f"{PLAZA}/user/locked{seen.value}"
    visitor.report_and_send(account)
    visitor.look("/u/page")
    assert "We have not locked the account yet." in visitor.page
    staff.suspends(account)
    visitor.look("/u/page")
    assert "We decided: the account must be locked." in visitor.page
    staff.sees(account, seen)
    visitor.look("/u/page")
    assert "The account is locked." in visitor.page


def test_on_a_site_that_cannot_hide_the_page_says_so_and_by_when_a_person_looks(
    page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation().connectors["plaza"], "capabilities", replace(NO_CAPABILITY, removes=True))
    said = page()
    assert "We have not hidden the post yet, because this site does not let us. A person has to help here." in said
    assert "We are asking the site" not in said
    assert "A person will look at it before" in said


def test_of_an_account_on_a_site_that_lists_no_media_the_page_asks_for_links(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.report_and_send(f"{PLAZA}/user/somebody")
    visitor.look("/u/page")
    assert "Send us the links of posts, too." not in visitor.page
    monkeypatch.setattr(installation().connectors["plaza"], "capabilities", NO_CAPABILITY)
    visitor.look("/u/page")
    assert "This site does not show us everything the account has posted." in visitor.page


def test_where_gone_looks_like_hidden_the_page_never_says_gone(
    page: Callable[[], str], staff: Staff, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = installation().connectors["plaza"]
    monkeypatch.setattr(connector, "capabilities", replace(connector.capabilities, tells_gone=False))
    staff.sees(post, Seen.HIDDEN)
    staff.removes(post)
    staff.sees(post, Seen.GONE)
    said = page()
    assert "The post is taken down. It does not open any more." in said
    assert "gone from this site" not in said.lower()
