"""From the platform's "Report" button to the receipt, and what stands in the books at each step."""

import re

from amparo.cases.words import Age, Relation, Seen, Way
from amparo.plugins import installation
from tests.public.staff import Staff
from tests.public.visitor import PLAZA, Visitor


def test_six_presses_and_no_typing_lead_from_the_post_to_the_receipt(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post)
    assert "Who is in the picture?" in visitor.page
    visitor.send("/report/who", relation="me")
    assert "Were you under 18 when it was taken?" in visitor.page
    visitor.send("/report/age", age="yes")
    assert "How can we tell you what happens?" in visitor.page
    visitor.send("/report/how", way="private_page")
    assert "As far as I know, what I say here is true." in visitor.page
    visitor.send("/report/check")
    assert "We have your report." in visitor.page
    assert len(visitor.code) == 32
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert (notice.relation, notice.age, notice.way) == (Relation.DEPICTED, Age.CHILD, Way.PRIVATE_PAGE)
    assert notice.sent_at is not None


def test_the_case_is_open_and_its_clock_runs_when_the_tab_is_closed_after_the_first_post(
    visitor: Visitor, staff: Staff, post: str
) -> None:
    visitor.report(post)
    case = staff.case_of(post)
    assert case.is_open
    assert case.running("first_look")
    assert case.hide_asked_at is not None


def test_the_private_page_is_preset_so_a_report_is_sent_without_that_answer(
    visitor: Visitor, staff: Staff, post: str
) -> None:
    visitor.report(post)
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="yes")
    assert 'class="primary" name="way" value="private_page"' in visitor.last.content.decode()
    visitor.look("/report/check")
    assert "A private page" in visitor.page
    visitor.send("/report/check")
    assert len(visitor.code) == 32


def test_spam_goes_straight_to_the_check(visitor: Visitor, post: str) -> None:
    visitor.report(post, topic="spam")
    assert "Look it over and send it." in visitor.page
    visitor.send("/report/check")
    assert "A person has to look at it first." in visitor.page


def test_an_answer_can_be_changed_before_sending(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post)
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="no")
    visitor.send("/report/how", way="private_page")
    visitor.look("/report/age")
    visitor.send("/report/age", age="not_sure")
    assert "Not sure" in visitor.page
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert notice.age is Age.NOT_SURE


def test_the_receipt_never_says_hidden_before_it_was_seen(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    assert "We have not hidden the post yet." in visitor.page
    assert "The post is hidden." not in visitor.page
    staff.sees(post, Seen.SHOWN)
    visitor.look("/u/page")
    assert "The post is hidden." not in visitor.page
    staff.sees(post, Seen.HIDDEN)
    visitor.look("/u/page")
    assert "The post is hidden." in visitor.page


def test_the_receipt_says_what_comes_next_with_a_clock_time_and_its_zone(visitor: Visitor, post: str) -> None:
    visitor.report_and_send(post)
    assert re.search(r"A person will look at it before (\d+ \w+, )?\d\d:\d\d UTC\.", visitor.page)
    assert "You do not need to do anything else." in visitor.page


def test_a_country_brings_its_law_and_its_help_lines(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post, age="no", country="IN")
    assert any("/IN" in clock.key for clock in staff.case_of(post).clocks)
    visitor.report_and_send(f"{post}0", country="GB")
    assert "Childline, for anyone under 19" in visitor.page
    assert "988" not in visitor.page


def test_who_wants_no_answer_gets_no_code_and_may_still_change_that(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post, way="not_at_all")
    assert "We will not write to you." in visitor.page
    assert 'id="own-code"' not in visitor.last.content.decode()
    visitor.look("/report/how")
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")
    assert visitor.code


def test_from_the_first_page_a_pasted_link_leads_to_the_same_questions(visitor: Visitor, post: str) -> None:
    visitor.look("/help-me")
    assert "You are in the right place." in visitor.page
    visitor.send("/report", topic="sexual_picture", links=f"  <{post}>, ")
    assert "Who is in the picture?" in visitor.page


def test_an_account_is_reported_as_one(visitor: Visitor) -> None:
    visitor.report_and_send(f"{PLAZA}/user/mira")
    assert "We have not locked the account yet." in visitor.page


def test_the_answers_a_stranger_gives_count_only_once_sent(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report(post)
    visitor.send("/report/who", relation="i_dont_know_them")
    visitor.send("/report/age", age="no")
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert notice.settled_age is None
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")
    notice = staff.book.notice(staff.notice())
    assert notice is not None
    assert notice.settled_age is Age.ADULT


def test_every_topic_that_a_policy_covers_is_offered(visitor: Visitor) -> None:
    visitor.look("/")
    for policy in installation().policies.current:
        for topic in policy.topics:
            assert f'value="{topic.value}"' in visitor.last.content.decode()


def test_no_page_asks_for_a_file_a_name_or_an_identity(visitor: Visitor, post: str) -> None:
    pages = [visitor.look("/"), visitor.look("/help-me"), visitor.report(post)]
    for path, fields in (
        ("/report/who", {"relation": "me"}),
        ("/report/age", {"age": "yes"}),
        ("/report/how", {"way": "private_page"}),
        ("/report/check", {}),
    ):
        pages.append(visitor.send(path, **fields))
    pages += [visitor.open(visitor.code), visitor.look("/u/picture"), visitor.look("/picture"), visitor.look("/help")]
    forms = [re.findall(r"<(?:input|textarea|select)\b[^>]*>", page.content.decode()) for page in pages]
    assert sum(map(len, forms)) > len(pages)
    for page in pages:
        for form in re.findall(r"(?s)<form\b.*?</form>", page.content.decode()):
            assert 'type="file"' not in form
        assert not re.search(r'<input[^>]*type="file"[^>]*\bform=', page.content.decode())
    for control in (control for found in forms for control in found):
        # A browser can send no file whose input has no name and is in no form.
        assert 'type="file"' not in control or " name=" not in control, control
        assert not re.search(r'autocomplete="(?!off|one-time-code)', control), control
        assert "required" not in control or 'name="link' in control or 'name="code"' in control, control
