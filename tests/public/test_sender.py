"""Whom a request is counted to: nobody chooses it for themselves, and behind a proxy it is not the proxy."""

from ipaddress import ip_address

import pytest
from django.test import RequestFactory, override_settings

from amparo.home import BadSettings
from amparo.public.network import network_of
from amparo.sender import TrustedProxies, read_trusted, sender, sender_of

PROXIES = read_trusted(["127.0.0.1", "::1", "10.0.0.0/8", "2001:db8:ffff::/48"], "here")
PROXY = "127.0.0.1"


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [
        pytest.param(PROXY, "203.0.113.9", "203.0.113.9", id="one-proxy"),
        pytest.param("::1", "203.0.113.9", "203.0.113.9", id="a-proxy-by-ipv6"),
        pytest.param("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9", id="a-proxy-on-a-socket-for-both-versions"),
        pytest.param(PROXY, "203.0.113.9, 10.0.0.7", "203.0.113.9", id="two-proxies"),
        pytest.param(
            PROXY, "203.0.113.9,10.0.0.7,2001:db8:ffff::2", "203.0.113.9", id="three-proxies-of-both-versions"
        ),
        pytest.param(PROXY, "2001:db8::5", "2001:db8::5", id="ipv6"),
        pytest.param(PROXY, "2001:DB8:0:0::5", "2001:db8::5", id="ipv6-in-another-spelling"),
        pytest.param(PROXY, "[2001:db8::5]", "2001:db8::5", id="ipv6-in-brackets"),
        pytest.param(PROXY, "[2001:db8::5]:4711", "2001:db8::5", id="ipv6-with-a-port"),
        pytest.param(PROXY, "203.0.113.9:4711", "203.0.113.9", id="ipv4-with-a-port"),
        pytest.param(PROXY, "::ffff:203.0.113.9", "203.0.113.9", id="ipv4-written-as-ipv6"),
        pytest.param(PROXY, "  203.0.113.9\t", "203.0.113.9", id="spaces"),
        # Nobody chooses whom they are counted to.
        pytest.param("203.0.113.9", "198.51.100.1", "203.0.113.9", id="a-stranger-who-sends-the-header"),
        pytest.param("203.0.113.9", "127.0.0.1", "203.0.113.9", id="a-stranger-who-names-the-proxy"),
        pytest.param(PROXY, "198.51.100.1, 203.0.113.9", "203.0.113.9", id="a-spoofed-left-entry"),
        pytest.param(PROXY, "10.0.0.1, 203.0.113.9", "203.0.113.9", id="a-spoofed-proxy-at-the-left"),
        pytest.param(PROXY, "junk, 203.0.113.9", "203.0.113.9", id="junk-at-the-left-was-not-the-proxys"),
        pytest.param(PROXY, "1.1.1.1,2.2.2.2, 203.0.113.9", "203.0.113.9", id="several-headers-joined"),
        pytest.param(PROXY, ",".join(["1.1.1.1"] * 5000) + ",203.0.113.9", "203.0.113.9", id="very-many"),
        # What is no address: all count as the proxy's network, as if nothing were set.
        pytest.param(PROXY, "", PROXY, id="nothing"),
        pytest.param(PROXY, "   ", PROXY, id="only-spaces"),
        pytest.param(PROXY, "203.0.113.9,", PROXY, id="an-empty-last-entry"),
        pytest.param(PROXY, "203.0.113.9, junk", PROXY, id="junk-at-the-right"),
        pytest.param(PROXY, "unknown", PROXY, id="a-proxy-that-does-not-say"),
        pytest.param(PROXY, "203.0.113.9, unknown, 10.0.0.7", PROXY, id="a-gap-behind-a-proxy"),
        pytest.param(PROXY, "203.0.113.009", PROXY, id="leading-zeros-have-two-meanings"),
        pytest.param(PROXY, "3405803785", PROXY, id="a-number"),
        pytest.param(PROXY, "203.0.113.9:port", PROXY, id="a-port-that-is-none"),
        pytest.param(PROXY, "[203.0.113.9]", PROXY, id="ipv4-in-brackets"),
        pytest.param(PROXY, "[2001:db8::5", PROXY, id="half-a-bracket"),
        pytest.param(PROXY, "fe80::1%eth0", PROXY, id="a-zone"),
        pytest.param(PROXY, "203.0.113.0/24", PROXY, id="a-network"),
        pytest.param(PROXY, "٢٠٣.0.113.9", PROXY, id="digits-of-another-script"),
        # Nobody but proxies: one of them asked for itself.
        pytest.param(PROXY, "10.0.0.8, 10.0.0.7", "10.0.0.8", id="a-proxys-own-health-check"),
    ],
)
def test_the_sender_is_the_first_from_the_right_that_is_no_proxy_of_ours(peer: str, said: str, expected: str) -> None:
    request = RequestFactory(REMOTE_ADDR=peer, headers={"X-Forwarded-For": said}).get("/")
    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert sender_of(request) == ip_address(expected)


def test_without_a_setting_no_header_is_read() -> None:
    request = RequestFactory(REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": "203.0.113.9"}).get("/")
    with override_settings(TRUSTED_PROXIES=read_trusted([], "")):
        assert sender_of(request) == ip_address(PROXY)


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP", "Client-IP", "X-Client-IP", "CF-Connecting-IP"])
def test_no_other_header_says_who_asks(header: str) -> None:
    said = "for=203.0.113.9" if header == "Forwarded" else "203.0.113.9"
    request = RequestFactory(REMOTE_ADDR=PROXY, headers={header: said}).get("/")
    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert sender_of(request) == ip_address(PROXY)


def test_a_peer_on_a_unix_socket_is_trusted_only_where_that_is_said() -> None:
    assert sender(None, "203.0.113.9", TrustedProxies()) is None
    assert sender(None, "203.0.113.9", PROXIES) is None
    assert sender(None, "203.0.113.9", read_trusted(["unix"], "")) == ip_address("203.0.113.9")


def test_behind_a_proxy_the_network_of_a_report_is_the_reporters() -> None:
    def network(said: str) -> str:
        return network_of(RequestFactory(REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": said}).get("/"))

    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert network("203.0.113.9") == network("198.51.100.1, 203.0.113.200")
        assert network("203.0.113.9") != network("203.0.114.9")


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        pytest.param("127.0.0.1", "is a list", id="no-list"),
        pytest.param([1], "is a list", id="a-number"),
        pytest.param(["localhost"], "localhost", id="a-name"),
        pytest.param(["10.0.0.1/8"], "host bits", id="a-network-with-host-bits"),
        pytest.param(["0.0.0.0/0"], "trusts everybody", id="everybody"),
        pytest.param(["::/0"], "trusts everybody", id="everybody-by-ipv6"),
    ],
)
def test_a_setting_that_names_no_proxy_is_refused_with_what_to_write(written: object, sentence: str) -> None:
    with pytest.raises(BadSettings, match=sentence):
        read_trusted(written, "[door] trusted_proxies")
