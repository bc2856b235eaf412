"""What a search needs of banks: which of the items that it found count now, and what they show."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from amparo.records import models
from amparo.records.bank_values import Counting, bank_of, item_of
from amparo.records.media_files import readable
from amparo.records.shelves import Shelf


def counting(numbers: Sequence[int], now: datetime) -> tuple[dict[int, Counting], list[int]]:
    """Return those of the items that count now, and the numbers of those that are gone."""
    rows = models.BankItem.objects.filter(id__in=numbers).select_related("bank").defer("frames")
    found = {row.id: _counting(row) for row in rows}
    alive = {number: each for number, each in found.items() if _both_count(each, now)}
    return alive, [number for number in numbers if number not in found]


def with_signal(type_name: str, signal: str, now: datetime) -> list[Counting]:
    """Return the items that count now and have exactly this signal, in its normal form."""
    has_column = type_name in ("sha256", "md5")
    asked = Q((type_name, signal)) if has_column else Q(signals__contains={type_name: signal})
    return _all_counting(models.BankItem.objects.filter(asked), now)


def with_digests(sha256: str, md5: str, now: datetime) -> list[Counting]:
    """Return the items that count now and are of a file with either digest."""
    rows = models.BankItem.objects.filter(Q(sha256=sha256) | Q(md5=md5))
    return _all_counting(rows, now)


def fingerprints(numbers: Sequence[int]) -> dict[int, Fingerprint]:
    """Return what items show. Without frames of their own, turns are the plain hash. Those gone are left out.

    So are items whose frames were changed since an index took them in and cannot be read; an alarm rings for each.
    """
    found = dict[int, Fingerprint]()
    for row in models.BankItem.objects.filter(id__in=numbers, turns__gt=0):
        shelf = Shelf.BANK_FRAMES if row.turns == 8 else Shelf.BANK_HASHES
        if (frames := readable(row.frames, shelf, row.id)) is not None:
            found[row.id] = _fingerprint(row, frames)
    return found


def _all_counting(rows: QuerySet[models.BankItem], now: datetime) -> list[Counting]:
    every = [_counting(row) for row in rows.select_related("bank").defer("frames").order_by("id")]
    return [each for each in every if _both_count(each, now)]


def _both_count(each: Counting, now: datetime) -> bool:
    return each.item.counts(now) and each.bank.counts(now)


def _counting(row: models.BankItem) -> Counting:
    return Counting(item_of(row), bank_of(row.bank))


def _fingerprint(row: models.BankItem, frames: Frames) -> Fingerprint:
    return Fingerprint(
        # Two files of which no digest is known are not equal.
        row.signals.get("sha256", f"that of item {row.id} is not known"),
        row.signals.get("md5", ""),
        MediaKind(row.kind),
        row.duration_ms,
        row.every_ms,
        row.is_whole,
        frames,
        row.pipeline,
    )
