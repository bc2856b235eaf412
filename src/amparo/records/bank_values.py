"""What a bank and its items are, as they are read from their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from amparo.cases.refs import CaseId
from amparo.records import models

REPORTED, REMOVED = "reported", "removed"
CLAIMED = "claimed"
"""The bank of the codes that people made of pictures on their own devices. Nobody here has seen those pictures."""
OF_CASES = frozenset({REPORTED, REMOVED, CLAIMED})
"""The banks that cases and claims fill. Nobody touches them by hand: what is in them follows from what people do."""
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)
"""Until when an item is disabled that nobody means to enable again."""
KEY = "key:"
"""How those begin who did something to a bank with a key; people stand there by their id."""


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
    CLAIM = "claim"


class BankError(Exception):
    """What was asked of a bank cannot be done. `code` is stable: no_bank, no_item, taken, name, list_unconfirmed,
    same_person, nothing_to_find, of_cases, not_by_hand, not_approved, not_yours, too_long, no_source. The text is a
    sentence for people.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Bank:
    """One bank as it is kept. `id` stays when its name changes, and is never another's.

    `confirmed_by`: who answers for everything that came as a list; empty: nobody.

    `made_by`: a person's id, `key:NAME`, or empty where nobody did it by hand.
    """

    id: int
    name: str
    source: str
    licence: str
    confirmed_by: str
    may: May
    is_enabled: bool
    disabled_until: datetime | None
    made_by: str = ""

    @property
    def is_of_cases(self) -> bool:
        return self.name in OF_CASES

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
    added_at: datetime
    kind: str | None
    disabled_by: str | None

    def is_disabled(self, now: datetime) -> bool:
        return _is_later(self.disabled_until, now)

    @property
    def waits_for_a_second_person(self) -> bool:
        return self.source is Source.HAND and self.confirmed_by is None

    @property
    def radius(self) -> int | None:
        """In how many bits a copy may differ, where the item says so itself."""
        return int(self.metadata["radius"]) if self.source is Source.CLAIM else None

    @property
    def digest(self) -> str:
        """What names its bytes to people."""
        return self.signals.get("sha256") or self.signals.get("md5") or "no digest"

    @property
    def file(self) -> str:
        """What the file was called by whoever entered it; empty where nobody said. Their words: show them escaped."""
        file = self.metadata.get("file")
        return file if isinstance(file, str) else ""

    def counts(self, now: datetime) -> bool:
        return not self.waits_for_a_second_person and not _is_later(self.disabled_until, now)


@dataclass(frozen=True)
class Counting:
    """An item that counts now, and its bank."""

    item: Item
    bank: Bank


def bank_of(row: models.Bank) -> Bank:
    return Bank(
        row.id,
        row.name,
        row.source,
        row.licence,
        row.confirmed_by,
        May(row.may),
        row.is_enabled,
        row.disabled_until,
        row.made_by,
    )


def item_of(row: models.BankItem) -> Item:
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
        row.added_at,
        row.kind,
        row.disabled_by,
    )


def _is_later(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now
