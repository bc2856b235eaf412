"""The vault as a process of its own: killed at any moment, started again, closed to its neighbours."""

import ctypes
import multiprocessing
import os
import random
import resource
import signal
import stat
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from amparo.vault.client import VaultClient
from amparo.vault.errors import BadSetup, VaultDown, VaultError, VaultRefused
from amparo.vault.server import answering, serve
from amparo.vault.wire import CONSOLE_SOCKET, DOOR_SOCKET, WORKER_SOCKET

from .conftest import NOTICE, REPORTER, REVIEWER, Place
from .registers import FileRegister

# A fresh process without anything of the tests' own: what `amparo vault` will be.
spawn = multiprocessing.get_context("spawn")
PR_GET_DUMPABLE = 3


def run_vault(run: Path, store: Path, key: Path, rows: Path, stop: Event, ready: Connection) -> None:
    def say_ready() -> None:
        dumpable = ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)
        ready.send((dumpable, resource.getrlimit(resource.RLIMIT_CORE)))

    serve(run, store, key, FileRegister(rows), stop, say_ready)  # type: ignore[arg-type]


class Processes:
    """Starts vault processes for one place, and ends those that a test left running."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.rows = place.keys.key_path.parent / "register.sqlite"
        self.register = FileRegister(self.rows)
        self.register.grant("staff_1", NOTICE)
        self.stop = spawn.Event()
        self.started: list[BaseProcess] = []
        self.said: object = None

    def start(self) -> BaseProcess:
        hear, ready = spawn.Pipe(duplex=False)
        place = self.place
        process = spawn.Process(
            target=run_vault,
            args=(place.run_directory, place.store_directory, place.keys.key_path, self.rows, self.stop, ready),
        )
        process.start()
        self.started.append(process)
        ready.close()
        assert hear.poll(60), "the vault did not start"
        self.said = hear.recv()
        return process

    def end_all(self) -> None:
        for process in self.started:
            process.kill()
            process.join()


@pytest.fixture
def processes(place: Place) -> Iterator[Processes]:
    processes = Processes(place)
    yield processes
    processes.end_all()


def test_it_opens_stops_when_told_and_takes_its_sockets_away(place: Place, processes: Processes) -> None:
    sealed = place.sealer.seal(b"words", kind="words", owner=NOTICE)
    processes.register.insert(sealed)
    process = processes.start()
    assert place.console.open_for(REVIEWER, "review", sealed.id) == b"words"
    processes.stop.set()
    process.join(timeout=60)
    assert process.exitcode == 0
    assert [path.name for path in place.run_directory.iterdir()] == ["vault.lock"]


def test_its_memory_is_closed_and_it_leaves_no_core(processes: Processes) -> None:
    processes.start()
    assert processes.said == (0, (0, 0))


def test_killed_it_starts_again_on_the_stale_sockets(place: Place, processes: Processes) -> None:
    sealed = place.sealer.seal(b"words", kind="words", owner=NOTICE)
    processes.register.insert(sealed)
    process = processes.start()
    process.kill()
    process.join()
    assert (place.run_directory / CONSOLE_SOCKET).exists()
    with pytest.raises(VaultDown):
        place.console.open_for(REVIEWER, "review", sealed.id)
    processes.start()
    assert place.console.open_for(REVIEWER, "review", sealed.id) == b"words"


def test_whatever_a_kill_interrupts_no_byte_is_out_without_its_record(place: Place, processes: Processes) -> None:
    """SIGKILL at random moments under four readers; every reader's bytes ⊆ the committed accesses."""
    plaintext = os.urandom(400_000)
    sealed = place.sealer.seal(plaintext, kind="content", owner=NOTICE)
    processes.register.insert(sealed)
    chance = random.Random(20261121)
    served: set[str] = set()
    strange: list[bytes] = []
    interrupted = 0
    for round_number in range(6):
        process = processes.start()
        is_over = threading.Event()

        def read(reader: int, round_number: int = round_number, is_over: threading.Event = is_over) -> None:
            nonlocal interrupted
            turn = 0
            while not is_over.is_set():
                # Each turn is a member of staff of its own, so that an access belongs to exactly one reading.
                staff = f"staff_{round_number}_{reader}_{turn}"
                processes.register.grant(staff, NOTICE)
                try:
                    with place.console.stream_for(f"reviewer:{staff}", "review", sealed.id) as stream:
                        for piece in stream:
                            served.add(f"reviewer:{staff}")
                            if piece not in plaintext:
                                strange.append(piece)
                except VaultDown:
                    interrupted += 1
                turn += 1

        readers = [threading.Thread(target=read, args=(number,)) for number in range(4)]
        for reader in readers:
            reader.start()
        time.sleep(chance.uniform(0.05, 0.4))
        process.kill()
        process.join()
        is_over.set()
        for reader in readers:
            reader.join()
    recorded = {access[1] for access in processes.register.accesses()}
    assert interrupted > 0
    assert served
    assert strange == []
    assert served <= recorded


