"""Keys: every address asks for one that may do that, and nothing tells an unknown one from a revoked one."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import get_resolver

from amparo.cases.refused import Refused
from amparo.records import api_keys, models
from amparo.records.api_keys import Scope
from tests.api.asking import Asking, told
from tests.api.double import Double

_PARTS = {"<str:platform>": "plaza", "<str:name>": "BANK", "<item:item>": "1"}
_OPEN = ["status/live", "ap/inbox"]


def _addresses() -> list[tuple[str, str, Scope | None]]:
    """Return each address that asks for a key: a method, the address, and what the key must be allowed."""
    found = []
    for route in get_resolver("amparo.api.urls").url_patterns:
        address = str(route.pattern)
        for written, part in _PARTS.items():
            address = address.replace(written, part)
        found += [
            (method, f"/{address}", needed) for method, (needed, _) in getattr(route.callback, "methods", {}).items()
        ]
    return found


ADDRESSES = _addresses()


def _ask(asking: Asking, method: str, address: str) -> int:
    return asking._ask(method, address, None, {}).status_code


def test_every_address_but_one_asks_for_a_key() -> None:
    routes = get_resolver("amparo.api.urls").url_patterns
    assert [str(route.pattern) for route in routes if not hasattr(route.callback, "methods")] == _OPEN
    assert len(ADDRESSES) > 30


@pytest.mark.parametrize(
    "key", [None, "", "amparo_" + "A" * 43, "ä", "revoked"], ids=["none", "empty", "wrong", "odd", "revoked"]
)
def test_without_a_key_in_use_every_address_answers_alike(
    index: Double, new_key: Callable[..., str], key: str | None
) -> None:
    if key == "revoked":
        key = new_key("match", "hash", "banks", "show", name="gone")
        api_keys.revoke("gone", datetime.now(UTC))
    seen = set()
    for method, address, _ in ADDRESSES:
        answer = Asking(key)._ask(method, address, None, {})
        assert answer.status_code == 401, (method, address)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        seen.add(told(answer).get("detail", told(answer).get("message")))
    assert len(seen) == 1


def test_anybody_may_ask_whether_the_process_lives(index: Double) -> None:
    answer = Asking(None).get("/status/live")
    assert (answer.status_code, answer.content) == (200, b"I-AM-ALIVE")


@pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.value)
def test_a_key_opens_what_it_may_and_nothing_else(index: Double, new_key: Callable[..., str], scope: Scope) -> None:
    asking = Asking(new_key(scope.value))
    for method, address, needed in ADDRESSES:
        is_refused = _ask(asking, method, address) == 403
        assert is_refused == (needed not in (None, scope)), (method, address)


@pytest.mark.parametrize("header", ["Authorization", "x-api-key", "X-API-KEY"])
def test_a_key_is_taken_from_either_header(index: Double, new_key: Callable[..., str], header: str) -> None:
    key = new_key("match")
    value = f"bearer {key}" if header == "Authorization" else key
    assert Asking(None).get("/c/banks", headers={header: value}).status_code == 200


def test_a_wrong_method_is_told_which_are_right(asking: Asking) -> None:
    answer = asking.get("/v1/match")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_an_address_that_is_none_answers_as_whoever_asks_there_expects(asking: Asking) -> None:
    ours, hmas = asking.get("/v1/nothing"), asking.get("/m/nothing")
    assert (ours.status_code, told(ours)["code"]) == (404, "not_found")
    assert (hmas.status_code, set(told(hmas))) == (404, {"message"})


def test_only_the_hash_of_a_key_is_kept(index: Double, new_key: Callable[..., str]) -> None:
    key = new_key("match")
    row = models.ApiKey.objects.values().get()
    assert len(key) > 40
    assert all(key not in str(value) for value in row.values())


def test_the_use_of_a_key_is_noted_once_an_hour(index: Double, new_key: Callable[..., str]) -> None:
    key, now = new_key("match"), datetime.now(UTC)
    for at in (now, now + timedelta(minutes=30), now + timedelta(hours=2)):
        api_keys.find(key, at)
        last = models.ApiKey.objects.get().last_used_at
        assert last == (now if at < now + timedelta(hours=1) else at)


@pytest.mark.parametrize(
    ("name", "may", "code"),
    [
        pytest.param("Upload Hook", ["match"], "no_name", id="a-name-with-a-space"),
        pytest.param("", ["match"], "no_name", id="no-name"),
        pytest.param("hook", [], "may_nothing", id="a-key-that-may-nothing"),
        pytest.param("taken", ["match"], "name_taken", id="a-name-in-use"),
    ],
)
def test_a_key_that_could_not_be_told_from_others_is_not_made(
    index: Double, new_key: Callable[..., str], name: str, may: list[str], code: str
) -> None:
    new_key("match", name="taken")
    with pytest.raises(Refused) as refused:
        api_keys.create(name, map(Scope, may), datetime.now(UTC), bytes)
    assert refused.value.code == code


def test_the_name_of_a_revoked_key_is_free_again(index: Double, new_key: Callable[..., str]) -> None:
    first = new_key("match", name="hook")
    api_keys.revoke("hook", datetime.now(UTC))
    second = new_key("match", name="hook")
    now = datetime.now(UTC)
    assert api_keys.find(first, now) is None
    assert api_keys.find(second, now) is not None
    assert [(key.name, key.revoked_at is None) for key in api_keys.everyone()] == [("hook", True), ("hook", False)]
    with pytest.raises(Refused):
        api_keys.revoke("nobody", now)


def test_neither_keys_nor_signals_stand_in_the_log(
    index: Double, new_key: Callable[..., str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal, key = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22", new_key("match", "banks")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{signal} {key}")

    monkeypatch.setattr(index, "lookup", broken)
    with caplog.at_level(logging.DEBUG):
        asking = Asking(key)
        answers = [
            asking.get("/m/lookup", signal=signal, signal_type="pdq"),
            asking.json("/v1/match", {"pdq": signal}),
            Asking(key + "x").json("/v1/match", {"pdq": signal}),
            asking.json("/c/bank/BANK/signal", {"pdq": signal}),
        ]
    assert [answer.status_code for answer in answers] == [500, 500, 401, 404]
    own = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "a request failed: RuntimeError" in own
    assert signal not in own
    assert key not in own
    assert all(signal.encode() not in answer.content for answer in answers)


def test_a_key_for_practice_is_told_where_it_belongs(index: Double) -> None:
    answer = Asking("amparo_test_" + "A" * 43).get("/c/banks")
    assert answer.status_code == 401
    assert "This is a key for practice" in told(answer)["message"]


def test_a_practice_home_makes_keys_that_are_known_by_their_look(as_the_api: None, empty_books: None) -> None:
    key = api_keys.create("ci", [Scope.MATCH], datetime.now(UTC), bytes, is_test=True)
    found = api_keys.find(key, datetime.now(UTC))
    assert key.startswith(api_keys.TEST_PREFIX)
    assert found is not None
    assert found.name == "ci"
