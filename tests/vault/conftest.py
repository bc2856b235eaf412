"""A place to seal and open in: keys, a store, a run directory, a register, and clients for both sockets."""

import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from amparo.vault.client import VaultClient
from amparo.vault.keys import VaultKeys, make_keys
from amparo.vault.seal import Sealer
from amparo.vault.sealed import SealedObject
from amparo.vault.server import answering
from amparo.vault.wire import CONSOLE_SOCKET, DOOR_SOCKET

from .registers import MemoryRegister

NOTICE = "notice_7f3k"
REPORTER = f"reporter:{NOTICE}"
REVIEWER = "reviewer:staff_1"


@dataclass
class Place:
    run_directory: Path
    store_directory: Path
    keys: VaultKeys
    register: MemoryRegister
    sealer: Sealer
    door: VaultClient
    console: VaultClient

    def keep(self, plaintext: bytes, kind: str = "words", owner: str = NOTICE) -> SealedObject:
        sealed = self.sealer.seal(plaintext, kind=kind, owner=owner)
        self.register.insert(sealed)
        return sealed

    def answering(self) -> AbstractContextManager[None]:
        return answering(self.run_directory, self.store_directory, self.keys.key_path, self.register)

    def ciphertext(self, sealed: SealedObject) -> Path:
        return self.store_directory / sealed.id

    def call(self, name: str = CONSOLE_SOCKET) -> socket.socket:
        """A bare connection, for callers that do not keep to the protocol."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(30)
        connection.connect(str(self.run_directory / name))
        return connection


def framed(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def everything(connection: socket.socket) -> bytes:
    """All that the vault sends until it closes."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass  # The vault closed without having read all our junk; what it sent before is in `received`.
    return received


@pytest.fixture
def place() -> Iterator[Place]:
    """The vault does not run here yet. Its path is short, because a socket's path has 107 characters at most."""
    with tempfile.TemporaryDirectory(prefix="vault-") as directory:
        root = Path(directory)
        (root / "store").mkdir(mode=0o700)
        keys = make_keys(root / "keys")
        register = MemoryRegister()
        register.grant("staff_1", NOTICE)
        yield Place(
            run_directory=root / "run",
            store_directory=root / "store",
            keys=keys,
            register=register,
            sealer=Sealer(root / "store", keys.recipients),
            door=VaultClient(root / "run" / DOOR_SOCKET),
            console=VaultClient(root / "run" / CONSOLE_SOCKET),
        )


@pytest.fixture
def vault(place: Place) -> Iterator[Place]:
    """The same place with the vault answering."""
    with place.answering():
        yield place
