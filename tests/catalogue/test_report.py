"""A report takes its lines wherever it may lie, and never keeps a run waiting for a reader."""

import json
import os
from pathlib import Path

import pytest

from amparo.catalogue.item import Item, Unreadable
from amparo.catalogue.report import FileReport
from amparo.catalogue.tally import Fate, Outcome

WRONG = Outcome(Fate.UNREAD, 0, "gone", "This is no longer there.")


def gone() -> Item:
    def opened() -> object:
        raise Unreadable("This is no longer there.", code="gone")

    return Item("a.jpg", opened, None, None, None, None)  # type: ignore[arg-type]


def test_a_run_that_goes_on_adds_to_its_report(tmp_path: Path) -> None:
    for _ in range(2):
        report = FileReport(tmp_path / "report")
        report.add(gone(), WRONG)
        report.close()
    lines = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
    assert lines == [{"file": "a.jpg", "fate": "unread", "why": "gone", "says": "This is no longer there."}] * 2


def test_a_report_may_be_a_pipe_that_somebody_reads() -> None:
    reading, writing = os.pipe()
    report = FileReport(Path(f"/dev/fd/{writing}"))
    report.add(gone(), WRONG)
    report.close()
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert json.loads(pipe.read())["file"] == "a.jpg"


def test_nobody_waits_for_a_reader_of_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="No such device"):
        FileReport(tmp_path / "pipe")
