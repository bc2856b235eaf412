"""Some seconds of what `tests/long/test_flood.py` does for five minutes."""

from pathlib import Path

import pytest

from tests.long.flooded import flooded


def test_in_a_short_flood_everybody_is_acknowledged_and_found_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    figures = flooded(tmp_path, seconds=4, per_second=25.0, for_each_honest=20, browsers=0, calm=60)
    assert all(held for _, held in figures.values()), figures
