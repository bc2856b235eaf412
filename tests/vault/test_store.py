"""Kept means on disk; what no row speaks of is found again; erased and rotated objects do what they should."""

import errno
import os
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from pyrage import x25519

from amparo.vault.erasure import erase
from amparo.vault.errors import BadSetup, NotSealed, VaultDamaged, VaultRefused
from amparo.vault.keys import read_identities
from amparo.vault.rotation import rotate
from amparo.vault.store import Store

from .conftest import NOTICE, REVIEWER, Place

HOUR = timedelta(hours=1)


def test_file_and_directory_are_synced_in_this_order_before_seal_returns(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    really = os.fsync

    def watched(descriptor: int) -> None:
        really(descriptor)
        synced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", watched)
    sealed = place.keep(b"words")
    assert synced == [place.ciphertext(sealed).stat().st_ino, place.store_directory.stat().st_ino]


@pytest.mark.parametrize("failing_call", [1, 2], ids=["the file", "the directory"])
def test_a_failed_sync_is_never_a_sealed_object(
    place: Place, monkeypatch: pytest.MonkeyPatch, failing_call: int
) -> None:
    calls: list[int] = []

    def failing(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == failing_call:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(NotSealed, match="Check the disk"):
        place.sealer.seal(b"words", kind="words", owner=NOTICE)
    assert len(calls) == failing_call  # Not tried again: a second fsync could lie.


def test_a_store_that_vanished_is_never_a_sealed_object(place: Place) -> None:
    place.store_directory.rmdir()
    place.store_directory.write_text("a file where the directory was")
    with pytest.raises(NotSealed):
        place.sealer.seal(b"words", kind="words", owner=NOTICE)


def written_hours_ago(place: Place, name: str, hours: int) -> None:
    path = place.store_directory / name
    path.touch()
    moment = (datetime.now(UTC) - hours * HOUR).timestamp()
    os.utime(path, (moment, moment))


def test_orphans_are_old_files_of_ours_that_no_row_speaks_of(place: Place) -> None:
    known, orphan, young = (place.sealer.seal(b"x", kind="words", owner=NOTICE) for _ in range(3))
    for name in (known.id, orphan.id, f"{orphan.id}#1"):
        written_hours_ago(place, name, 30)
    written_hours_ago(place, young.id, 1)
    written_hours_ago(place, "lost+found", 30)
    store = Store(place.store_directory, writable=True)
    found = set(store.orphans({known.id}, written_before=datetime.now(UTC) - 24 * HOUR))
    assert found == {orphan.id, f"{orphan.id}#1"}
    for name in found:
        store.remove(name)
        store.remove(name)
    assert {path.name for path in place.store_directory.iterdir()} == {known.id, young.id, "lost+found"}


@pytest.mark.parametrize("name", ["", "lost+found", "../keys/vault.key", "vault_" + "a" * 26 + "/../x"])
def test_only_sealed_objects_can_be_removed(place: Place, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        Store(place.store_directory, writable=True).remove(name)


def test_an_erased_object_cannot_be_opened_and_its_bytes_are_gone(vault: Place) -> None:
    sealed, other = vault.keep(b"erase me"), vault.keep(b"keep me")
    store = Store(vault.store_directory, writable=True)
    erase(sealed.id, vault.register, store)
    erase(sealed.id, vault.register, store)
    with pytest.raises(VaultRefused):
        vault.console.open_for(REVIEWER, "review", sealed.id)
    assert not vault.ciphertext(sealed).exists()
    assert vault.console.open_for(REVIEWER, "review", other.id) == b"keep me"


def test_without_the_sealed_key_even_the_vaults_own_key_reads_nothing(vault: Place) -> None:
    sealed = vault.keep(b"erase me")
    ciphertext = vault.ciphertext(sealed).read_bytes()
    vault.register.erase_key(sealed.id)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(ciphertext, read_identities(vault.keys.key_path))


def test_rotation_moves_every_object_to_the_new_key_without_a_break(place: Place) -> None:
    sealed = [place.keep(f"words {number}".encode()) for number in range(3)]
    old = read_identities(place.keys.key_path)[0]
    new = x25519.Identity.generate()
    place.keys.recipients_path.write_text(f"{new.to_public()}\n")
    place.keys.key_path.write_text(f"{new}\n{old}\n")  # During the rotation the vault reads both.
    with place.answering():
        for one in sealed[:2]:
            key = rotate(one.sealed_key, old, [str(new.to_public())])
            place.register.insert(type(one)(one.id, one.kind, one.owner, key, one.sha256, one.size_bytes))
        opened = [place.console.open_for(REVIEWER, "review", one.id) for one in sealed]
    assert opened == [b"words 0", b"words 1", b"words 2"]
    place.keys.key_path.write_text(f"{new}\n")
    with place.answering():
        assert place.console.open_for(REVIEWER, "review", sealed[0].id) == b"words 0"
        with pytest.raises(VaultDamaged):
            place.console.open_for(REVIEWER, "review", sealed[2].id)


def test_rotation_for_nobody_or_with_a_wrong_key_is_refused(place: Place) -> None:
    sealed = place.keep(b"words")
    with pytest.raises(BadSetup):
        rotate(sealed.sealed_key, read_identities(place.keys.key_path)[0], [])
    with pytest.raises(VaultDamaged):
        rotate(sealed.sealed_key, x25519.Identity.generate(), place.keys.recipients)
