"""What is too large or says no length is refused before it is read, and so are settings that do not hold."""

from typing import Any

import pytest
from django.test import RequestFactory

from amparo.api import guard
from amparo.api.errors import ApiError
from amparo.api.guard import AROUND_A_FILE_BYTES, Room, _length_of
from amparo.api.limits import Limits, read_limits
from amparo.home import BadSettings
from tests.api.asking import Asking, told
from tests.api.double import Double


@pytest.mark.parametrize("address", ["/v1/match", "/m/lookup"])
def test_a_file_that_is_too_large_is_refused_with_the_limit(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(guard, "limits", lambda: Limits(1024**2, 3.0, None))
    assert asking.post("/v1/match", b"0" * 1024**2).status_code == 200
    answer = asking.post(address, b"0" * (1024**2 + AROUND_A_FILE_BYTES + 1))
    assert answer.status_code == 413
    assert "the 1 MiB" in answer.content.decode()
    assert ("message" in told(answer)) == (address == "/m/lookup")


def test_a_large_file_is_taken_in_memory(asking: Asking, index: Double) -> None:
    answer = asking.send("/v1/match", file=b"\0" * 5_000_000)
    assert told(answer)["answer"] == "not_hashable"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}, 411, id="no-length"),
        pytest.param({"CONTENT_LENGTH": "many"}, 400, id="a-length-that-is-none"),
        pytest.param({"CONTENT_LENGTH": "-1"}, 400, id="less-than-nothing"),
    ],
)
def test_a_body_whose_length_is_not_known_is_not_read(as_the_api: None, headers: dict[str, Any], status: int) -> None:
    request = RequestFactory().post("/v1/match")
    request.META |= headers
    with pytest.raises(ApiError) as refused:
        _length_of(request)
    assert refused.value.status == status


def test_no_more_is_held_at_once_than_there_is_room_for() -> None:
    room = Room(100)
    with room.for_bytes(60):
        with pytest.raises(ApiError) as refused, room.for_bytes(41):
            pass
        assert (refused.value.status, refused.value.retry_after) == (503, 1)
        with room.for_bytes(40):
            pass
    with room.for_bytes(100):
        pass


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"\xff", b"null", b"[" * 100_000], ids=["cut", "list", "bytes", "null", "deep"]
)
@pytest.mark.parametrize("address", ["/v1/match", "/hooks/plaza", "/c/banks", "/m/compare"])
def test_what_is_no_json_object_is_refused(asking: Asking, address: str, body: bytes) -> None:
    assert asking.post(address, body, "application/json").status_code == 400


@pytest.mark.parametrize("address", ["/v1/match", "/h/hash", "/m/lookup", "/hooks/plaza"])
@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_form_that_is_none_is_refused(asking: Asking, address: str, content_type: str) -> None:
    assert asking.post(address, b"--y\r\n\r\n", content_type).status_code == 400


def test_nothing_is_kept_in_caches_and_no_cookie_is_set(asking: Asking) -> None:
    for answer in (asking.get("/c/banks"), asking.json("/v1/match", {"sha256": "a" * 64}), asking.get("/v1/nothing")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_usual_limits() -> None:
    assert read_limits({}) == Limits(100 * 1024 * 1024, 3.0, None)


@pytest.mark.parametrize(
    "written",
    [
        {"limit_mb": 0}, {"limit_mb": "100"}, {"limit_mb": True}, {"limit_mb": 100_000}, {"deadline_seconds": 0},
        {"deadline_seconds": 1000}, {"hma_without_key": "yes"},
        {"hma_without_key": True}, {"hma_without_key": "0.0.0.0:8005"}, {"hma_without_key": "192.0.2.7:8005"},
        {"hma_without_key": "127.0.0.1"}, {"hma_without_key": "127.0.0.1:many"}, {"hma_without_key": 8005},
        {"hma_without_key": "unix:/run/api.sock"}, {"hma_without_key": "a.example:8005"},
        {"hma_without_key": "127.0.0.1:8004", "listen": "127.0.0.1:8004"},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_do_not_hold_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(BadSettings) as refused:
        read_limits(written)
    assert "amparo.toml" in str(refused.value)
