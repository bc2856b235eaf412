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

    with plugins.matcher():
        monkeypatch.setattr(matching, "matching", Joined)
        # A thread reads the index, and before its first look every question is rightly answered with 503.
        until = time.monotonic() + 60
        while not Joined().is_ready():
            assert time.monotonic() < until
            time.sleep(0.01)
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


def test_a_key_ends_nothing_that_people_or_other_keys_have_added(asking: "Asking", new_key: Any) -> None:
    from amparo.records import banks
    from tests.api.asking import Asking, told

    hash_, other = "f8" * 32, Asking(new_key("match", "banks", name="other"))
    assert asking.json("/c/banks", {"name": "SQUARES"}).status_code == 201
    own = told(asking.json("/c/bank/SQUARES/signal", {"pdq": hash_}))["id"]
    theirs = told(other.json("/c/bank/SQUARES/signal", {"pdq": hash_}))["id"]
    staffs = banks.add("SQUARES", {"pdq": hash_}, "staff_one").id
    content = "/c/bank/SQUARES/content/"
    refused = [
        asking.delete(f"{content}{theirs}"),
        asking.delete(f"{content}{staffs}"),
        asking.json(f"{content}{theirs}", {"disable_until_ts": 0}, "PUT"),
        asking.json(f"{content}{staffs}", {"note": "x"}, "PUT"),
        asking.delete("/c/bank/SQUARES"),
        asking.json("/c/bank/SQUARES", {"enabled": False}, "PUT"),
        other.delete("/c/bank/SQUARES"),
        other.json("/c/bank/SQUARES", {"name": "CIRCLES"}, "PUT"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert all("`amparo bank`" in told(answer)["message"] for answer in refused)
    assert [item.id for item in banks.items("SQUARES")] == [own, theirs, staffs]
    assert told(asking.delete(f"{content}{own}")) == {"deleted": 1}
    assert told(other.delete(f"{content}{theirs}")) == {"deleted": 1}


def test_a_bank_that_cases_fill_is_no_programs_to_make_or_name(asking: "Asking") -> None:
    from amparo.records import bank_acts
    from tests.api.asking import told

    assert asking.json("/c/banks", {"name": "X" * 61}).status_code == 400
    assert told(asking.json("/c/banks", {"name": "X" * 61}))["message"].startswith("A bank's name has 1 to 60")
    bank_acts.make("SQUARES", source="api", by="key:everything", now=datetime.now(UTC))
    assert asking.json("/c/bank/SQUARES", {"name": "reported"}, "PUT").status_code == 400
    assert asking.json("/c/bank/SQUARES", {"enabled": True}, "PUT").status_code == 200


def test_what_a_person_has_disabled_no_key_enables(asking: "Asking") -> None:
    from amparo.records import bank_acts
    from tests.api.asking import told
    from tests.records.staff import approved

    approved("staff_one")
    asking.json("/c/banks", {"name": "SQUARES"})
    own = told(asking.json("/c/bank/SQUARES/signal", {"pdq": "f8" * 32}))["id"]
    bank_acts.disable(own, datetime(9999, 12, 31, tzinfo=UTC), by="staff_one", now=datetime.now(UTC))
    answer = asking.json(f"/c/bank/SQUARES/content/{own}", {"disable_until_ts": 1}, "PUT")
    assert (answer.status_code, "Somebody else has disabled this" in told(answer)["message"]) == (403, True)
