"""The vault's register goes on after the database was away, in the threads that asked before."""

import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections


@pytest.fixture
def thread() -> "ThreadPoolExecutor":
    return ThreadPoolExecutor(1)


def test_a_thread_whose_connection_died_with_the_database_asks_over_a_new_one(
    empty_books: None, thread: ThreadPoolExecutor
) -> None:
    from amparo.records.access import Register
    from amparo.records.models import Access

    register = Register()
    for _ in range(3):
        assert thread.submit(register.find, "vault_unknown").result() is None
        _end_all_connections()
        thread.submit(register.record_access, "vault_x", "system:spool", "take_in", "worker").result()
    assert Access.objects.count() == 3
    thread.submit(connections.close_all).result()


def _end_all_connections() -> None:
    """What a crash of the database does to everybody who is connected."""
    connections.close_all()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
        ended = other.execute(others + "current_database()").fetchall()
    assert ended
