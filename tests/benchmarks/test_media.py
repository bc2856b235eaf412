"""The media bench runs, tells its rows, and measures nothing where there is no full sandbox. No test asks how fast."""

from pathlib import Path

import pytest
from benchmarks.bench import Effort, bench

from amparo.home import BadSettings
from amparo.media import bubblewrap
from tests.media.conftest import full_sandbox  # noqa: F401 - skips where there is none, and fails in CI
from tests.media.drawn import encoded, pattern


@pytest.fixture
def one_small_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.media.files", lambda: {"jpeg 640x640": encoded(pattern(), "JPEG")})


@pytest.mark.usefixtures("full_sandbox", "one_small_file")
def test_the_bench_runs_and_every_row_has_its_figure() -> None:
    result = bench("media").measure(Effort(seconds=0.1, repeats=1), lambda what: None)
    assert [(row.what, row.metric) for row in result.rows][:4] == [
        ("jpeg 640x640", "rate"),
        ("jpeg 640x640", "p50 ms"),
        ("jpeg 640x640", "cpu ms"),
        ("jpeg 640x640", "cost ms"),
    ]
    assert result.rows[-1].what == "a new sandbox and its first file"
    assert all(row.value > 0 for row in result.rows if row.metric in ("rate", "p50 ms"))


@pytest.mark.usefixtures("one_small_file")
def test_a_weaker_sandbox_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "find", lambda: Path("/bin/false"))
    with pytest.raises(BadSettings, match="no full sandbox"):
        bench("media").measure(Effort(seconds=0.1, repeats=1), lambda what: None)
