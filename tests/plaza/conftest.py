"""Give every test module one Plaza of its own, with its seed and without faults at the start of each test."""

from collections.abc import Iterator

import pytest

from tests.plaza.running_plaza import RunningPlaza, running_plaza


@pytest.fixture(scope="module")
def module_plaza(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlaza]:
    """Run Plaza for the tests of one module."""
    with running_plaza(tmp_path_factory.mktemp("plaza")) as plaza:
        yield plaza


@pytest.fixture
def plaza(module_plaza: RunningPlaza) -> Iterator[RunningPlaza]:
    """Give the module's Plaza with every fault and the upload hook switched off, before and after."""
    module_plaza.faults()
    module_plaza.moderator.put("/settings", json={}).raise_for_status()
    yield module_plaza
    module_plaza.faults()
