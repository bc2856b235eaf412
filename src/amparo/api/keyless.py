"""HMA's addresses without a key, for programs of this machine, on a loopback port of their own.

A port of its own, because nothing that a request says of itself can be trusted here: a proxy on this machine connects
from a loopback address, and many a one writes that address into `Host` and adds no header. What stands in front of
`[api] listen` never reaches this port, so nothing there is ever answered without a key.

The port is served by this process in some threads: a second process would hold the whole index again.
"""

import logging
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader, RawIOBase
from ipaddress import ip_address
from socketserver import TCPServer
from threading import Thread
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from amparo.home import BadSettings

log = logging.getLogger(__name__)

MARK = "amparo.keyless"
"""Stands in the environment of a request that came over this port. No header can put it there."""
_THREADS = 4
_HEAD_WITHIN_SECONDS = 5
"""In which the whole head of a request comes. Whoever sends half of one holds up a thread no longer."""
_PATIENCE_SECONDS = 60
"""In which the next piece of a body comes, or of the answer is taken."""
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class KeylessPort:
    """Answers at one loopback address until it is closed."""

    def __init__(
        self, place: tuple[str, int], application: Application, head_within_seconds: float = _HEAD_WITHIN_SECONDS
    ) -> None:
        """Listen. Raises BadSettings where the address is taken or is none of this machine."""

        def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            return application({**environ, MARK: True}, start_response)

        try:
            self._server = _Server(place, head_within_seconds)
        except OSError as error:
            raise BadSettings(
                f"[api] hma_without_key cannot listen at {place[0]}:{place[1]}: {error.strerror}. Choose another port."
            ) from None
        self._server.set_app(marked)
        at: Any = self._server.server_address
        self.place: tuple[str, int] = at[0], at[1]
        self._thread = Thread(target=self._server.serve_forever, name="keyless", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no request any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(WSGIServer):
    def __init__(self, place: tuple[str, int], head_within_seconds: float) -> None:
        self.head_within_seconds = head_within_seconds
        if ip_address(place[0]).version == 6:
            self.address_family = socket.AF_INET6
        # Threads that stay, since each has its connection to the database.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keyless")
        super().__init__(place, _Handler)

    def server_bind(self) -> None:
        # Not `HTTPServer`'s, which asks a name server what this machine is called.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._threads.submit(self._answer, request, client_address)

    def server_close(self) -> None:
        super().server_close()
        self._threads.shutdown()

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            log.debug("a program went away before it was answered")
        except Exception as error:
            # Its text might hold a hash or an address.
            log.error("a request without a key failed: %s", type(error).__name__)
        finally:
            self.shutdown_request(request)


class _Incoming(RawIOBase):
    """What a program sends, as it comes: the head until a moment, and then each piece of the body within a time."""

    def __init__(self, connection: socket.socket, head_within_seconds: float) -> None:
        self._connection = connection
        self._head_ends_at: float | None = monotonic() + head_within_seconds

    def end_head(self) -> None:
        """Say that the head is there."""
        self._head_ends_at = None
        self._connection.settimeout(_PATIENCE_SECONDS)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head_ends_at is not None:
            # Asked before each piece: a letter now and then would else hold up a thread for ever.
            self._connection.settimeout(max(self._head_ends_at - monotonic(), 0.001))
        return self._connection.recv_into(buffer)


class _Handler(WSGIRequestHandler):
    server: "_Server"

    def setup(self) -> None:
        super().setup()
        self._incoming = _Incoming(self.connection, self.server.head_within_seconds)
        self.rfile = BufferedReader(self._incoming)

    def parse_request(self) -> bool:
        is_understood = super().parse_request()
        self._incoming.end_head()
        return is_understood

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the parent has it
        """Write nothing down: hashes stand in these addresses."""
