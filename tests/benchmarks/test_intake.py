"""The intake bench runs, tells its rows, and believes the database and not the clients. No test asks how fast."""

import os
from pathlib import Path

import pytest
from benchmarks.bench import BENCHES, Effort, bench

from amparo.records import models
from benchmarks import reports
from tests.public.conftest import at_the_door, new_visitor, post, visitor  # noqa: F401 - fixtures
from tests.public.visitor import Visitor

WHOLE = {"relation": "i_dont_know_them", "age": "yes", "way": "private_page", "send": "yes"}


@pytest.fixture
def code(visitor: Visitor, post: str) -> str:  # noqa: F811 - a fixture of the door
    """The code of a report that was sent in one form."""
    visitor.report(post, **WHOLE)
    return visitor.code


def test_a_report_counts_once_and_a_code_that_the_database_does_not_hold_counts_nothing(code: str) -> None:
    assert (
        reports.held(os.environ["DATABASE_URL"], [code, code, code.translate(str.maketrans("0123", "4567")) + "X"]) == 1
    )


@pytest.mark.parametrize("table", [models.Clock, models.Effect, models.CaseNotice])
def test_a_report_that_lacks_a_row_does_not_count(code: str, table: type[models.models.Model]) -> None:
    rows = list(table._default_manager.all())
    table._default_manager.all().delete()
    try:
        assert reports.held(os.environ["DATABASE_URL"], [code]) == 0
    finally:
        table._default_manager.bulk_create(rows)


def test_the_bench_runs_and_every_row_has_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])  # Its servers are started from the checkout.
    monkeypatch.setenv("DATABASE_URL", os.environ["DATABASE_URL"])  # It takes this away for itself.
    said: list[str] = []
    result = bench("intake").measure(Effort(seconds=0.3, repeats=1), said.append)
    figures = {(row.what, row.metric): row for row in result.rows}
    for metric in ("rate", "p50 ms", "p99 ms"):
        assert figures["durable reports", metric].value > 0
        assert figures["durable reports by the five forms", metric].value > 0
        assert figures["durable reports beside a busy worker", metric].value > 0
    assert (figures["durable reports", "rate"].bar, figures["durable reports", "p99 ms"].bar) == (150, 300)
    assert result.machine["fsync"] == result.machine["full_page_writes"] == result.machine["synchronous_commit"] == "on"
    assert result.notes[0] == "Answered with a code and not in the database: 0 reports."
    assert said


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_that_is_listed_is_there(name: str) -> None:
    assert callable(bench(name).measure)
