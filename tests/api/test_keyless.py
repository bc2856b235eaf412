"""HMA's addresses without a key: at a loopback port of their own, and never for what a proxy or a browser asks."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from amparo.api.keyless import KeylessPort
from amparo.api.limits import read_limits
from amparo.home import BadSettings
from tests.api.asking import Asking
from tests.api.double import Double


@pytest.mark.parametrize(
    ("written", "place"),
    [("127.0.0.1:8005", ("127.0.0.1", 8005)), ("[::1]:8005", ("::1", 8005)), ("localhost:8005", ("127.0.0.1", 8005))],
)
def test_the_port_is_a_loopback_address_of_its_own(written: str, place: tuple[str, int]) -> None:
    assert read_limits({"hma_without_key": written, "listen": "127.0.0.1:8004"}).keyless == place
    assert read_limits({"hma_without_key": ""}).keyless is None


@pytest.fixture
def hurried(index: Double) -> Iterator[tuple[str, int]]:
    """That port, where heads come at once."""
    port = KeylessPort(("127.0.0.1", 0), get_wsgi_application(), head_within_seconds=0.4)
    yield port.place
    port.close()


@pytest.fixture
def here(index: Double) -> Iterator[httpx.Client]:
    """A program on this machine that has no key, at that port."""
    port = KeylessPort(("127.0.0.1", 0), get_wsgi_application())
    with httpx.Client(base_url=f"http://127.0.0.1:{port.place[1]}", timeout=30, trust_env=False) as client:
        yield client
    port.close()


def test_over_that_port_hmas_addresses_ask_for_no_key_and_our_own_do(here: httpx.Client, index: Double) -> None:
    assert here.get("/c/banks").json() == []
    assert here.post("/c/banks", json={"name": "FROM_HERE"}).status_code == 201
    assert here.post("/c/bank/FROM_HERE/signal", json={"pdq": "0f" * 32}).json()["id"] == 1
    assert here.get("/status/live").text == "I-AM-ALIVE"
    assert here.post("/v1/match", json={"sha256": "a" * 64}).status_code == 401
    assert here.post("/hooks/plaza", json={"sha256": "a" * 64}).status_code == 401


def test_a_proxy_in_front_of_the_other_port_is_asked_for_a_key_whatever_it_says_or_leaves_out(index: Double) -> None:
    """Many a proxy connects from a loopback address, writes that into `Host` and adds no header of its own."""
    for marks in ({}, {"amparo.keyless": "True"}, {"amparo-keyless": "True"}):
        assert Asking(None).get("/c/banks", headers=marks).status_code == 401


def test_what_a_proxy_says_that_it_passed_on_or_a_page_in_a_browser_asks_needs_a_key(here: httpx.Client) -> None:
    forwarded = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "Via")
    for header in (*forwarded, "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "Origin", "Sec-Fetch-Site"):
        assert here.get("/c/banks", headers={header: "somebody"}).status_code == 401, header


def test_what_was_asked_of_a_public_name_needs_a_key(here: httpx.Client) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "api.example"]
    assert here.get("/c/banks", headers={"Host": "api.example"}).status_code == 401
    assert here.get("/c/banks", headers={"Host": "elsewhere.example"}).status_code == 400


def test_nothing_that_is_asked_there_is_written_down(here: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    assert here.get("/m/raw_lookup", params={"signal": "0f" * 32, "signal_type": "pdq"}).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_a_port_that_is_taken_is_said_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BadSettings, match="Choose another port"):
            KeylessPort(("127.0.0.1", other.getsockname()[1]), lambda environ, start: [])


def test_heads_that_do_not_come_hold_up_nobody_for_long(hurried: tuple[str, int]) -> None:
    with ExitStack() as open_:
        for _ in range(8):
            silent = open_.enter_context(socket.create_connection(hurried))
            silent.sendall(b"GET /status/live HTTP/1.1\r\nHost: 127")
        # A minute for each of them would be longer than this waits.
        answer = httpx.get(f"http://127.0.0.1:{hurried[1]}/status/live", timeout=30, trust_env=False)
    assert answer.text == "I-AM-ALIVE"


def test_a_head_that_comes_in_drops_is_not_waited_for_either(hurried: tuple[str, int]) -> None:
    with socket.create_connection(hurried, timeout=30) as slow:
        slow.sendall(b"GET /status/live HTTP/1.1\r\n")
        assert _is_cut_off(slow)


def _is_cut_off(slow: socket.socket) -> bool:
    """Send a letter at a time, for far longer than a head may take; return whether the other end hangs up."""
    for _ in range(200):
        try:
            slow.sendall(b"x")
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_body_may_take_longer_than_a_head(hurried: tuple[str, int]) -> None:
    body = b'{"name": "SLOWLY"}'
    head = f"POST /c/banks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(hurried, timeout=30) as slow:
        slow.sendall(f"{head}\r\n\r\n".encode())
        time.sleep(0.8)
        slow.sendall(body)
        assert slow.recv(100).startswith(b"HTTP/1.0 201")
