"""Which door opens what: the whole table, one request for each cell, over the real sockets."""

import itertools

import pytest

from amparo.vault.client import VaultClient
from amparo.vault.errors import VaultRefused
from amparo.vault.sealed import KINDS, new_object_id
from amparo.vault.server import answering
from amparo.vault.wire import WORKER_SOCKET

from .conftest import NOTICE, REPORTER, REVIEWER, Place

OTHER = "notice_other"
PURPOSES = ["read_notice", "review", "read_letter", "contact", "export", "match", "take_in", "curiosity", ""]
ACTORS = [
    REPORTER,
    REVIEWER,
    "system:sweeper",
    "system:spool",
    "system:matching",
    f"reviewer:{NOTICE}",
    "reporter:staff_1",
    NOTICE,
    "",
]

ALLOWED = {
    ("door", REPORTER, "read_letter", "letter"),
    ("console", REVIEWER, "read_notice", "words"),
    ("console", REVIEWER, "read_notice", "letter"),
    ("console", REVIEWER, "read_letter", "letter"),
    ("console", REVIEWER, "review", "words"),
    ("console", REVIEWER, "review", "letter"),
    ("console", REVIEWER, "review", "content"),
    ("console", REVIEWER, "contact", "contact"),
    ("console", REVIEWER, "export", "words"),
    ("console", REVIEWER, "export", "letter"),
    ("console", REVIEWER, "export", "content"),
    ("worker", "system:matching", "match", "content"),
}


def is_opened(client: VaultClient, actor: str, purpose: str, object_id: str) -> bool:
    try:
        client.open_for(actor, purpose, object_id)
    except VaultRefused:
        return False
    return True


def test_exactly_these_actors_open_these_kinds_for_these_purposes(vault: Place) -> None:
    objects = {kind: vault.keep(b"bytes", kind) for kind in sorted(KINDS)}
    worker = VaultClient(vault.run_directory / WORKER_SOCKET)
    clients = {"door": vault.door, "console": vault.console, "worker": worker}
    opened = {
        cell
        for cell in itertools.product(clients, ACTORS, PURPOSES, objects)
        if is_opened(clients[cell[0]], cell[1], cell[2], objects[cell[3]].id)
    }
    assert opened == ALLOWED
    assert {access[3] for access in vault.register.accesses()} == {"door", "console", "worker"}
    assert len(vault.register.accesses()) == len(ALLOWED)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_reporter_gets_nothing_of_another_notice(vault: Place, kind: str) -> None:
    sealed = vault.keep(b"for somebody else", kind, OTHER)
    assert not is_opened(vault.door, REPORTER, "read_letter", sealed.id)


def test_a_letter_owned_by_a_case_is_for_no_reporter(vault: Place) -> None:
    sealed = vault.keep(b"letter", "letter", "case_9m2q")
    assert not is_opened(vault.door, "reporter:case_9m2q", "read_letter", sealed.id)


def test_staff_who_may_not_see_the_case_get_nothing(vault: Place) -> None:
    sealed = vault.keep(b"words", "words", OTHER)
    assert not is_opened(vault.console, REVIEWER, "review", sealed.id)
    vault.register.grant("staff_1", OTHER)
    assert is_opened(vault.console, REVIEWER, "review", sealed.id)
    vault.register.withdraw("staff_1", OTHER)
    assert not is_opened(vault.console, REVIEWER, "review", sealed.id)


def test_an_unknown_object_is_refused_in_the_same_words_as_a_foreign_one(vault: Place) -> None:
    foreign = vault.keep(b"words", "words", OTHER)
    answers = []
    for object_id in (foreign.id, new_object_id(), "vault_1", ""):
        with pytest.raises(VaultRefused) as refused:
            vault.console.open_for(REVIEWER, "review", object_id)
        answers.append((str(refused.value), refused.value.reason))
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    "object_id",
    [
        pytest.param("../keys/vault.key", id="a path out of the store"),
        pytest.param("vault_" + "a" * 26 + "\n", id="a line break at the end"),
        pytest.param("vault_" + "a" * 25 + "\0", id="a NUL"),
        pytest.param("vault_" + "A" * 26, id="capitals"),
        pytest.param("vault_" + "a" * 26 + "#1", id="the name of a half-written file"),
        pytest.param("vault_" + "a" * 10_000, id="longer than a frame"),
        pytest.param("\ud800", id="half a surrogate pair"),
    ],
)
def test_what_is_no_object_id_is_refused_without_asking_the_register(vault: Place, object_id: str) -> None:
    with pytest.raises(VaultRefused):
        vault.console.open_for(REVIEWER, "review", object_id)
    assert vault.register.accesses() == []


def test_a_process_of_another_user_is_refused_whatever_it_asks(place: Place) -> None:
    letter = place.keep(b"letter", "letter")
    this_user, another = place.store_directory.stat().st_uid, place.store_directory.stat().st_uid + 1
    with answering(
        place.run_directory,
        place.store_directory,
        place.keys.key_path,
        place.register,
        door_uids={another},
        console_uids={this_user},
    ):
        with pytest.raises(VaultRefused) as refused:
            place.door.open_for(REPORTER, "read_letter", letter.id)
        assert place.console.open_for(REVIEWER, "read_letter", letter.id) == b"letter"
    assert refused.value.reason == "wrong_user"
