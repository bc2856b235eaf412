"""Signatures are those of Standard Webhooks 1.0.0: any of its libraries takes them."""

import base64
import hashlib
import hmac

import pytest

from amparo.connectors.standard_webhooks import keys_of, new_secret, signed

# The known answer that the specification's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_message_has_the_published_signature() -> None:
    assert signed(keys_of(SECRET), MESSAGE, AT, BODY) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(AT),
        "webhook-signature": SIGNATURE,
    }


def test_the_content_that_is_signed_is_id_time_and_body_with_full_stops() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    by_hand = hmac.new(key, b"a.1.{}", hashlib.sha256).digest()
    assert signed((key,), "a", 1, b"{}")["webhook-signature"] == "v1," + base64.b64encode(by_hand).decode()


def test_two_secrets_give_two_signatures_with_a_space_between() -> None:
    both = signed(keys_of(f"{SECRET} {new_secret()}"), MESSAGE, AT, BODY)["webhook-signature"].split(" ")
    assert len(both) == 2
    assert both[0] == SIGNATURE
    assert both[1].startswith("v1,")


def test_a_fresh_secret_is_a_secret_and_each_is_another() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(keys_of(one)[0]) == 32


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param(SECRET.removeprefix("whsec_"), id="without-its-prefix"),
        pytest.param("whsec_AAAA", id="too-short"),
        pytest.param("whsec_" + base64.b64encode(bytes(65)).decode(), id="too-long"),
        pytest.param("whsec_!!!!", id="no-base64"),
    ],
)
def test_what_is_no_secret_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="whsec_") as told:
        keys_of(secret)
    assert not secret or secret not in str(told.value)


def test_an_id_with_a_full_stop_is_refused() -> None:
    with pytest.raises(ValueError, match="full stop"):
        signed(keys_of(SECRET), "case.1", AT, BODY)
