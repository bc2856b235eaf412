"""What staff meet when something behind the console is away: a plain sentence, and no work that only looks done."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection

from amparo.records import heartbeats, models
from tests.console.desk import Browser, Desk

NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
def desk_with_people(desk: Desk) -> Desk:
    desk.enrol("reviewer", "reviewer")
    desk.enrol("lead", "lead")
    return desk


@dataclass
class AtTheDesk:
    """Somebody who signed in, and a case, before the database went away."""

    browser: Browser
    case: str


@pytest.fixture
def no_database(desk_with_people: Desk) -> Iterator[AtTheDesk]:
    """The database is away."""
    from amparo.settings import database_settings

    at_the_desk = AtTheDesk(desk_with_people.browser("reviewer"), desk_with_people.report())
    at_the_desk.browser.raise_request_exception = False
    real = os.environ["DATABASE_URL"]
    _ask_at(NOWHERE, database_settings)
    yield at_the_desk
    _ask_at(real, database_settings)


def _ask_at(url: str, read: object) -> None:
    os.environ["DATABASE_URL"] = url
    connection.close()
    connection.settings_dict.update(read())  # type: ignore[operator]


@pytest.mark.parametrize("path", ["/", "/clocks", "/alarms", "/cases/CASE", "/sign-in?next=/"])
def test_without_the_database_a_page_says_so_and_that_reports_are_still_taken(
    no_database: AtTheDesk, path: str
) -> None:
    answer = no_database.browser.get(path.replace("CASE", no_database.case))
    if not path.startswith("/sign-in"):
        assert answer.status_code == 503
        said = answer.content.decode()
        assert "The database is away" in said
        assert "Reports are still taken and kept." in said
    assert "That failed" not in answer.content.decode()


def test_without_the_database_nothing_is_decided(no_database: AtTheDesk) -> None:
    answer = no_database.browser.send(f"/cases/{no_database.case}/remove", {"round": "1"})
    assert answer.status_code == 503
    assert "nothing was changed" in answer.content.decode()


def test_without_the_vault_a_case_says_that_nothing_can_be_opened_now(desk_with_people: Desk) -> None:
    case = desk_with_people.report()
    browser = desk_with_people.browser("reviewer")
    browser.send(f"/cases/{case}/open")
    answer = browser.get(f"/cases/{case}/parts/1")
    assert answer.status_code == 503
    assert "The vault does not answer at the moment" in answer.content.decode()
    assert models.Access.objects.count() == 0


def test_without_a_worker_the_pages_say_that_nothing_is_carried_out(desk_with_people: Desk) -> None:
    browser = desk_with_people.browser("lead")
    now = desk_with_people.clock[0]
    heartbeats.beat("worker", now)
    assert "No worker is running" not in browser.get("/").content.decode()
    heartbeats.beat("worker", now - timedelta(minutes=1))
    for path in ("/", "/clocks", "/alarms"):
        assert "No worker is running" in browser.get(path).content.decode(), path
