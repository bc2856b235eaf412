"""Law f: the access record is committed before the first byte, whatever fails in between."""

import json
import select
import threading
from collections.abc import Callable

import pytest

from amparo.vault.errors import VaultDown

from .conftest import REVIEWER, Place, everything, framed
from .registers import MemoryRegister


class InterruptedRegister(MemoryRegister):
    """Does something of the test's at the moment of recording."""

    def __init__(self) -> None:
        super().__init__()
        self.on_record: Callable[[], None] = lambda: None

    def record_access(self, object_id: str, actor: str, purpose: str, channel: str) -> None:
        self.on_record()
        super().record_access(object_id, actor, purpose, channel)


@pytest.fixture
def register(place: Place) -> InterruptedRegister:
    register = InterruptedRegister()
    register.rights = place.register.rights
    place.register = register
    return register


def wish(object_id: str) -> bytes:
    return framed(json.dumps({"actor": REVIEWER, "purpose": "review", "object_id": object_id}).encode())


def test_the_access_is_recorded_with_actor_object_purpose_and_channel(vault: Place) -> None:
    sealed = vault.keep(b"words")
    vault.console.open_for(REVIEWER, "review", sealed.id)
    assert vault.register.accesses() == [(sealed.id, REVIEWER, "review", "console")]


def test_the_record_is_there_when_the_first_piece_arrives(vault: Place) -> None:
    sealed = vault.keep(b"x" * 3_000_000, "content")
    with vault.console.stream_for(REVIEWER, "review", sealed.id) as stream:
        next(stream)
        assert vault.register.accesses() == [(sealed.id, REVIEWER, "review", "console")]


def test_nothing_is_sent_while_the_record_is_not_committed(place: Place, register: InterruptedRegister) -> None:
    recording, committed = threading.Event(), threading.Event()

    def wait_for_commit() -> None:
        recording.set()
        committed.wait(timeout=60)

    register.on_record = wait_for_commit
    sealed = place.keep(b"words")
    with place.answering(), place.call() as connection:
        connection.sendall(wish(sealed.id))
        assert recording.wait(timeout=60)
        assert select.select([connection], [], [], 0) == ([], [], [])
        committed.set()
        assert everything(connection).endswith(b"words")


def test_if_the_access_cannot_be_recorded_no_byte_leaves(place: Place, register: InterruptedRegister) -> None:
    def fail() -> None:
        raise ConnectionError("the database went away")

    register.on_record = fail
    sealed = place.keep(b"the words themselves")
    with place.answering():
        with pytest.raises(VaultDown) as down:
            place.console.open_for(REVIEWER, "review", sealed.id)
        with place.call() as connection:
            connection.sendall(wish(sealed.id))
            answer = everything(connection)
    assert down.value.reason == "register_down"
    assert json.loads(answer[4:])["answer"] == "down"
    assert register.accesses() == []


@pytest.mark.parametrize("broken", ["find", "staff_may_open"])
def test_if_the_register_cannot_answer_nothing_is_opened(
    place: Place, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no database")

    sealed = place.keep(b"words")
    monkeypatch.setattr(place.register, broken, fail)
    with place.answering(), pytest.raises(VaultDown):
        place.console.open_for(REVIEWER, "review", sealed.id)
    assert place.register.accesses() == []


def test_an_answer_that_is_not_plainly_yes_opens_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = place.keep(b"words")
    monkeypatch.setattr(place.register, "staff_may_open", lambda *_: "perhaps")
    with place.answering(), pytest.raises(Exception, match="does not open"):
        place.console.open_for(REVIEWER, "review", sealed.id)


def test_a_caller_who_dies_in_between_leaves_the_record_and_a_working_vault(
    place: Place, register: InterruptedRegister
) -> None:
    sealed = place.keep(b"x" * 2_000_000, "content")
    with place.answering():
        connection = place.call()
        gone = threading.Event()

        def hang_up() -> None:
            connection.close()
            gone.set()

        register.on_record = hang_up
        connection.sendall(wish(sealed.id))
        assert gone.wait(timeout=60)
        register.on_record = lambda: None
        assert len(place.console.open_for(REVIEWER, "review", sealed.id)) == 2_000_000
    assert register.accesses() == [(sealed.id, REVIEWER, "review", "console")] * 2
