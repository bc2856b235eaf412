"""Where a subject's files stood outlives the worker that learned it: nothing is gone before they were looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from amparo import plugins
from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import Seen
from amparo.cli.new_home import write_home
from amparo.connectors.connector import Connector
from amparo.connectors.file_addresses import MOST_OF_A_SUBJECT
from amparo.home import Home
from amparo.records import models
from amparo.records.file_addresses import KeptAddresses
from tests.conftest import PRACTICE
from tests.connectors.running_site import RunningSite, running_site

POST = Subject("webhook", SubjectKind.POST, "first")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def start_worker(
    empty_books: None, site: RunningSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Connector]]:
    """Put an installation together as a worker does that starts anew; give its connector."""
    wanted = replace(PRACTICE, connector="webhook", site_url=site.base_url, secret=site.secret)
    write_home(Home(tmp_path / "home"), wanted)
    monkeypatch.setenv("AMPARO_HOME", str(tmp_path / "home"))

    def forget() -> None:
        plugins.installation.cache_clear()
        plugins.sealer.cache_clear()

    def start() -> Connector:
        forget()
        return plugins.installation().connectors["webhook"]

    site.faults()
    yield start
    site.faults()
    forget()


@pytest.mark.parametrize(
    "forgotten",
    [
        pytest.param({"endpoint_status": 404, "endpoint_body": '{"error": "unknown_subject"}'}, id="unknown"),
        pytest.param({"answers": {"media": []}}, id="known-without-files"),
    ],
)
def test_a_file_that_another_worker_has_heard_of_is_looked_at(
    start_worker: Callable[[], Connector], site: RunningSite, forgotten: dict[str, object]
) -> None:
    subject = replace(POST, id=site.post()["id"])
    before = start_worker()
    before.hide(subject, key=f"case:1:hide{subject.id}")
    assert before.observe(subject) is Seen.HIDDEN
    after = start_worker()
    site.set_state("post", subject.id, "removed")
    # The page answers 410 and the site names no file any more, but the picture opens.
    site.faults(leaves_files=True, **forgotten)
    assert after.observe(subject) is Seen.SHOWN
    site.faults(**forgotten)
    assert after.observe(subject) is Seen.GONE


def test_an_address_is_kept_once_for_its_subject_alone(empty_books: None) -> None:
    book, other = KeptAddresses(), replace(POST, id="other")
    book.known(POST, ["https://x.example/a", "https://x.example/b"])
    book.known(POST, ["https://x.example/b"])
    book.known(other, ["https://x.example/a"])
    assert set(KeptAddresses().known(POST, [])) == {"https://x.example/a", "https://x.example/b"}
    assert models.FileAddress.objects.count() == 3


def test_addresses_that_are_new_at_each_question_do_not_fill_the_table(empty_books: None) -> None:
    book = KeptAddresses()
    for turn in range(5):
        named = [f"https://x.example/{turn}/{number}" for number in range(MOST_OF_A_SUBJECT // 2)]
        assert list(book.known(POST, named))[: len(named)] == named
    assert models.FileAddress.objects.count() == MOST_OF_A_SUBJECT
    assert len(book.known(POST, [])) == MOST_OF_A_SUBJECT
