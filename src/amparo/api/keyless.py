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
from ipaddress import ip_address
from socketserver import TCPServer
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from amparo.home import BadSettings

log = logging.getLogger(__name__)

MARK = "amparo.keyless"
"""Stands in the environment of a request that came over this port. No header can put it there."""
_THREADS = 4
_PATIENCE_SECONDS = 60
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class KeylessPort:
    """Answers at one loopback address until it is closed."""

    def __init__(self, place: tuple[str, int], application: Application) -> None:
        """Listen. Raises BadSettings where the address is taken or is none of this machine."""

        def marked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            return application({**environ, MARK: True}, start_response)

        try:
            self._server = _Server(place)
        except OSError as error:
            raise BadSettings(
                f"[api] hma_without_key cannot listen at {place[0]}:{place[1]}: {error.strerror}. Choose another port."
            ) from None
        self._server.set_app(marked)
        self.place: tuple[str, int] = self._server.server_address[0], self._server.server_address[1]  # type: ignore[assignment]
        self._thread = Thread(target=self._server.serve_forever, name="keyless", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no request any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(WSGIServer):
    def __init__(self, place: tuple[str, int]) -> None:
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


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_SECONDS

    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the parent has it
        """Write nothing down: hashes stand in these addresses."""
