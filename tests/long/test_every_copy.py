"""One clip among ten thousand items: reported once, every copy is hidden within seconds, and none ever comes back.

`AMPARO_ITEMS=500` is for a quick try, whose figures are printed and not written down.
"""

import os
import time

import httpx
import pytest

from amparo.cli.demo import running_world
from tests.journeys.books import Books
from tests.journeys.copies import Site, amparo, removed, reported, seconds_until_hidden, videos
from tests.long.results import write_down

_WHOLE = 10_000
ITEMS = int(os.environ.get("AMPARO_ITEMS", _WHOLE))
_PICTURES = 2_000
_MOST_SECONDS = 10.0
_COPIES = ["mirrored", "in bars", "inside a compilation"]


@pytest.mark.long
def test_one_clip_among_ten_thousand_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with running_world(free_ports=True, crowd=(ITEMS, min(ITEMS, _PICTURES))) as world:
        site, made = Site(world), videos(40)
        for name, content in made.items():
            site.post(name, content)
        site.post("another video", videos(60)["clip"])
        profile = site.reshare("clip")
        began = time.monotonic()
        amparo(world, "hash", "connector:plaza")
        hashed = time.monotonic() - began
        reported(world, site.posts["clip"])
        hidden = seconds_until_hidden(site, ["clip", *_COPIES])
        is_reshare_seen = "reshared" in site.words(profile)
        is_other_seen = site.is_seen(site.posts["another video"])
        page = removed(world, Books(world).case_of(site.posts["clip"].rsplit("/", 1)[-1]).id)
        site.ask_before_publishing(asks=True)
        refused = sum(site.upload(made[name]).status_code == httpx.codes.UNPROCESSABLE_ENTITY for name in made)
    slowest = max(hidden[name] for name in _COPIES)
    figures = {
        "items on the site, and different pictures": (f"{ITEMS:,}, {min(ITEMS, _PICTURES):,}", True),
        "seconds to hash them all": (round(hashed, 1), True),
        "seconds from the report until the clip was seen hidden": (round(hidden["clip"], 2), True),
        "seconds from the report until the last copy was seen hidden": (round(slowest, 2), slowest <= _MOST_SECONDS),
        "copies hidden": (f"{len(hidden) - 1} of {len(_COPIES)}", len(hidden) - 1 == len(_COPIES)),
        "a reshare of it still seen": (is_reshare_seen, not is_reshare_seen),
        "another video still seen": (is_other_seen, is_other_seen),
        "copies on the reviewer's page with their seconds": (
            page.count("of the known video"),
            page.count("of the known video") >= len(_COPIES),
        ),
        "posted anew and refused before anybody saw it": (f"{refused} of {len(made)}", refused == len(made)),
    }
    print("\n" + "\n".join(f"  {name:<62} {value}" for name, (value, _) in figures.items()))
    if ITEMS >= _WHOLE:
        write_down("every copy", figures)
    assert all(held for _, held in figures.values()), figures
