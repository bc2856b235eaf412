"""Banks: lists of what is to be found again, with who says so and what a hit may lead to.

An item counts, that is, is found, once somebody answers for it:
- what came with a list counts because the bank says who confirmed the list (`Bank.confirmed_by`);
- what a decision added counts because of the decision;
- what somebody entered by hand counts when a second person has confirmed it.
It stops counting at once, everywhere, when it or its bank is disabled or deleted: whoever finds it reads its row.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.utils import IntegrityError

from amparo.cases.refs import CaseId
from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from amparo.matching.frame_signals import Frame, Pdq, VideoFrames
from amparo.records import models, shelves
from amparo.records.media_files import searchable
from amparo.records.packed_frames import pack, unpack
from amparo.records.signal_types import signal_type

_NAME_LETTERS = frozenset(string.ascii_letters + string.digits + "._-")


class May(Enum):
    """The most that an equal file leads to, from least to most. A likeness never leads to more than HIDE."""

    REVIEW = "review"
    HIDE = "hide"
    REMOVE = "remove"


class Source(Enum):
    """How an item came into its bank."""

    HAND = "hand"
    CASE = "case"
    LIST = "list"


class BankError(Exception):
    """What was asked of a bank cannot be done. `code` is stable: no_bank, no_item, taken, name, list_unconfirmed,
    same_person, nothing_to_find. The text is a sentence for people.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Bank:
    """One bank as it is kept. `confirmed_by`: who answers for everything that came as a list; empty: nobody."""

    name: str
    source: str
    licence: str
    confirmed_by: str
    may: May
    is_enabled: bool
    disabled_until: datetime | None

    def counts(self, now: datetime) -> bool:
        return self.is_enabled and not _is_later(self.disabled_until, now)


@dataclass(frozen=True)
class Item:
    """One item as it is kept. `is_hashable`: whether it can be found by likeness; else equal signals alone find it."""

    id: int
    bank: str
    signals: Mapping[str, str]
    source: Source
    added_by: str
    confirmed_by: str | None
    case: CaseId | None
    metadata: Mapping[str, Any]
    disabled_until: datetime | None
    is_hashable: bool

    @property
    def waits_for_a_second_person(self) -> bool:
        return self.source is Source.HAND and self.confirmed_by is None

    def counts(self, now: datetime) -> bool:
        return not self.waits_for_a_second_person and not _is_later(self.disabled_until, now)


@dataclass(frozen=True)
class Counting:
    """An item that counts now, and its bank."""

    item: Item
    bank: Bank


def create(
    name: str, *, source: str, now: datetime, licence: str = "", confirmed_by: str = "", may: May = May.REVIEW
) -> Bank:
    """Make a bank. Raises BankError for a name that is taken or cannot stand in an address."""
    _check_name(name)
    try:
        with transaction.atomic():
            row = models.Bank.objects.create(
                name=name, source=source, licence=licence, confirmed_by=confirmed_by, may=may.value, made_at=now
            )
    except IntegrityError:
        raise BankError("taken", f"There is a bank {name} already. Choose another name.") from None
    return _bank(row)


def every() -> list[Bank]:
    """Return all banks by name."""
    return [_bank(row) for row in models.Bank.objects.order_by("name")]


def bank(name: str) -> Bank:
    """Return one bank. Raises BankError."""
    return _bank(_row(name))


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
    new = {field: value for field, value in said.items() if value is not None}
    if is_enabled and disabled_until is None:
        new["disabled_until"] = None
    row = _row(name)
    if new:
        models.Bank.objects.filter(id=row.id).update(**new)
    return bank(name)


def rename(name: str, new: str) -> Bank:
    """Give a bank another name. Raises BankError."""
    _check_name(new)
    row = _row(name)
    try:
        with transaction.atomic():
            models.Bank.objects.filter(id=row.id).update(name=new)
    except IntegrityError:
        raise BankError("taken", f"There is a bank {new} already. Choose another name.") from None
    return bank(new)


def delete(name: str) -> None:
    """Delete a bank and all its items. They are not found any more. Raises BankError."""
    row = _row(name)
    with transaction.atomic():
        models.BankItem.objects.filter(bank=row).delete()
        row.delete()


