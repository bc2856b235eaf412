"""A database that hangs keeps nobody waiting for long, and few people waiting at all."""

import threading

import pytest
from django.db import InterfaceError, OperationalError, connection

from amparo.public.patience import Patience


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def patience(clock: Clock) -> Patience:
    return Patience(limit_seconds=10, slow_seconds=1, rest_seconds=3, now=clock)


def wait_and_fail(patience: Patience, clock: Clock, seconds: float) -> None:
    with patience.limits():
        clock.at += seconds
        patience.failed()


def test_a_quick_failure_lets_the_next_request_ask_again(patience: Patience, clock: Clock) -> None:
    wait_and_fail(patience, clock, 0.1)
    assert not patience.is_resting()


def test_after_a_slow_failure_one_request_tries_every_few_seconds_and_the_others_do_not(
    patience: Patience, clock: Clock
) -> None:
    wait_and_fail(patience, clock, 3)
    assert [patience.is_resting() for _ in range(3)] == [True] * 3
    clock.at += 3
    assert [patience.is_resting() for _ in range(3)] == [False, True, True]


def test_an_answer_ends_the_rest(patience: Patience, clock: Clock) -> None:
    wait_and_fail(patience, clock, 3)
    patience.answered()
    assert not patience.is_resting()


def test_a_statement_that_hangs_is_cut_and_the_next_request_has_a_connection_again(empty_books: None) -> None:
    patience = Patience(limit_seconds=0.3)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with patience.limits(), connection.cursor() as cursor, pytest.raises((OperationalError, InterfaceError)):
        cursor.execute("SELECT pg_sleep(60)")
    connection.close()
    with patience.limits(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_request_in_time_is_left_alone(empty_books: None) -> None:
    patience = Patience(limit_seconds=30)
    with patience.limits(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.6)")
    assert [thread.name for thread in threading.enumerate()].count("patience") >= 1
