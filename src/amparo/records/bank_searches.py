"""Which items of banks are still to be searched for among what was shown before they counted.

What is shown from now on is looked up in the banks anyway. So only what lets an item count, or its bank do more, asks
for a search, in its own transaction and in one row however many items it is about. Workers take the rows one by one;
a row goes on behind the last item that was searched for. The banks that cases fill have searches of their own.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from amparo.records import models
from amparo.records.bank_values import FOR_GOOD, Source


@dataclass(frozen=True)
class Search:
    """A search that is under way. `waits_since`: since when it could have been done."""

    id: int
    bank: str
    waits_since: datetime


def ask_for_item(item: models.BankItem, due_at: datetime | None = None) -> None:
    """Have one item searched for, at once or from a moment on. May be repeated."""
    if due_at is None or due_at < FOR_GOOD:
        models.BankSearch.objects.create(bank_id=item.bank_id, after=item.id - 1, upto=item.id, due_at=due_at)


def ask_for_bank(bank: models.Bank, due_at: datetime | None = None) -> None:
    """Have all that is in a bank searched for, at once or from a moment on. May be repeated."""
    # The last item of all banks: it is known at once, however long the bank is.
    last = models.BankItem.objects.aggregate(last=Max("id"))["last"]
    if last is None or (due_at is not None and due_at >= FOR_GOOD):
        return
    if due_at is None:
        # All of it begins anew, so what was asked before adds nothing.
        models.BankSearch.objects.filter(bank=bank, due_at__isnull=True).delete()
    models.BankSearch.objects.create(bank=bank, after=0, upto=last, due_at=due_at)


def newest_due(now: datetime) -> int | None:
    """Return the number of the newest search that is due, or None where none is."""
    number: int | None = _due(now).aggregate(newest=Max("id"))["newest"]
    return number


def next_due(now: datetime, newest: int) -> Search | None:
    """Return what is to be searched for next, none newer than `newest`. The shortest comes first."""
    rows = _due(now).filter(id__lte=newest).select_related("bank").order_by(F("upto") - F("after"), "id")
    row = rows.first()
    return None if row is None else Search(row.id, row.bank.name, max(row.asked_at, row.due_at or row.asked_at))


def left(search: Search, most: int) -> list[int]:
    """Return the numbers of the next items of a search, none where it is done or was taken back."""
    row = models.BankSearch.objects.filter(id=search.id).first()
    if row is None:
        return []
    items = models.BankItem.objects.filter(bank=row.bank_id, id__gt=row.after, id__lte=row.upto)
    return list(items.order_by("id").values_list("id", flat=True)[:most])


def searched(search: Search, item: int) -> None:
    """Note that an item and all before it are done."""
    models.BankSearch.objects.filter(id=search.id).update(after=item)


def end(search: Search) -> None:
    """Note that a search is done."""
    models.BankSearch.objects.filter(id=search.id).delete()


def put_off(item: int, until: datetime) -> None:
    """Have an item that could not be searched for now searched for then."""
    row = models.BankItem.objects.defer("frames").filter(id=item).first()
    if row is not None:
        ask_for_item(row, until)


def count_left(bank: str, now: datetime) -> int:
    """Return how many items of a bank are still to be searched for."""
    if not _due(now).filter(bank__name=bank).exists():
        return 0
    of_item = _due(now).filter(bank=OuterRef("bank"), after__lt=OuterRef("id"), upto__gte=OuterRef("id"))
    items = models.BankItem.objects.filter(Exists(of_item), bank__name=bank)
    waiting = Q(source=Source.HAND.value, confirmed_by__isnull=True) | Q(disabled_until__gt=now)
    return items.exclude(waiting).count()


def _due(now: datetime) -> QuerySet[models.BankSearch]:
    return models.BankSearch.objects.filter(Q(due_at__isnull=True) | Q(due_at__lte=now))
