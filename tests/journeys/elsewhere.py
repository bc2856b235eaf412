"""Places on this machine that are not ours: a page of another site, and a wire that hears what a browser sends."""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_ASKED = re.compile(rb"^(?:GET|HEAD|POST|OPTIONS) \S+ HTTP/1.1\r$", re.MULTILINE)
_ANSWERED = re.compile(rb"^HTTP/1.1 \d\d\d", re.MULTILINE)


@contextlib.contextmanager
def other_site(html: str) -> Iterator[str]:
    """Serve one page at every address of a site of its own; yield the site's address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with _served(ThreadingHTTPServer(("127.0.0.1", 0), Answer)) as address:
        yield address


class Wire:
    """A way to a server that remembers every byte sent along it, one stream for each connection."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (str(parts.hostname), int(parts.port or 80))
        self.streams: list[bytearray] = []
        self._back: list[bytearray] = []
        self.url = ""

    @property
    def sent(self) -> bytes:
        """Everything that was sent, one connection after the other."""
        return b"\n".join(bytes(stream) for stream in self.streams)

    @property
    def asked(self) -> list[str]:
        """The first line of every request."""
        return [line.decode().strip() for stream in self.streams for line in _ASKED.findall(stream)]

    @property
    def answers(self) -> int:
        """How many requests have been answered."""
        return sum(len(_ANSWERED.findall(stream)) for stream in self._back)

    @contextlib.contextmanager
    def open(self) -> Iterator["Wire"]:
        wire = self

        class Carry(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                stream, answers = bytearray(), bytearray()
                wire.streams.append(stream)
                wire._back.append(answers)
                with socket.create_connection(wire._server) as server:
                    back = threading.Thread(target=_carry, args=(server, self.request, answers), daemon=True)
                    back.start()
                    _carry(self.request, server, stream)
                    back.join()

        with _served(_Listener(("127.0.0.1", 0), Carry)) as self.url:
            yield self


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _carry(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
    """Carry bytes until one side has had enough, then tell the other."""
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            kept += piece
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[str]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
