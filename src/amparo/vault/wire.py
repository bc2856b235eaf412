"""What goes over the socket: one request and one answer a connection.

    request  = length (4 bytes, big-endian, ≤ 1024) + JSON {"actor": …, "purpose": …, "object_id": …}
    answer   = length (4 bytes, big-endian, ≤ 1024) + JSON {"answer": "opened", "size_bytes": n}, then n bytes
             | length … + JSON {"answer": "refused" | "down" | "damaged", "reason": …, "message": …}

There are no versions: client and server are of one release, because `amparo` starts both.
Every wait is against one moment given by the caller, so a peer that sends a byte a second gains nothing.
"""

import json
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import asdict

from amparo.vault.permission import Request

DOOR_SOCKET = "vault-door.sock"
CONSOLE_SOCKET = "vault-console.sock"
WORKER_SOCKET = "vault-worker.sock"
LONGEST_FRAME_BYTES = 1024
_LENGTH = struct.Struct(">I")


class NotAFrame(Exception):
    """Something came, or was to be sent, that is no frame of this protocol."""


class CutShort(Exception):
    """The peer closed before it had sent all it announced."""


def send_frame(connection: socket.socket, fields: Mapping[str, str | int], until: float) -> None:
    """Send the fields as one frame. Raises NotAFrame if they are too long for one, or OSError (TimeoutError)."""
    body = json.dumps(fields).encode()
    if len(body) > LONGEST_FRAME_BYTES:
        raise NotAFrame("a frame has 2 to 1024 bytes")
    send_bytes(connection, _LENGTH.pack(len(body)) + body, until)


def send_bytes(connection: socket.socket, piece: bytes, until: float) -> None:
    """Send all of it, or raise OSError; TimeoutError when the moment `until` (monotonic) comes first."""
    connection.settimeout(_left(until))
    connection.sendall(piece)


def receive_frame(connection: socket.socket, until: float) -> dict[str, object]:
    """Return the JSON object of one frame. Raises NotAFrame, CutShort, or OSError (TimeoutError)."""
    (length,) = _LENGTH.unpack(_receive_exactly(connection, _LENGTH.size, until))
    if not 2 <= length <= LONGEST_FRAME_BYTES:
        raise NotAFrame("a frame has 2 to 1024 bytes")
    try:
        fields = json.loads(_receive_exactly(connection, length, until))
    except (ValueError, RecursionError) as error:
        raise NotAFrame("a frame holds JSON") from error
    if not isinstance(fields, dict):
        raise NotAFrame("a frame holds a JSON object")
    return fields


def receive_some(connection: socket.socket, most: int, until: float) -> bytes:
    """Return 1 to `most` bytes. Raises CutShort, or OSError (TimeoutError)."""
    connection.settimeout(_left(until))
    piece = connection.recv(most)
    if not piece:
        raise CutShort("the peer closed")
    return piece


def request_fields(request: Request) -> dict[str, str]:
    return asdict(request)


def parse_request(fields: Mapping[str, object]) -> Request:
    """Raises NotAFrame unless these are the three texts of a request and nothing else."""
    actor, purpose, object_id = fields.get("actor"), fields.get("purpose"), fields.get("object_id")
    if len(fields) != 3 or not (isinstance(actor, str) and isinstance(purpose, str) and isinstance(object_id, str)):
        raise NotAFrame("a request has an actor, a purpose and an object id")
    return Request(actor, purpose, object_id)


def _receive_exactly(connection: socket.socket, count: int, until: float) -> bytes:
    received = bytearray()
    while len(received) < count:
        received += receive_some(connection, count - len(received), until)
    return bytes(received)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the peer was too slow")
    return left
