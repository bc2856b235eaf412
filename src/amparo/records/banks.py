"""Banks: lists of what is to be found again, with who says so and what a hit may lead to.

An item counts, that is, is found, once somebody answers for it:
- what came with a list counts because the bank says who confirmed the list (`Bank.confirmed_by`);
- what a decision added counts because of the decision;
- what somebody entered by hand counts when a second person has confirmed it.
It stops counting at once, everywhere, when it or its bank is disabled or deleted: whoever finds it reads its row.
Whatever lets it count, or its bank do more, asks in the same transaction that it be searched for: `bank_searches`.

The banks that cases fill are refused here throughout; only `case_items` touches those. Who did something by hand, and
whether they may, is in `bank_acts`.
"""

import string
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.utils import IntegrityError

from amparo.cases.refs import CaseId
from amparo.records import bank_searches, models
from amparo.records.bank_values import OF_CASES, Bank, BankError, Item, bank_of, item_of
from amparo.records.bank_values import May as May
from amparo.records.bank_values import Source as Source

if TYPE_CHECKING:
    from amparo.matching.fingerprint import Fingerprint

LONGEST_TEXT = 200
_NAME_LETTERS = frozenset(string.ascii_letters + string.digits + "._-")


def create(
    name: str, *, source: str, now: datetime, licence: str = "", confirmed_by: str = "", may: May = May.REVIEW
) -> Bank:
    """Make a bank. Raises BankError for a name that is taken, or cannot stand in an address."""
    _check_name(name)
    _check_texts(source, licence, confirmed_by)
    try:
        with transaction.atomic():
            row = models.Bank.objects.create(
                name=name, source=source, licence=licence, confirmed_by=confirmed_by, may=may.value, made_at=now
            )
    except IntegrityError:
        raise BankError("taken", f"There is a bank {name} already. Choose another name.") from None
    return bank_of(row)


def every() -> list[Bank]:
    """Return all banks by name."""
    return [bank_of(row) for row in models.Bank.objects.order_by("name")]


def bank(name: str) -> Bank:
    """Return one bank. Raises BankError."""
    return bank_of(_row(name))


def change(
    name: str,
    *,
    source: str | None = None,
    licence: str | None = None,
    confirmed_by: str | None = None,
    may: May | None = None,
    is_enabled: bool | None = None,
    disabled_until: datetime | None = None,
) -> Bank:
    """Change what is said and leave the rest; `is_enabled=True` also ends `disabled_until`. Raises BankError."""
    said: dict[str, Any] = {
        "source": source,
        "licence": licence,
        "confirmed_by": confirmed_by,
        "may": None if may is None else may.value,
        "is_enabled": is_enabled,
        "disabled_until": disabled_until,
    }
    _check_texts(source, licence, confirmed_by)
    new = {field: value for field, value in said.items() if value is not None}
    if is_enabled and disabled_until is None:
        new["disabled_until"] = None
    with transaction.atomic():
        row = _row_by_hand(name)
        if new:
            models.Bank.objects.filter(id=row.id).update(**new)
        is_raised = may is not None and list(May).index(may) > list(May).index(May(row.may))
        if is_raised or is_enabled or disabled_until is not None:
            bank_searches.ask_for_bank(row, disabled_until)
    return bank(name)


def rename(name: str, new: str) -> Bank:
    """Give a bank another name. Raises BankError."""
    _check_name(new)
    row = _row_by_hand(name)
    try:
        with transaction.atomic():
            models.Bank.objects.filter(id=row.id).update(name=new)
    except IntegrityError:
        raise BankError("taken", f"There is a bank {new} already. Choose another name.") from None
    return bank(new)


def delete(name: str) -> None:
    """Delete a bank and all its items. They are not found any more. Raises BankError."""
    row = _row_by_hand(name)
    with transaction.atomic():
        models.BankItem.objects.filter(bank=row).delete()
        row.delete()


def add(
    bank: str,
    what: "Fingerprint | Mapping[str, str]",
    added_by: str,
    case: CaseId | None = None,
    metadata: Mapping[str, Any] | None = None,
    *,
    source: Source | None = None,
) -> Item:
    """Add one item: a file by its fingerprint, or signals by their types. Repeating it makes another item.

    Without `source` it came by a decision where `case` is said, else by hand. Raises BankError, and BadSignal for a
    text that is none of its type.
    """
    # Only here: whoever lists banks, such as the console, loads no arrays.
    from amparo.records import shelves
    from amparo.records.item_columns import columns_of

    row = _row(bank)
    if case is None:
        check_by_hand(bank)
    source = source or (Source.HAND if case is None else Source.CASE)
    if source is Source.LIST and not row.confirmed_by:
        raise BankError("list_unconfirmed", f"First say of the bank {bank} who has confirmed what its list holds.")
    fields = columns_of(what)
    digests = {name: fields["signals"].get(name) for name in ("sha256", "md5")}
    with transaction.atomic():
        made = models.BankItem.objects.create(
            bank=row,
            source=source.value,
            added_by=added_by,
            case=case,
            metadata=dict(metadata or {}),
            **fields,
            **digests,
        )
        if source is Source.LIST:
            bank_searches.ask_for_item(made)
        shelves.tell()
    return item(made.id)


