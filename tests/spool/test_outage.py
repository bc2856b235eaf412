"""What somebody at the door meets while the database is away, and what stands in the books afterwards."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amparo.cases.notice_events import NoticeOpened
from amparo.cases.refs import NoticeId
from amparo.cases.words import Age, LinkProblem, Relation, Wanted, Way
from amparo.letters.moments import clock_time
from amparo.plugins import UNCHECKED, installation
from amparo.policies.deadlines import deadlines
from amparo.policies.elements import Element
from amparo.policies.policy import ClockName, Topic
from amparo.policies.signal import Signal
from amparo.public import guard
from amparo.public.patience import Patience
from amparo.records import models
from amparo.workers.process import tick
from tests.public.visitor import PLAZA, Visitor
from tests.spool.machine import Machine, Outage, the_notice


def test_a_report_is_acknowledged_with_a_code_that_opens_its_page_afterwards(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        answer = visitor.report(post)
        assert answer.status_code == 202
        assert "We have what you sent." in visitor.page
        assert "findahelpline.com" in visitor.page
        code = visitor.code
        assert len(machine.names()) == 1
    assert models.Notice.objects.count() == 0
    assert machine.taking_in.look() == 0
    visitor.open(code)
    assert "We received it at" in visitor.page
    case = models.Case.objects.get()
    assert case.state["wanted"] == Wanted.HIDDEN.value


def test_a_report_that_meets_a_read_only_standby_is_kept_and_taken_in_afterwards(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    visitor.report(f"{post}9")
    with outage.changed("-c default_transaction_read_only=on"):
        assert visitor.report(post).status_code == 202
        assert machine.taking_in.look() == 1
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 2


@pytest.mark.parametrize(
    "options",
    [
        pytest.param("-c synchronous_commit=off", id="one that may forget"),
        pytest.param("-c default_transaction_read_only=on", id="one that takes no writes"),
    ],
)
def test_a_door_that_first_meets_a_database_unfit_for_reports_keeps_them(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    with outage.changed(options), monkeypatch.context() as started_without:
        started_without.setenv(UNCHECKED, "yes")
        installation.cache_clear()
        assert visitor.report(post).status_code == 202
        assert len(machine.names()) == 1
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 1


def test_the_questions_go_on_without_the_database_and_every_answer_arrives(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
        assert "Who is it about?" in visitor.look("/report/who").content.decode()
        visitor.send("/report/who", relation="me")
        visitor.send("/report/age", age="no")
        visitor.send("/report/how", way="private_page")
        assert visitor.last.request["PATH_INFO"] == "/report/check"
        answer = visitor.send("/report/check", country="GB")
        assert answer.status_code == 202
        code = visitor.code
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(the_notice())
    assert notice is not None
    assert (notice.relation, notice.age, notice.country, notice.way) == (
        Relation.DEPICTED,
        Age.ADULT,
        "GB",
        Way.PRIVATE_PAGE,
    )
    assert notice.settled_age is Age.ADULT
    assert notice.sent_at is not None
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_spam_is_asked_no_question_in_an_outage_either(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        page = visitor.report(post, topic="spam").content.decode()
        assert 'href="/report/check"' in page
        visitor.look("/report/check")
        assert visitor.send("/report/check").status_code == 202
    assert machine.taking_in.look() == 0
    assert models.Case.objects.get().state["wanted"] == Wanted.SHOWN.value


def test_a_report_that_was_open_before_the_outage_goes_on_in_it(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    visitor.report(post)
    with outage.away():
        visitor.send("/report/who", relation="child_i_look_after")
        visitor.send("/report/age", age="yes")
        visitor.send("/report/how", way="private_page")
        assert visitor.send("/report/check").status_code == 202
        code = visitor.code
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(the_notice())
    assert notice is not None
    assert (notice.relation, notice.age) == (Relation.GUARDIAN, Age.CHILD)
    assert notice.sent_at is not None
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_the_clocks_start_when_the_report_came_and_an_overdue_one_rings_at_once(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_at = datetime.now(UTC) - timedelta(hours=2)
    here = installation()
    with outage.away(), monkeypatch.context() as earlier:
        earlier.setattr(here.casebook, "now", lambda: came_at)
        visitor.report(post)
    assert machine.taking_in.look() == 0
    policy = here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    for name, key in ((ClockName.FIRST_LOOK, "first_look/"), (ClockName.DECIDED, "decided/")):
        for due in deadlines(policy, name, here.regimes, came_at):
            suffix = f"/{due.rule.regime or 'house'}"
            clock = models.Clock.objects.get(aggregate__startswith="case_", key__startswith=key, key__endswith=suffix)
            assert clock.due_at == due.due_at
    opened = here.casebook.entries(the_notice())[0]
    assert isinstance(opened.event, NoticeOpened)
    assert opened.event.received_at == came_at
    assert opened.at > came_at
    tick(here)
    assert models.Event.objects.filter(type="ClockExpired").exists()
    assert models.Event.objects.filter(type="EscalatedToLead", aggregate__startswith="case_").exists()
    assert models.Event.objects.filter(type="ReportersTold", body__what="late").exists()


def test_the_page_says_when_the_report_came_and_not_when_it_was_taken_in(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_at = datetime.now(UTC) - timedelta(minutes=50)
    with outage.away(), monkeypatch.context() as earlier:
        earlier.setattr(installation().casebook, "now", lambda: came_at)
        visitor.report(post)
        code = visitor.code
    machine.taking_in.look()
    visitor.open(code)
    # Within the first hour of a day that was yesterday, and the page says so.
    assert f"We received it at {clock_time(came_at, datetime.now(UTC))}" in visitor.page


def test_a_message_on_an_open_page_is_kept_and_arrives_once(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    visitor.report_and_send(post)
    visitor.open(visitor.code)
    key = str(uuid.uuid4())
    with outage.away():
        for _ in range(2):
            answer = visitor.send("/u/words", words="He threatens me.", key=key)
            assert answer.status_code == 202
            assert "We have what you sent." in visitor.page
            visitor.look("/u/page")
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(the_notice())
    assert notice is not None
    assert len(notice.words) == 1
    assert notice.signals == {Signal.THREAT}


def test_look_again_links_answers_and_a_new_code_are_kept_too(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    visitor.report_and_send(post, age="no")
    visitor.open(visitor.code)
    with outage.away():
        for path, fields in (
            ("/u/again", {"new_facts": "yes", "words": "", "key": str(uuid.uuid4())}),
            ("/u/links", {"links": f"{post}7", "key": str(uuid.uuid4())}),
            ("/u/answers", {"age": "yes", "country": "US"}),
        ):
            visitor.look("/u/page")
            assert visitor.send(path, **fields).status_code == 202, path
        visitor.look("/u/page")
        assert visitor.send("/u/code").status_code == 202
        code = visitor.code
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(the_notice())
    assert notice is not None
    assert (len(notice.links), len(notice.words), notice.settled_age, notice.country) == (2, 1, Age.CHILD, "US")
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_a_reporter_goes_on_although_the_books_are_back_and_have_not_taken_the_report_in_yet(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
        visitor.look("/report/who")
    visitor.send("/report/who", relation="me")
    assert visitor.last.status_code == 200
    visitor.send("/report/age", age="yes")
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(the_notice())
    assert notice is not None
    assert (notice.relation, notice.age) == (Relation.DEPICTED, Age.CHILD)


def test_links_that_cannot_be_placed_are_kept_sealed_and_wait_for_a_person(
    visitor: Visitor, machine: Machine, outage: Outage
) -> None:
    with outage.away():
        visitor.report("https://elsewhere.example/canary-link")
        assert b"canary" not in machine.bytes_on_disk()
    machine.taking_in.look()
    assert models.Notice.objects.get().waits_for_a_person
    assert models.SealedObject.objects.count() == 1


def test_a_bad_form_is_told_so_in_an_outage_and_nothing_is_kept(
    visitor: Visitor, machine: Machine, outage: Outage
) -> None:
    with outage.away():
        assert visitor.report("").status_code == 400
        assert visitor.report("x" * 5000).status_code == 400
        assert machine.names() == []


@pytest.fixture
def rests_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A door that takes any failure for a long wait, and rests from asking the database for an hour."""
    monkeypatch.setattr(guard, "Patience", lambda: Patience(slow_seconds=0, rest_seconds=3600))


