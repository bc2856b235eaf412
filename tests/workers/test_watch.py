"""A person is called when the database or the worker is away, although neither can be asked."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amparo.records import heartbeats, models
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


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """What arrives at the address of the pager."""
    arrived: list[dict[str, str]] = []

    class Pager(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Pager)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(pager, "PAGER_URL", f"http://127.0.0.1:{server.server_port}/")
    yield arrived
    server.shutdown()
    server.server_close()


def test_a_look_calls_by_the_pager_while_no_database_answers(
    tmp_path: Path, paged: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    outage = Outage(tmp_path / "outage.json")
    for second in range(0, 30, 3):
        watch.look(outage, after(seconds=second))
    assert [each["alarm"] for each in paged] == ["database_away"]
    assert paged[0]["about"] == "database"


def test_a_worker_that_is_silent_rings_and_calls_once(
    empty_books: None, tmp_path: Path, paged: list[dict[str, str]]
) -> None:
    outage = Outage(tmp_path / "outage.json")
    watch.look(outage, NOW)
    assert models.Alarm.objects.count() == 0
    heartbeats.beat("worker", NOW)
    watch.look(outage, after(seconds=20))
    assert paged == []
    for second in (31, 34, 37):
        watch.look(outage, after(seconds=second))
    assert [each["alarm"] for each in paged] == ["worker_silent"]
    assert models.Alarm.objects.get().kind == "worker_silent"
