"""One channel of the vault: its listening socket, and the threads that answer on it.

Each channel has its own threads, so junk or slow peers on one cannot keep the other waiting. A thread takes one
connection at a time and gives it a bounded time; what does not fit waits in the kernel's queue.
An error ends its connection, never the thread: it is logged by id and type, and told to the client.
"""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from amparo.vault.errors import VaultDamaged, VaultDown, VaultRefused
from amparo.vault.opening import Opened, Opener
from amparo.vault.permission import Channel, Request, in_log
from amparo.vault.process import caller_uid
from amparo.vault.wire import CutShort, NotAFrame, parse_request, receive_frame, send_bytes, send_frame

log = logging.getLogger("amparo.vault")

THREADS = 16
REQUEST_SECONDS = 2.0
# Whoever reads an answer must take it at 1 MiB a second at least; a little more for the small ones.
ANSWER_SECONDS = 10.0
ANSWER_BYTES_A_SECOND = 1024 * 1024
STOP_SECONDS = 5.0


class Desk:
    """Answers on `listener`, which it closes in the end, to processes of these users."""

    def __init__(self, channel: Channel, listener: socket.socket, opener: Opener, uids: frozenset[int]) -> None:
        self._channel = channel
        self._listener = listener
        self._opener = opener
        self._uids = uids
        self._is_closing = threading.Event()

    @contextmanager
    def open(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._answer_all, name=f"vault-{self._channel}-{number}", daemon=True)
            for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._is_closing.set()
            # Wakes every thread that waits in accept; closing alone would leave them there.
            self._listener.shutdown(socket.SHUT_RDWR)
            until = time.monotonic() + STOP_SECONDS
            for thread in threads:
                thread.join(max(0.0, until - time.monotonic()))
            self._listener.close()

    def _answer_all(self) -> None:
        while not self._is_closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError as error:
                if not self._is_closing.is_set():
                    log.error("no connection on the %s: %s", self._channel, error.strerror)
                    self._is_closing.wait(0.2)  # Out of file descriptors, most likely: others will be given back.
                continue
            with connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        try:
            request = self._receive_request(connection)
            # Asked after the request is read: a socket closed with bytes unread loses the answer on its way.
            if caller_uid(connection) not in self._uids:
                log.warning("refused on the %s: a caller of another user", self._channel)
                _send_error(connection, "refused", "wrong_user", "Processes of this user are not answered here.")
            elif request is None:
                log.warning("refused on the %s: no request", self._channel)
                _send_error(connection, "refused", "malformed", "That is no request to the vault.")
            else:
                self._open(connection, request)
        except (CutShort, OSError) as error:
            log.info("a connection on the %s ended: %s", self._channel, type(error).__name__)
        except Exception as error:
            # A mistake of ours. The text of an exception may hold anything, so only its type is logged.
            log.critical("a connection on the %s failed: %s", self._channel, type(error).__name__)

    def _receive_request(self, connection: socket.socket) -> Request | None:
        """Return the request; None when something else came."""
        try:
            return parse_request(receive_frame(connection, time.monotonic() + REQUEST_SECONDS))
        except NotAFrame:
            return None

    def _open(self, connection: socket.socket, request: Request) -> None:
        name = f"{self._channel} {in_log(request)}"
        try:
            opened = self._opener.open_for(self._channel, request)
        except VaultRefused as error:
            log.warning("refused %s: %s", name, error.reason)
            # One answer for all, so that nobody learns which ids exist and whose they are.
            _send_error(
                connection, "refused", "not_allowed", "The vault does not open this for this actor and purpose."
            )
        except VaultDown as error:
            log.error("cannot open %s: %s, %s", name, error.reason, type(error.__cause__).__name__)
            _send_error(connection, "down", error.reason, str(error))
        except VaultDamaged as error:
            log.critical("damaged %s: %s", name, error.reason)
            _send_error(connection, "damaged", error.reason, str(error))
        else:
            self._send(connection, opened, name)

    def _send(self, connection: socket.socket, opened: Opened, name: str) -> None:
        size_bytes = opened.note.size_bytes
        until = time.monotonic() + ANSWER_SECONDS + size_bytes / ANSWER_BYTES_A_SECOND
        is_announced = False

        def write(piece: bytes) -> None:
            # "Opened" is said with the first decrypted piece in hand, not before: a key that does not fit is damage.
            nonlocal is_announced
            if not is_announced:
                send_frame(connection, {"answer": "opened", "size_bytes": size_bytes}, until)
                is_announced = True
            send_bytes(connection, piece, until)

        try:
            opened.write_to(write)
        except VaultDamaged as error:
            log.critical("damaged %s: %s", name, error.reason)
            # In the middle of the bytes nothing can be said any more: the client sees fewer than announced.
            if not is_announced:
                _send_error(connection, "damaged", error.reason, str(error))
        else:
            log.info("opened %s", name)


def _send_error(connection: socket.socket, answer: str, reason: str, message: str) -> None:
    until = time.monotonic() + REQUEST_SECONDS
    send_frame(connection, {"answer": answer, "reason": reason, "message": message}, until)
