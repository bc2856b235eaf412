"""Items of a bank whose frames cannot be read, and what takes their place: the same file, hashed anew."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from amparo.matching.fingerprint import Fingerprint
from amparo.records import bank_searches, models, shelves
from amparo.records.item_columns import frames_of
from amparo.records.packed_frames import is_sound


def can_be_read(bank: str, sha256: str) -> bool:
    """Whether the frames of every item that a bank has of a file can be read. So they can where it has none."""
    return not _broken(bank, sha256)


def mend(bank: str, fingerprint: Fingerprint) -> int:
    """Put a file's frames in the place of those that cannot be read; return in how many items. May be repeated.

    The bytes are the same, so who added and who confirmed an item stays. It is another row with another number.
    """
    with transaction.atomic():
        broken = _broken(bank, fingerprint.sha256)
        frames = frames_of(fingerprint)
        for row in broken:
            made = models.BankItem.objects.create(**_kept_of(row, frames), **frames)
            bank_searches.ask_for_item(made)
            # Deleted only now, and not changed: an index may hold the frames of the old row.
            models.BankItem.objects.filter(id=row.id).delete()
        if broken:
            shelves.tell()
    return len(broken)


def _broken(bank: str, sha256: str) -> list[models.BankItem]:
    rows = models.BankItem.objects.select_for_update(of=("self",)).filter(bank__name=bank, sha256=sha256, turns__gt=0)
    with transaction.atomic():
        return [row for row in rows if not is_sound(row.frames, turns=row.turns, searchable=row.searchable)]


def _kept_of(row: models.BankItem, seen: Iterable[str]) -> dict[str, Any]:
    """Return what is not seen in a picture: whose item it is, and what it is known by."""
    new = {"id", "added", *seen}
    names = [field.attname for field in models.BankItem._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in new}
