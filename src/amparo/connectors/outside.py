"""A client that reaches nobody but whom it may: every address of a name is looked at, and that very one is dialled.

For addresses that somebody else chose, in part: an endpoint that is told of notices, a server whose key is asked for. A
name that leads into our own network, at the first look or at a later one, is not dialled. No redirect is followed.
"""

import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore
import httpx

from amparo.connectors.exchange import dialling_client

LookUp = Callable[[str, int], list[str]]
_WHOLE = IPv6Network("2000::/3")
"""All that is given to anybody in the public network stands in it."""
# What the library takes for public, though it leads back to an address of another kind: 6to4 and Teredo.
_WRAPPED = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


def is_outside(address: str) -> bool:
    """Whether an address is one of the public network, that nothing of ours can stand at."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return _is_public(found) and not str(found).startswith("192.0.0.")
    if found.scope_id is not None or found not in _WHOLE or any(found in each for each in _WRAPPED):
        return False
    return _is_public(found)


def look_up(host: str, port: int) -> list[str]:
    """Return every address of a name, as the system's resolver has them. Raises OSError and UnicodeError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def outside_client(
    patience_seconds: float,
    *,
    is_inside: bool = False,
    look_up: LookUp = look_up,
    headers: Mapping[str, str] | None = None,
) -> httpx.Client:
    """Return a client for addresses outside. `is_inside`: the operator has said that this one may be in our network."""

    def checked(host: str, port: int) -> str:
        try:
            found = look_up(host, port)
        except (
            OSError,
            UnicodeError,
        ):  # The resolver's codec raises the latter for "a..b" and labels that are too long.
            raise httpcore.ConnectError("the name is not known") from None
        if not found or not (is_inside or all(is_outside(each) for each in found)):
            raise httpcore.ConnectError("the name leads to no address outside")
        return found[0]

    return dialling_client(patience_seconds, checked, headers or {})


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
