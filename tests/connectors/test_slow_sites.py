"""A site that sends its answers letter by letter holds nobody: each exchange ends as a whole, headers included.

The slow site does answer in the end. Whoever waited for it would have that answer, so no time is measured here.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import Seen
from amparo.connectors.connector import ConnectorError
from amparo.connectors.webhook import WebhookConnector

POST, ACCOUNT = Subject("site", SubjectKind.POST, "first"), Subject("site", SubjectKind.ACCOUNT, "first")
_LETTERS, _PAUSE_SECONDS, _PATIENCE_SECONDS = 40, 0.05, 0.3


@contextmanager
def slow_site(slow: str, rest: str) -> Iterator[WebhookConnector]:
    """Run a site that sends `slow` and forty more letters of it one by one, then `rest`; give its connector."""
    ended = threading.Event()

    def answer(visitor: socket.socket) -> None:
        with visitor:
            try:
                visitor.recv(65_536)
                visitor.sendall(slow.encode())
                for _ in range(_LETTERS):
                    visitor.sendall(b"a")
                    if ended.wait(_PAUSE_SECONDS):
                        return
                visitor.sendall(rest.encode())
            except OSError:
                return  # The visitor has gone, as it should.

    def serve(door: socket.socket) -> None:
        while not ended.is_set():
            try:
                visitor, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(visitor,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, args=(door,), daemon=True).start()
        settings = {
            "url": f"http://127.0.0.1:{door.getsockname()[1]}",
            "pages": {"post": "/post/{id}", "account": "/user/{id}"},
            "marks": {"hidden": '<meta name="hidden">'},
        }
        try:
            yield WebhookConnector("site", settings, "whsec_" + "A" * 32, _PATIENCE_SECONDS)
        finally:
            ended.set()
            door.shutdown(socket.SHUT_RDWR)


def test_a_look_does_not_wait_for_headers_that_come_letter_by_letter() -> None:
    with slow_site("HTTP/1.1 404 Not Found\r\nX-Slow: ", "\r\nContent-Length: 0\r\n\r\n") as connector:
        assert connector.observe(ACCOUNT) is Seen.UNKNOWN


@pytest.mark.parametrize(
    ("slow", "rest"),
    [
        pytest.param("HTTP/1.1 200 OK\r\nX-Slow: ", "\r\nContent-Length: 2\r\n\r\n{}", id="headers"),
        pytest.param('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"x": "', '"}', id="body"),
    ],
)
def test_a_message_does_not_wait_for_an_answer_that_comes_letter_by_letter(slow: str, rest: str) -> None:
    with slow_site(slow, rest) as connector, pytest.raises(ConnectorError) as told:
        connector.hide(POST, key="case:1:hide")
    assert (told.value.code, told.value.permanent) == ("timeout", False)


def test_a_page_that_opens_and_never_ends_is_shown() -> None:
    with slow_site("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", '<meta name="hidden">') as connector:
        assert connector.observe(ACCOUNT) is Seen.SHOWN
