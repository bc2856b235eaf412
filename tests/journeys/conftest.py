"""One Chromium and one running demo for all journeys: the real processes, on free ports of this machine."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from amparo.cli.check import Plaza
from amparo.cli.demo import World, running_world
from tests.journeys.books import Books
from tests.journeys.desk import Desk
from tests.journeys.faults import Faults
from tests.journeys.loopback import CHROMIUM, FLAGS, somebody

Browse = Callable[..., Page]


# Not for the session: while it is open, Playwright has this thread's event loop, which other tests need.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed. On Debian or Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)


@pytest.fixture(scope="package")
def world(browser: Browser) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        # The demo has a database of its own.
        patch.delenv("DATABASE_URL", raising=False)
        with running_world(free_ports=True, prepare=_for_one_machine) as running:
            yield running


def _for_one_machine(home: Path) -> None:
    """Let "Leave this page" lead to Plaza's list of rooms, so that no browser of a test goes off this machine.

    All who report here share one network, whose budget of hides would be gone before the last journey.
    """
    for policy in (home / "policies").glob("*.toml"):
        text, changed = re.subn(r"per_network_per_hour = 50\b", "per_network_per_hour = 2000", policy.read_text())
        assert changed == 1
        policy.write_text(text)
    settings = home / "amparo.toml"
    text = settings.read_text()
    plaza = tomllib.loads(text)["connector"][0]["url"]
    settings.write_text(text.replace("https://www.wikipedia.org/", f"{plaza}/live"))


@pytest.fixture(scope="package")
def plaza(world: World) -> Plaza:
    return Plaza(world)


@pytest.fixture(scope="package")
def books(world: World) -> Books:
    return Books(world)


@pytest.fixture(scope="package")
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def faults(world: World) -> Iterator[Faults]:
    """Plaza's faults, all off again afterwards."""
    switch = Faults(world)
    yield switch
    switch.put()


@pytest.fixture
def browse(browser: Browser) -> Iterator[Browse]:
    """`browse()` is a page on a phone with cookies of its own; `browse(has_scripts=False)` runs no scripts."""
    with ExitStack() as stack:

        def another(*, has_scripts: bool = True, **options: Any) -> Page:
            return stack.enter_context(somebody(browser, java_script_enabled=has_scripts, **options))

        yield another
