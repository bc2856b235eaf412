"""HMA's banks: made, renamed, switched, filled and emptied in its shapes; and what no key can do alone."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from tests.api.asking import Asking, told
from tests.api.double import Double
from tests.media.drawn import encoded

HASH = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
WAITS = {
    "is_confirmed": False,
    "sentence": "It finds nothing yet: on Amparo's console, a person has to confirm it first.",
}


@pytest.fixture
def bank(asking: Asking) -> str:
    assert asking.json("/c/banks", {"name": "COOP_1_SQUARES", "enabled_ratio": "1"}).status_code == 201
    return "/c/bank/COOP_1_SQUARES"


def test_a_bank_is_made_and_listed_in_hmas_shape(asking: Asking) -> None:
    assert told(asking.get("/c/banks")) == []
    answer = asking.json("/c/banks", {"name": "SQUARES_01"})
    assert (answer.status_code, told(answer)) == (201, {"name": "SQUARES_01", "matching_enabled_ratio": 1.0})
    assert told(asking.get("/c/banks")) == [told(answer)]
    assert told(asking.get("/c/bank/SQUARES_01")) == told(answer)
    assert told(asking.json("/c/banks", {"name": "OFF", "enabled": False}))["matching_enabled_ratio"] == 0.0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({}, 422, id="no-name"),
        pytest.param({"name": 7}, 422, id="a-name-that-is-no-text"),
        pytest.param({"name": "01_SQUARES"}, 400, id="begins-with-a-digit"),
        pytest.param({"name": "squares"}, 400, id="small-letters"),
        pytest.param({"name": "SQUARES", "enabled_ratio": 0.5}, 400, id="found-by-chance"),
        pytest.param({"name": "SQUARES", "enabled_ratio": "half"}, 422, id="no-number"),
        pytest.param({"name": "SQUARES", "enabled_ratio": 10**400}, 422, id="more-than-a-number-holds"),
        pytest.param({"name": "SQUARES", "enabled_ratio": float("nan")}, 400, id="not-a-number"),
        pytest.param({"name": "SQUARES", "enabled": "yes"}, 422, id="no-yes-or-no"),
        pytest.param({"name": "COOP_1_SQUARES"}, 403, id="taken"),
    ],
)
def test_a_bank_that_could_not_be_is_refused(asking: Asking, bank: str, body: dict[str, Any], status: int) -> None:
    assert asking.json("/c/banks", body).status_code == status
    assert len(told(asking.get("/c/banks"))) == 1


def test_a_bank_is_renamed_and_switched(asking: Asking, bank: str) -> None:
    assert told(asking.json(bank, {"enabled": False}, "PUT")) == {
        "name": "COOP_1_SQUARES",
        "matching_enabled_ratio": 0.0,
    }
    assert told(asking.json(bank, {"name": "CIRCLES"}, "PUT")) == {"name": "CIRCLES", "matching_enabled_ratio": 0.0}
    answer = asking.json("/c/bank/CIRCLES", {"enabled_ratio": 1.0}, "PUT")
    assert (answer.status_code, told(answer)["matching_enabled_ratio"]) == (200, 1.0)
    assert asking.json("/c/bank/CIRCLES", {"name": "1"}, "PUT").status_code == 400
    assert (asking.json(bank, {"enabled": True}, "PUT").status_code, asking.get(bank).status_code) == (404, 404)


def test_a_bank_is_deleted_once_and_for_all(asking: Asking, bank: str) -> None:
    for _ in range(2):
        answer = asking.delete(bank)
        assert (answer.status_code, told(answer)) == (200, {"message": "Done"})
    assert told(asking.get("/c/banks")) == []


def test_no_key_changes_a_bank_that_was_not_made_by_keys(asking: Asking, index: Double) -> None:
    index.bank("CONFIRMED")
    item = index.put("CONFIRMED", pdq=HASH)
    own = f"/c/bank/CONFIRMED/content/{item}"
    answers = [
        asking.json("/c/bank/CONFIRMED", {"enabled": False}, "PUT"),
        asking.delete("/c/bank/CONFIRMED"),
        asking.json("/c/bank/CONFIRMED/signal", {"pdq": HASH}),
        asking.send("/c/bank/CONFIRMED/content", photo=b"x"),
        asking.json(own, {"disable_until_ts": 0}, "PUT"),
        asking.delete(own),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6
    assert told(asking.get("/m/raw_lookup", signal=HASH, signal_type="pdq")) == {"matches": [item]}


def test_a_bank_that_staff_made_is_asked_for_by_its_own_name(asking: Asking, index: Double) -> None:
    index.bank("ours")
    item, own = index.put("ours", pdq=HASH), "/c/bank/ours"
    lookup = {"signal": HASH, "signal_type": "pdq", "banks": "ours"}
    shown = [asking.get(own), asking.get(f"{own}/content/{item}"), asking.get("/m/lookup", **lookup)]
    assert [answer.status_code for answer in shown] == [200] * 3
    assert set(told(shown[2])) == {"ours"}
    changes = [asking.json("/c/banks", {"name": "ours"}), asking.json(own, {"name": "ours", "enabled": True}, "PUT")]
    assert [answer.status_code for answer in changes] == [403] * 2
    assert told(changes[0]) == {"message": "Bank already exists"}
    assert "`amparo bank`" in told(changes[1])["message"]


def test_a_bank_of_keys_that_staff_renamed_keeps_its_name_when_it_is_switched(
    asking: Asking, index: Double, bank: str
) -> None:
    index.change_bank("COOP_1_SQUARES", new_name="squares", is_enabled=True, by="staff_a")
    switched = asking.json("/c/bank/squares", {"name": "squares", "enabled": False}, "PUT")
    assert told(switched) == {"name": "squares", "matching_enabled_ratio": 0.0}


def test_a_signal_that_a_key_adds_finds_nothing_before_a_person_has_confirmed_it(
    asking: Asking, index: Double, bank: str
) -> None:
    answer = asking.json(f"{bank}/signal", {"pdq": HASH, "video_md5": "A" * 32, "note": "by hand"})
    assert answer.status_code == 200
    assert told(answer) == {"id": 1, "signals": {"pdq": HASH, "video_md5": "a" * 32}, "amparo": WAITS}
    lookup = {"signal": HASH, "signal_type": "pdq"}
    assert told(asking.get("/m/lookup", **lookup)) == {}
    index.confirm(1)
    assert told(asking.get("/m/lookup", **lookup)) == {"COOP_1_SQUARES": [{"bank_content_id": 1, "distance": "0"}]}
    assert told(asking.get(f"{bank}/content/1"))["amparo"] == {"is_confirmed": True, "sentence": ""}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"note": "x"},
        {"tmk": HASH},
        {"pdq": "x"},
        {"pdq": 7},
        {"pdq": HASH, "note": "x" * 256},
        {"pdq": HASH, "note": "\0"},
        {"pdq": HASH, "note": "\ud800"},
    ],
    ids=ascii,
)
def test_a_signal_that_is_none_is_refused(asking: Asking, bank: str, body: dict[str, Any]) -> None:
    answer = asking.json(f"{bank}/signal", body)
    assert (answer.status_code, list(told(answer))) == (400, ["message"])


def test_a_file_is_put_into_a_bank_with_what_is_noted_of_it(asking: Asking, bank: str, picture: bytes) -> None:
    metadata = '{"content_id": "7", "json": {"by": "hand"}}'
    answer = told(asking.send(f"{bank}/content", photo=picture, metadata=metadata, note="squares"))
    assert (answer["id"], set(answer["signals"]), answer["amparo"]) == (1, {"pdq"}, WAITS)
    shown = told(asking.get(f"{bank}/content/1", include_signals="true"))
    assert shown.pop("signals")["pdq"] == answer["signals"]["pdq"]
    assert shown == {
        "id": 1,
        "disable_until_ts": 1,
        "original_media_uri": None,
        "bank": {"name": "COOP_1_SQUARES", "matching_enabled_ratio": 1.0},
        "metadata": {"content_id": "7", "content_uri": None, "json": {"by": "hand"}, "collab": None},
        "note": "squares",
        "amparo": WAITS,
    }
    bare = told(asking.get(f"{bank}/content/1", include_metadata="false"))
    assert {"signals", "metadata"} & set(bare) == set()


def test_a_plain_picture_in_a_bank_is_known_by_its_bytes(asking: Asking, bank: str) -> None:
    plain = encoded(Image.new("RGB", (200, 200), (255, 220, 0)), "PNG")
    assert told(asking.send(f"{bank}/content", photo=plain))["signals"] == {"sha256": hashlib.sha256(plain).hexdigest()}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"metadata": "{"}, id="no-json"),
        pytest.param({"metadata": "[]"}, id="no-object"),
        pytest.param({"metadata": '{"other": 5}'}, id="an-unknown-field"),
        pytest.param({"metadata": '{"json": "x"}'}, id="json-that-is-no-object"),
        pytest.param({"metadata": '{"content_id": 5}'}, id="an-id-that-is-no-text"),
        pytest.param({"note": "x" * 256}, id="a-long-note"),
        pytest.param({"note": "a\0b"}, id="a-note-with-nul"),
        pytest.param({"metadata": r'{"content_id": "\u0000"}'}, id="an-id-with-nul"),
        pytest.param({"metadata": r'{"json": {"a": ["\ud800"]}}'}, id="half-of-a-pair"),
        pytest.param({"metadata": r'{"json": {"\u0000": 1}}'}, id="a-name-with-nul"),
        pytest.param({"metadata": '{"json": {"a": [NaN]}}'}, id="not-a-number"),
        pytest.param({"metadata": '{"json": {"a": 1e999}}'}, id="infinite"),
        pytest.param({"metadata": '{"json": {"a": ' + "[" * 3000 + "]" * 3000 + "}}"}, id="deep"),
    ],
)
def test_metadata_that_hma_would_refuse_is_refused(
    asking: Asking, bank: str, picture: bytes, fields: dict[str, str]
) -> None:
    assert asking.send(f"{bank}/content", photo=picture, **fields).status_code == 400


def test_an_item_is_switched_off_until_a_time_and_on_again(asking: Asking, bank: str) -> None:
    asking.json(f"{bank}/signal", {"pdq": HASH})
    own, later = f"{bank}/content/1", int((datetime.now(UTC) + timedelta(days=9)).timestamp())
    for stamp in (later, 0, 1):
        answer = told(asking.json(own, {"disable_until_ts": str(stamp), "note": "x"}, "PUT"))
        assert (answer["disable_until_ts"], answer["note"]) == (stamp, "x")
        assert told(asking.get(own))["disable_until_ts"] == stamp
    assert told(asking.json(own, {"note": ""}, "PUT"))["note"] is None
    for wrong in (-1, "soon", None, True, 9_999_999_999, 10**30):
        assert asking.json(own, {"disable_until_ts": wrong}, "PUT").status_code == 400


def test_an_item_is_deleted_once(asking: Asking, bank: str) -> None:
    asking.json(f"{bank}/signal", {"pdq": HASH})
    assert [told(asking.delete(f"{bank}/content/1")) for _ in range(2)] == [{"deleted": 1}, {"deleted": 0}]
    assert asking.get(f"{bank}/content/1").status_code == 404


def test_what_is_not_there_is_404(asking: Asking, bank: str) -> None:
    assert told(asking.get("/c/bank/NONE")) == {"message": "bank 'NONE' not found"}
    for answer in (
        asking.get(f"{bank}/content/99"),
        asking.json(f"{bank}/content/99", {}, "PUT"),
        asking.json("/c/bank/NONE/signal", {"pdq": HASH}),
        asking.get("/c/bank/NONE/content/1"),
    ):
        assert answer.status_code == 404
    assert asking.post(f"{bank}/content").status_code == 400
