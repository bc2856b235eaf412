"""Many people at once over real HTTP, from one thread, so light that the server is measured and not its clients.

A visit is a generator: it yields the bytes of a request and is sent the answer; what it returns is what came of it.
Connections are kept alive. Each comes from a network of its own within 127.0.0.0/8 and makes way for one from another
network after some visits, as people do.
"""

import re
import selectors
import socket
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

VISITS_OF_A_NETWORK = 40
_PATIENCE_SECONDS = 60.0
# Counted over all crowds: a network has its budget of an hour, whoever comes from it.
_networks = count(1)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes


Visit = Generator[bytes, Answer, str]


class NoAnswer(Exception):
    """A connection broke or stayed silent, so the figures would mean nothing."""


@dataclass
class Load:
    """What happened. `seconds` holds how long each visit took, `came_of_it` what each returned, in one order.

    `cpu_seconds` is the processor time of the clients themselves, `posts` how many of the requests sent a form.
    """

    lasted: float = 0.0
    cpu_seconds: float = 0.0
    posts: int = 0
    seconds: list[float] = field(default_factory=list)
    came_of_it: list[str] = field(default_factory=list)


def request(method: str, host: str, path: str, cookies: str = "", fields: dict[str, str] | None = None) -> bytes:
    """Return the bytes of a request, as a browser would send them from a page of the same site."""
    body = b"" if fields is None else urlencode(fields).encode()
    head = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept-Language: en"]
    if cookies:
        head.append(f"Cookie: {cookies}")
    if fields is not None:
        head += [f"Origin: http://{host}", "Content-Type: application/x-www-form-urlencoded"]
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def drive(address: str, visits: Iterator[Visit], *, seconds: float, lines: int, each_second: float = 0.0) -> Load:
    """Make visits for some seconds over `lines` connections, and see each that began to its end.

    Without `each_second` every connection begins its next visit when the last has ended: that shows how many can be
    borne. With it they come at that rate whatever the server does, and a visit's time begins when it was due, so that
    waiting for a connection counts.
    """
    crowd = _Crowd(address, visits, lines, each_second)
    return crowd.run(seconds)


class _Line:
    """One connection and the visit that is being made over it."""

    def __init__(self, host: str, port: int, network: int) -> None:
        self._to = (host, port)
        self.network, self.visits = network, 0
        self.visit: Visit | None = None
        self.began = 0.0
        self.came = b""
        self.wanted: int | None = None
        self.body_at = 0
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        own = socket.create_connection(self._to, timeout=_PATIENCE_SECONDS, source_address=(_address(self.network), 0))
        own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return own

    def renewed(self, network: int) -> None:
        self.socket.close()
        self.network, self.visits = network, 0
        self.socket = self._connect()

    def read(self) -> Answer | None:
        """Take in what has come; return the answer once it is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise NoAnswer("The server closed a connection in the middle of a visit.")
        self.came += piece
        if self.wanted is None:
            end = self.came.find(b"\r\n\r\n")
            if end < 0:
                return None
            length = _LENGTH.search(self.came, 0, end + 2)
            self.body_at = end + 4
            self.wanted = self.body_at + (int(length[1]) if length else 0)
        if len(self.came) < self.wanted:
            return None
        whole, self.came, self.wanted = self.came, b"", None
        return Answer(int(whole[9:12]), whole[: self.body_at], whole[self.body_at :])


class _Crowd:
    def __init__(self, address: str, visits: Iterator[Visit], lines: int, each_second: float) -> None:
        parts = urlsplit(address)
        self._visits, self._each_second = visits, each_second
        self._lines = [_Line(parts.hostname or "", parts.port or 80, next(_networks)) for _ in range(lines)]
        self._load = Load()

    def run(self, seconds: float) -> Load:
        cpu, began = time.process_time(), time.perf_counter()
        self._until, self._due = began + seconds, began
        free = list(self._lines)
        with selectors.DefaultSelector() as selector:
            for line in self._lines:
                selector.register(line.socket, selectors.EVENT_READ, line)
            while True:
                now = time.perf_counter()
                while free and (due := self._next_due(now)) is not None:
                    line = free.pop()
                    if line.visits >= VISITS_OF_A_NETWORK:
                        selector.unregister(line.socket)
                        line.renewed(next(_networks))
                        selector.register(line.socket, selectors.EVENT_READ, line)
                    self._begin(line, due)
                if len(free) == len(self._lines) and now >= self._until:
                    break
                wait = max(self._due - now, 0.0) if free and self._each_second else _PATIENCE_SECONDS
                ready = selector.select(wait)
                if not ready and wait == _PATIENCE_SECONDS:
                    raise NoAnswer(f"The server was silent for {_PATIENCE_SECONDS:.0f} s.")
                free += [key.data for key, _ in ready if self._went_on(key.data)]
        for line in self._lines:
            line.socket.close()
        self._load.lasted = time.perf_counter() - began
        self._load.cpu_seconds = time.process_time() - cpu
        return self._load

    def _next_due(self, now: float) -> float | None:
        """Return when the next visit was due, or None where none is due yet."""
        if not self._each_second:
            return now if now < self._until else None
        if self._due > now or self._due >= self._until:
            return None
        due, self._due = self._due, self._due + 1 / self._each_second
        return due

    def _begin(self, line: _Line, due: float) -> None:
        line.visit, line.began = next(self._visits), due
        line.visits += 1
        self._send(line, next(line.visit))

    def _went_on(self, line: _Line) -> bool:
        """Give an answer to the visit and send what it asks next; return whether the visit is over."""
        answer = line.read()
        if answer is None or line.visit is None:
            return False
        try:
            wanted = line.visit.send(answer)
        except StopIteration as over:
            self._load.seconds.append(time.perf_counter() - line.began)
            self._load.came_of_it.append(over.value)
            return True
        self._send(line, wanted)
        return False

    def _send(self, line: _Line, wanted: bytes) -> None:
        self._load.posts += wanted.startswith(b"POST")
        line.socket.sendall(wanted)


def _address(network: int) -> str:
    return f"127.{1 + network // 250}.{1 + network % 250}.1"
