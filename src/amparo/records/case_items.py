"""What the banks hold because of cases: in `reported` while people decide, in `removed` once one person has.

An item in `reported` hides at most what it finds. In `removed` the very same file may go without a further look.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from amparo.cases.refs import CaseId, StaffId
from amparo.matching.fingerprint import Fingerprint
from amparo.records import bank_hits, banks, models
from amparo.records.bank_values import FOR_GOOD, May
from amparo.records.bank_values import REMOVED as REMOVED
from amparo.records.bank_values import REPORTED as REPORTED

_OWN = {
    REPORTED: ("What was reported here and is not decided yet", May.HIDE),
    REMOVED: ("What a person here has found to break a rule", May.REMOVE),
}


@dataclass(frozen=True)
class CaseItem:
    """One file of a case as a bank holds it. Of a copy that was removed only the digests are kept."""

    item: int
    bank: str
    file: Fingerprint | None


def of_case(case: CaseId) -> list[CaseItem]:
    """Return the files of a case that are hashed, in the order in which they were."""
    rows = list(models.BankItem.objects.filter(case=case).select_related("bank").defer("frames").order_by("id"))
    files = bank_hits.fingerprints([row.id for row in rows])
    return [CaseItem(row.id, row.bank.name, files.get(row.id)) for row in rows]


def put_reported(case: CaseId, files: Iterable[Fingerprint], *, counts: bool, now: datetime) -> None:
    """Hold a case's files, in the place of those that it showed before. Without `counts` they find nothing yet."""
    with transaction.atomic():
        held = {row.signals.get("sha256"): row for row in _rows(case)}
        _make_own_banks(now)
        for file in files:
            if held.pop(file.sha256, None) is None:
                item = banks.add(REPORTED, file, "system:matching", case)
                _set_counting(item.id, counts=counts)
        # What it does not show any more is not what people will decide about. What was removed stays known.
        for row in held.values():
            if row.bank.name == REPORTED:
                _delete(row.id)


def let_count(case: CaseId) -> None:
    """Let a case's files find what shows the same, from now on."""
    for row in _rows(case):
        _set_counting(row.id, counts=True)


def put_removed(case: CaseId, by: StaffId, *, only_digests: bool, now: datetime) -> None:
    """Hold a case's files as removed by that person. Repeating it changes nothing."""
    with transaction.atomic():
        _make_own_banks(now)
        for each in of_case(case):
            if each.bank == REMOVED:
                continue
            row = models.BankItem.objects.get(id=each.item)
            digests = {name: row.signals[name] for name in ("sha256", "md5")}
            what = digests if only_digests or each.file is None else each.file
            banks.add(REMOVED, what, by, case)
            _delete(each.item)


def rest(case: CaseId) -> None:
    """Let a case's files find nothing: people found that they break no rule. They are kept, should it be asked anew."""
    with transaction.atomic():
        for each in of_case(case):
            if each.bank == REMOVED and each.file is not None:
                _set_counting(banks.add(REPORTED, each.file, "system:matching", case).id, counts=False)
            if each.bank == REMOVED:
                _delete(each.item)
            else:
                _set_counting(each.item, counts=False)


def _rows(case: CaseId) -> list[models.BankItem]:
    return list(models.BankItem.objects.filter(case=case).select_related("bank").defer("frames").order_by("id"))


def _set_counting(item: int, *, counts: bool) -> None:
    models.BankItem.objects.filter(id=item).update(disabled_until=None if counts else FOR_GOOD)


def _delete(item: int) -> None:
    models.BankItem.objects.filter(id=item).delete()


def _make_own_banks(now: datetime) -> None:
    for name, (source, may) in _OWN.items():
        said = {"source": source, "confirmed_by": "decisions here", "may": may.value, "made_at": now}
        models.Bank.objects.get_or_create(name=name, defaults=said)
