"""A clip is reported once: every copy is hidden, the reviewer sees where in it, and it never comes back."""

from collections.abc import Iterator

import httpx
import pytest

from amparo.cli.demo import World
from tests.journeys.books import Books
from tests.journeys.copies import Site, amparo, removed, reported, seconds_until_hidden, videos

COPIES = ["mirrored", "in bars", "inside a compilation"]


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[Site]:
    """A clip and its copies, by four people, and a reshare; all of it is hashed, and the clip is reported once."""
    site = Site(world)
    for name, content in videos(40).items():
        site.post(name, content)
    site.post("another video", videos(60)["clip"])
    site.reshares.append(site.reshare("clip"))
    assert "reshared" in site.words(site.reshares[0])
    amparo(world, "hash", "connector:plaza")
    reported(world, site.posts["clip"])
    yield site
    site.ask_before_publishing(asks=False)


def test_every_copy_is_hidden_and_nothing_else(site: Site) -> None:
    seconds_until_hidden(site, ["clip", *COPIES])
    assert not any("reshared" in site.words(profile) for profile in site.reshares)
    assert site.is_seen(site.posts["another video"])


def test_the_reviewer_sees_which_seconds_of_each_copy_show_the_clip(site: Site, world: World, books: Books) -> None:
    page = removed(world, books.case_of(site.posts["clip"].rsplit("/", 1)[-1]).id)
    assert "3 found" in page
    assert "0:10 to 0:20 shows 0:00 to 0:10 of the known video" in page


@pytest.mark.parametrize("name", ["clip", *COPIES])
def test_what_was_removed_is_never_seen_again_when_it_is_posted_anew(site: Site, name: str) -> None:
    site.ask_before_publishing(asks=True)
    answer = site.upload(videos(40)[name])
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "cannot be posted" in answer.text


def test_what_is_not_known_is_published(site: Site) -> None:
    site.ask_before_publishing(asks=True)
    assert site.is_seen(site.post("something new", videos(80)["clip"]))
