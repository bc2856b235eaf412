"""A person is called when the database or the worker is away, although neither can be asked."""

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from amparo.records import alarms, heartbeats, models
from amparo.workers import pager, watch
from amparo.workers.watch import AWAY, STILL_AWAY, Outage

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Calls = list[tuple[str, str]]


@pytest.fixture
def calls() -> Calls:
    return []


@pytest.fixture
def outage(tmp_path: Path, calls: Calls) -> Outage:
    return Outage(tmp_path / "outage.json", lambda kind, about: calls.append((kind, about)))


@pytest.fixture(autouse=True)
def _patient_with_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no test of the limit must not meet it where other work keeps the disk."""
    monkeypatch.setattr(watch, "_CUT_AFTER_SECONDS", 60.0)


def after(**length: float) -> datetime:
    return NOW + timedelta(**length)


def test_a_person_is_called_within_thirty_seconds_and_once_more_after_ten_minutes(outage: Outage, calls: Calls) -> None:
    for second in range(0, 29, 3):
        outage.note(after(seconds=second))
    assert calls == [(AWAY, "database")]
    for minute in range(1, 30):
        outage.note(after(minutes=minute))
    assert calls == [(AWAY, "database"), (STILL_AWAY, "database")]


def test_door_and_worker_call_once_between_them_and_a_restart_forgets_nothing(
    outage: Outage, tmp_path: Path, calls: Calls
) -> None:
    door = Outage(tmp_path / "outage.json", lambda kind, about: calls.append((kind, about)))
    outage.note(NOW)
    door.note(after(seconds=15))
    outage.note(after(seconds=16))
    assert calls == [(AWAY, "database")]


def test_a_restart_of_the_database_wakes_nobody(outage: Outage, calls: Calls) -> None:
    for minute in range(20):
        outage.note(after(minutes=minute))
        outage.end(after(minutes=minute, seconds=5))
    assert calls == []


def test_each_outage_calls_anew(outage: Outage, calls: Calls) -> None:
    for hour in (0, 1):
        outage.note(after(hours=hour))
        outage.note(after(hours=hour, seconds=12))
        outage.end(after(hours=hour, minutes=1))
    assert calls == [(AWAY, "database")] * 2


def test_a_call_that_failed_is_repeated_by_the_next_look_of_whoever_can_reach_the_pager(
    tmp_path: Path, calls: Calls
) -> None:
    tries: list[str] = []

    def fail(kind: str, about: str) -> None:
        tries.append(kind)
        raise pager.NotCalled("no way out of this process")

    shut_in = Outage(tmp_path / "outage.json", fail)
    for second in (0, 12, 15):
        shut_in.note(after(seconds=second))
    assert tries == [AWAY, AWAY]
    worker = Outage(tmp_path / "outage.json", lambda kind, about: calls.append((kind, about)))
    for second in (16, 18):
        worker.note(after(seconds=second))
        shut_in.note(after(seconds=second))
    assert calls == [(AWAY, "database")]
    assert tries == [AWAY, AWAY]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB, to be filled."""
    folder = tmp_path / "full"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("A full disk needs the right to mount one: not tried here.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


def test_a_person_is_called_although_the_disk_of_the_home_is_full(full_disk: Path, calls: Calls) -> None:
    outage = Outage(full_disk / "outage.json", lambda kind, about: calls.append((kind, about)))
    outage.end(NOW)
    with pytest.raises(OSError, match="No space"):
        fill(full_disk / "rest")
    for second in (0, 12, 15):
        outage.note(after(seconds=second))
    assert calls == [(AWAY, "database")]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"since": "never"}', b"\xff" * 100])
def test_a_memory_that_a_kill_has_damaged_calls_anew_and_breaks_nothing(
    outage: Outage, tmp_path: Path, calls: Calls, damage: bytes
) -> None:
    (tmp_path / "outage.json").write_bytes(damage)
    outage.end(NOW)
    (tmp_path / "outage.json").write_bytes(damage)
    outage.note(NOW)
    outage.note(after(seconds=15))
    assert calls == [(AWAY, "database")]


