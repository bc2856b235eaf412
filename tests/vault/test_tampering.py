"""Whatever somebody with full power over the files and the rows does to them, no changed byte is ever opened."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable

import pyrage
import pytest
from pyrage import x25519

from amparo.vault.errors import VaultDamaged, VaultDown
from amparo.vault.keys import read_identities
from amparo.vault.opening import Opener
from amparo.vault.permission import Request
from amparo.vault.sealed import Note, SealedObject, seal_note
from amparo.vault.store import Store

from .conftest import NOTICE, REVIEWER, Place

CHUNK = 65536 + 16  # age encrypts in blocks of 64 KiB, each with a tag of 16 bytes.
# Sixteen blocks: more than the vault sends at once, so damage at the end must be found before the beginning is sent.
PLAINTEXT = bytes(range(256)) * 4096


def changed(place: Place, sealed: SealedObject, **fields: object) -> None:
    place.register.rows[sealed.id] = dataclasses.replace(sealed, **fields)  # type: ignore[arg-type]


def refuses_as_damaged(place: Place, object_id: str, reason: str, purpose: str = "review") -> None:
    # `stream_for` raises before there is a stream: not one byte of a damaged object leaves the vault.
    with pytest.raises(VaultDamaged) as damaged:
        place.console.stream_for(REVIEWER, purpose, object_id)
    assert damaged.value.reason == reason


def swap_blocks(ciphertext: bytes) -> bytes:
    """Exchange the first two blocks of the payload, which ends with a whole block."""
    start = len(ciphertext) - 4 * CHUNK
    first, second, rest = (
        ciphertext[start : start + CHUNK],
        ciphertext[start + CHUNK : start + 2 * CHUNK],
        ciphertext[start + 2 * CHUNK :],
    )
    return ciphertext[:start] + second + first + rest


FILE_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda c: b"",
    "cut by one byte": lambda c: c[:-1],
    "cut by the last block": lambda c: c[:-CHUNK],
    "cut to its header": lambda c: c[:200],
    "extended by one byte": lambda c: c + b"\0",
    "extended by a repeated block": lambda c: c + c[-CHUNK:],
    "written twice": lambda c: c + c,
    "blocks exchanged": swap_blocks,
    "a block repeated": lambda c: c[:-CHUNK] + c[-2 * CHUNK : -CHUNK],
    "first bit changed": lambda c: bytes([c[0] ^ 1]) + c[1:],
    "a bit in the middle changed": lambda c: c[: len(c) // 2] + bytes([c[len(c) // 2] ^ 128]) + c[len(c) // 2 + 1 :],
    "last bit changed": lambda c: c[:-1] + bytes([c[-1] ^ 1]),
    "other bytes of the same length": lambda c: os.urandom(len(c)),
}


@pytest.mark.parametrize("change", FILE_CHANGES.values(), ids=FILE_CHANGES.keys())
def test_a_changed_file_is_refused(vault: Place, change: Callable[[bytes], bytes]) -> None:
    sealed = vault.keep(PLAINTEXT, "content")
    path = vault.ciphertext(sealed)
    path.write_bytes(change(path.read_bytes()))
    refuses_as_damaged(vault, sealed.id, "bytes_changed")


@pytest.mark.parametrize("change", FILE_CHANGES.values(), ids=FILE_CHANGES.keys())
def test_a_changed_file_is_refused_even_if_the_row_got_its_digest(
    vault: Place, change: Callable[[bytes], bytes]
) -> None:
    sealed = vault.keep(PLAINTEXT, "content")
    path = vault.ciphertext(sealed)
    path.write_bytes(change(path.read_bytes()))
    changed(vault, sealed, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    refuses_as_damaged(vault, sealed.id, "row_changed")


def test_every_changed_bit_of_a_small_file_is_found(vault: Place) -> None:
    sealed = vault.keep(b"words")
    path = vault.ciphertext(sealed)
    genuine = path.read_bytes()
    for position in range(len(genuine)):
        path.write_bytes(genuine[:position] + bytes([genuine[position] ^ 1]) + genuine[position + 1 :])
        refuses_as_damaged(vault, sealed.id, "bytes_changed")
    path.write_bytes(genuine)
    assert vault.console.open_for(REVIEWER, "review", sealed.id) == b"words"


def test_every_changed_bit_of_a_sealed_key_is_found(vault: Place) -> None:
    sealed = vault.keep(b"words")
    for position in range(len(sealed.sealed_key)):
        key = bytearray(sealed.sealed_key)
        key[position] ^= 1
        changed(vault, sealed, sealed_key=bytes(key))
        refuses_as_damaged(vault, sealed.id, "key_changed")


def test_two_files_exchanged_are_both_refused(vault: Place) -> None:
    one, other = vault.keep(b"the first"), vault.keep(b"the other")
    spare = vault.ciphertext(one).with_name("spare")
    vault.ciphertext(one).rename(spare)
    vault.ciphertext(other).rename(vault.ciphertext(one))
    spare.rename(vault.ciphertext(other))
    refuses_as_damaged(vault, one.id, "bytes_changed")
    refuses_as_damaged(vault, other.id, "bytes_changed")


def test_a_missing_file_is_damage(vault: Place) -> None:
    sealed = vault.keep(b"words")
    vault.ciphertext(sealed).unlink()
    refuses_as_damaged(vault, sealed.id, "bytes_missing")


def test_a_directory_in_place_of_the_file_is_damage(vault: Place) -> None:
    sealed = vault.keep(b"words")
    vault.ciphertext(sealed).unlink()
    vault.ciphertext(sealed).mkdir()
    refuses_as_damaged(vault, sealed.id, "bytes_missing")


def test_a_link_to_another_file_is_damage(vault: Place) -> None:
    sealed = vault.keep(b"words")
    vault.ciphertext(sealed).unlink()
    vault.ciphertext(sealed).symlink_to(vault.keys.key_path)
    refuses_as_damaged(vault, sealed.id, "bytes_changed")


ROW_CHANGES: list[tuple[str, dict[str, object]]] = [
    ("words called a letter", {"kind": "letter"}),
    ("another owner", {"owner": "notice_mine"}),
    ("another digest", {"sha256": "00" * 32}),
    ("another size", {"size_bytes": 4}),
    ("no key", {"sealed_key": b""}),
    ("half a key", {"sealed_key": b"age-encryption.org/v1\n"}),
    ("a key of 10 MB", {"sealed_key": b"a" * 10_000_000}),
]


@pytest.mark.parametrize("change", [row[1] for row in ROW_CHANGES], ids=[row[0] for row in ROW_CHANGES])
def test_a_changed_row_is_refused(vault: Place, change: dict[str, object]) -> None:
    vault.register.grant("staff_1", "notice_mine")
    sealed = vault.keep(b"words")
    changed(vault, sealed, **change)
    with pytest.raises(VaultDamaged):
        vault.console.open_for(REVIEWER, "review", sealed.id)


def test_a_reporter_cannot_get_words_relabelled_as_a_letter_to_himself(vault: Place) -> None:
    sealed = vault.keep(b"words of somebody else")
    changed(vault, sealed, kind="letter", owner="notice_mine")
    with pytest.raises(VaultDamaged):
        vault.door.open_for("reporter:notice_mine", "read_letter", sealed.id)


def test_the_key_of_another_object_is_refused(vault: Place) -> None:
    one, other = vault.keep(b"the first"), vault.keep(b"the other")
    changed(vault, one, sealed_key=other.sealed_key)
    refuses_as_damaged(vault, one.id, "row_changed")


def test_the_whole_row_of_another_object_is_refused(vault: Place) -> None:
    mine, other = vault.keep(b"mine"), vault.keep(b"of somebody else", owner="notice_other")
    vault.register.rows[mine.id] = other
    vault.register.grant("staff_1", "notice_other")
    refuses_as_damaged(vault, mine.id, "row_changed")


def test_row_key_and_file_of_another_object_under_my_id_are_refused(vault: Place) -> None:
    mine, other = vault.keep(b"mine"), vault.keep(b"of somebody else", owner="notice_other")
    vault.ciphertext(mine).write_bytes(vault.ciphertext(other).read_bytes())
    changed(vault, mine, sealed_key=other.sealed_key, sha256=other.sha256, size_bytes=other.size_bytes)
    refuses_as_damaged(vault, mine.id, "row_changed")


def forged(place: Place, sealed: SealedObject, **fields: object) -> bytes:
    """A note that anybody with the public recipients can seal: right in all but the secret, which he cannot know."""
    note = Note(
        id=sealed.id,
        kind=sealed.kind,
        owner=sealed.owner,
        sha256=sealed.sha256,
        size_bytes=sealed.size_bytes,
        sealed_size_bytes=place.ciphertext(sealed).stat().st_size,
        secret=str(x25519.Identity.generate()),
    )
    recipients = [x25519.Recipient.from_str(recipient) for recipient in place.keys.recipients]
    return seal_note(dataclasses.replace(note, **fields), recipients)  # type: ignore[arg-type]


def test_a_forged_note_about_genuine_bytes_opens_nothing(vault: Place) -> None:
    sealed = vault.keep(b"words of somebody else")
    key = forged(vault, sealed, kind="letter", owner=NOTICE)
    changed(vault, sealed, kind="letter", owner=NOTICE, sealed_key=key)
    refuses_as_damaged(vault, sealed.id, "bytes_changed", "read_letter")


@pytest.mark.parametrize(
    "fields",
    [{"secret": "junk"}, {"secret": 7}, {"sealed_size_bytes": "many"}, {"size_bytes": True}, {"sealed_size_bytes": -9}],
    ids=str,
)
def test_a_forged_note_with_junk_in_it_is_damage(vault: Place, fields: dict[str, object]) -> None:
    sealed = vault.keep(b"words")
    changed(vault, sealed, sealed_key=forged(vault, sealed, **fields))
    with pytest.raises(VaultDamaged):
        vault.console.open_for(REVIEWER, "review", sealed.id)


@pytest.mark.parametrize("inside", [b"", b"[]", b"{}", b"[" * 20_000, b"\xff\xfe", b'{"id": 1, "more": 2}', b"null"])
def test_a_sealed_key_that_holds_no_note_is_damage(vault: Place, inside: bytes) -> None:
    sealed = vault.keep(b"words")
    recipients = [x25519.Recipient.from_str(recipient) for recipient in vault.keys.recipients]
    changed(vault, sealed, sealed_key=pyrage.encrypt(inside, recipients))
    refuses_as_damaged(vault, sealed.id, "key_changed")


def test_bytes_changed_while_they_are_read_never_come_out_as_whole(vault: Place) -> None:
    """The digest is checked first, the blocks again while they are decrypted: no gap between the two."""
    sealed = vault.keep(PLAINTEXT, "content")
    opener = Opener(Store(vault.store_directory, writable=False), read_identities(vault.keys.key_path), vault.register)
    opened = opener.open_for("console", Request(REVIEWER, "review", sealed.id))
    path = vault.ciphertext(sealed)
    path.write_bytes(swap_blocks(path.read_bytes()))
    written: list[bytes] = []
    with pytest.raises(VaultDamaged):
        opened.write_to(written.append)
    assert PLAINTEXT.startswith(b"".join(written))


def test_an_object_that_breaks_off_in_the_middle_is_cut_short_and_nothing_else_is_sent(vault: Place) -> None:
    """Only who seals an object himself can make one whose digest is right and whose last block is not."""
    sealed = vault.keep(PLAINTEXT, "content")
    secret = x25519.Identity.generate()
    ciphertext = pyrage.encrypt(PLAINTEXT, [secret.to_public()])[:-1] + b"!"
    vault.ciphertext(sealed).write_bytes(ciphertext)
    digest = hashlib.sha256(ciphertext).hexdigest()
    key = forged(vault, sealed, secret=str(secret), sha256=digest)
    changed(vault, sealed, sha256=digest, sealed_key=key)
    received: list[bytes] = []
    with vault.console.stream_for(REVIEWER, "review", sealed.id) as stream, pytest.raises(VaultDown) as down:
        received.extend(stream)
    assert down.value.reason == "cut_short"
    assert received
    assert PLAINTEXT.startswith(b"".join(received))


def test_a_reader_who_leaves_is_not_damage(vault: Place) -> None:
    sealed = vault.keep(PLAINTEXT, "content")
    opener = Opener(Store(vault.store_directory, writable=False), read_identities(vault.keys.key_path), vault.register)

    def leave(_: bytes) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        opener.open_for("console", Request(REVIEWER, "review", sealed.id)).write_to(leave)


def test_damage_is_answered_by_the_vault_and_it_goes_on(vault: Place) -> None:
    bad, good = vault.keep(b"bad"), vault.keep(b"good")
    vault.ciphertext(bad).write_bytes(json.dumps({}).encode())
    refuses_as_damaged(vault, bad.id, "bytes_changed")
    assert vault.console.open_for(REVIEWER, "review", good.id) == b"good"
