"""How the tests are spread over runners: by whole files, what takes longest first, and all journeys on one runner."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

JOURNEYS = "tests/journeys"
# A long file that starts late is what a run then waits for.
_LONGEST_FIRST = (JOURNEYS, "tests/cli", "tests/benchmarks", "tests/console/test_browser", "tests/public/test_door")


def place_in_line(item: pytest.Item) -> int:
    """Return a sort key: the lower, the earlier."""
    return next((n for n, start in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(start)), len(_LONGEST_FIRST))


class ByFile(LoadFileScheduling):
    """Gives runners whole files, in the order of the collection. Journeys share a demo, so they are one piece."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else super()._split_scope(nodeid)