@dataclass
class Pager:
    """The address of the pager: what arrives there, and whether it takes it."""

    arrived: list[str] = field(default_factory=list)
    status: int = 204


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pager]:
    known = Pager()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            known.arrived.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["alarm"])
            self.send_response(known.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(pager, "PAGER_URL", f"http://127.0.0.1:{server.server_port}/")
    yield known
    server.shutdown()
    server.server_close()


def test_a_look_calls_by_the_pager_while_no_database_answers(
    tmp_path: Path, paged: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    outage = Outage(tmp_path / "outage.json")
    for second in range(0, 30, 3):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["database_away"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param("-c default_transaction_read_only=on", id="read-only, as a standby"),
        pytest.param("-c temp_file_limit=0", id="no room on its disk"),
    ],
)
def test_a_database_that_reads_and_does_not_write_is_away(
    empty_books: None, tmp_path: Path, paged: Pager, monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    outage = Outage(tmp_path / "outage.json")
    with monkeypatch.context() as troubled:
        troubled.setitem(connection.settings_dict["OPTIONS"], "options", options)
        for second in (0, 12):
            watch.look(outage, after(seconds=second))
    assert paged.arrived == ["database_away"]
    watch.look(outage, after(seconds=15))
    watch.look(outage, after(minutes=11))
    assert paged.arrived == ["database_away"]


def test_a_database_that_hangs_in_the_writing_is_away_and_holds_up_no_look(
    empty_books: None, tmp_path: Path, paged: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_CUT_AFTER_SECONDS", 0.3)
    outage = Outage(tmp_path / "outage.json")
    with psycopg.connect(os.environ["DATABASE_URL"]) as holding:
        holding.execute("LOCK TABLE records_heartbeat IN ACCESS EXCLUSIVE MODE")
        for second in (0, 12):
            watch.look(outage, after(seconds=second))
    assert paged.arrived == ["database_away"]


def test_a_call_that_was_made_and_could_not_be_noted_comes_once_more(
    empty_books: None, tmp_path: Path, paged: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage = Outage(tmp_path / "outage.json")
    heartbeats.beat("worker", NOW)
    call = pager.call

    def call_and_lose_the_database(kind: str, about: str) -> None:
        call(kind, about)
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c default_transaction_read_only=on")

    with monkeypatch.context() as losing:
        losing.setattr(pager, "call", call_and_lose_the_database)
        watch.look(outage, after(seconds=31))
    monkeypatch.delitem(connection.settings_dict["OPTIONS"], "options")
    for second in (41, 51):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["worker_silent"] * 2


def test_a_worker_that_is_silent_rings_and_calls_once(empty_books: None, tmp_path: Path, paged: Pager) -> None:
    outage = Outage(tmp_path / "outage.json")
    watch.look(outage, NOW)
    assert models.Alarm.objects.count() == 0
    heartbeats.beat("worker", NOW)
    watch.look(outage, after(seconds=20))
    assert paged.arrived == []
    for second in (31, 34, 37, 50):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["worker_silent"]
    assert models.Alarm.objects.get().kind == "worker_silent"


def test_an_outage_in_which_no_worker_could_give_a_sign_of_life_is_no_silence_of_the_worker(
    empty_books: None, tmp_path: Path, paged: Pager
) -> None:
    outage = Outage(tmp_path / "outage.json")
    heartbeats.beat("worker", NOW)
    outage.note(after(seconds=3))
    watch.look(outage, after(seconds=90))
    watch.look(outage, after(seconds=93))
    assert models.Alarm.objects.count() == 0
    watch.look(outage, after(seconds=121))
    assert paged.arrived == ["worker_silent"]


def test_a_call_for_a_silent_worker_that_failed_is_repeated_until_it_arrives_and_anew_once_it_was_taken_up(
    empty_books: None, tmp_path: Path, paged: Pager
) -> None:
    outage = Outage(tmp_path / "outage.json")
    heartbeats.beat("worker", NOW)
    paged.status = 503
    for second in (31, 34, 44):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["worker_silent"] * 2
    paged.status = 204
    for second in (54, 64, 74):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["worker_silent"] * 3
    alarms.close(models.Alarm.objects.get().id, "staff_1", after(seconds=80))
    for second in (90, 100):
        watch.look(outage, after(seconds=second))
    assert paged.arrived == ["worker_silent"] * 4
