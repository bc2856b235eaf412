"""The vault process: holds the key and answers on three Unix sockets: for the door, the console and the worker.

This file puts the parts together; one connection is in `desk.py`, one opening in `opening.py`.
"""

import os
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from amparo.vault.desk import Desk
from amparo.vault.keys import read_identities
from amparo.vault.opening import Opener
from amparo.vault.permission import Channel
from amparo.vault.process import claim_run_directory, listen, protect_memory
from amparo.vault.register import Register
from amparo.vault.store import Store
from amparo.vault.wire import CONSOLE_SOCKET, DOOR_SOCKET, WORKER_SOCKET


def serve(
    run_directory: Path,
    store_directory: Path,
    key_path: Path,
    register: Register,
    stop_event: threading.Event,
    ready_callback: Callable[[], None] | None = None,
    *,
    door_uids: Collection[int] | None = None,
    console_uids: Collection[int] | None = None,
    worker_uids: Collection[int] | None = None,
    socket_group: int | None = None,
    spool_directory: Path | None = None,
) -> None:
    """Be the vault process until `stop_event` is set; `ready_callback` is called once all sockets answer.

    `spool_directory` is where the door leaves what comes while the database is away; None: such records are not opened.
    Only processes of the given users are answered on each socket; None means this process's own user. When those
    are other users, `socket_group` is the group they share. Raises BadSetup, with a sentence, before it listens.
    """
    protect_memory()
    with answering(
        run_directory,
        store_directory,
        key_path,
        register,
        door_uids=door_uids,
        console_uids=console_uids,
        worker_uids=worker_uids,
        socket_group=socket_group,
        spool_directory=spool_directory,
    ):
        if ready_callback:
            ready_callback()
        stop_event.wait()


@contextmanager
def answering(
    run_directory: Path,
    store_directory: Path,
    key_path: Path,
    register: Register,
    *,
    door_uids: Collection[int] | None = None,
    console_uids: Collection[int] | None = None,
    worker_uids: Collection[int] | None = None,
    socket_group: int | None = None,
    spool_directory: Path | None = None,
) -> Iterator[None]:
    """Answer on all sockets inside the `with`. What `serve` does, without closing the process's memory."""
    opener = Opener(Store(store_directory, writable=False), read_identities(key_path), register, spool_directory)
    own = frozenset({os.geteuid()})
    desks: tuple[tuple[Channel, str, Collection[int] | None], ...] = (
        ("door", DOOR_SOCKET, door_uids),
        ("console", CONSOLE_SOCKET, console_uids),
        ("worker", WORKER_SOCKET, worker_uids),
    )
    with claim_run_directory(run_directory, socket_group), ExitStack() as open_desks:
        for channel, name, uids in desks:
            listener = listen(run_directory / name, socket_group)
            open_desks.callback((run_directory / name).unlink, missing_ok=True)
            open_desks.enter_context(Desk(channel, listener, opener, own if uids is None else frozenset(uids)).open())
        yield
