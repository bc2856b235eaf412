"""After everything is lost a home goes on from its backup, with real processes."""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from amparo.cli import processes
from amparo.cli.check import Person, Plaza, Stranger
from amparo.cli.demo import World, running_world, wait_until_up
from amparo.postgres import database_url
from tests.cli.test_backup import WORDS, amparo


def test_after_a_loss_of_everything_a_home_goes_on_from_its_backup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with running_world(free_ports=True) as world:
        plaza, reporter = Plaza(world), Stranger(world)
        post = plaza.post()
        reporter.report(post["url"], "It is me", "Yes")
        reporter.page()
        reporter.visitor.press("Send the message", words=WORDS)
        plaza.wait(post["url"], 404)
        with _more_reports(world, plaza):
            code, said = amparo(world.home, "backup", str(tmp_path / "backup"), "--with-keys")
        assert code == 0, said
        _lose_everything(world)
        code, said = amparo(world.home, "restore", str(tmp_path / "backup"))
        assert code == 0, said
        assert "✗" not in said
        assert "folded anew, of each up to 1000: 0 differ" in said
        world.processes["amparo"] = processes.start("up", world.home, tmp_path / "amparo.log")
        wait_until_up(world)
        _checks_itself_again(world)
        assert "You wrote to us" in reporter.page()
        notice = _one(world, "SELECT notice FROM records_intake ORDER BY at LIMIT 1")
        lead = Person(world, "lead").visitor.open(f"{world.console}/notices/{notice}")
        assert WORDS in lead.text
        after = Stranger(world)
        after.report(plaza.post()["url"], "It is me", "Yes")
        assert after.code


@contextlib.contextmanager
def _more_reports(world: World, plaza: Plaza) -> Iterator[None]:
    """Reports come in while something else is done; one at least before it and one after it."""
    is_over, sent = threading.Event(), threading.Semaphore(0)
    failed: list[BaseException] = []

    def report() -> None:
        try:
            while not is_over.is_set():
                Stranger(world).report(plaza.post()["url"], "It is me", "Yes")
                sent.release()
        except BaseException as error:
            failed.append(error)
            sent.release()

    reporting = threading.Thread(target=report)
    reporting.start()
    try:
        assert sent.acquire(timeout=60)
        yield
        assert sent.acquire(timeout=60)
    finally:
        is_over.set()
        reporting.join(timeout=60)
    assert failed == []


def _lose_everything(world: World) -> None:
    world.processes["amparo"].terminate()
    world.processes["amparo"].wait(timeout=60)
    shutil.rmtree(world.home)


def _checks_itself_again(world: World) -> None:
    """Nothing that must never be is there, and every open case and notice has its clock."""
    from amparo.records.invariants import SQL

    with psycopg.connect(database_url(world.home / "database")) as connection:
        assert connection.execute(SQL.encode()).fetchall() == []
    assert _one(world, "SELECT count(*) FROM records_clock") != 0


def _one(world: World, query: LiteralString) -> object:
    with psycopg.connect(database_url(world.home / "database")) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]
