"""Banks as people look through them: how much is in each, what waits for a second person, what is disabled."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Count, Q, QuerySet

from amparo.records import banks, models
from amparo.records.bank_values import OF_CASES, Bank, Item, Source, item_of

_UNCONFIRMED = Q(source=Source.HAND.value, confirmed_by__isnull=True)


class Which(Enum):
    """Which items of a bank: those that wait for a second person, those that are disabled, or all."""

    WAITING = "waiting"
    DISABLED = "disabled"
    ALL = "all"


@dataclass(frozen=True)
class Filled:
    """A bank and how many items it has, in all, waiting and disabled."""

    bank: Bank
    items: int
    waiting: int
    disabled: int


def every(now: datetime) -> list[Filled]:
    """Return all banks by name."""
    counted = models.BankItem.objects.values("bank__name").annotate(
        in_all=Count("id"),
        waiting=Count("id", filter=_UNCONFIRMED & _is_enabled(now)),
        disabled=Count("id", filter=Q(disabled_until__gt=now)),
    )
    counts = {row["bank__name"]: (row["in_all"], row["waiting"], row["disabled"]) for row in counted}
    return [Filled(bank, *counts.get(bank.name, (0, 0, 0))) for bank in banks.every()]


def count_waiting(now: datetime) -> int:
    """Return how many items in all wait for a second person."""
    return _of(Which.WAITING, now).count()


def items(bank: str, which: Which, now: datetime, *, after: int = 0, most: int = 100) -> list[Item]:
    """Return items of a bank in the order in which they came, those behind the item `after`. Raises BankError."""
    rows = _of(which, now).filter(bank__name=banks.bank(bank).name, id__gt=after).select_related("bank")
    return [item_of(row) for row in rows.defer("frames").order_by("id")[:most]]


def _of(which: Which, now: datetime) -> QuerySet[models.BankItem]:
    rows = models.BankItem.objects.exclude(bank__name__in=OF_CASES)
    match which:
        case Which.WAITING:
            return rows.filter(_UNCONFIRMED & _is_enabled(now))
        case Which.DISABLED:
            return rows.filter(disabled_until__gt=now)
        case Which.ALL:
            return rows


def _is_enabled(now: datetime) -> Q:
    return Q(disabled_until__isnull=True) | Q(disabled_until__lte=now)
