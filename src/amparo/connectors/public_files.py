"""Files of a connected platform by their public address, as a stranger gets them. No other host is ever asked."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

import httpx

from amparo.connectors.connector import ConnectorError, Part
from amparo.connectors.exchange import punctual_client, within
from amparo.connectors.places import host_of
from amparo.connectors.unpacked import pieces

_PATIENCE_SECONDS = 30.0


@runtime_checkable
class ServesFiles(Protocol):
    """A connector that knows on which hosts its platform's files stand, each with its port where that is unusual."""

    file_hosts: frozenset[str]


def fetch_file(address: str, hosts: Iterable[str], *, at_most_bytes: int) -> Part:
    """Return the file at an address. Raises ConnectorError, `foreign` for an address on no such host.

    No redirect is followed: it could lead to any other host.
    """
    if not _is_on(address, frozenset(hosts)):
        raise ConnectorError("That address is on no connected platform's host.", permanent=True, code="foreign")
    body = bytearray()
    try:
        with (
            punctual_client(_PATIENCE_SECONDS) as client,
            within(_PATIENCE_SECONDS),
            client.stream("GET", address) as answer,
        ):
            if not answer.is_success:
                status = answer.status_code
                is_theirs = status < 500
                raise ConnectorError(f"The site answered {status}.", permanent=is_theirs, code=f"status_{status}")
            for piece in pieces(answer):
                body += piece
                if len(body) > at_most_bytes:
                    raise ConnectorError("That file is too large.", permanent=True, code="too_large")
            return Part(bytes(body), answer.headers.get("content-type", ""))
    except httpx.TimeoutException:
        raise ConnectorError("The site did not answer in time.", permanent=False, code="timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise ConnectorError("The site could not be reached.", permanent=False, code="unreachable") from None


def _is_on(address: str, hosts: frozenset[str]) -> bool:
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port  # Raises for what only looks like an address.
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        # What we compare must be what is asked: the client reads addresses in its own way.
        asked = httpx.URL(address)
        return is_plain and host_of(address) in hosts and asked.host == (parts.hostname or "")
    except (ValueError, httpx.InvalidURL):
        return False
