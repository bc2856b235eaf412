"""The casebook in PostgreSQL keeps the promises of every casebook, and those that only a database can break."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections

from amparo.cases.notice_commands import OpenNotice
from amparo.cases.refs import StaffId
from amparo.cases.transaction import Intake, KeyReused
from amparo.records import clocks, models
from amparo.records.casebook import Casebook, Enclosed
from tests.records.casebook_contract import (
    LEAD,
    POLICIES,
    REVIEWER,
    START,
    Books,
    CasebookContract,
    Clock,
    a_notice,
    post,
)


@pytest.fixture
def books(empty_books: None, draw: Callable[[int], bytes]) -> Books:
    clock = Clock()
    looked: list[str] = []
    for person, role in ((REVIEWER, "reviewer"), (LEAD, "lead")):
        models.Staff.objects.create(
            id=person.id, username=role, role=role, enrolled_at=START, approved_by="staff_admin", approved_at=START
        )
    return Books(Casebook(POLICIES, clock, draw, looked.append), clock, _to_do, clocks.due)


def _to_do() -> set[str]:
    return set(models.Effect.objects.filter(done_at__isnull=True).values_list("key", flat=True))


class TestPostgreSQLCasebook(CasebookContract):
    pass


def test_the_clock_rows_are_the_running_clocks_of_the_state(books: Books) -> None:
    command = a_notice(books.casebook, post(1))
    books.casebook.execute(command)
    for state in (books.casebook.notice(command.notice), books.casebook.case(_only_case())):
        assert state is not None
        rows = models.Clock.objects.filter(aggregate=state.id).values_list("key", "due_at", "wakes_at")
        assert set(rows) == {(clock.key, clock.due_at, clock.wakes_at) for clock in state.clocks}


def test_many_threads_reporting_one_post_make_one_case(books: Books) -> None:
    notices = [a_notice(books.casebook, post(1), post(2)) for _ in range(16)]
    # Half of them name the posts the other way round: a deadlock, if rows were locked as they come.
    turned = [OpenNotice(**{**vars(each), "links": each.links[::-1]}) for each in notices[::2]] + notices[1::2]
    failures = _at_once([lambda each=each: books.casebook.execute(each) for each in turned])
    assert failures == []
    assert models.Case.objects.count() == 2
    assert all(books.casebook.case(each).notices == 16 for each in models.Case.objects.values_list("id", flat=True))  # type: ignore[union-attr]


def test_one_key_from_many_threads_opens_one_notice(books: Books) -> None:
    orders = [a_notice(books.casebook, post(1)) for _ in range(12)]
    failures = _at_once([lambda o=o: books.casebook.execute(o, intake=Intake("key", "body")) for o in orders])
    assert failures == []
    assert models.Notice.objects.count() == 1


def test_one_key_with_two_bodies_at_once_is_taken_once(books: Books) -> None:
    orders = [(a_notice(books.casebook, post(n)), Intake("key", f"body {n}")) for n in range(2)]
    failures = _at_once([lambda o=o, i=i: books.casebook.execute(o, intake=i) for o, i in orders])
    assert [type(failure) for failure in failures] == [KeyReused]
    assert models.Notice.objects.count() == 1


def test_a_code_and_a_network_go_in_with_the_notice_or_not_at_all(books: Books) -> None:
    command = a_notice(books.casebook, post(1))
    enclosed = Enclosed(code_sha256="a" * 64, code_expires_at=START + timedelta(days=1), network="net")
    books.casebook.execute(command, enclosed=enclosed)  # type: ignore[call-arg]
    assert models.NoticeCode.objects.get().notice == command.notice
    assert models.AutomaticHide.objects.get().network == "net"


def test_a_crash_before_the_commit_leaves_nothing(books: Books) -> None:
    def die(aggregate: str) -> None:
        raise RuntimeError("the process dies here")

    books.casebook._look_now = die  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError):
        books.casebook.execute(a_notice(books.casebook, post(1)), intake=Intake("key", "body"))
    tables = (models.Event, models.Case, models.Notice, models.Clock, models.Effect, models.Intake)
    assert [table.objects.count() for table in tables] == [0] * len(tables)  # type: ignore[attr-defined]


def test_an_event_cannot_stand_in_the_place_of_another(books: Books) -> None:
    books.casebook.execute(a_notice(books.casebook, post(1)))
    row = models.Event.objects.filter(aggregate=_only_case()).values().first()
    assert row is not None
    with pytest.raises(Exception, match="one_event_per_place"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_event (aggregate, seq, at, actor, type, body) VALUES (%s, %s, now(), '{}', 'X', '{}')",
            [row["aggregate"], row["seq"]],
        )


def test_admins_and_people_who_left_are_not_among_the_voters(books: Books, draw: Callable[[int], bytes]) -> None:
    from amparo.records import people

    people.enrol("admin", "a long password", "admin", enrolled_by=None, now=START, draw=draw(16))
    models.Staff.objects.filter(username="reviewer").update(is_active=False)
    assert [voter.id for voter in people.staffing().voters] == [LEAD.id]


def test_an_enrolment_is_approved_by_a_second_person_only(books: Books, draw: Callable[[int], bytes]) -> None:
    from amparo.cases.refused import Refused
    from amparo.records import people

    new = people.enrol("new", "a long password", "reviewer", enrolled_by=LEAD.id, now=START, draw=draw(16))
    for approver in (new.id, LEAD.id, REVIEWER.id):
        with pytest.raises(Refused):
            people.approve(new.id, by=approver, now=START)
    other = people.enrol("other", "a long password", "lead", enrolled_by=None, now=START, draw=draw(16))
    with pytest.raises(Refused, match="your own enrolment"):
        people.approve(new.id, by=other.id, now=START)
    people.approve(other.id, by=LEAD.id, now=START)
    people.approve(new.id, by=other.id, now=START)
    voter = people.staffing().find(StaffId(new.id))
    assert voter is not None
    assert voter.is_approved


def _only_case() -> str:
    return models.Case.objects.get().id


def _at_once(steps: list[Callable[[], object]]) -> list[Exception]:
    """Run all steps in threads of their own, started together; return what they raised."""
    failures: list[Exception] = []
    gate = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        gate.wait()
        try:
            step()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_what_is_enclosed_with_a_case_is_found_by_the_vault(books: Books) -> None:
    from amparo.cases.actor import Connector
    from amparo.cases.case_commands import RecordContent
    from amparo.cases.refs import CaseId
    from amparo.records.access import Register
    from amparo.vault.sealed import SealedObject
    from tests.records.casebook_contract import DIGEST

    books.casebook.execute(a_notice(books.casebook, post(1)))
    kept = SealedObject("vault_" + "a" * 26, "content", _only_case(), b"sealed", "0" * 64, 3)
    command = RecordContent(CaseId(_only_case()), DIGEST, 1, None, (), None, Connector("plaza"))
    books.casebook.execute(command, enclosed=Enclosed(sealed=(kept,)))  # type: ignore[call-arg]
    assert Register().find(kept.id) == kept
