"""The two proxies of our how-tos, as they are printed there: a file comes through them as it is sent, and keys go to
nobody who cannot prove the name."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.docs.repository import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
_PATIENCE_SECONDS = 60.0
_HALF = b"\x00\xff" * 750_000
"""More than nginx holds in memory on its way, and less than what it takes at all."""

pytestmark = pytest.mark.skipif(
    NGINX is None or OPENSSL is None, reason="nginx or openssl is absent: apt-get install nginx-light openssl"
)


class Upstream:
    """Stands where the API listens: takes one request at a time, and keeps what of it has come."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.came = b""
        self._more = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # Closed: the test is over.
            self.came = b""
            with connection:
                while not self._is_whole() and (piece := connection.recv(65536)):
                    with self._more:
                        self.came += piece
                        self._more.notify_all()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    def _is_whole(self) -> bool:
        head, end, body = self.came.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return bool(end) and len(body) >= int(length[1] if length else 0)

    def wait_for(self, count: int) -> bool:
        """Whether so many bytes of a body have come, after some patience."""
        with self._more:
            return self._more.wait_for(lambda: len(self.came.partition(b"\r\n\r\n")[2]) >= count, _PATIENCE_SECONDS)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    made = Upstream()
    yield made
    made.close()


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """The certificate of api.forum.example, and one of the same name that somebody else has made."""
    for name in ("api", "other"):
        subprocess.run(
            [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:api.forum.example",
             "-keyout", str(tmp_path / f"{name}.key"), "-out", str(tmp_path / f"{name}.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
    return tmp_path


def printed(page: str) -> str:
    """The server that a how-to prints."""
    (block,) = re.findall(r"(?ms)^```nginx\n(server .*?)^```", (ROOT / "docs" / "howto" / page).read_text())
    return str(block)


@contextlib.contextmanager
def running(folder: Path, name: str, servers: str) -> Iterator[None]:
    """Run an nginx of its own."""
    place = folder / name
    place.mkdir()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {place}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = f"{user}daemon off;\nworker_processes 1;\npid {place}/pid;\nerror_log {place}/error.log;\nevents {{}}\n"
    (place / "nginx.conf").write_text(f"{head}http {{\naccess_log off;\n{temporary}{servers}}}\n")
    process = subprocess.Popen([str(NGINX), "-p", str(place), "-c", str(place / "nginx.conf")])
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def coop(upstream: Upstream, certificates: Path) -> Iterator[tuple[str, int]]:
    with chain(upstream, certificates, shows="api") as address:
        yield address


@contextlib.contextmanager
def chain(upstream: Upstream, folder: Path, *, shows: str) -> Iterator[tuple[str, int]]:
    """Give where Coop asks: its proxy, then that of the API with the certificate that it shows, then the API."""
    inside, outside = free_ports()
    before, *_ = re.split(r"(?m)^(?=server \{)", (ROOT / "deploy" / "nginx.conf").read_text())
    ours = before.replace("access_log off;", "").replace("/var/log/nginx", str(folder))
    api = re.sub(r" +listen +\[::\]:443 ssl;\n", "", printed("run-under-systemd-behind-a-proxy.md"))
    api = api.replace("443 ssl", f"127.0.0.1:{inside} ssl").replace("/etc/ssl/amparo/api.", f"{folder}/{shows}.")
    ours += api.replace("127.0.0.1:8004", f"127.0.0.1:{upstream.port}")
    theirs = printed("use-with-coop-or-hma-clients.md").replace("access_log off;", "")
    theirs = theirs.replace("127.0.0.1:9876", f"127.0.0.1:{outside}")
    theirs = theirs.replace("https://api.forum.example", f"https://127.0.0.1:{inside}")
    theirs = theirs.replace("/etc/ssl/certs/ca-certificates.crt", f"{folder}/api.pem")
    with running(folder, "ours", ours), running(folder, "theirs", theirs):
        for port in (inside, outside):
            wait_until_listening(port)
        yield "127.0.0.1", outside


def free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def wait_until_listening(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < until, "nginx does not start"
        time.sleep(0.05)


def test_a_file_comes_through_both_as_it_is_sent_and_is_written_down_by_none(
    coop: tuple[str, int], upstream: Upstream
) -> None:
    with socket.create_connection(coop, timeout=_PATIENCE_SECONDS) as client:
        client.sendall(f"POST /h/hash HTTP/1.1\r\nHost: coop\r\nContent-Length: {2 * len(_HALF)}\r\n\r\n".encode())
        client.sendall(_HALF)
        # A proxy that writes a file down first sends none of it before it has all of it.
        assert upstream.wait_for(len(_HALF) // 2)
        client.sendall(_HALF)
        assert client.recv(1024).startswith(b"HTTP/1.1 200")
    head, _, body = upstream.came.partition(b"\r\n\r\n")
    assert body == _HALF + _HALF
    assert b"\r\nHost: api.forum.example\r\n" in head
    assert b"\r\nx-api-key: KEY" in head


def test_nothing_is_sent_to_somebody_else_of_that_name(upstream: Upstream, certificates: Path) -> None:
    with chain(upstream, certificates, shows="other") as (host, port):
        told = httpx.post(f"http://{host}:{port}/h/hash", content=b"file", trust_env=False)
    assert told.status_code == 502
    assert upstream.came == b""
