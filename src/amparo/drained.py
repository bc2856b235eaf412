"""Reads away what an answer left unread of its request, so that whoever sent it hears the answer.

A server that closes a connection on which bytes still come takes its own answer back: the program that sends them is
told only that the connection broke. That is how a refusal gets lost, whoever gave it: a view, a middleware, Django.
So this stands around all of them.
"""

from collections.abc import Callable, Iterable
from threading import Event, Thread
from time import monotonic
from typing import IO, Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_AT_LEAST_BYTES = 32 * 1024 * 1024
_AT_MOST_SECONDS = 20.0
_SILENT_SECONDS = 2.0
"""Whoever sends nothing for so long is answered as it is: nobody without a key may hold a thread of the server."""
_PIECE_BYTES = 64 * 1024


class Drained:
    """A WSGI application that gives its answer once the request is read.

    What is much longer than any file that is taken, or comes too slowly, is read only in part. Its connection is
    closed with the answer, which may not arrive there.
    """

    def __init__(self, application: Application, largest_bytes: int) -> None:
        """`largest_bytes` is the largest request that is taken."""
        self._application = application
        # Twice, so that somebody who sends a little too much still hears that it was.
        self._up_to_bytes = max(_AT_LEAST_BYTES, 2 * largest_bytes)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = _Body(environ)
        started: list[tuple[Any, ...]] = []
        answer = self._application({**environ, "wsgi.input": body}, lambda *words: started.append(words))
        if body.may_have_more and not body.drain(self._up_to_bytes):
            status, headers, *rest = started[-1]
            started[-1] = (status, [*headers, ("Connection", "close")], *rest)
        start_response(*started[-1])
        return answer


class _Body:
    """What a request carries, as far as it is not read."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._input: IO[bytes] = environ["wsgi.input"]
        written = str(environ.get("CONTENT_LENGTH") or "")
        self._is_at_end = not environ.get("HTTP_TRANSFER_ENCODING") and written in ("", "0")
        # A server that says where a body ends may be read to that end; another would wait for more than is sent.
        self._left: int | None = None
        if not environ.get("wsgi.input_terminated"):
            self._left = int(written) if written.isascii() and written.isdigit() else 0

    @property
    def may_have_more(self) -> bool:
        """Whether anything may be left to read."""
        return not self._is_at_end and self._left != 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, b"" behind the last one."""
        if self._left is not None:
            size = self._left if size < 0 else min(size, self._left)
        piece = self._input.read(size)
        self._is_at_end = self._is_at_end or (not piece and size != 0)
        if self._left is not None:
            self._left -= len(piece)
        return piece

    def readline(self, size: int = -1) -> bytes:
        """Return the rest of a line, as WSGI has it."""
        if self._left is not None:
            size = self._left if size < 0 else min(size, self._left)
        line = self._input.readline(size)
        if self._left is not None:
            self._left -= len(line)
        return line

    def drain(self, up_to_bytes: int) -> bool:
        """Read the rest away, and return whether that was all."""
        rest = _Rest(self.read, up_to_bytes)
        # Beside this thread: what waits for a body cannot be told to wait no longer.
        Thread(target=rest.read, name="draining", daemon=True).start()
        ends_at, before = monotonic() + _AT_MOST_SECONDS, 0
        while not rest.ended.wait(_SILENT_SECONDS):
            if rest.bytes_read == before or monotonic() >= ends_at:
                rest.is_given_up = True
                return False
            before = rest.bytes_read
        return rest.is_all


class _Rest:
    """The rest of a body while it is read away."""

    def __init__(self, read: Callable[[int], bytes], up_to_bytes: int) -> None:
        self._read, self._up_to_bytes = read, up_to_bytes
        self.ended = Event()
        self.bytes_read = 0
        self.is_all = self.is_given_up = False

    def read(self) -> None:
        """Read until its end, its bound, or until it is given up."""
        try:
            while self.bytes_read < self._up_to_bytes and not self.is_given_up:
                piece = self._read(_PIECE_BYTES)
                if not piece:
                    self.is_all = True
                    return
                self.bytes_read += len(piece)
        except OSError:
            self.is_all = True  # Whoever sent it is gone, and hears nothing.
        finally:
            self.ended.set()
