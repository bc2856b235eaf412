"""The files of the spool: durable before they count, known again, and worth nothing to whoever changes them."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amparo.vault.client import VaultClient
from amparo.vault.errors import NotSealed, VaultDamaged, VaultRefused
from amparo.vault.keys import make_keys
from amparo.vault.seal import Sealer
from amparo.vault.server import answering
from amparo.vault.spool import ASIDE, Label, remove, set_aside, sweep, waiting
from amparo.vault.spool_writer import OtherBody, Spool
from amparo.vault.wire import WORKER_SOCKET
from tests.vault.conftest import Place, place

__all__ = ["place"]

NOTICE = "notice_" + "a" * 26
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def label(number: int = 0, body_mac: str = "mac", at: datetime = NOW, notice: str = NOTICE) -> Label:
    return Label(f"{notice}.{number:024x}", at, body_mac)


def fill(spool: Spool) -> None:
    for number in range(100):
        spool.keep(label(number), os.urandom(3000))


@pytest.fixture
def recipients(tmp_path: Path) -> tuple[str, ...]:
    return make_keys(tmp_path / "keys").recipients


@pytest.fixture
def spool(tmp_path: Path, recipients: tuple[str, ...]) -> Spool:
    return Spool(tmp_path / "spool", recipients, 10_000_000)


def test_a_record_is_synced_then_named_then_its_folder_is_synced(tmp_path: Path, recipients: tuple[str, ...]) -> None:
    seen: list[tuple[str, list[str]]] = []
    folder = tmp_path / "spool"
    folder.mkdir()

    def fsync(descriptor: int) -> None:
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file"
        seen.append((kind, [name for name in os.listdir(folder) if not name.startswith(".")]))
        os.fsync(descriptor)

    Spool(folder, recipients, 10_000_000, fsync).keep(label(), b"words")
    assert seen == [("file", []), ("folder", [label().name])]


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_failed_fsync_gives_no_receipt_and_leaves_no_record(
    tmp_path: Path, recipients: tuple[str, ...], which: str
) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()

    def fail(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}") is (which == "folder"):
            raise OSError(errno.EIO, "the disk says no")

    with pytest.raises(NotSealed):
        Spool(folder, recipients, 10_000_000, fail).keep(label(), b"words")
    assert os.listdir(folder) == []
    kept = Spool(folder, recipients, 10_000_000).keep(label(), b"words")
    assert kept.is_new


def test_the_same_form_again_is_one_record_and_another_body_is_refused(spool: Spool) -> None:
    assert spool.keep(label(), b"words").is_new
    again = spool.keep(label(at=NOW + timedelta(minutes=1)), b"words")
    assert (again.is_new, again.received_at, again.notice) == (False, NOW, NOTICE)
    with pytest.raises(OtherBody):
        spool.keep(label(body_mac="other"), b"other words")
    with pytest.raises(OtherBody):
        spool.keep(label(body_mac="other", notice="notice_" + "b" * 26), b"other words")
    assert len(waiting(spool.directory)) == 1


def test_one_form_sent_by_many_at_once_is_one_record(spool: Spool) -> None:
    news: list[bool] = []
    gate = threading.Barrier(8)

    def send() -> None:
        gate.wait()
        news.append(spool.keep(label(), b"words").is_new)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(news), sum(news)) == (8, 1)
    assert os.listdir(spool.directory) == [label().name]


def test_over_its_limit_it_takes_nothing_and_says_what_to_do(tmp_path: Path, recipients: tuple[str, ...]) -> None:
    small = Spool(tmp_path / "spool", recipients, 20_000)
    with pytest.raises(NotSealed, match="limit_mb") as full:
        fill(small)
    assert full.value.reason == "full"
    assert 0 < len(waiting(small.directory)) < 8
    assert not [name for name in os.listdir(small.directory) if name.startswith(".")]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 64 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("A full disk needs the right to mount one: not tried here.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_on_a_full_disk_it_gives_no_receipt_and_leaves_nothing_half_written(
    tiny_disk: Path, recipients: tuple[str, ...]
) -> None:
    spool = Spool(tiny_disk, recipients, 10_000_000)
    with pytest.raises(NotSealed) as full:
        fill(spool)
    assert full.value.reason == "disk_full"
    kept = waiting(tiny_disk)
    assert kept
    assert sorted(os.listdir(tiny_disk)) == sorted(each.name for each in kept)
    remove(tiny_disk, kept[0].name)
    assert spool.keep(label(200), b"fits again").is_new


def test_records_come_in_the_order_in_which_they_were_received(spool: Spool) -> None:
    for number, minutes in enumerate((5, 1, 3)):
        spool.keep(label(number, at=NOW + timedelta(minutes=minutes)), b"words")
    assert [each.received_at.minute for each in waiting(spool.directory)] == [1, 3, 5]


def test_what_is_half_written_is_no_record_and_is_swept_only_when_it_is_old(spool: Spool) -> None:
    spool.keep(label(), b"words")
    young, old = (spool.directory / f".{label(number).name}.1.aa" for number in (1, 2))
    for half in (young, old):
        half.write_bytes(b"half")
    os.utime(old, (0, 0))
    sweep(spool.directory)
    assert [each.name for each in waiting(spool.directory)] == [label().name]
    assert (young.exists(), old.exists()) == (True, False)


def test_what_is_set_aside_is_kept_and_waits_no_more(spool: Spool) -> None:
    spool.keep(label(), b"words")
    for _ in range(2):
        set_aside(spool.directory, label().name)
    assert waiting(spool.directory) == []
    assert (spool.directory / ASIDE / label().name).exists()


_WRITER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from amparo.vault.spool import Label
from amparo.vault.spool_writer import Spool
folder, recipient, dies_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
count = 0
def may_die(event, arguments):
    global count
    if event in ("open", "os.link", "os.remove") and str(folder) in str(arguments[0]):
        count += 1
        if count == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
def fsync(descriptor):
    may_die("open", [str(folder)])
    os.fsync(descriptor)
    may_die("open", [str(folder)])
spool = Spool(folder, [recipient], 10_000_000, fsync)
sys.addaudithook(may_die)
spool.keep(Label("notice_" + "a" * 26 + "." + "0" * 24, datetime(2026, 3, 1, tzinfo=UTC), "mac"), b"words")
print("acknowledged", flush=True)
"""


