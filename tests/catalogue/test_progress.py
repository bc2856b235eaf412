"""Progress is said where it can be, and never at the cost of the run."""

import errno
import io

import pytest

from amparo.catalogue import progress as module
from amparo.catalogue.progress import Progress
from amparo.catalogue.tally import Fate, Outcome, Tally


class Full(io.StringIO):
    """A log whose disk is full from some line on."""

    most = 1

    def write(self, text: str) -> int:
        if self.most == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.most -= 1
        return super().write(text)


def test_a_log_that_cannot_be_written_does_not_end_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SAY_EVERY_SECONDS", 0.0)
    log, tally = Full(), Tally()
    progress = Progress(log, lambda: 3)
    for _ in range(3):
        tally.add(Outcome(Fate.HASHED))
        progress(tally)
    progress.end()
    assert log.getvalue().count("\n") == 1
    assert "1 of 3 files" in log.getvalue()
