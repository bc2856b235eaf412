"""A hundred forged reports for each honest one: the honest are taken in, and nothing that was acknowledged is lost.

Real door processes, PostgreSQL, vault, worker and spool. The attack does not do the work of the door, comes from a
hundred networks, and sends as fast as the door answers, up to a rate. For each hundred of its answers one person
reports: by turns with scripts (who does the work) and without. Some use a real Chromium.

The policies of this world have a larger budget of automatic hides than the shipped ones: over 2,000 an hour a person is
called instead of hiding, which is not what is tried here. `AMPARO_FLOOD_SECONDS=60` is for a quick try, whose figures
are printed and not written down.
"""

import os
from pathlib import Path

import pytest

from tests.long.flooded import flooded
from tests.long.results import write_down

_WHOLE_SECONDS = 300
_ATTACKS_A_SECOND = 60.0
_FOR_EACH_HONEST = 100


@pytest.mark.long
def test_a_hundred_forged_reports_for_each_honest_one_keep_nobody_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    seconds = int(os.environ.get("AMPARO_FLOOD_SECONDS", _WHOLE_SECONDS))
    figures = flooded(
        tmp_path, seconds=seconds, per_second=_ATTACKS_A_SECOND, for_each_honest=_FOR_EACH_HONEST, browsers=4, calm=120
    )
    print("\n" + "\n".join(f"  {name:<70} {value}" for name, (value, _) in figures.items()))
    if seconds >= _WHOLE_SECONDS:
        write_down("flood", figures)
    assert all(held for _, held in figures.values()), figures
