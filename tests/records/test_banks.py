"""Banks keep what they are given in its normal form, and an item counts only once somebody answers for it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from amparo.cases.refs import CaseId
from amparo.matching.signal import BadSignal
from amparo.records import bank_hits, banks
from amparo.records.bank_values import BankError, May, Source
from amparo.records.signal_types import UnknownType, signal_types
from tests.records.fingerprints import picture

pytestmark = pytest.mark.usefixtures("no_media")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
HASH = "0f" * 32
MD5 = "0" * 32


def counts(number: int, now: datetime = NOW) -> bool:
    return number in bank_hits.counting([number], now)[0]


def test_the_shipped_types_of_signals_are_plugged_in() -> None:
    assert set(signal_types()) >= {"sha256", "md5", "pdq", "video_frames", "photodna"}


def test_a_bank_is_kept_as_it_was_made_and_changed() -> None:
    made = banks.create("list-1", source="a list", licence="theirs", confirmed_by="a hotline", may=May.REMOVE, now=NOW)
    assert banks.every() == [made]
    assert (made.may, made.is_enabled, made.licence) == (May.REMOVE, True, "theirs")
    changed = banks.change("list-1", may=May.HIDE, disabled_until=NOW + timedelta(days=1))
    assert (changed.may, changed.source, changed.counts(NOW)) == (May.HIDE, "a list", False)
    assert banks.change("list-1", is_enabled=True).counts(NOW)
    assert not banks.change("list-1", is_enabled=False).counts(NOW)
    banks.delete("list-1")
    assert banks.every() == []


@pytest.mark.parametrize("name", ["", "a b", "a/b", ".hidden", "x" * 61, "é"])
def test_a_name_that_cannot_stand_in_an_address_is_refused(name: str) -> None:
    with pytest.raises(BankError) as refusal:
        banks.create(name, source="hand", now=NOW)
    assert refusal.value.code == "name"


def test_what_is_said_of_a_bank_is_bounded() -> None:
    banks.create("ours", source="x" * 200, now=NOW)
    for say in (
        lambda: banks.create("mine", source="x" * 201, now=NOW),
        lambda: banks.change("ours", licence="x" * 201),
        lambda: banks.change("ours", confirmed_by="x" * 201),
    ):
        with pytest.raises(BankError) as refusal:
            say()
        assert refusal.value.code == "too_long"


def test_a_bank_says_where_what_is_in_it_comes_from() -> None:
    banks.create("ours", source="hand", now=NOW)
    for say in (
        lambda: banks.create("mine", source=" ", now=NOW),
        lambda: banks.change("ours", source=""),
        lambda: banks.change("ours", source="   "),
    ):
        with pytest.raises(BankError) as refusal:
            say()
        assert refusal.value.code == "no_source"
    assert [bank.source for bank in banks.every()] == ["hand"]


@pytest.mark.parametrize("name", ["Reported", "REPORTED", "reMoved"])
def test_no_bank_is_called_as_those_that_cases_fill(name: str) -> None:
    banks.create("ours", source="hand", now=NOW)
    for take in (lambda: banks.create(name, source="hand", now=NOW), lambda: banks.rename("ours", name)):
        with pytest.raises(BankError) as refusal:
            take()
        assert refusal.value.code == "of_cases"


def test_a_name_is_taken_once() -> None:
    banks.create("ours", source="hand", now=NOW)
    with pytest.raises(BankError) as refusal:
        banks.create("ours", source="hand", now=NOW)
    assert refusal.value.code == "taken"


def test_what_one_person_enters_counts_once_another_confirms_it() -> None:
    banks.create("ours", source="hand", now=NOW)
    item = banks.add("ours", {"md5": MD5}, "staff_a")
    assert item.waits_for_a_second_person
    assert not counts(item.id)
    with pytest.raises(BankError) as refusal:
        banks.confirm(item.id, "staff_a")
    assert refusal.value.code == "same_person"
    assert not counts(item.id)
    assert banks.confirm(item.id, "staff_b").confirmed_by == "staff_b"
    assert banks.confirm(item.id, "staff_c").confirmed_by == "staff_b"
    assert counts(item.id)


def test_what_a_decision_adds_counts_at_once() -> None:
    banks.create("ours", source="decisions", now=NOW)
    item = banks.add("ours", picture(np.random.default_rng(1)), "staff_a", CaseId("case_1"), {"why": "decided"})
    assert (item.source, item.case, item.metadata) == (Source.CASE, "case_1", {"why": "decided"})
    assert counts(item.id)


def test_what_comes_as_a_list_counts_only_where_the_bank_says_who_confirmed_it() -> None:
    banks.create("theirs", source="a list", now=NOW)
    with pytest.raises(BankError) as refusal:
        banks.add("theirs", {"md5": MD5}, "an import", source=Source.LIST)
    assert refusal.value.code == "list_unconfirmed"
    banks.change("theirs", confirmed_by="a hotline")
    assert counts(banks.add("theirs", {"md5": MD5}, "an import", source=Source.LIST).id)
    assert not counts(banks.add("theirs", {"md5": MD5}, "staff_a").id)


def test_an_item_and_a_bank_are_disabled_until_a_time() -> None:
    banks.create("ours", source="decisions", now=NOW)
    item = banks.add("ours", {"md5": MD5}, "staff_a", CaseId("case_1"))
    later = NOW + timedelta(hours=1)
    banks.disable(item.id, later)
    assert (counts(item.id), counts(item.id, later)) == (False, True)
    banks.disable(item.id, None)
    assert counts(item.id)
    banks.change("ours", disabled_until=later)
    assert (counts(item.id), counts(item.id, later)) == (False, True)
    banks.delete_item(item.id)
    assert bank_hits.counting([item.id], NOW) == ({}, [item.id])


def test_signals_are_kept_in_their_normal_form_and_found_by_it() -> None:
    banks.create("ours", source="decisions", now=NOW)
    given = {"photodna": " 1,2,3 ", "sha256": "AB" * 32, "pdq": HASH.upper() + "@pdq-full-1"}
    item = banks.add("ours", given, "staff_a", CaseId("case_1"))
    assert item.signals == {"photodna": "1,2,3", "sha256": "ab" * 32, "pdq": HASH + "@pdq-full-1"}
    assert item.is_hashable
    assert [each.item.id for each in bank_hits.with_signal("photodna", "1,2,3", NOW)] == [item.id]
    assert bank_hits.with_signal("photodna", "1,2,30", NOW) == []


def test_a_signal_that_is_none_is_refused_and_nothing_is_kept() -> None:
    banks.create("ours", source="hand", now=NOW)
    with pytest.raises(BadSignal):
        banks.add("ours", {"sha256": HASH, "md5": "short"}, "staff_a")
    with pytest.raises(UnknownType, match="photodna"):
        banks.add("ours", {"unheard_of": "x"}, "staff_a")
    with pytest.raises(BankError):
        banks.add("ours", {}, "staff_a")
    assert banks.items("ours") == []


def test_items_come_in_pages_in_their_order() -> None:
    banks.create("ours", source="hand", now=NOW)
    made = [banks.add("ours", {"md5": MD5}, "staff_a").id for _ in range(5)]
    first = banks.items("ours", most=3)
    assert [item.id for item in (*first, *banks.items("ours", after=first[-1].id))] == made


def test_what_is_not_there_is_said_so() -> None:
    asked = (
        lambda: banks.bank("none"),
        lambda: banks.delete("none"),
        lambda: banks.add("none", {"md5": MD5}, "staff_a"),
        lambda: banks.item(1),
        lambda: banks.confirm(1, "staff_b"),
        lambda: banks.disable(1, None),
        lambda: banks.delete_item(1),
    )
    for ask in asked:
        with pytest.raises(BankError) as refusal:
            ask()
        assert refusal.value.code in ("no_bank", "no_item")


def test_what_a_file_showed_comes_back_as_it_was() -> None:
    chance = np.random.default_rng(2)
    file = picture(chance)
    banks.create("ours", source="decisions", now=NOW)
    number = banks.add("ours", file, "staff_a", CaseId("case_1")).id
    back = bank_hits.fingerprints([number])[number]
    assert (back.sha256, back.md5, back.kind, back.pipeline) == (file.sha256, file.md5, file.kind, file.pipeline)
    assert (back.frames.turns == file.frames.turns).all()
    assert (back.frames.qualities == file.frames.qualities).all()
