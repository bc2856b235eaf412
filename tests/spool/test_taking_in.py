"""Taking in what waited: once, whatever dies in between, and nothing that no door of ours has signed."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError
from django.test import override_settings

from amparo.plugins import Installation, installation, spool
from amparo.records import codes, models
from amparo.records.spooled import Spooled, to_bytes
from amparo.vault import spool as files
from amparo.vault.errors import VaultDown
from amparo.vault.spool import ASIDE, Label
from amparo.workers import spool as taking_in
from tests.public.visitor import Visitor
from tests.spool.machine import Machine, Outage


class Killed(BaseException):
    """Stands for a kill -9 at this very place."""


class NoVault:
    def open_for(self, *_: str) -> bytes:
        raise VaultDown("The vault is not running. Start it: amparo vault", "not_running")


def _dies(*_: Any, **__: Any) -> None:
    raise Killed


def _books() -> tuple[object, ...]:
    return (
        models.Notice.objects.count(),
        models.Case.objects.count(),
        list(models.Event.objects.order_by("aggregate", "seq").values_list("type", "body")),
        models.NoticeCode.objects.count(),
        models.Intake.objects.count(),
        models.Effect.objects.count(),
    )


@pytest.mark.parametrize(
    ("where", "name"),
    [
        pytest.param(taking_in, "from_bytes", id="after the vault has opened it"),
        pytest.param(taking_in, "execute", id="before its commands"),
        pytest.param(codes, "keep", id="after its commands and before its code"),
        pytest.param(files, "remove", id="before its file is removed"),
        pytest.param(files, "sync_folder", id="before the removal is durable"),
    ],
)
def test_killed_between_any_two_steps_and_started_again_it_gives_the_same_books(
    visitor: Visitor,
    machine: Machine,
    outage: Outage,
    post: str,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
) -> None:
    with outage.away():
        visitor.report(post)
        code = visitor.code
        kept = (machine.directory / machine.names()[0]).read_bytes()
        path = machine.directory / machine.names()[0]
    with monkeypatch.context() as dying:
        dying.setattr(where, name, _dies)
        with pytest.raises(Killed):
            machine.taking_in.look()
    assert machine.taking_in.look() == 0
    after_the_kill = _books()
    # A removal that did not outlive a power cut: the same record once more.
    path.write_bytes(kept)
    assert machine.taking_in.look() == 0
    assert _books() == after_the_kill
    assert models.Notice.objects.count() == 1
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_each_opening_is_on_record_before_its_report_is_in_the_books(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
        name = machine.names()[0]
    machine.taking_in.look()
    access = models.Access.objects.get()
    assert (access.object, access.actor, access.purpose, access.channel) == (name, "system:spool", "take_in", "worker")
    opened = models.Event.objects.get(type="NoticeOpened")
    assert access.at <= opened.at


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:-1] + bytes([content[-1] ^ 1]), id="changed"),
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content.replace(b'"received_at": "2', b'"received_at": "1'), id="an earlier time"),
    ],
)
def test_a_damaged_record_is_set_aside_and_rings_and_the_others_are_taken_in(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, damage: Callable[[bytes], bytes]
) -> None:
    with outage.away():
        for number in range(3):
            visitor.report(f"{post}{number}")
        name = machine.names()[1]
    path = machine.directory / name
    path.write_bytes(damage(path.read_bytes()))
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 2
    assert (machine.directory / ASIDE / name).exists()
    assert models.Alarm.objects.filter(kind="spool_aside", aggregate=name.partition(".")[0]).count() == 1


def test_a_record_that_cannot_be_read_for_a_moment_waits_and_keeps_no_other_waiting(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outage.away():
        for number in range(2):
            visitor.report(f"{post}{number}")
        name = machine.names()[0]
    read = Path.open

    def fail(path: Path, *rest: Any, **more: Any) -> Any:
        if path.name == name:
            raise OSError(errno.EMFILE, "no open files left")
        return read(path, *rest, **more)

    with monkeypatch.context() as failing:
        failing.setattr(Path, "open", fail)
        assert machine.taking_in.look() == 1
    assert models.Notice.objects.count() == 1
    assert not (machine.directory / ASIDE / name).exists()
    monkeypatch.setattr(installation().casebook, "now", lambda: datetime.now(UTC) + timedelta(seconds=10))
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 2


def test_a_record_that_lies_aside_is_taken_in_once_it_is_moved_back_and_the_log_says_why_it_lay_there(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, caplog: pytest.LogCaptureFixture
) -> None:
    with outage.away():
        visitor.report(post)
        code, name = visitor.code, machine.names()[0]
    with override_settings(SECRET_KEY="the key of a home restored without its own"):
        assert machine.taking_in.look() == 0
    assert f"{name} cannot be taken in and is set aside: not signed with our django.key" in caplog.text
    (machine.directory / ASIDE / name).rename(machine.directory / name)
    assert machine.taking_in.look() == 0
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_whose_record_lies_aside_is_not_told_that_a_report_is_open(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
    with override_settings(SECRET_KEY="the key of a home restored without its own"):
        machine.taking_in.look()
    assert visitor.look("/report/who").status_code == 403
    assert "If you sent a link and we asked a question, we have it." in visitor.page
    assert "report is open" not in visitor.page


def test_a_record_that_no_door_of_ours_signed_is_set_aside(machine: Machine) -> None:
    forged = _a_record(code_sha256="0" * 64)
    spool().keep(Label(forged.name, forged.received_at, forged.body_mac), to_bytes(forged, "another secret"))
    assert machine.taking_in.look() == 0
    assert models.NoticeCode.objects.count() == 0
    assert (machine.directory / ASIDE / forged.name).exists()


def test_a_record_that_says_something_else_than_its_label_is_set_aside(machine: Machine) -> None:
    from django.conf import settings

    record = _a_record()
    other = replace(record, key="another key")
    spool().keep(Label(other.name, record.received_at, record.body_mac), to_bytes(record, settings.SECRET_KEY))
    assert machine.taking_in.look() == 0
    assert (machine.directory / ASIDE / other.name).exists()


def test_what_the_rules_refuse_is_set_aside_and_rings_and_the_log_says_by_which_rule(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor.report_and_send(post, age="yes")
    visitor.open(visitor.code)
    with outage.away():
        visitor.send("/u/answers", age="no")
        name = machine.names()[0]
    assert machine.taking_in.look() == 0
    assert (machine.directory / ASIDE / name).exists()
    assert models.Alarm.objects.filter(kind="spool_aside").count() == 1
    assert models.Notice.objects.get().state["age"] == "yes"
    assert "is set aside: refused, lanes_only_rise" in caplog.text


def test_without_the_vault_records_wait_and_none_is_lost(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)

    without = taking_in.TakeIn(installation(), NoVault(), machine.directory)  # type: ignore[arg-type]
    assert without.look() == 1
    assert models.Notice.objects.count() == 0
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 1


def test_what_comes_while_the_spool_is_taken_in_rings_only_once_it_has_waited_itself(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outage.away():
        for number in range(2):
            visitor.report(f"{post}{number}")
    name = machine.names()[1]
    comes_later = (machine.directory / name).rename(machine.directory.parent / name)
    real = taking_in.execute

    def and_one_more_comes(here: Installation, spooled: Spooled) -> None:
        real(here, spooled)
        if comes_later.exists():
            comes_later.rename(machine.directory / name)

    with monkeypatch.context() as stuck:
        stuck.setattr(machine.taking_in, "vault", NoVault())
        assert machine.taking_in.look() == 1
    monkeypatch.setattr(taking_in, "execute", and_one_more_comes)
    monkeypatch.setattr(installation().casebook, "now", lambda: datetime.now(UTC) + timedelta(seconds=70))
    assert machine.taking_in.look() == 1
    assert models.Alarm.objects.filter(kind="spool_waits").count() == 0
    assert machine.taking_in.look() == 0


def test_a_database_that_takes_no_writes_in_the_middle_sets_nothing_back(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    with outage.away():
        visitor.report(post)
    opened = machine.vault.open_for("system:spool", "take_in", machine.names()[0])

    class OpenAlready:
        def open_for(self, *_: str) -> bytes:
            return opened

    worker = taking_in.TakeIn(installation(), OpenAlready(), machine.directory)  # type: ignore[arg-type]
    with outage.changed("-c default_transaction_read_only=on"), pytest.raises(InternalError):
        worker.look()
    assert worker.look() == 0
    assert models.Notice.objects.count() == 1


def test_a_mistake_of_ours_keeps_one_record_waiting_and_no_other(
    visitor: Visitor, machine: Machine, outage: Outage, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with outage.away():
        for number in range(2):
            visitor.report(f"{post}{number}")
        broken = machine.names()[0].partition(".")[0]
    real = taking_in.execute

    def break_one(here: Installation, spooled: Spooled) -> None:
        if spooled.notice == broken:
            raise KeyError("a mistake")
        real(here, spooled)

    with monkeypatch.context() as mistaken:
        mistaken.setattr(taking_in, "execute", break_one)
        assert machine.taking_in.look() == 1
    assert models.Notice.objects.count() == 1
    assert models.Alarm.objects.filter(kind="broken: the taking in").count() == 1
    monkeypatch.setattr(installation().casebook, "now", lambda: datetime.now(UTC) + timedelta(minutes=2))
    assert machine.taking_in.look() == 0


def test_two_workers_of_one_machine_do_not_take_in_at_once(machine: Machine) -> None:
    with taking_in._alone(machine.directory) as first, taking_in._alone(machine.directory) as second:
        assert (first, second) == (True, False)


def _a_record(**changed: Any) -> Spooled:
    notice = installation().casebook.new_notice_id()
    now = datetime.now(UTC)
    return replace(
        Spooled(notice, f"key-{os.getpid()}", "0" * 64, now, "", code_expires_at=now + codes.VALID_FOR), **changed
    )