def holds(name: str, sha256: str) -> bool:
    """Whether a bank has an item of that file, whether it counts or not. Raises BankError."""
    return models.BankItem.objects.filter(bank=_row(name), signals__contains={"sha256": sha256}).exists()


def item(number: int) -> Item:
    """Return one item. Raises BankError."""
    return item_of(_item_row(number))


def items(bank: str, *, after: int = 0, most: int = 100) -> list[Item]:
    """Return items of a bank in the order in which they came, those behind the item `after`. Raises BankError."""
    rows = models.BankItem.objects.filter(bank=_row(bank), id__gt=after).select_related("bank").defer("frames")
    return [item_of(row) for row in rows.order_by("id")[:most]]


def confirm(item: int, by: str) -> Item:
    """Let an item count that somebody entered by hand. Raises BankError where `by` is who entered it."""
    with transaction.atomic():
        row = _locked(item)
        if row.source != Source.HAND.value:
            raise BankError("not_by_hand", "Nobody entered this item by hand, so nobody has to confirm it.")
        if by == row.added_by:
            raise BankError("same_person", "What you entered has to be confirmed by somebody else.")
        if row.confirmed_by is None:
            models.BankItem.objects.filter(id=item).update(confirmed_by=by)
            bank_searches.ask_for_item(row)
    return item_of(_item_row(item))


def disable(item: int, until: datetime | None) -> Item:
    """Let an item not count until then; with None it counts again. Raises BankError."""
    with transaction.atomic():
        row = _locked(item)
        models.BankItem.objects.filter(id=item).update(disabled_until=until)
        bank_searches.ask_for_item(row, until)
    return item_of(_item_row(item))


def note(item: int, metadata: Mapping[str, Any]) -> None:
    """Replace what is noted of an item. Raises BankError."""
    with transaction.atomic():
        _locked(item)
        models.BankItem.objects.filter(id=item).update(metadata=dict(metadata))


def count_with(type_name: str) -> int:
    """Return how many items have a signal of that type."""
    return models.BankItem.objects.filter(signals__has_key=type_name).count()


def newest(now: datetime) -> datetime | None:
    """Return when the newest item came, as far as is known: now, where there is any, since none waits to be found."""
    return now if models.BankItem.objects.exists() else None


def delete_item(item: int) -> None:
    """Delete an item. It is not found any more. Raises BankError."""
    with transaction.atomic():
        _locked(item)
        models.BankItem.objects.filter(id=item).delete()


def check_by_hand(name: str) -> None:
    """Refuse the banks that cases fill, and names that read like theirs. Raises BankError."""
    if name.casefold() in OF_CASES:
        raise BankError(
            "of_cases",
            f"The bank {name} is filled by what people decide of cases, and by nobody's hand. Take one of your own.",
        )


def _check_name(name: str) -> None:
    check_by_hand(name)
    if not 0 < len(name) <= 60 or not _NAME_LETTERS.issuperset(name) or name[0] in ".-":
        raise BankError("name", "A bank's name has 1 to 60 letters, digits, dots, lines and underscores.")


def _check_texts(source: str | None, *others: str | None) -> None:
    if source is not None and not source.strip():
        raise BankError("no_source", "Say where what is in the bank comes from. Nobody could tell later.")
    if any(len(text or "") > LONGEST_TEXT for text in (source, *others)):
        raise BankError("too_long", f"Source, licence and who confirmed have {LONGEST_TEXT} characters each at most.")


def _row(name: str) -> models.Bank:
    row = models.Bank.objects.filter(name=name).first()
    if row is None:
        raise BankError("no_bank", "There is no bank of that name.")
    return row


def _row_by_hand(name: str) -> models.Bank:
    check_by_hand(name)
    return _row(name)


def _locked(number: int) -> models.BankItem:
    """Return an item that somebody may change by hand, held until the transaction ends. Raises BankError."""
    rows = models.BankItem.objects.select_for_update(of=("self",)).select_related("bank").defer("frames")
    row = rows.filter(id=number).first()
    if row is None:
        raise BankError("no_item", "There is no such item. It may have been deleted.")
    check_by_hand(row.bank.name)
    return row


def _item_row(number: int) -> models.BankItem:
    row = models.BankItem.objects.select_related("bank").defer("frames").filter(id=number).first()
    if row is None:
        raise BankError("no_item", "There is no such item. It may have been deleted.")
    return row
