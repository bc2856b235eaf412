"""No list, however it lies, holds the watch or `amparo hash` longer than there is time, or takes another's turn."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Away
from amparo.catalogue.platform import Platform
from amparo.catalogue.report import NoReport
from amparo.catalogue.run import Run
from amparo.catalogue.tally import Tally
from amparo.catalogue.threads import in_threads
from amparo.connectors.connector import ConnectorError, Listed, ListedFile
from amparo.connectors.pages import pages
from amparo.plugins import Installation
from amparo.workers import newest
from amparo.workers.look import Look
from amparo.workers.shown import ShownBook
from tests.catalogue.doubles import made_up
from tests.workers.listing import ListingPlatform
from tests.workers.test_newest import Quiet
from tests.workers.world import World, world_beside

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
_HANGING_SECONDS = 60


class Lying(ListingPlatform):
    """Shows what was posted, and then goes on for ever with pages that bring nothing."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.ends = threading.Event()

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        yield from super().catalogue(cursor)
        self.ends.wait(_HANGING_SECONDS)


@pytest.fixture
def lying(empty_books: None) -> Iterator[tuple[World, Lying]]:
    platform = Lying(datetime.now(UTC))
    for world in world_beside("listing", Quiet(), platform):  # type: ignore[arg-type]
        yield world, platform
    platform.ends.set()


def within_its_time(step: Callable[[], None]) -> None:
    """Do it, and fail where it hangs."""
    raised: list[BaseException] = []

    def caught() -> None:
        from django.db import connection

        try:
            step()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=caught, daemon=True)
    thread.start()
    thread.join(_HANGING_SECONDS / 2)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


def look(world: World, platform: Lying, seconds: float, stopped: threading.Event | None = None) -> None:
    stopped = stopped or threading.Event()
    hashing = Hashing(ShownBook(world.here), made_up, lambda: world.clock[0], stopped)
    listed = Platform("listing", platform, Holding())
    Look("listing", listed, hashing, made_up, world.clock[0], stopped).go(seconds)


def test_a_list_that_brings_nothing_ends_with_its_time_and_is_trouble(lying: tuple[World, Lying]) -> None:
    with pytest.raises(Away) as told:
        within_its_time(lambda: look(*lying, seconds=1))
    assert told.value.code == "slow_list"


def test_a_worker_that_is_to_stop_waits_for_no_page(lying: tuple[World, Lying]) -> None:
    stopped = threading.Event()
    threading.Timer(0.3, stopped.set).start()
    within_its_time(lambda: look(*lying, seconds=1000, stopped=stopped))


def test_what_stands_before_a_page_that_never_comes_is_looked_at(lying: tuple[World, Lying]) -> None:
    _, platform = lying
    platform.publish("post")
    within_its_time(lambda: look(*lying, seconds=1))
    assert platform.fetched == ["post"]


def test_a_run_that_is_to_stop_waits_for_no_page(lying: tuple[World, Lying]) -> None:
    world, platform = lying
    stopped, noted = threading.Event(), list[str | None]()

    class Notes:
        def note(self, cursor: str | None, tally: Tally) -> None:
            noted.append(cursor)

    platform.publish("post")
    hashing = Hashing(ShownBook(world.here), made_up, lambda: NOW, stopped)
    run = Run(None, Tally(), Notes(), NoReport(), lambda tally: None)
    threading.Timer(1, stopped.set).start()
    is_all = list[bool]()
    listed = Platform("listing", platform, Holding())
    within_its_time(lambda: is_all.append(run.go_on(listed, in_threads(hashing, 1), stopped)))
    assert is_all == [False]
    assert noted[-1] == "post"


def test_what_nobody_foresaw_of_one_platform_takes_no_other_s_turn(
    lying: tuple[World, Lying], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, platform = lying
    platform.ends.set()

    class Broken(ListingPlatform):
        def catalogue(self, cursor: str | None) -> Iterator[Listed]:
            raise OverflowError("unforeseen")

    platform.publish("post")
    both = {"broken": Broken(NOW), **world.here.connectors}
    here = _with(world.here, both)
    newest.look(here, threading.Event(), made_up)
    assert platform.fetched == ["post"]


def _with(here: Installation, connectors: dict[str, object]) -> Installation:
    from dataclasses import replace

    return replace(here, connectors=connectors)  # type: ignore[arg-type]


def _page(number: int) -> Listed:
    post = ListingPlatform(NOW).publish(f"p{number}")
    return Listed(post, None, NOW, (ListedFile("f", "image/png", None, None),), str(number))


def test_pages_without_a_file_that_never_end_are_left() -> None:
    asked = list[str | None]()

    def ask(cursor: str | None) -> tuple[list[Listed], str | None]:
        asked.append(cursor)
        return [], str(len(asked))

    with pytest.raises(ConnectorError) as told:
        list(pages(ask, None))
    assert (told.value.permanent, told.value.code, len(asked)) == (True, "strange_answer", 50)


def test_some_pages_without_a_file_are_no_lie() -> None:
    def ask(cursor: str | None) -> tuple[list[Listed], str | None]:
        number = int(cursor or 0)
        return [_page(number)] if number % 40 == 0 else [], str(number + 1) if number < 120 else None

    assert len(list(pages(ask, None))) == 4


def test_a_cursor_that_comes_again_ends_the_list() -> None:
    def ask(cursor: str | None) -> tuple[list[Listed], str | None]:
        return [_page(1)], {"a": "b", "b": "c"}.get(cursor or "", "a")

    with pytest.raises(ConnectorError):
        list(pages(ask, None))