def test_killed_at_any_point_of_the_writing_it_acknowledges_nothing_that_is_not_there(
    tmp_path: Path, recipients: tuple[str, ...]
) -> None:
    killed = 0
    for dies_at in range(1, 30):
        folder = tmp_path / f"spool-{dies_at}"
        folder.mkdir()
        words = [sys.executable, "-c", _WRITER, str(folder), recipients[0], str(dies_at)]
        told = subprocess.run(words, capture_output=True, text=True, check=False)
        found = waiting(folder)
        if told.returncode == 0:
            assert "acknowledged" in told.stdout
            assert len(found) == 1
            break
        assert told.returncode == -signal.SIGKILL, told.stderr
        assert "acknowledged" not in told.stdout
        assert len(found) <= 1
        killed += 1
        again = Spool(folder, recipients, 10_000_000).keep(label(0, at=datetime(2026, 3, 1, tzinfo=UTC)), b"words")
        assert again.notice == NOTICE
        assert len(waiting(folder)) == 1
    assert killed >= 6


def test_what_one_door_process_fails_to_keep_no_other_one_acknowledges_and_loses(
    tmp_path: Path, recipients: tuple[str, ...]
) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    others: list[subprocess.Popen[str]] = []

    def fail_once_the_form_has_come_again(descriptor: int) -> None:
        if not os.path.isdir(f"/proc/self/fd/{descriptor}"):
            return
        words = [sys.executable, "-c", _WRITER, str(folder), recipients[0], "0"]
        others.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        with suppress(subprocess.TimeoutExpired):
            others[0].wait(timeout=2)
        raise OSError(errno.EIO, "the disk says no")

    first = Spool(folder, recipients, 10_000_000, fail_once_the_form_has_come_again)
    with pytest.raises(NotSealed):
        first.keep(label(at=datetime(2026, 3, 1, tzinfo=UTC)), b"words")
    assert others[0].communicate(timeout=30) == ("acknowledged\n", None)
    assert len(waiting(folder)) == 1


