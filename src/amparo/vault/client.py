"""Asks the vault process to open objects. The only way by which sealed bytes are read again (law f).

Errors: the tree in `errors.py`. Opening raises VaultDown, VaultRefused or VaultDamaged, or BadSetup when this
process may not touch the socket at all.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from amparo.vault.errors import BadSetup, VaultDamaged, VaultDown, VaultError, VaultRefused
from amparo.vault.permission import Request
from amparo.vault.wire import CutShort, NotAFrame, receive_frame, receive_some, request_fields, send_frame

_PIECE_BYTES = 256 * 1024
_ERRORS: dict[object, type[VaultError]] = {"refused": VaultRefused, "down": VaultDown, "damaged": VaultDamaged}


class VaultClient:
    """One per process will do: it holds no connection and may be shared between threads.

    `socket_path` is that of this process's own channel. `patience_seconds` is how long one wait on the vault may
    last: for the connection, for the answer, and then for each piece.
    """

    def __init__(self, socket_path: Path, *, patience_seconds: float = 15.0) -> None:
        self._socket_path = socket_path
        self._patience_seconds = patience_seconds

    def open_for(self, actor: str, purpose: str, object_id: str) -> bytes:
        """Return the whole plaintext. The access of `actor` is recorded by then, and an error does not undo that."""
        with self.stream_for(actor, purpose, object_id) as opened:
            return b"".join(opened)

    def stream_for(self, actor: str, purpose: str, object_id: str) -> "OpenedStream":
        """Return the plaintext as a stream; refusals are raised here, before there is one. Close it in the end."""
        connection = self._connect()
        try:
            with _errors_of_the_vault():
                size_bytes = self._ask(connection, Request(actor, purpose, object_id))
        except BaseException:
            connection.close()
            raise
        return OpenedStream(connection, size_bytes, self._patience_seconds)

    def _ask(self, connection: socket.socket, request: Request) -> int:
        until = time.monotonic() + self._patience_seconds
        try:
            send_frame(connection, request_fields(request), until)
        except NotAFrame as error:
            raise VaultRefused("Actor, purpose and object id are too long to be right.", "malformed") from error
        answer = receive_frame(connection, until)
        if error_type := _ERRORS.get(answer.get("answer")):
            raise error_type(str(answer.get("message")), str(answer.get("reason")))
        size_bytes = answer.get("size_bytes")
        if answer.get("answer") != "opened" or not isinstance(size_bytes, int) or size_bytes < 0:
            raise NotAFrame("neither opened nor an error")
        return size_bytes

    def _connect(self) -> socket.socket:
        until = time.monotonic() + self._patience_seconds
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._patience_seconds)
            try:
                connection.connect(str(self._socket_path))
            except BlockingIOError as error:
                # A Unix socket whose queue is full says so at once instead of letting us wait.
                connection.close()
                if time.monotonic() > until:
                    raise VaultDown("The vault has too many callers. Ask again.", "busy") from error
                time.sleep(0.02)
            except PermissionError as error:
                connection.close()
                raise BadSetup(
                    "This user may not call the vault. Put it in the sockets' group.", "wrong_user"
                ) from error
            except OSError as error:
                connection.close()
                raise VaultDown("The vault is not running. Start it: amparo vault", "not_running") from error
            else:
                return connection


class OpenedStream:
    """The plaintext in pieces. It is whole only if the iteration ends without an error."""

    def __init__(self, connection: socket.socket, size_bytes: int, patience_seconds: float) -> None:
        self.size_bytes = size_bytes
        self._connection = connection
        self._left = size_bytes
        self._patience_seconds = patience_seconds

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        with _errors_of_the_vault():
            piece = receive_some(
                self._connection, min(self._left, _PIECE_BYTES), time.monotonic() + self._patience_seconds
            )
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _errors_of_the_vault() -> Iterator[None]:
    """Say what a broken conversation means. Whether the access was recorded is then unknown; it may have been."""
    try:
        yield
    except TimeoutError as error:
        raise VaultDown("The vault does not answer in time. Is it overloaded?", "timed_out") from error
    except (CutShort, OSError) as error:
        raise VaultDown("The vault stopped in the middle. Ask again.", "cut_short") from error
    except NotAFrame as error:
        raise VaultDown("What answers on the vault's socket is not the vault.", "not_a_vault") from error
