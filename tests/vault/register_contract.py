"""What every register promises the vault. Subclass it where an implementation is tested, and say how to fill it."""

import threading
from typing import Protocol

import pytest

from amparo.vault.register import Register
from amparo.vault.sealed import SealedObject, new_object_id

NOTICE = "notice_7f3k"
CASE = "case_9m2q"


class FilledRegister(Register, Protocol):
    """A register that a test can also fill and read back. Ids of staff may be made by `grant`'s implementation."""

    def insert(self, sealed: SealedObject) -> None: ...
    def grant(self, actor_id: str, owner: str) -> None: ...
    def withdraw(self, actor_id: str, owner: str) -> None: ...
    def accesses(self) -> list[tuple[str, str, str, str]]: ...


def a_row(owner: str = NOTICE) -> SealedObject:
    return SealedObject(new_object_id(), "words", owner, bytes(range(256)), "ab" * 32, 12345)


class RegisterContract:
    """`staff_id` is the id of a member of staff who exists, `owners` are a notice and a case that exist."""

    staff_id = "staff_1"
    owners = (NOTICE, CASE)

    @pytest.fixture
    def register(self) -> FilledRegister:
        raise NotImplementedError("return an empty register")

    def test_a_committed_row_is_found_as_it_was(self, register: FilledRegister) -> None:
        rows = [a_row(owner) for owner in self.owners]
        for row in rows:
            register.insert(row)
        assert [register.find(row.id) for row in rows] == rows

    def test_an_unknown_id_finds_nothing(self, register: FilledRegister) -> None:
        register.insert(a_row(self.owners[0]))
        assert register.find(new_object_id()) is None

    def test_staff_without_a_right_may_open_nothing(self, register: FilledRegister) -> None:
        assert register.staff_may_open(self.staff_id, self.owners[1]) is False
        assert register.staff_may_open("nobody", self.owners[1]) is False

    def test_a_right_is_for_one_owner_and_ends_when_withdrawn(self, register: FilledRegister) -> None:
        register.grant(self.staff_id, self.owners[1])
        assert register.staff_may_open(self.staff_id, self.owners[1]) is True
        assert register.staff_may_open(self.staff_id, self.owners[0]) is False
        register.withdraw(self.staff_id, self.owners[1])
        assert register.staff_may_open(self.staff_id, self.owners[1]) is False

    def test_every_access_is_recorded_even_the_same_again(self, register: FilledRegister) -> None:
        row = a_row(self.owners[0])
        register.insert(row)
        access = (row.id, f"reviewer:{self.staff_id}", "review", "console")
        register.record_access(*access)
        register.record_access(*access)
        assert register.accesses() == [access, access]

    def test_an_access_by_a_reporter_is_recorded(self, register: FilledRegister) -> None:
        row = a_row(self.owners[0])
        register.insert(row)
        register.record_access(row.id, f"reporter:{self.owners[0]}", "read_letter", "door")
        assert register.accesses() == [(row.id, f"reporter:{self.owners[0]}", "read_letter", "door")]

    def test_accesses_from_many_threads_are_all_recorded(self, register: FilledRegister) -> None:
        row = a_row(self.owners[0])
        register.insert(row)
        access = (row.id, f"reviewer:{self.staff_id}", "review", "console")
        threads = [threading.Thread(target=register.record_access, args=access) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert register.accesses() == [access] * 8

    def test_an_erased_key_is_never_found_again(self, register: FilledRegister) -> None:
        erased, kept = a_row(self.owners[0]), a_row(self.owners[0])
        register.insert(erased)
        register.insert(kept)
        register.erase_key(erased.id)
        register.erase_key(erased.id)
        assert register.find(erased.id) is None
        assert register.find(kept.id) == kept

    def test_erasing_an_unknown_id_is_no_error(self, register: FilledRegister) -> None:
        register.erase_key(new_object_id())

    def test_accesses_stay_when_the_key_is_erased(self, register: FilledRegister) -> None:
        row = a_row(self.owners[0])
        register.insert(row)
        register.record_access(row.id, f"reviewer:{self.staff_id}", "review", "console")
        register.erase_key(row.id)
        assert len(register.accesses()) == 1
