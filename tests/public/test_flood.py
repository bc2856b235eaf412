"""In a flood nobody is refused: who worked is taken in, the others are kept, and all of them have their code."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amparo.cases.words import Age, Wanted
from amparo.plugins import installation
from amparo.public import work
from amparo.public.turns import FORMS_OF_A_REPORT, OFFICE_WAITS_SECONDS
from amparo.records import models
from amparo.records.picture_claims import PIPELINE
from tests.letters.pages import hard
from tests.public.flood import calm_up_to, key_on, task_on, worked
from tests.public.staff import Staff
from tests.public.test_officials import OFFICE
from tests.public.visitor import PLAZA, Visitor
from tests.spool.conftest import empty_spool, machine
from tests.spool.machine import Machine

__all__ = ["empty_spool", "machine"]

PICTURE = {"pdq": "0f" * 32, "quality": "93", "pipeline": PIPELINE}


def test_in_calm_times_no_work_is_asked_and_no_script_for_it_is_named(visitor: Visitor) -> None:
    with calm_up_to(600, 60):
        visitor.look("/help-me")
    assert task_on(visitor) == ""
    assert "work.js" not in visitor.text_of(visitor.last)


def test_who_did_the_work_is_taken_in_at_once(visitor: Visitor, machine: Machine, staff: Staff, post: str) -> None:
    with calm_up_to(1) as rates:
        for _ in range(3):
            rates.note("all")
        visitor.look("/help-me")
        answer = visitor.send("/report", links=post, topic="sexual_picture", **worked(visitor))
    assert answer.redirect_chain[0] == ("/report/who", 303)
    assert staff.case_of(post).wanted is Wanted.HIDDEN
    assert machine.names() == []


def test_who_has_no_scripts_is_told_the_truth_and_has_a_code_that_opens_the_page(
    visitor: Visitor, new_visitor: Callable[[], Visitor], machine: Machine, staff: Staff, post: str
) -> None:
    with calm_up_to(1):
        answer = visitor.report(post, relation="me", age="yes", way="private_page", send="yes")
        assert answer.status_code == 202
        assert "We have what you sent." in visitor.page
        assert "Very many reports come in just now, and yours waits its turn." in visitor.page
        assert "Our books are away" not in visitor.page
        assert not re.search(r"hidden|gone", visitor.page)
        code = visitor.code
        assert "We have not yet taken in everything" in _page_of(new_visitor(), code)
    assert models.Notice.objects.count() == 0
    assert machine.taking_in.look() == 0
    assert staff.case_of(post).wanted is Wanted.HIDDEN
    assert "We have not hidden the post yet." in _page_of(new_visitor(), code)


def _page_of(visitor: Visitor, code: str) -> str:
    visitor.open(code)
    return visitor.page


def test_the_questions_go_on_while_a_report_waits_and_every_answer_arrives(
    visitor: Visitor, machine: Machine, post: str
) -> None:
    with calm_up_to(1):
        visitor.report(post)
        visitor.look("/report/who")
        for path, answer in (
            ("/report/who", {"relation": "me"}),
            ("/report/age", {"age": "yes"}),
            ("/report/how", {"way": "private_page"}),
        ):
            assert visitor.send(path, **answer).status_code == 200
        assert "They wait their turn, so we cannot show them yet." in visitor.page
        visitor.send("/report/check", country="")
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(models.Notice.objects.get().id)
    assert notice is not None
    assert notice.age is Age.CHILD
    assert notice.sent_at is not None


def test_work_that_is_done_after_the_report_was_kept_brings_it_forward(
    visitor: Visitor, new_visitor: Callable[[], Visitor], machine: Machine
) -> None:
    with calm_up_to(1):
        for number in range(8):
            new_visitor().report(f"{PLAZA}/post/crowd{number}")
        visitor.report(f"{PLAZA}/post/mine")
        task = task_on(visitor)
        assert task
        assert visitor.send("/report/forward", task=task, work="1-1").status_code == 400
        visitor.report(f"{PLAZA}/post/mine2")
        task = task_on(visitor)
        assert visitor.send("/report/forward", task=task, work=work.search(task)).status_code == 204
    assert machine.taking_in.look() == 0
    opened = [body["topic"] and aggregate for aggregate, body in _opened()]
    assert opened.index(_notice_of(f"{PLAZA}/post/mine2")) == 0


def _opened() -> list[tuple[str, dict[str, str]]]:
    return list(models.Event.objects.filter(type="NoticeOpened").order_by("id").values_list("aggregate", "body"))


def _notice_of(link: str) -> str:
    case = models.Case.objects.get(subject_id=link.rpartition("/")[2])
    return models.CaseNotice.objects.get(case=case.id).notice


def test_one_network_that_floods_stands_behind_the_first_report_of_another(
    visitor: Visitor, new_visitor: Callable[[], Visitor], machine: Machine
) -> None:
    with calm_up_to(1):
        for number in range(12):
            visitor.report(f"{PLAZA}/post/flood{number}")
        new_visitor().report(f"{PLAZA}/post/honest")
    machine.taking_in.look()
    opened = [aggregate for aggregate, _ in _opened()]
    assert opened.index(_notice_of(f"{PLAZA}/post/honest")) <= 3


def test_a_network_over_its_limit_waits_and_the_others_do_not(
    visitor: Visitor, new_visitor: Callable[[], Visitor], empty_spool: object
) -> None:
    with calm_up_to(1_000_000, per_network=10):
        answers = [visitor.report(f"{PLAZA}/post/school{number}").status_code for number in range(8)]
        assert answers[0] == 200
        assert answers[-1] == 202
        assert new_visitor().report(f"{PLAZA}/post/elsewhere").status_code == 200


def test_work_for_one_form_is_good_for_no_other(visitor: Visitor, empty_spool: object, post: str) -> None:
    with calm_up_to(1) as rates:
        for _ in range(3):
            rates.note("all")
        visitor.look("/help-me")
        fields = worked(visitor)
        fields["key"] = "7b0d7a58-7f0f-4f5e-9a3c-3f4f6d1c2b1a"
        assert visitor.send("/report", links=post, topic="sexual_picture", **fields).status_code == 202


def test_one_form_sent_again_and_again_waits_in_the_end(visitor: Visitor, empty_spool: object, post: str) -> None:
    with calm_up_to(1) as rates:
        for _ in range(3):
            rates.note("all")
        visitor.look("/help-me")
        fields = worked(visitor)
        answers = [
            visitor.client.post("/report", {"links": post, "topic": "sexual_picture", **fields}) for _ in range(8)
        ]
    assert answers[0].status_code == 303
    assert answers[-1].status_code == 202
    assert models.Notice.objects.count() == 1


def test_who_writes_on_their_own_report_is_not_braked_by_a_flood_of_others(
    visitor: Visitor, empty_spool: object, post: str
) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    with calm_up_to(1) as rates:
        for _ in range(500):
            rates.note("all")
        visitor.send("/u/words", words="One more thing.", key="")
        assert visitor.last.redirect_chain[-1][0] == "/u/page#written"


def test_who_floods_their_own_report_waits_and_loses_nothing(visitor: Visitor, machine: Machine, post: str) -> None:
    visitor.report_and_send(post)
    visitor.look("/u/page")
    sent = 0
    with calm_up_to(1_000_000):
        while visitor.last.status_code == 200:
            visitor.look("/u/page")
            visitor.send("/u/words", words="One more thing.", key="")
            sent += 1
            assert sent < 5 * FORMS_OF_A_REPORT
    assert visitor.last.status_code == 202
    machine.taking_in.look()
    notice = installation().casebook.notice(models.Notice.objects.get().id)
    assert notice is not None
    assert len(notice.words) == sent


def test_where_nothing_more_can_wait_a_report_goes_to_the_books(
    visitor: Visitor, empty_spool: object, monkeypatch: pytest.MonkeyPatch, post: str
) -> None:
    from amparo.plugins import spool

    monkeypatch.setattr(spool(), "_limit_bytes", 100)
    with calm_up_to(1):
        assert visitor.report(post).status_code == 200
    assert models.Notice.objects.count() == 1


def test_a_form_that_comes_back_with_a_fault_has_its_text_and_a_new_task(visitor: Visitor, empty_spool: object) -> None:
    with calm_up_to(1) as rates:
        for _ in range(3):
            rates.note("all")
        visitor.look("/help-me")
        visitor.send("/report", links=f"{PLAZA}/post/kept", topic="nothing of that kind", key=key_on(visitor))
    assert visitor.last.status_code == 400
    assert f"{PLAZA}/post/kept" in visitor.text_of(visitor.last)
    assert task_on(visitor)


def test_a_code_of_a_picture_waits_like_any_report_and_its_work_brings_it_forward(
    visitor: Visitor, machine: Machine
) -> None:
    with calm_up_to(1) as rates:
        for _ in range(3):
            rates.note("all")
        visitor.look("/picture")
        assert visitor.send("/picture", **PICTURE, key=key_on(visitor)).status_code == 202
        assert machine.names() != []
        assert (
            visitor.send("/report/forward", task=task_on(visitor), work=work.search(task_on(visitor))).status_code
            == 204
        )
        visitor.look("/picture")
        assert visitor.send("/picture", **PICTURE, **worked(visitor)).status_code == 200
    assert machine.taking_in.look() == 0
    assert models.PictureClaim.objects.count() == 2


def test_a_flood_of_offices_is_not_taken_and_loses_nothing_that_was_typed(
    visitor: Visitor, empty_spool: object
) -> None:
    visitor.look("/officials")
    with calm_up_to(1):
        for _ in range(3):
            answer = visitor.send("/officials", **OFFICE, links=f"{PLAZA}/post/office")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Send it again in 30 seconds." in visitor.page
    for typed in ("City police", "K 77/26", f"{PLAZA}/post/office"):
        assert typed in visitor.text_of(visitor.last)
    assert hard(visitor.text_of(visitor.last)) == []
    assert models.Notice.objects.count() == models.Alarm.objects.count() == 0


def test_an_office_is_taken_in_with_all_its_fields_once_its_page_has_worked(visitor: Visitor, post: str) -> None:
    with calm_up_to(1):
        visitor.look("/officials")
        visitor.send("/officials", **OFFICE, links=post)
        answer = visitor.send("/officials", **{**OFFICE, "links": post, **worked(visitor)})
    assert answer.status_code == 200
    notice = installation().casebook.notice(models.Notice.objects.get().id)
    assert notice is not None
    assert notice.sender is not None


def test_an_office_without_scripts_is_taken_in_after_it_has_waited_and_a_bot_seldom(
    visitor: Visitor, empty_spool: object
) -> None:
    asked = datetime.now(UTC) - timedelta(seconds=OFFICE_WAITS_SECONDS)
    with calm_up_to(1) as rates:
        rates.note("all")
        visitor.look("/officials")
        answers = []
        for number in range(8):
            key = str(uuid.uuid4())
            waited = {"key": key, "task": work.task(work.LIGHT, key, asked), "links": f"{PLAZA}/post/waited{number}"}
            answers.append(visitor.send("/officials", **{**OFFICE, **waited}).status_code)
    assert answers[0] == 200
    assert answers[-1] == 503
    assert models.Notice.objects.count() == answers.count(200) == 3
