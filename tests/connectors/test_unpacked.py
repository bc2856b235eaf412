"""What a site sends packed is unpacked a little at a time, or not at all."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from amparo.connectors.connector import ConnectorError
from amparo.connectors.places import host_of
from amparo.connectors.public_files import fetch_file
from amparo.connectors.signed_endpoint import SignedEndpoint
from amparo.connectors.unpacked import pieces


def _answer(body: bytes, coding: str) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": coding}, stream=httpx.ByteStream(body))


@contextmanager
def _site(body: bytes, coding: str) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Encoding", coding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("coding", ["gzip", "X-GZIP", "", "identity"])
def test_a_body_is_had_as_it_was(coding: str) -> None:
    body = bytes(range(256)) * 2_000
    packed = gzip.compress(body) if "gzip" in coding.lower() else body
    assert b"".join(pieces(_answer(packed, coding))) == body


def test_no_piece_is_larger_than_what_somebody_counts_in() -> None:
    sizes = [len(piece) for piece in pieces(_answer(gzip.compress(b" " * 5_000_000), "gzip"))]
    assert sum(sizes) == 5_000_000
    assert max(sizes) <= 64 * 1024


@pytest.mark.parametrize("coding", ["gzip, gzip", "deflate", "br", "zstd"])
def test_what_is_packed_otherwise_is_no_answer(coding: str) -> None:
    with pytest.raises(httpx.DecodingError):
        list(pieces(_answer(gzip.compress(gzip.compress(b"x")), coding)))


def test_a_damaged_packing_is_no_answer() -> None:
    with pytest.raises(httpx.DecodingError):
        list(pieces(_answer(b"not packed at all", "gzip")))


def test_a_sites_answer_and_a_file_are_unpacked_once_and_never_twice() -> None:
    told = json.dumps({"x": 1}).encode()
    with _site(gzip.compress(told), "gzip") as address:
        assert SignedEndpoint(address, (b"k" * 24,), 5.0).ask("capabilities", {}) == told
        assert fetch_file(address, [host_of(address)], at_most_bytes=1_000).body == told
    with _site(gzip.compress(gzip.compress(told)), "gzip, gzip") as address:
        with pytest.raises(ConnectorError, match="could not be reached"):
            SignedEndpoint(address, (b"k" * 24,), 5.0).ask("capabilities", {})
        with pytest.raises(ConnectorError, match="could not be reached"):
            fetch_file(address, [host_of(address)], at_most_bytes=1_000)
