"""Where a request comes from: the peer itself, or whom a trusted proxy names. The only place that reads that header.

A proxy adds the address of whoever connected to it at the right end of `X-Forwarded-For`; everything further left is
what that one claimed. So the list is read from the right, past the proxies we trust, to the first address that is none
of ours. Nothing else is ever taken from a forwarding header: not the host, not the scheme.

The server joins headers of the same name, but lets `X_Forwarded_For` and its like stand in for `X-Forwarded-For`, and
then the two cannot be told apart: a trusted proxy must drop names with an underscore. nginx does so by itself, Caddy is
told to (`deploy/`).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from amparo.home import BadSettings

Address = IPv4Address | IPv6Address
UNIX = "unix"
# An address with a port, as some proxies write it: 203.0.113.9:4711 or [2001:db8::1]:4711
_WITH_PORT = re.compile(r"(?:\[(?P<six>[^\]]*)\]|(?P<four>[\d.]+))(?::\d{1,5})?")


@dataclass(frozen=True)
class TrustedProxies:
    """The peers whose word about others is taken. `unix`: whoever connects through our own Unix socket is one."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    unix: bool = False

    def trust(self, peer: Address | None) -> bool:
        """Whether this peer is one of them. None is a peer without an address."""
        return self.unix if peer is None else any(peer in network for network in self.networks)


def read_trusted(written: object, where: str) -> TrustedProxies:
    """Return the setting `trusted_proxies` as it is used. Raises BadSettings for what names no proxy."""
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        raise BadSettings(f'{where} is a list of addresses and networks, such as ["127.0.0.1", "::1"].')
    return TrustedProxies(tuple(_network(each, where) for each in written if each != UNIX), UNIX in written)


def sender_of(request: HttpRequest) -> Address | None:
    """Return the address of whoever sent this request, or None where it cannot be known."""
    trusted: TrustedProxies = settings.TRUSTED_PROXIES
    peer = _address(str(request.META.get("REMOTE_ADDR", "")))
    return sender(peer, str(request.META.get("HTTP_X_FORWARDED_FOR", "")), trusted)


def sender(peer: Address | None, forwarded_for: str, trusted: TrustedProxies) -> Address | None:
    """Return the peer, or the rightmost address in `forwarded_for` that is no proxy of ours, if the peer is one.

    With nothing there, or something that is no address before such a one is reached, it is the peer: then all senders
    count as one network, which is the safe mistake. Where every address is a proxy of ours it is the first.
    """
    if not forwarded_for.strip() or not trusted.trust(peer):
        return peer
    found = peer
    for word in reversed(forwarded_for.split(",")):
        found = _address(word.strip(" \t"))
        if found is None:
            return peer
        if not trusted.trust(found):
            return found
    return found


def _address(word: str) -> Address | None:
    """Return an address, with or without brackets and port; an IPv4 one however it is written. None for all else."""
    with_port = _WITH_PORT.fullmatch(word)
    if with_port is not None:
        word = with_port["six"] or with_port["four"] or ""
        if with_port["six"] is not None and ":" not in word:
            return None
    try:
        address = ip_address(word)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return None if address.scope_id is not None else address.ipv4_mapped or address
    return address


def _network(written: str, where: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(written)
    except ValueError as error:
        raise BadSettings(f"{where}: {error}. Write an address, a network, or {UNIX!r}.") from None
    if network.prefixlen == 0:
        raise BadSettings(f"{where}: {written} trusts everybody, so anybody could say where they come from.")
    return network
