"""What is sealed comes back as it was, to those who may see it."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amparo.vault.errors import VaultDown, VaultRefused
from amparo.vault.sealed import OBJECT_ID, new_object_id

from .conftest import NOTICE, REPORTER, REVIEWER, Place


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plaintext=st.binary(max_size=4096))
def test_any_bytes_come_back_as_they_were_sealed(vault: Place, plaintext: bytes) -> None:
    sealed = vault.keep(plaintext)
    assert vault.console.open_for(REVIEWER, "read_notice", sealed.id) == plaintext


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 256 * 1024, 5 * 1024 * 1024 + 3])
def test_sizes_around_the_edges_of_blocks_come_back_whole(vault: Place, size: int) -> None:
    plaintext = os.urandom(size)
    sealed = vault.keep(plaintext, "content")
    assert sealed.size_bytes == size
    assert vault.console.open_for(REVIEWER, "review", sealed.id) == plaintext


def test_a_stream_says_its_size_first_and_gives_pieces(vault: Place) -> None:
    plaintext = os.urandom(1024 * 1024)
    sealed = vault.keep(plaintext, "content")
    with vault.console.stream_for(REVIEWER, "review", sealed.id) as stream:
        assert stream.size_bytes == len(plaintext)
        pieces = list(stream)
    assert len(pieces) > 1
    assert b"".join(pieces) == plaintext


def test_a_stream_refuses_before_there_is_one(vault: Place) -> None:
    with pytest.raises(VaultRefused):
        vault.console.stream_for(REVIEWER, "review", new_object_id())


def test_two_hundred_opens_at_once_each_get_their_own_object(vault: Place) -> None:
    plaintexts = [os.urandom(20_000) for _ in range(200)]
    sealed = [vault.keep(plaintext, "letter") for plaintext in plaintexts]
    together = threading.Barrier(200)

    def open_one(number: int) -> bytes:
        together.wait(timeout=60)
        if number % 2:
            return vault.door.open_for(REPORTER, "read_letter", sealed[number].id)
        return vault.console.open_for(REVIEWER, "read_letter", sealed[number].id)

    with ThreadPoolExecutor(200) as callers:
        assert list(callers.map(open_one, range(200))) == plaintexts
    assert sorted(access[0] for access in vault.register.accesses()) == sorted(one.id for one in sealed)


def test_the_same_words_sealed_twice_are_two_objects_that_look_unlike(place: Place) -> None:
    first, second = place.keep(b"same words"), place.keep(b"same words")
    assert OBJECT_ID.fullmatch(first.id)
    assert first.id != second.id
    assert first.sha256 != second.sha256


def test_sealing_works_while_the_vault_is_down_and_opens_when_it_is_back(place: Place) -> None:
    sealed = place.keep(b"sent at night")
    with pytest.raises(VaultDown) as down:
        place.console.open_for(REVIEWER, "read_notice", sealed.id)
    assert down.value.reason == "not_running"
    with place.answering():
        assert place.console.open_for(REVIEWER, "read_notice", sealed.id) == b"sent at night"


def test_sealing_needs_no_secret_key(place: Place) -> None:
    place.keys.key_path.unlink()
    assert place.sealer.seal(b"words", kind="words", owner=NOTICE).size_bytes == 5
