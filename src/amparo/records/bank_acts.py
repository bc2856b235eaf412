"""What people and programs do to banks by hand: whether they may, the act itself, and the line that it was done.

A program's key changes what was made with it and nothing else, so that no key undoes what people or other keys did:
- it renames a bank that it made, and disables or deletes one only while all items in it are its own;
- it disables, enables, notes and deletes the items that it added;
- what somebody else has disabled stays disabled.
A person changes nothing before somebody has approved their enrolment: else one admin could enrol a lead of their own.
Whether their role allows it is asked where people sign in: by the console, and by `amparo bank`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from amparo.records import banks, models
from amparo.records.bank_values import KEY, Bank, BankError, Item, May

_NOT_YOURS = " Staff may, on the console's page Banks or with `amparo bank`."


@dataclass(frozen=True)
class Act:
    """One line: who did what to which item, or to the bank itself, and what they said.

    `bank`: its number, which stays when it is renamed; `name`: what it was called then.
    """

    id: int
    bank: int
    name: str
    at: datetime
    by: str
    act: str
    item: int | None
    said: Mapping[str, Any]


def of(bank: str, most: int = 20) -> list[Act]:
    """Return the last acts on the bank that is called that now, the newest first. Raises BankError."""
    return every(bank=banks.bank(bank).id, most=most)


def every(*, bank: int | None = None, before: int | None = None, most: int = 50) -> list[Act]:
    """Return acts on all banks, also on those that are gone, or on one; the newest first, those before that act."""
    rows = models.BankAct.objects.order_by("-id")
    if bank is not None:
        rows = rows.filter(bank_id=bank)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [Act(row.id, row.bank_id, row.name, row.at, row.by, row.act, row.item, row.said) for row in rows[:most]]


def make(
    name: str,
    *,
    source: str,
    by: str,
    now: datetime,
    licence: str = "",
    confirmed_by: str = "",
    may: May = May.REVIEW,
    is_enabled: bool = True,
) -> Bank:
    """Make a bank. Raises BankError."""
    with transaction.atomic():
        _check_person(by)
        banks.create(name, source=source, licence=licence, confirmed_by=confirmed_by, may=may, now=now)
        row = models.Bank.objects.filter(name=name)
        row.update(made_by=by, is_enabled=is_enabled, disabled_by=None if is_enabled else by)
        said = {"source": source, "licence": licence, "confirmed_by": confirmed_by, "may": may.value}
        made = banks.bank(name)
        _write(made, None, "made", by, now, said)
    return made


def change(
    name: str,
    *,
    by: str,
    now: datetime,
    new_name: str | None = None,
    source: str | None = None,
    licence: str | None = None,
    confirmed_by: str | None = None,
    may: May | None = None,
    is_enabled: bool | None = None,
    disabled_until: datetime | None = None,
) -> Bank:
    """Change what is said and leave the rest. To disable until a moment, say that alone. Raises BankError."""
    said: dict[str, Any] = {"source": source, "licence": licence, "confirmed_by": confirmed_by}
    said |= {"may": None if may is None else may.value, "is_enabled": is_enabled}
    said |= {"disabled_until": None if disabled_until is None else disabled_until.isoformat()}
    turns_off = is_enabled is False or disabled_until is not None
    with transaction.atomic():
        row = _bank_row(name)
        _check_bank(row, by, is_whole=turns_off)
        if turns_off or is_enabled:
            _check_who_disabled(row.disabled_by, by)
        banks.change(
            name, source=source, licence=licence, confirmed_by=confirmed_by, may=may,
            is_enabled=is_enabled, disabled_until=disabled_until,
        )  # fmt: skip
        if turns_off or is_enabled:
            models.Bank.objects.filter(id=row.id).update(disabled_by=by if turns_off else None)
        if changed := {field: value for field, value in said.items() if value is not None}:
            _write(row, None, "changed", by, now, changed)
        if new_name is not None and new_name != name:
            banks.rename(name, new_name)
            _write(row, None, "renamed", by, now, {"new_name": new_name})
    return banks.bank(name if new_name is None else new_name)


def delete(name: str, *, by: str, now: datetime) -> None:
    """Delete a bank with all that is in it. Raises BankError."""
    with transaction.atomic():
        row = _bank_row(name)
        _check_bank(row, by, is_whole=True)
        banks.delete(name)
        _write(row, None, "deleted", by, now)


def confirm(item: int, *, by: str, now: datetime) -> Item:
    """Let an item count that somebody else entered by hand. Repeating it changes nothing. Raises BankError.

    A second person is one whom somebody has approved: else one admin could enrol somebody and be both.
    """
    with transaction.atomic():
        _check_is_approved(by)
        before = banks.item(item)
        confirmed = banks.confirm(item, by)
        if before.waits_for_a_second_person:
            _write(banks.bank(confirmed.bank), item, "confirmed", by, now)
    return confirmed


def disable(item: int, until: datetime, *, by: str, now: datetime) -> Item:
    """Let an item not count until then. Raises BankError."""
    with transaction.atomic():
        row = _item_row(item, by)
        _check_who_disabled(row.disabled_by, by)
        banks.disable(item, until)
        models.BankItem.objects.filter(id=item).update(disabled_by=by)
        _write(row.bank, item, "disabled", by, now, {"disabled_until": until.isoformat()})
    return banks.item(item)


def enable(item: int, *, by: str, now: datetime) -> Item:
    """Let an item count again, where it is confirmed. Raises BankError."""
    with transaction.atomic():
        row = _item_row(item, by)
        _check_who_disabled(row.disabled_by, by)
        banks.disable(item, None)
        models.BankItem.objects.filter(id=item).update(disabled_by=None)
        _write(row.bank, item, "enabled", by, now)
    return banks.item(item)


def note(item: int, metadata: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Replace what is noted of an item. Raises BankError."""
    with transaction.atomic():
        row = _item_row(item, by)
        banks.note(item, metadata)
        _write(row.bank, item, "noted", by, now)


