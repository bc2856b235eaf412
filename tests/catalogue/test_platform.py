"""What tells one listed file from another before it is fetched, and what is noted of each."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import LARGEST_BYTES, Holding
from amparo.catalogue.item import Away, Item
from amparo.catalogue.platform import Platform
from amparo.catalogue.tally import Fate, Outcome
from amparo.connectors.connector import ListedFile
from tests.catalogue.doubles import FileBook, made_up
from tests.workers.listing import AWAY, GONE, TOO_LARGE, File, ListingPlatform

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
TOLD = ListedFile("a", "image/png", 7, "0" * 64)
UNTOLD = ListedFile("a", "image/png", 7, None)


@pytest.fixture
def platform() -> ListingPlatform:
    return ListingPlatform(NOW)


@pytest.fixture
def book(tmp_path: Path) -> FileBook:
    return FileBook(tmp_path / "book")


def listed(platform: ListingPlatform) -> list[Item]:
    return list(Platform("listing", platform, Holding()).items(None))


def tried(item: Item, book: FileBook) -> Outcome:
    return Hashing(book, made_up, lambda: NOW, Event()).tried(item, made_up)


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        pytest.param(TOLD, TOLD, True, id="listed-again"),
        pytest.param(TOLD, replace(TOLD, reference="b"), True, id="the-same-bytes-under-another-name"),
        pytest.param(TOLD, replace(TOLD, sha256="1" * 64), False, id="other-bytes-under-the-same-name"),
        pytest.param(UNTOLD, UNTOLD, True, id="listed-again-without-a-digest"),
        pytest.param(UNTOLD, replace(UNTOLD, reference="b"), False, id="another-name"),
        pytest.param(UNTOLD, replace(UNTOLD, size_bytes=8), False, id="another-size"),
    ],
)
def test_a_file_is_told_from_another_by_the_list_alone(
    platform: ListingPlatform, before: ListedFile, after: ListedFile, is_same: bool
) -> None:
    platform.publish("post")
    (showing,) = [item.showing for item in listed(platform)]
    assert showing is not None
    keys = [replace(showing, file=file).file_key for file in (before, after)]
    assert (keys[0] == keys[1]) is is_same
    assert {len(key) for key in keys} == {64}


def test_a_file_of_which_no_more_is_to_be_learnt_is_noted_with_the_reason(
    platform: ListingPlatform, book: FileBook
) -> None:
    platform.publish("post", File("good", b"good"), File("flat", b"flat"), File("bad", b"damaged"))
    items = listed(platform)
    assert [tried(item, book).fate for item in items] == [Fate.HASHED, Fate.NOT_HASHABLE, Fate.REFUSED]
    assert [tried(item, book).fate for item in items] == [Fate.KNOWN, Fate.KNOWN, Fate.REFUSED]
    keys = [item.showing.file_key for item in items if item.showing is not None]
    assert book.seen() == [*zip(keys, ["known", "known", "damaged"], strict=True)] * 2


def test_a_file_that_could_not_be_had_is_not_noted(platform: ListingPlatform, book: FileBook) -> None:
    platform.publish("post", File("away", b"away"), File("gone", b"gone"))
    platform.file_fails = {"away": AWAY, "gone": GONE}
    away, gone = listed(platform)
    with pytest.raises(Away):
        tried(away, book)
    assert tried(gone, book).fate is Fate.UNREAD
    assert book.seen() == []


@pytest.mark.parametrize("who", ["the-list", "the-connector"])
def test_what_is_too_large_is_refused_like_what_the_sandbox_refuses(
    platform: ListingPlatform, book: FileBook, who: str
) -> None:
    platform.publish("post", File("large", b"large"))
    (item,) = listed(platform)
    if who == "the-list":
        item = replace(item, size_bytes=LARGEST_BYTES + 1)
    else:
        platform.file_fails["large"] = TOO_LARGE
    outcome = tried(item, book)
    assert (outcome.fate, outcome.why) == (Fate.REFUSED, "too_many_bytes")
    assert [why for _, why in book.seen()] == ["too_many_bytes"]
