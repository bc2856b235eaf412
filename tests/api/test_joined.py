"""The API on the real banks, the real index and the real hashing."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.media.drawn import encoded, pattern, video

if TYPE_CHECKING:
    from tests.api.asking import Asking


@pytest.fixture
def asking(empty_books: None, as_the_api: None, new_key: Any, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Asking]":
    """A program whose key may do everything."""
    from amparo import plugins
    from amparo.api import matching
    from amparo.api.joined import Joined
    from tests.api.asking import Asking

    with plugins.matcher() as matcher:
        while not matcher.status().is_complete:
            time.sleep(0.05)
        monkeypatch.setattr(matching, "matching", Joined)
        yield Asking(new_key("match", "hash", "banks", "show", name="everything"))


def _confirmed(file: bytes, bank: str = "CONFIRMED", may: str = "REMOVE") -> int:
    from amparo.api.matching import matching
    from amparo.records import banks

    banks.create(bank, source="cases", now=datetime.now(UTC), may=banks.May[may])
    hashed = matching().fingerprint(file, is_whole=True, within_seconds=60, is_work=True)
    item = banks.add(bank, hashed, "staff_one")
    banks.confirm(item.id, "staff_two")
    return item.id


def test_a_mirrored_picture_is_known_and_an_equal_one_may_be_removed(asking: "Asking", picture: bytes) -> None:
    from PIL import ImageOps

    from tests.api.asking import told

    mirrored = encoded(ImageOps.mirror(pattern(seed=3)), "PNG")
    assert told(asking.post("/v1/match", mirrored))["answer"] == "no_match"
    item = _confirmed(picture)
    answer = told(asking.post("/v1/match", mirrored))
    assert (answer["answer"], answer["may"], answer["matches"][0]["item"]) == ("match", "hide", item)
    answer = told(asking.post("/v1/match", picture))
    assert (answer["may"], answer["looked_at"], len(answer["matches"])) == ("remove", "digests", 1)


def test_a_known_video_is_found_in_another_encoding(asking: "Asking") -> None:
    from tests.api.asking import told

    clip = video("libx264", "mp4", seconds=6)
    item = _confirmed(clip)
    answer = told(asking.post("/v1/match?within=60", video("libx264", "matroska", seconds=6)))
    assert (answer.get("answer"), answer.get("may")) == ("match", "hide"), answer.get("detail")
    assert answer["matches"][0]["item"] == item
    assert answer["matches"][0]["ranges"]


def test_an_upload_is_found_backwards_once_it_is_confirmed(asking: "Asking", picture: bytes) -> None:
    from amparo import plugins
    from amparo.api.matching import matching
    from tests.api.asking import told

    answer = told(asking.post("/v1/match?subject=plaza:post:4711&account=plaza:account:ada", picture))
    assert answer["is_noted"] is True
    again = matching().fingerprint(encoded(pattern(seed=3), "PNG"), is_whole=True, within_seconds=60)
    copies = list(plugins.matcher().copies(again))
    assert [(str(copy.subject), str(copy.account)) for copy in copies] == [("plaza:post:4711", "plaza:account:ada")]


def test_banks_through_hmas_addresses(asking: "Asking", picture: bytes) -> None:
    from amparo.records import banks
    from tests.api.asking import told

    assert asking.json("/c/banks", {"name": "SQUARES"}).status_code == 201
    assert asking.json("/c/banks", {"name": "SQUARES"}).status_code == 403
    made = told(asking.send("/c/bank/SQUARES/content", photo=picture, note="x"))
    assert made["amparo"]["is_confirmed"] is False
    lookup = {"signal": made["signals"]["pdq"], "signal_type": "pdq"}
    assert told(asking.get("/m/lookup", **lookup)) == {}
    banks.confirm(made["id"], "staff_two")
    assert told(asking.get("/m/lookup", **lookup)) == {"SQUARES": [{"bank_content_id": made["id"], "distance": "0"}]}
    shown = told(asking.get(f"/c/bank/SQUARES/content/{made['id']}", include_signals="true"))
    assert (shown["note"], shown["amparo"]["is_confirmed"]) == ("x", True)
    by_hash = told(asking.json("/c/bank/SQUARES/signal", {"pdq": lookup["signal"], "video_md5": "a" * 32}))
    assert told(asking.get(f"/c/bank/SQUARES/content/{by_hash['id']}", include_signals="true"))["signals"] == {
        "pdq": lookup["signal"], "video_md5": "a" * 32,
    }  # fmt: skip
    assert told(asking.json("/c/bank/SQUARES", {"name": "CIRCLES", "enabled": False}, "PUT"))["name"] == "CIRCLES"
    assert told(asking.get("/m/lookup", **lookup)) == {}
    asking.json("/c/bank/CIRCLES", {"enabled": True}, "PUT")
    own = f"/c/bank/CIRCLES/content/{made['id']}"
    assert told(asking.json(own, {"disable_until_ts": 0}, "PUT"))["disable_until_ts"] == 0
    assert told(asking.get("/m/lookup", **lookup)) == {}
    assert told(asking.delete(own)) == {"deleted": 1}
    assert told(asking.delete("/c/bank/CIRCLES")) == {"message": "Done"}