def add(
    bank: str,
    what: Fingerprint | Mapping[str, str],
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
    row = _row(bank)
    source = source or (Source.HAND if case is None else Source.CASE)
    if source is Source.LIST and not row.confirmed_by:
        raise BankError("list_unconfirmed", f"First say of the bank {bank} who has confirmed what its list holds.")
    fields = _of_file(what) if isinstance(what, Fingerprint) else _of_signals(what)
    with transaction.atomic():
        made = models.BankItem.objects.create(
            bank=row, source=source.value, added_by=added_by, case=case, metadata=dict(metadata or {}), **fields
        )
        shelves.tell()
    return item(made.id)


def item(number: int) -> Item:
    """Return one item. Raises BankError."""
    return _item(_item_row(number))


def items(bank: str, *, after: int = 0, most: int = 100) -> list[Item]:
    """Return items of a bank in the order in which they came, those behind the item `after`. Raises BankError."""
    rows = models.BankItem.objects.filter(bank=_row(bank), id__gt=after).select_related("bank").defer("frames")
    return [_item(row) for row in rows.order_by("id")[:most]]


def confirm(item: int, by: str) -> Item:
    """Let an item count that somebody entered by hand. Raises BankError where `by` is who entered it."""
    with transaction.atomic():
        row = models.BankItem.objects.select_for_update(of=("self",)).filter(id=item).first()
        if row is None:
            raise BankError("no_item", "There is no such item. It may have been deleted.")
        if by == row.added_by:
            raise BankError("same_person", "What you entered has to be confirmed by somebody else.")
        if row.confirmed_by is None:
            models.BankItem.objects.filter(id=item).update(confirmed_by=by)
    return _item(_item_row(item))


def disable(item: int, until: datetime | None) -> Item:
    """Let an item not count until then; with None it counts again. Raises BankError."""
    if not models.BankItem.objects.filter(id=item).update(disabled_until=until):
        raise BankError("no_item", "There is no such item. It may have been deleted.")
    return _item(_item_row(item))


def note(item: int, metadata: Mapping[str, Any]) -> None:
    """Replace what is noted of an item. Raises BankError."""
    if not models.BankItem.objects.filter(id=item).update(metadata=dict(metadata)):
        raise BankError("no_item", "There is no such item. It may have been deleted.")


def count_with(type_name: str) -> int:
    """Return how many items have a signal of that type."""
    return models.BankItem.objects.filter(signals__has_key=type_name).count()


def newest(now: datetime) -> datetime | None:
    """Return when the newest item came, as far as is known: now, where there is any, since none waits to be found."""
    return now if models.BankItem.objects.exists() else None


def delete_item(item: int) -> None:
    """Delete an item. It is not found any more. Raises BankError."""
    if not models.BankItem.objects.filter(id=item).delete()[0]:
        raise BankError("no_item", "There is no such item. It may have been deleted.")


def counting(numbers: Sequence[int], now: datetime) -> tuple[dict[int, Counting], list[int]]:
    """Return those of the items that count now, and the numbers of those that are gone."""
    rows = models.BankItem.objects.filter(id__in=numbers).select_related("bank").defer("frames")
    found = {row.id: _counting(row) for row in rows}
    alive = {number: each for number, each in found.items() if _both_count(each, now)}
    return alive, [number for number in numbers if number not in found]


def with_signal(type_name: str, signal: str, now: datetime) -> list[Counting]:
    """Return the items that count now and have exactly this signal, in its normal form."""
    rows = models.BankItem.objects.filter(signals__contains={type_name: signal})
    return _all_counting(rows, now)


def with_digests(sha256: str, md5: str, now: datetime) -> list[Counting]:
    """Return the items that count now and are of a file with either digest."""
    rows = models.BankItem.objects.filter(Q(signals__contains={"sha256": sha256}) | Q(signals__contains={"md5": md5}))
    return _all_counting(rows, now)


def fingerprints(numbers: Sequence[int]) -> dict[int, Fingerprint]:
    """Return what items show. Without frames of their own, turns are the plain hash. Those gone are left out.

    Raises BrokenFrames for a row that changed since the index took it in.
    """
    rows = models.BankItem.objects.filter(id__in=numbers, turns__gt=0)
    return {row.id: _fingerprint(row) for row in rows}


def from_frames(some: Sequence[Frame], kind: MediaKind, pipeline: str = "") -> Fingerprint:
    """Return a fingerprint of which nothing is known but hashes. Its turns are the plain hash."""
    hashes = np.frombuffer(b"".join(frame.hash for frame in some), np.uint8).reshape(-1, 1, 32)
    at_ms = np.array([round(frame.seconds * 1000) for frame in some], np.uint32)
    every_ms = int(np.median(np.diff(at_ms))) if len(some) > 1 else 0
    frames = Frames(
        at_ms,
        np.broadcast_to(hashes, (len(some), 8, 32)),
        np.array([frame.quality for frame in some], np.uint8),
        np.zeros(len(some), np.bool_),
    )
    duration_ms = int(at_ms.max()) + every_ms if kind is MediaKind.VIDEO else 0
    return Fingerprint("", "", kind, duration_ms, every_ms, True, frames, pipeline)


def _of_file(file: Fingerprint) -> dict[str, Any]:
    return {"signals": {"sha256": file.sha256, "md5": file.md5}, **_columns(file, turns=8)}


def _of_signals(given: Mapping[str, str]) -> dict[str, Any]:
    signals = {name: signal_type(name).normal(text) for name, text in given.items()}
    if not signals:
        raise BankError("nothing_to_find", "An item needs at least one signal by which it can be found.")
    if VideoFrames.name in signals:
        of = from_frames(VideoFrames().frames(signals[VideoFrames.name]), MediaKind.VIDEO)
    elif Pdq.name in signals:
        pipeline = signals[Pdq.name].partition("@")[2]
        of = from_frames(Pdq().frames(signals[Pdq.name]), MediaKind.PICTURE, pipeline)
    else:
        return {"signals": signals}
    return {"signals": signals, **_columns(of, turns=1)}


def _columns(file: Fingerprint, turns: int) -> dict[str, Any]:
    return {
        "kind": file.kind.value,
        "duration_ms": file.duration_ms,
        "every_ms": file.every_ms,
        "is_whole": file.is_whole,
        "pipeline": file.pipeline,
        "turns": turns,
        "frames": pack(file.frames, turns),
        "searchable": searchable(file),
    }


def _fingerprint(row: models.BankItem) -> Fingerprint:
    return Fingerprint(
        row.signals.get("sha256", ""),
        row.signals.get("md5", ""),
        MediaKind(row.kind),
        row.duration_ms,
        row.every_ms,
        row.is_whole,
        unpack(bytes(row.frames)).frames(),
        row.pipeline,
    )


def _check_name(name: str) -> None:
    if not 0 < len(name) <= 60 or not _NAME_LETTERS.issuperset(name) or name[0] in ".-":
        raise BankError("name", "A bank's name has 1 to 60 letters, digits, dots, lines and underscores.")


def _row(name: str) -> models.Bank:
    row = models.Bank.objects.filter(name=name).first()
    if row is None:
        raise BankError("no_bank", "There is no bank of that name.")
    return row


def _item_row(number: int) -> models.BankItem:
    row = models.BankItem.objects.select_related("bank").defer("frames").filter(id=number).first()
    if row is None:
        raise BankError("no_item", "There is no such item. It may have been deleted.")
    return row


def _all_counting(rows: QuerySet[models.BankItem], now: datetime) -> list[Counting]:
    every = [_counting(row) for row in rows.select_related("bank").defer("frames").order_by("id")]
    return [each for each in every if _both_count(each, now)]


def _both_count(each: Counting, now: datetime) -> bool:
    return each.item.counts(now) and each.bank.counts(now)


def _counting(row: models.BankItem) -> Counting:
    return Counting(_item(row), _bank(row.bank))


def _bank(row: models.Bank) -> Bank:
    return Bank(row.name, row.source, row.licence, row.confirmed_by, May(row.may), row.is_enabled, row.disabled_until)


def _item(row: models.BankItem) -> Item:
    return Item(
        row.id,
        row.bank.name,
        row.signals,
        Source(row.source),
        row.added_by,
        row.confirmed_by,
        None if row.case is None else CaseId(row.case),
        row.metadata,
        row.disabled_until,
        row.searchable > 0,
    )


def _is_later(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
