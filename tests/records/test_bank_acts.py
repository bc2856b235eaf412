"""What is done to banks by hand: who may, that it is written down, and the banks that are nobody's to touch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from amparo.cases.refs import CaseId
from amparo.records import bank_acts, bank_hits, bank_lists, banks, case_items, models, people
from amparo.records.bank_lists import Which
from amparo.records.bank_values import FOR_GOOD, BankError, May
from tests.records.fingerprints import picture
from tests.records.staff import approved

pytestmark = pytest.mark.usefixtures("no_media", "staff")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MD5 = "0" * 32
OURS, THEIRS = "key:ours", "key:theirs"
COOP = "COOP_1"


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(BankError) as refusal:
        act()
    return refusal.value.code


@pytest.fixture
def staff(no_media: None) -> None:
    approved("staff_a", "staff_b")


@pytest.fixture
def ada() -> str:
    """A reviewer whom nobody has approved yet."""
    return people.enrol("ada", "words", "reviewer", enrolled_by=None, now=NOW, draw=b"\1" * 16).id


@pytest.fixture
def kept() -> int:
    """An item of a bank that a case fills."""
    file = picture(np.random.default_rng(1))
    case_items.put_reported(CaseId("case_1"), [file], counts=True, now=NOW)
    return case_items.of_case(CaseId("case_1"))[0].item


@pytest.mark.parametrize("name", ["reported", "removed"])
def test_nobody_touches_a_bank_that_cases_fill(kept: int, name: str) -> None:
    banks.create("ours", source="hand", now=NOW)
    case_items.put_removed(CaseId("case_2"), "staff_a", only_digests=True, now=NOW)  # type: ignore[arg-type]
    acts: list[Callable[[], object]] = [
        lambda: banks.create(name, source="hand", now=NOW),
        lambda: banks.add(name, {"md5": MD5}, "staff_a"),
        lambda: banks.change(name, may=May.REMOVE),
        lambda: banks.rename(name, "mine"),
        lambda: banks.rename("ours", name),
        lambda: banks.delete(name),
        lambda: bank_acts.change(name, is_enabled=False, by="staff_a", now=NOW),
        lambda: bank_acts.delete(name, by="staff_a", now=NOW),
    ]
    assert [refused(act) for act in acts] == ["of_cases"] * len(acts)
    with pytest.raises(BankError, match=f"The bank {name} is filled by what people decide of cases"):
        acts[1]()


def test_nobody_touches_an_item_of_a_bank_that_cases_fill(kept: int, ada: str) -> None:
    models.Staff.objects.filter(id=ada).update(approved_by="staff_b")
    acts: list[Callable[[], object]] = [
        lambda: banks.confirm(kept, "staff_a"),
        lambda: banks.disable(kept, FOR_GOOD),
        lambda: banks.note(kept, {}),
        lambda: banks.delete_item(kept),
        lambda: bank_acts.confirm(kept, by=ada, now=NOW),
        lambda: bank_acts.disable(kept, FOR_GOOD, by="staff_a", now=NOW),
        lambda: bank_acts.enable(kept, by="staff_a", now=NOW),
        lambda: bank_acts.delete_item(kept, by="staff_a", now=NOW),
    ]
    assert [refused(act) for act in acts] == ["of_cases"] * len(acts)
    assert kept in bank_hits.counting([kept], NOW)[0]


def test_a_second_person_is_one_whom_somebody_has_approved(ada: str) -> None:
    banks.create("ours", source="hand", now=NOW)
    item = banks.add("ours", {"md5": MD5}, "staff_a").id
    assert refused(lambda: bank_acts.confirm(item, by=ada, now=NOW)) == "not_approved"
    assert refused(lambda: bank_acts.confirm(item, by=OURS, now=NOW)) == "not_approved"
    models.Staff.objects.filter(id=ada).update(approved_by="staff_b")
    own = banks.add("ours", {"md5": MD5}, ada).id
    assert refused(lambda: bank_acts.confirm(own, by=ada, now=NOW)) == "same_person"
    assert bank_acts.confirm(item, by=ada, now=NOW).confirmed_by == ada
    bank_acts.confirm(item, by=ada, now=NOW)
    assert [(act.act, act.by, act.item) for act in bank_acts.of("ours")] == [("confirmed", ada, item)]


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_whom_nobody_has_approved_and_an_admin_change_nothing(ada: str, role: str) -> None:
    models.Staff.objects.filter(id=ada).update(role=role, approved_by=None if role == "lead" else "staff_b")
    bank_acts.make("ours", source="hand", by="staff_a", now=NOW)
    item = banks.add("ours", {"md5": MD5}, "staff_a").id
    acts: list[Callable[[], object]] = [
        lambda: bank_acts.make("mine", source="hand", by=ada, now=NOW),
        lambda: bank_acts.change("ours", may=May.REMOVE, by=ada, now=NOW),
        lambda: bank_acts.change("ours", is_enabled=False, by=ada, now=NOW),
        lambda: bank_acts.delete("ours", by=ada, now=NOW),
        lambda: bank_acts.confirm(item, by=ada, now=NOW),
        lambda: bank_acts.disable(item, FOR_GOOD, by=ada, now=NOW),
        lambda: bank_acts.enable(item, by=ada, now=NOW),
        lambda: bank_acts.note(item, {"note": "x"}, by=ada, now=NOW),
        lambda: bank_acts.delete_item(item, by=ada, now=NOW),
    ]
    assert [refused(act) for act in acts] == ["not_approved"] * len(acts)
    assert [act.act for act in bank_acts.of("ours")] == ["made"]


def test_what_a_decision_added_is_confirmed_by_nobody() -> None:
    banks.create("ours", source="decisions", now=NOW)
    item = banks.add("ours", {"md5": MD5}, "staff_a", CaseId("case_1")).id
    assert refused(lambda: banks.confirm(item, "staff_b")) == "not_by_hand"


def test_each_act_on_a_bank_is_written_down_and_outlives_it() -> None:
    bank_acts.make("ours", source="hand", by="staff_a", now=NOW)
    bank_acts.change("ours", may=May.REMOVE, new_name="mine", by="staff_b", now=NOW)
    item = banks.add("mine", {"md5": MD5}, "staff_a").id
    bank_acts.disable(item, FOR_GOOD, by="staff_b", now=NOW)
    bank_acts.enable(item, by="staff_b", now=NOW)
    bank_acts.delete("mine", by="staff_b", now=NOW)
    *others, renamed, changed, made = bank_acts.every()
    assert [(act.act, act.by, act.name) for act in others] == [
        ("deleted", "staff_b", "mine"), ("enabled", "staff_b", "mine"), ("disabled", "staff_b", "mine"),
    ]  # fmt: skip
    assert (renamed.said, renamed.name) == ({"new_name": "mine"}, "ours")
    assert (changed.said, made.said["source"]) == ({"may": "remove"}, "hand")
    assert len({act.bank for act in (*others, renamed, changed, made)}) == 1


def test_a_bank_keeps_its_acts_under_another_name_and_leaves_none_to_the_next_of_its_name() -> None:
    bank_acts.make("ours", source="hand", by="staff_a", now=NOW)
    bank_acts.change("ours", new_name="mine", by="staff_a", now=NOW)
    bank_acts.make("ours", source="another", by="staff_b", now=NOW)
    assert [act.act for act in bank_acts.of("mine")] == ["renamed", "made"]
    assert [(act.act, act.by) for act in bank_acts.of("ours")] == [("made", "staff_b")]


def test_acts_come_in_pages_of_all_banks_or_of_one() -> None:
    bank_acts.make("ours", source="hand", by="staff_a", now=NOW)
    bank_acts.make("mine", source="hand", by="staff_a", now=NOW)
    for source in "abc":
        bank_acts.change("ours", source=source, by="staff_a", now=NOW)
    ours = banks.bank("ours").id
    first = bank_acts.every(bank=ours, most=2)
    rest = bank_acts.every(bank=ours, before=first[-1].id)
    assert [act.said["source"] for act in (*first, *rest)] == ["c", "b", "a", "hand"]
    assert [act.name for act in bank_acts.every(before=rest[0].id)] == ["mine", "ours"]


def test_what_is_refused_is_not_written_down() -> None:
    banks.create("ours", source="hand", now=NOW)
    bank_acts.make("mine", source="hand", by="staff_a", now=NOW)
    assert refused(lambda: bank_acts.change("mine", may=May.HIDE, new_name="ours", by="staff_a", now=NOW)) == "taken"
    assert banks.bank("mine").may is May.REVIEW
    assert [act.act for act in bank_acts.of("mine")] == ["made"]


def test_a_bank_is_disabled_until_a_time_and_enabled_before_it() -> None:
    bank_acts.make("ours", source="hand", by="staff_a", now=NOW)
    later = NOW + timedelta(days=1)
    off = bank_acts.change("ours", disabled_until=later, by="staff_a", now=NOW)
    assert (off.counts(NOW), off.counts(later)) == (False, True)
    assert bank_acts.change("ours", is_enabled=True, by="staff_a", now=NOW).counts(NOW)


def test_a_key_ends_only_a_bank_that_it_made_and_whose_items_are_all_its_own() -> None:
    bank_acts.make(COOP, source="api", by=OURS, now=NOW)
    banks.add(COOP, {"md5": MD5}, OURS)
    ends: tuple[Callable[[str], object], ...] = (
        lambda key: bank_acts.change(COOP, is_enabled=False, by=key, now=NOW),
        lambda key: bank_acts.change(COOP, disabled_until=FOR_GOOD, by=key, now=NOW),
        lambda key: bank_acts.delete(COOP, by=key, now=NOW),
    )
    rename = lambda key: bank_acts.change(COOP, new_name="X", by=key, now=NOW)  # noqa: E731
    assert [refused(lambda act=act: act(THEIRS)) for act in (*ends, rename)] == ["not_yours"] * 4  # type: ignore[misc]
    beside = banks.add(COOP, {"md5": MD5}, "staff_a").id
    assert [refused(lambda act=act: act(OURS)) for act in ends] == ["not_yours"] * 3  # type: ignore[misc]
    banks.delete_item(beside)
    for act in ends:
        act(OURS)
    assert banks.every() == []


def test_a_key_changes_only_the_items_that_it_added() -> None:
    bank_acts.make(COOP, source="api", by=OURS, now=NOW)
    own, other = banks.add(COOP, {"md5": MD5}, OURS).id, banks.add(COOP, {"md5": MD5}, "staff_a").id
    acts: tuple[Callable[[int], object], ...] = (
        lambda item: bank_acts.disable(item, FOR_GOOD, by=OURS, now=NOW),
        lambda item: bank_acts.enable(item, by=OURS, now=NOW),
        lambda item: bank_acts.note(item, {"note": "x"}, by=OURS, now=NOW),
        lambda item: bank_acts.delete_item(item, by=OURS, now=NOW),
    )
    assert [refused(lambda act=act: act(other)) for act in acts] == ["not_yours"] * 4  # type: ignore[misc]
    for act in acts:
        act(own)
    assert [item.id for item in banks.items(COOP)] == [other]


def test_a_key_enables_nothing_that_a_person_has_disabled() -> None:
    bank_acts.make(COOP, source="api", by=OURS, now=NOW)
    item = banks.add(COOP, {"md5": MD5}, OURS).id
    bank_acts.disable(item, FOR_GOOD, by="staff_a", now=NOW)
    bank_acts.change(COOP, is_enabled=False, by="staff_a", now=NOW)
    assert refused(lambda: bank_acts.enable(item, by=OURS, now=NOW)) == "not_yours"
    assert refused(lambda: bank_acts.disable(item, NOW, by=OURS, now=NOW)) == "not_yours"
    assert refused(lambda: bank_acts.change(COOP, is_enabled=True, by=OURS, now=NOW)) == "not_yours"
    bank_acts.enable(item, by="staff_b", now=NOW)
    assert bank_acts.change(COOP, is_enabled=True, by="staff_b", now=NOW).counts(NOW)


def test_banks_are_listed_with_what_waits_and_what_is_disabled(kept: int) -> None:
    banks.create("ours", source="hand", now=NOW)
    made = [banks.add("ours", {"md5": MD5}, "staff_a").id for _ in range(4)]
    banks.confirm(made[0], "staff_b")
    banks.disable(made[1], FOR_GOOD)
    banks.disable(made[2], NOW)
    by_name = {each.bank.name: each for each in bank_lists.every(NOW)}
    ours, reported = by_name["ours"], by_name["reported"]
    assert (ours.items, ours.waiting, ours.disabled) == (4, 2, 1)
    assert (reported.items, reported.waiting) == (1, 0)
    assert bank_lists.count_waiting(NOW) == 2
    listed = {which: [item.id for item in bank_lists.items("ours", which, NOW)] for which in Which}
    assert listed == {Which.WAITING: made[2:], Which.DISABLED: [made[1]], Which.ALL: made}
    assert bank_lists.items("reported", Which.ALL, NOW) == [], "what a case shows is seen on the case"
    assert [item.id for item in bank_lists.items("ours", Which.ALL, NOW, after=made[0], most=2)] == made[1:3]