def test_a_form_that_never_came_to_the_database_does_not_end_the_rest_from_it(
    rests_long: None, new_visitor: Callable[[], Visitor], machine: Machine, outage: Outage, post: str
) -> None:
    visitor = new_visitor()
    with outage.away():
        assert visitor.report(post).status_code == 202
    assert visitor.report(f"{post}1").status_code == 202
    assert visitor.client.post("/report/who", {"relation": "me"}).status_code == 403
    assert visitor.report(f"{post}2").status_code == 202


def test_no_word_and_no_link_stands_readable_in_the_spool_or_the_log(
    visitor: Visitor, machine: Machine, outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.report_and_send(f"{PLAZA}/post/1")
    visitor.open(visitor.code)
    with outage.away():
        visitor.send("/u/words", words="canary-of-words", key=str(uuid.uuid4()))
        visitor.report(f"{PLAZA}/post/987654321")
        code = visitor.code
        on_disk = machine.bytes_on_disk()
    for canary in (b"canary-of-words", b"987654321", b"sexual_picture", code.encode()):
        assert canary not in on_disk
    assert "canary-of-words" not in caplog.text
    assert "987654321" not in caplog.text
    assert "kept while the database is away: notice_" in caplog.text


def test_records_are_taken_in_in_the_order_in_which_they_came(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        for number in range(5):
            visitor.report(f"{post}{number}")
        came = machine.names()
    assert machine.taking_in.look() == 0
    opened = models.Event.objects.filter(type="NoticeOpened").order_by("id").values_list("aggregate", flat=True)
    assert [name.partition(".")[0] for name in came] == list(opened)


def test_what_waits_for_its_report_stays_and_rings_after_a_minute(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outage.away():
        visitor.report(post)
        visitor.look("/report/who")
        visitor.send("/report/who", relation="me")
    report, answer = machine.names()
    elsewhere = machine.directory.parent / report
    (machine.directory / report).rename(elsewhere)
    assert machine.taking_in.look() == 1
    now = datetime.now(UTC) + timedelta(seconds=70)
    monkeypatch.setattr(installation().casebook, "now", lambda: now)
    assert machine.taking_in.look() == 1
    assert models.Alarm.objects.filter(kind="spool_waits").count() == 1
    elsewhere.rename(machine.directory / report)
    monkeypatch.setattr(installation().casebook, "now", lambda: now + timedelta(seconds=70))
    assert machine.taking_in.look() == 0
    assert answer not in machine.names()


def test_what_is_told_after_sending_is_kept_and_arrives(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    visitor.report_and_send(post, age="no")
    visitor.look("/u/page")
    with outage.away():
        visitor.send("/u/facts", fact=["school"], police_number="KR 4711")
        assert visitor.last.status_code == 202
        visitor.look("/u/page")
        visitor.send("/u/statement", name="A Person", contact="a@person.example")
        assert visitor.last.status_code == 202
        assert b"4711" not in machine.bytes_on_disk()
        assert b"A Person" not in machine.bytes_on_disk()
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(NoticeId(the_notice()))
    assert notice is not None
    assert notice.facts_told == {Signal.SPREADING, Signal.POLICE}
    assert notice.elements == {Element.SIGNATURE, Element.NAME, Element.CONTACT, Element.EMAIL}
    assert notice.contact is not None
    assert len(notice.words) == 1


def test_a_threat_without_a_link_is_kept_and_waits_for_a_person(
    visitor: Visitor, machine: Machine, outage: Outage
) -> None:
    with outage.away():
        visitor.look("/help-me")
        visitor.send("/report", topic="threat", links="")
        assert visitor.last.status_code == 202
    assert machine.taking_in.look() == 0
    notice = installation().casebook.notice(NoticeId(the_notice()))
    assert notice is not None
    assert [(link.problem, link.sealed) for link in notice.links] == [(LinkProblem.NO_LINK, None)]
