"""A form that comes again, in an outage or across one, is one report, and never somebody else's."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from amparo.plugins import installation
from amparo.records import models
from tests.public.visitor import Visitor
from tests.spool.machine import Machine, Outage, the_notice


def test_the_same_form_twice_is_one_record_and_both_codes_open_the_page(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    key = str(uuid.uuid4())
    with outage.away():
        visitor.report(post, key=key)
        first = visitor.code
        assert visitor.report(post, key=key).status_code == 202
        second = visitor.code
    assert first != second
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 1
    for code in (first, second):
        visitor.open(code)
        assert "We received it at" in visitor.page


def test_the_same_key_with_other_links_is_refused_in_an_outage_too_and_the_text_comes_back(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    key = str(uuid.uuid4())
    with outage.away():
        visitor.report(post, key=key)
        answer = visitor.report(f"{post}9", key=key)
        assert answer.status_code == 409
        assert f"{post}9" in answer.content.decode()
        assert len(machine.names()) == 1


def test_a_form_that_the_books_took_before_they_went_away_is_found_and_not_doubled(
    visitor: Visitor, machine: Machine, outage: Outage, post: str
) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key)
    with outage.away():
        assert visitor.report(post, key=key).status_code == 202
        code = visitor.code
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 1
    visitor.open(code)
    assert "We received it at" in visitor.page


def test_another_body_under_a_key_that_the_books_took_is_not_lost_and_opens_nobody_elses_page(
    visitor: Visitor, new_visitor: Callable[[], Visitor], machine: Machine, outage: Outage, post: str
) -> None:
    key = str(uuid.uuid4())
    visitor.report(post, key=key)
    first = the_notice()
    other = new_visitor()
    with outage.away():
        assert other.report(f"{post}9", key=key).status_code == 202
        code = other.code
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 2
    assert models.NoticeCode.objects.filter(notice=first).count() == 0
    other.open(code)
    assert "We received it at" in other.page


def test_a_form_of_hours_ago_opens_its_own_report_in_an_outage_and_not_the_first_ones(
    visitor: Visitor,
    new_visitor: Callable[[], Visitor],
    machine: Machine,
    outage: Outage,
    post: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, now = str(uuid.uuid4()), datetime.now(UTC)
    with monkeypatch.context() as earlier:
        earlier.setattr(installation().casebook, "now", lambda: now - timedelta(hours=2))
        visitor.report(post, key=key)
    first = the_notice()
    with outage.away():
        new_visitor().report(post, key=key)
    assert machine.taking_in.look() == 0
    assert models.Notice.objects.count() == 2
    assert models.NoticeCode.objects.filter(notice=first).count() == 0
