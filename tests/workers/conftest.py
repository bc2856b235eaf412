"""A real Plaza, and the example site behind the webhook connector, each with an installation beside it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.connectors.running_site import RunningSite, running_site
from tests.plaza.running_plaza import RunningPlaza, running_plaza

if TYPE_CHECKING:
    from tests.workers.world import Site, World


@pytest.fixture(scope="module")
def plaza(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlaza]:
    with running_plaza(tmp_path_factory.mktemp("plaza"), seeded=False) as running:
        yield running


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(params=["plaza", "site"])
def world(empty_books: None, request: pytest.FixtureRequest) -> "Iterator[World]":
    """Every test runs on both platforms."""
    from tests.workers.world import world_beside

    site: Site = request.getfixturevalue({"plaza": "plaza", "site": "example"}[request.param])
    yield from world_beside(request.param, site, site.connector(patience_seconds=1.0))


@pytest.fixture
def example_world(empty_books: None, example: RunningSite) -> "Iterator[Callable[..., World]]":
    """Worlds beside the example site, with a connector as its settings have it."""
    from tests.workers.world import world_beside

    with ExitStack() as stack:
        make = contextmanager(world_beside)
        yield lambda **settings: stack.enter_context(make("site", example, example.connector(1.0, **settings)))
