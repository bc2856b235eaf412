"""Junk, half requests, slow and silent callers: each is answered or cut off, and the vault goes on for the others."""

import contextlib
import json
import os
import socket
import struct
import threading

import pytest

from amparo.vault import desk
from amparo.vault.client import VaultClient
from amparo.vault.desk import THREADS
from amparo.vault.errors import VaultDown
from amparo.vault.wire import CONSOLE_SOCKET, DOOR_SOCKET

from .conftest import REPORTER, REVIEWER, Place, everything, framed


def request(**fields: object) -> bytes:
    return framed(json.dumps(fields).encode())


JUNK = {
    "a length of zero": struct.pack(">I", 0),
    "a length of four gigabytes": b"\xff\xff\xff\xff" + b"x" * 100,
    "a length just above the limit": struct.pack(">I", 1025) + b"x" * 1025,
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: vault\r\n\r\n",
    "NULs": framed(b"\0" * 100),
    "random bytes": framed(os.urandom(1000)),
    "a list": framed(b"[1, 2, 3]"),
    "nested past the recursion limit": framed(b"[" * 1024),
    "a number of a thousand digits": framed(b"9" * 1024),
    "an empty object": framed(b"{}"),
    "an actor that is a number": request(actor=1, purpose="review", object_id="vault_x"),
    "an actor that is null": request(actor=None, purpose="review", object_id="vault_x"),
    "a field too many": request(actor=REVIEWER, purpose="review", object_id="vault_x", channel="console"),
    "a field too few": request(actor=REVIEWER, purpose="review"),
    "UTF-16": framed('{"actor": ""}'.encode("utf-16")),
    "a megabyte after a frame": framed(b"junk") + os.urandom(1024 * 1024),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_is_refused_and_the_next_caller_is_served(vault: Place, junk: bytes) -> None:
    with vault.call() as connection:
        # It may be cut off before it has sent all; the answer is there all the same.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(junk)
        answer = everything(connection)
    assert json.loads(answer[4:])["answer"] == "refused"
    assert json.loads(answer[4:])["reason"] == "malformed"
    sealed = vault.keep(b"words")
    assert vault.console.open_for(REVIEWER, "review", sealed.id) == b"words"


@pytest.mark.parametrize("part", [b"", b"\0", b"\0\0\0", framed(b'{"actor": "x"}')[:-3]], ids=["0", "1", "3", "most"])
def test_a_caller_who_leaves_in_the_middle_of_a_request_disturbs_nobody(vault: Place, part: bytes) -> None:
    for _ in range(THREADS * 3):
        with vault.call() as connection:
            connection.sendall(part)
    sealed = vault.keep(b"words")
    assert vault.console.open_for(REVIEWER, "review", sealed.id) == b"words"


def test_a_request_with_words_cut_between_any_two_bytes_is_put_together(vault: Place) -> None:
    sealed = vault.keep(b"words")
    with vault.call() as connection:
        for byte in request(actor=REVIEWER, purpose="review", object_id=sealed.id):
            connection.sendall(bytes([byte]))
        assert everything(connection).endswith(b"words")


def test_silent_callers_on_the_door_do_not_keep_the_console_waiting(
    vault: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "REQUEST_SECONDS", 600.0)
    sealed = vault.keep(b"words")
    silent = [vault.call(DOOR_SOCKET) for _ in range(THREADS * 4)]
    try:
        for connection in silent:
            connection.sendall(b"\0")
        assert vault.console.open_for(REVIEWER, "review", sealed.id) == b"words"
    finally:
        for connection in silent:
            connection.close()


def test_silent_callers_are_cut_off_and_the_door_serves_on(vault: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "REQUEST_SECONDS", 0.3)
    letter = vault.keep(b"letter", "letter")
    silent = [vault.call(DOOR_SOCKET) for _ in range(THREADS)]
    try:
        assert vault.door.open_for(REPORTER, "read_letter", letter.id) == b"letter"
        assert all(everything(connection) == b"" for connection in silent)
    finally:
        for connection in silent:
            connection.close()


def test_callers_who_do_not_read_their_answer_hold_no_more_than_their_own_thread(vault: Place) -> None:
    big, small = vault.keep(b"x" * 5_000_000, "content"), vault.keep(b"words")
    lazy = [vault.call() for _ in range(THREADS - 1)]
    try:
        for connection in lazy:
            connection.sendall(request(actor=REVIEWER, purpose="review", object_id=big.id))
        assert vault.console.open_for(REVIEWER, "review", small.id) == b"words"
    finally:
        for connection in lazy:
            connection.close()


def test_callers_who_never_read_are_cut_off_and_the_others_served(
    vault: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(desk, "ANSWER_BYTES_A_SECOND", 10**12)
    big, small = vault.keep(b"x" * 2_000_000, "content"), vault.keep(b"")
    lazy = [vault.call() for _ in range(THREADS)]
    try:
        for connection in lazy:
            connection.sendall(request(actor=REVIEWER, purpose="review", object_id=big.id))
        patient = VaultClient(vault.run_directory / CONSOLE_SOCKET, patience_seconds=60)
        assert patient.open_for(REVIEWER, "review", small.id) == b""
    finally:
        for connection in lazy:
            connection.close()


def test_a_vault_that_does_not_answer_is_down_not_forever(place: Place) -> None:
    place.run_directory.mkdir()
    path = place.run_directory / "silent.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        with pytest.raises(VaultDown) as down:
            VaultClient(path, patience_seconds=0.2).open_for(REVIEWER, "review", "vault_x")
    assert down.value.reason == "timed_out"


def test_a_full_queue_is_busy_not_an_error_of_the_socket(place: Place) -> None:
    place.run_directory.mkdir()
    path = place.run_directory / "full.sock"
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as first:
        listener.bind(str(path))
        listener.listen(0)
        first.connect(str(path))
        with pytest.raises(VaultDown) as down:
            VaultClient(path, patience_seconds=0.2).open_for(REVIEWER, "review", "vault_x")
    assert down.value.reason == "busy"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0\0", id="half a length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="HTTP"),
        pytest.param(framed(b"[]"), id="a list"),
        pytest.param(framed(b'{"answer": "opened"}'), id="no size"),
        pytest.param(framed(b'{"answer": "opened", "size_bytes": -1}'), id="a size below zero"),
        pytest.param(framed(b'{"answer": "opened", "size_bytes": 10}') + b"123456789", id="a byte too few"),
    ],
)
def test_something_else_on_the_socket_is_never_taken_for_the_vault(place: Place, answer: bytes) -> None:
    place.run_directory.mkdir()
    path = place.run_directory / "other.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def reply() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(answer)

        replying = threading.Thread(target=reply)
        replying.start()
        with pytest.raises(VaultDown):
            VaultClient(path).open_for(REVIEWER, "review", "vault_x")
        replying.join()
