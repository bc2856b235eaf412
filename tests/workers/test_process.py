"""The worker process: nothing that is due is forgotten, whatever became of its job."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from amparo import plugins
from amparo.cases.actor import Reporter
from amparo.cases.notice_commands import OpenNotice, UnplacedLink
from amparo.cases.refs import NoticeId
from amparo.cases.words import LinkProblem
from amparo.policies.policy import Topic
from amparo.records import heartbeats, models
from amparo.workers import jobs, process


@pytest.fixture
def here(empty_books: None) -> Iterator[plugins.Installation]:
    plugins.installation.cache_clear()
    yield plugins.installation()
    plugins.installation.cache_clear()


def a_notice(here: plugins.Installation) -> NoticeId:
    """A report of one link that a person must place: its clock is the only thing to be done."""
    notice = here.casebook.new_notice_id()
    policy = here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    links = (UnplacedLink(None, LinkProblem.FOREIGN),)
    here.casebook.execute(
        OpenNotice(notice, Topic.SEXUAL_PICTURE, policy.ref, None, links, frozenset(), True, Reporter(notice))
    )
    return notice


def test_a_tick_expires_what_is_due_and_leaves_the_rest(here: plugins.Installation) -> None:
    notice = a_notice(here)
    process.tick(here)
    assert models.Clock.objects.filter(aggregate=notice, key="placed").exists()
    before = models.Event.objects.count()
    here.casebook.now = lambda: datetime.now(UTC) + timedelta(minutes=16)  # type: ignore[method-assign]
    process.tick(here)
    kinds = models.Event.objects.filter(id__gt=before).values_list("type", flat=True)
    assert {"ClockExpired", "ReporterTold", "AlarmRaised", "EscalatedToLead"} <= set(kinds)
    assert models.Clock.objects.filter(aggregate=notice, key="placed").exists()


def test_a_clock_that_cannot_be_expired_keeps_no_other_from_expiring(here: plugins.Installation) -> None:
    broken, notice = a_notice(here), a_notice(here)
    state = models.Notice.objects.get(id=broken).state
    models.Notice.objects.filter(id=broken).update(state={**state, "policy": "gone@0000"})
    models.Clock.objects.filter(aggregate=broken).update(wakes_at=datetime.now(UTC) - timedelta(days=1))
    before = models.Event.objects.filter(aggregate=notice).count()
    here.casebook.now = lambda: datetime.now(UTC) + timedelta(minutes=16)  # type: ignore[method-assign]
    process.tick(here)
    assert models.Event.objects.filter(aggregate=notice).count() > before
    assert any(kind.startswith("broken") for kind in models.Alarm.objects.values_list("kind", flat=True))
    models.Notice.objects.filter(id=broken).update(state=state)


def test_no_error_of_one_tick_ends_the_ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, tries = threading.Event(), list[int]()

    def fail(here: object) -> None:
        tries.append(1)
        if len(tries) == 2:
            stop.set()
        raise KeyError("a connector that was taken out of the settings")

    monkeypatch.setattr(process, "tick", fail)
    monkeypatch.setattr(process, "installation", lambda: None)
    monkeypatch.setattr(process, "_TICK_SECONDS", 0.01)
    process._every_second(stop)
    assert len(tries) == 2


def test_a_spool_that_cannot_be_swept_is_taken_in_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, looks = threading.Event(), list[int]()

    class TakeIn:
        def __init__(self, *_: object) -> None:
            """Nothing is needed."""

        def look(self) -> None:
            looks.append(1)
            stop.set()

    def fail(folder: object) -> None:
        raise PermissionError("a folder of somebody else")

    monkeypatch.setattr(process, "sweep", fail)
    monkeypatch.setattr(process, "installation", lambda: None)
    monkeypatch.setattr(process.spool, "TakeIn", TakeIn)
    process._take_in_every_second(stop)
    assert looks == [1]


def test_a_tick_shows_that_a_worker_is_alive(here: plugins.Installation) -> None:
    assert heartbeats.last("worker") is None
    process.tick(here)
    assert heartbeats.last("worker") is not None


def test_an_effect_whose_job_was_lost_is_handed_to_the_queue_again(here: plugins.Installation) -> None:
    a_notice(here)
    here.casebook.now = lambda: datetime.now(UTC) + timedelta(minutes=16)  # type: ignore[method-assign]
    process.tick(here)
    _forget_jobs()
    process.tick(here)
    assert _jobs() >= 1


def test_an_effect_whose_job_waits_gets_no_second_one(here: plugins.Installation) -> None:
    a_notice(here)
    here.casebook.now = lambda: datetime.now(UTC) + timedelta(minutes=16)  # type: ignore[method-assign]
    process.tick(here)
    waiting = _jobs()
    process.tick(here)
    assert _jobs() == waiting


def test_what_stands_behind_is_looked_at_after_what_was_asked_for_later(here: plugins.Installation) -> None:
    _forget_jobs()
    jobs.look_behind("case_behind")
    jobs.look_now("case_in_front")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'aggregate' FROM procrastinate_jobs ORDER BY priority DESC, id")
        assert [name for (name,) in cursor.fetchall()] == ["case_in_front", "case_behind"]


def test_a_job_that_its_worker_left_behind_is_done_by_the_next_one(here: plugins.Installation) -> None:
    notice = a_notice(here)
    jobs.look_now(notice)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        (dead,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    stop = threading.Event()
    working = threading.Thread(target=lambda: asyncio.run(process._take_jobs(stop)))
    working.start()
    try:
        _wait_until(lambda: _jobs() == 0)
    finally:
        stop.set()
        working.join(timeout=20)
    assert _jobs() == 0


def test_what_must_never_be_rings_an_alarm(here: plugins.Installation) -> None:
    notice = a_notice(here)
    clocks = list(models.Clock.objects.filter(aggregate=notice).values())
    models.Clock.objects.filter(aggregate=notice).delete()
    process.tick(here)
    kinds = models.Alarm.objects.values_list("kind", flat=True)
    assert any(kind.startswith("broken: open notice without a clock") for kind in kinds)
    models.Clock.objects.bulk_create(models.Clock(**clock) for clock in clocks)


def _jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        (count,) = cursor.fetchone()
    return int(count)


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _wait_until(comes_true: "object", patience_seconds: float = 30.0) -> None:
    gate = threading.Event()
    for _ in range(int(patience_seconds / 0.2)):
        if comes_true():  # type: ignore[operator]
            return
        gate.wait(0.2)