def delete_item(item: int, *, by: str, now: datetime) -> None:
    """Take an item out of its bank. Raises BankError."""
    with transaction.atomic():
        row = _item_row(item, by)
        banks.delete_item(item)
        _write(row.bank, item, "deleted", by, now)


def _write(
    bank: Bank | models.Bank, item: int | None, act: str, by: str, now: datetime, said: Mapping[str, Any] | None = None
) -> None:
    models.BankAct.objects.create(
        at=now, by=by, bank_id=bank.id, name=bank.name, item=item, act=act, said=dict(said or {})
    )


def _check_person(by: str) -> None:
    """Refuse a person whom nobody has approved. What a key may is asked of what it changes. Raises BankError."""
    if not by.startswith(KEY):
        _check_is_approved(by)


def _check_is_approved(by: str) -> None:
    judges = models.Staff.objects.filter(id=by, is_active=True).exclude(role=models.Staff.ADMIN)
    if not judges.filter(approved_by__isnull=False).exists():
        raise BankError(
            "not_approved",
            "Banks and items are changed and confirmed by reviewers and leads whose enrolment somebody has approved. "
            "Another lead or an admin does that, on the console's page Staff.",
        )


def _bank_row(name: str) -> models.Bank:
    """Return a bank that somebody may change by hand, held until the transaction ends. Raises BankError."""
    banks.check_by_hand(name)
    row = models.Bank.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise BankError("no_bank", "There is no bank of that name.")
    return row


def _check_bank(row: models.Bank, by: str, *, is_whole: bool) -> None:
    """Refuse a key what is not its own. `is_whole`: nothing in the bank is found afterwards. Raises BankError."""
    _check_person(by)
    if not by.startswith(KEY):
        return
    if row.made_by != by:
        raise BankError(
            "not_yours", f"The bank {row.name} was not made with this key, which may not change it.{_NOT_YOURS}"
        )
    if is_whole and models.BankItem.objects.filter(bank=row).exclude(added_by=by).exists():
        raise BankError(
            "not_yours",
            f"In the bank {row.name} are items that were not added with this key, which may not end them.{_NOT_YOURS}",
        )


def _item_row(number: int, by: str) -> models.BankItem:
    """Return an item that whoever it is may change, held until the transaction ends. Raises BankError."""
    _check_person(by)
    rows = models.BankItem.objects.select_for_update(of=("self",)).select_related("bank").defer("frames")
    row = rows.filter(id=number).first()
    if row is None:
        raise BankError("no_item", "There is no such item. It may have been deleted.")
    banks.check_by_hand(row.bank.name)
    if by.startswith(KEY) and row.added_by != by:
        raise BankError("not_yours", f"Item {number} was not added with this key, which may not change it.{_NOT_YOURS}")
    return row


def _check_who_disabled(who: str | None, by: str) -> None:
    if by.startswith(KEY) and who not in (None, by):
        raise BankError("not_yours", f"Somebody else has disabled this, so this key may not change that.{_NOT_YOURS}")