def _flip(at: float) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        place = int(len(content) * at)
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    return change


def _first(**changed: object) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        line, _, rest = content.partition(b"\n")
        return json.dumps({**json.loads(line), **changed}).encode() + b"\n" + rest

    return change


DAMAGES = {
    "a flipped bit in the sealed bytes": _flip(0.98),
    "a flipped bit in the sealed key": _flip(0.3),
    "cut in the middle": lambda content: content[: len(content) // 2],
    "cut by one byte": lambda content: content[:-1],
    "one byte more": lambda content: content + b"\0",
    "emptied": lambda content: b"",
    "no first line": lambda content: content.partition(b"\n")[2],
    "another digest": _first(sha256="0" * 64),
    "another size": _first(size_bytes=1),
    "another format": _first(format=2),
    "a list for a line": lambda content: b"[1]\n" + content.partition(b"\n")[2],
}


@pytest.fixture
def vault(place: Place) -> Iterator[Place]:
    (place.run_directory.parent / "spool").mkdir()
    folder = place.run_directory.parent / "spool"
    with answering(
        place.run_directory, place.store_directory, place.keys.key_path, place.register, spool_directory=folder
    ):
        yield place


def test_the_vault_opens_a_record_for_the_worker_alone_and_writes_it_down(vault: Place) -> None:
    folder = vault.run_directory.parent / "spool"
    Spool(folder, vault.keys.recipients, 10_000_000).keep(label(), b"a kite")
    worker = VaultClient(vault.run_directory / WORKER_SOCKET)
    assert worker.open_for("system:spool", "take_in", label().name) == b"a kite"
    assert vault.register.accesses() == [(label().name, "system:spool", "take_in", "worker")]
    for client in (vault.door, vault.console):
        with pytest.raises(VaultRefused):
            client.open_for("system:spool", "take_in", label().name)
    letter = vault.keep(b"letter", "letter")
    for actor, purpose, name in (
        ("reviewer:staff_1", "take_in", label().name),
        ("system:spool", "review", label().name),
        ("system:spool", "take_in", letter.id),
        ("system:spool", "take_in", "../keys/vault.key"),
        ("system:spool", "take_in", label(9).name),
    ):
        with pytest.raises(VaultRefused):
            worker.open_for(actor, purpose, name)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_changed_record_is_never_opened(vault: Place, damage: Callable[[bytes], bytes]) -> None:
    folder = vault.run_directory.parent / "spool"
    Spool(folder, vault.keys.recipients, 10_000_000).keep(label(), b"a kite in a tree")
    path = folder / label().name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(VaultDamaged):
        VaultClient(vault.run_directory / WORKER_SOCKET).open_for("system:spool", "take_in", label().name)
    assert [each.name for each in waiting(folder)] == [label().name]


def test_a_record_under_the_name_of_another_is_not_opened(vault: Place) -> None:
    folder = vault.run_directory.parent / "spool"
    Spool(folder, vault.keys.recipients, 10_000_000).keep(label(), b"a kite")
    shutil.copy(folder / label().name, folder / label(1).name)
    with pytest.raises(VaultDamaged):
        VaultClient(vault.run_directory / WORKER_SOCKET).open_for("system:spool", "take_in", label(1).name)


def test_whoever_has_the_folder_and_the_public_keys_reads_nothing(vault: Place) -> None:
    folder = vault.run_directory.parent / "spool"
    Spool(folder, vault.keys.recipients, 10_000_000).keep(label(), b"canary-kite" * 50)
    on_disk = (folder / label().name).read_bytes()
    assert b"canary" not in on_disk
    assert Sealer(vault.store_directory, vault.keys.recipients)
    with suppress(UnicodeDecodeError):
        assert set(json.loads(on_disk.partition(b"\n")[0])) == {
            "format", "received_at", "body_mac", "sealed_key", "sha256", "size_bytes",
        }  # fmt: skip
