"""A client whose exchanges end in time, whoever is at the other end.

httpx limits each wait for a byte, not their sum: a site that sends one letter of a header every few seconds would hold
a thread for as long as it likes. Here one moment ends the whole exchange, from connecting to the last byte. Only a
name is looked up in the resolver's own time.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from time import monotonic
from typing import Any

import httpcore
import httpx

from amparo.connectors.unpacked import ACCEPTED

_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


Dial = Callable[[str, int], str]


def punctual_client(patience_seconds: float, **headers: str) -> httpx.Client:
    """Return a client that keeps to `within`. Asks no proxy of the environment and follows no redirect."""
    return dialling_client(patience_seconds, None, headers)


def dialling_client(patience_seconds: float, dial: Dial | None, headers: Mapping[str, str]) -> httpx.Client:
    """Return a punctual client. `dial`: which address is connected to for a name and port.

    It raises httpcore.ConnectError for none.
    """
    return httpx.Client(
        transport=_Transport(dial),
        timeout=patience_seconds,
        trust_env=False,
        follow_redirects=False,
        headers={"Accept-Encoding": ACCEPTED, **headers},
    )


@cache
def authorities() -> ssl.SSLContext:
    """Return whose certificates are believed: one for all clients, because reading them takes 20 milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End what this thread exchanges in the body after so long: then httpx.TimeoutException is raised there."""
    before = _ends_at.set(monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(before)


def _left(timeout: float | None) -> float | None:
    ends_at = _ends_at.get()
    if ends_at is None:
        return timeout
    left = ends_at - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole exchange is over")
    return left if timeout is None else min(left, timeout)


class _Transport(httpx.HTTPTransport):
    def __init__(self, dial: Dial | None) -> None:
        super().__init__(verify=authorities(), trust_env=False)
        # httpx has no public way to name the pool's network; tests/connectors/test_slow_sites.py fails if this ends.
        self._pool = httpcore.ConnectionPool(
            ssl_context=authorities(),
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Network(dial),
        )


class _Network(httpcore.NetworkBackend):
    def __init__(self, dial: Dial | None) -> None:
        self._network, self._dial = httpcore.SyncBackend(), dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        host = host if self._dial is None else self._dial(host, port)
        return _Stream(self._network.connect_tcp(host, port, _left(timeout), local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