def test_a_stopped_process_holds_nobody_for_ever(place: Place, processes: Processes) -> None:
    sealed = place.sealer.seal(b"words", kind="words", owner=NOTICE)
    processes.register.insert(sealed)
    process = processes.start()
    assert process.pid
    os.kill(process.pid, signal.SIGSTOP)
    impatient = VaultClient(place.run_directory / CONSOLE_SOCKET, patience_seconds=0.2)
    with pytest.raises(VaultDown) as down:
        impatient.open_for(REVIEWER, "review", sealed.id)
    assert down.value.reason == "timed_out"


def test_a_second_vault_in_the_same_directory_is_refused_and_the_first_goes_on(vault: Place) -> None:
    sealed = vault.keep(b"words")
    with pytest.raises(BadSetup, match="already running"), vault.answering():
        pass
    assert vault.console.open_for(REVIEWER, "review", sealed.id) == b"words"


def test_sockets_and_directory_are_closed_to_others(vault: Place) -> None:
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (vault.run_directory, *vault.run_directory.iterdir())
    }
    assert modes == {"run": 0o700, **dict.fromkeys((DOOR_SOCKET, CONSOLE_SOCKET, WORKER_SOCKET, "vault.lock"), 0o600)}


def test_an_open_run_directory_is_closed_before_anything_listens(place: Place) -> None:
    place.run_directory.mkdir(mode=0o777)
    place.run_directory.chmod(0o777)
    with place.answering():
        assert stat.S_IMODE(place.run_directory.stat().st_mode) == 0o700


def test_a_run_directory_that_is_a_file_is_refused(place: Place) -> None:
    place.run_directory.write_text("")
    with pytest.raises(BadSetup, match="cannot keep its sockets"), place.answering():
        pass


def test_a_path_too_long_for_a_socket_is_refused(place: Place) -> None:
    place.run_directory = place.run_directory / ("long" * 25)
    with pytest.raises(BadSetup, match="too long"), place.answering():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users")
def test_a_door_of_another_user_is_answered_on_its_own_socket_only(place: Place) -> None:
    """As deployed: door, console and vault are three users, and the first two are in the sockets' group."""
    door_uid, console_uid, group, stranger = 61001, 61002, 61003, 61004
    letter = place.keep(b"letter", "letter")
    place.run_directory.parent.chmod(0o711)
    with answering(
        place.run_directory,
        place.store_directory,
        place.keys.key_path,
        place.register,
        door_uids={door_uid},
        console_uids={console_uid},
        socket_group=group,
    ):
        door, console = place.run_directory / DOOR_SOCKET, place.run_directory / CONSOLE_SOCKET
        answers = [
            opened_by(door_uid, group, door, REPORTER, letter.id),
            opened_by(door_uid, group, console, REVIEWER, letter.id),
            opened_by(console_uid, group, console, REVIEWER, letter.id),
            opened_by(stranger, stranger, door, REPORTER, letter.id),
        ]
        # Root is no exception: it is simply another user.
        with pytest.raises(VaultRefused):
            place.door.open_for(REPORTER, "read_letter", letter.id)
    assert answers == [b"letter", "VaultRefused wrong_user", b"letter", "BadSetup wrong_user"]


def opened_by(uid: int, gid: int, socket_path: Path, actor: str, object_id: str) -> object:
    hear, say = spawn.Pipe(duplex=False)
    process = spawn.Process(target=open_as, args=(uid, gid, socket_path, actor, object_id, say))
    process.start()
    say.close()
    assert hear.poll(60)
    process.join()
    return hear.recv()


def open_as(uid: int, gid: int, socket_path: Path, actor: str, object_id: str, say: Connection) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    try:
        say.send(VaultClient(socket_path).open_for(actor, "read_letter", object_id))
    except VaultError as error:
        say.send(f"{type(error).__name__} {error.reason}")
