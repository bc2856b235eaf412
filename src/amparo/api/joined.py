"""Keeps `Matching` by the index and banks of this installation, and by the sandbox that opens what is asked about."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from math import ceil
from typing import IO, Any, ParamSpec, TypeVar

from django.db import transaction

from amparo import plugins
from amparo.api import matching as seam
from amparo.api.matching import (
    MD5,
    PDQ,
    SHA256,
    Bank,
    Held,
    Hit,
    Item,
    Known,
    May,
    NameTaken,
    NoSuch,
    NotYours,
    WrongName,
)
from amparo.cases.refs import Subject
from amparo.matching.copies import RADIUS
from amparo.matching.fingerprint import Fingerprint
from amparo.matching.signal import BadSignal
from amparo.media.fingerprint import fingerprint
from amparo.media.wire import FULL_DECODE, Limits
from amparo.records import bank_acts, banks, live_index, media_files
from amparo.records.bank_values import CLAIMED, KEY, BankError
from amparo.records.bank_values import Bank as KeptBank
from amparo.records.bank_values import Item as KeptItem
from amparo.records.shelves import Shelf

_P = ParamSpec("_P")
_T = TypeVar("_T")
_TOLD = {
    "no_bank": NoSuch, "no_item": NoSuch, "taken": NameTaken, "name": WrongName, "of_cases": NotYours,
    "not_yours": NotYours,
}  # fmt: skip
"""What a bank's refusal is called here, by its code. The others cannot come of what is asked here."""
_MAY = {banks.May.REVIEW: May.REVIEW, banks.May.HIDE: May.HIDE, banks.May.REMOVE: May.REMOVE}


def _told(act: Callable[_P, _T]) -> Callable[_P, _T]:
    """Say what the records cannot do in the words of the API."""

    def told(*given: _P.args, **named: _P.kwargs) -> _T:
        try:
            return act(*given, **named)
        except live_index.NotReady as error:
            raise seam.NotReady(str(error)) from None
        except BankError as error:
            if error.code not in _TOLD:
                raise
            raise _TOLD[error.code](str(error)) from None

    return told


class Joined:
    """Safe to share between threads."""

    def is_ready(self) -> bool:
        return plugins.matcher().status().is_complete

    def held(self) -> Mapping[str, Held]:
        status = plugins.matcher().status()
        hashes = sum(status.hashes.get(shelf.value, 0) for shelf in (Shelf.BANK_FRAMES, Shelf.BANK_HASHES))
        newest = banks.newest(datetime.now(UTC))
        digests = {name: banks.count_with(name) for name in (MD5, SHA256)}
        return {PDQ: Held(hashes, newest), **{name: Held(count, newest) for name, count in digests.items()}}

    def fingerprint(
        self, file: bytes | IO[bytes], *, is_whole: bool, within_seconds: float, is_work: bool = False
    ) -> Fingerprint:
        most = FULL_DECODE if is_whole else Limits()
        limits = replace(most, seconds=max(min(most.seconds, ceil(within_seconds)), 1))
        return fingerprint(plugins.sandbox(), file, is_whole=is_whole, is_work=is_work, limits=limits)

    @_told
    def known(self, file: Fingerprint) -> Sequence[Known]:
        found = plugins.matcher().known(file)
        return [Known(each.bank, each.item, _may(each.bank, each.may), each.match, each.is_suspicion) for each in found]

    @_told
    def lookup(
        self, signal_type: str, signal: str, *, banks: Collection[str] | None, distance: int = RADIUS
    ) -> Sequence[Hit]:
        try:
            found = plugins.matcher().lookup(signal_type, signal, banks=banks, distance=distance)
        except BadSignal:
            return []
        return [Hit(item, bank, away) for item, bank, away in found]

    @_told
    def keep(self, file: Fingerprint, at: datetime) -> None:
        media_files.keep(file, at)

    @_told
    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        media_files.show(subject, account, sha256, at)

    @_told
    def banks(self) -> Sequence[Bank]:
        return [_bank(each) for each in banks.every()]

    @_told
    def create_bank(self, name: str, *, source: str, is_enabled: bool, by: str) -> Bank:
        return _bank(bank_acts.make(name, source=source, is_enabled=is_enabled, by=by, now=datetime.now(UTC)))

    @_told
    def change_bank(self, name: str, *, new_name: str, is_enabled: bool, by: str) -> Bank:
        now = datetime.now(UTC)
        # Only what changes is said: a key may be allowed to rename what it may not switch off.
        is_switched = banks.bank(name).counts(now) != is_enabled
        return _bank(
            bank_acts.change(
                name,
                new_name=None if new_name == name else new_name,
                is_enabled=is_enabled if is_switched else None,
                by=by,
                now=now,
            )
        )

    @_told
    def delete_bank(self, name: str, *, by: str) -> None:
        bank_acts.delete(name, by=by, now=datetime.now(UTC))

    @_told
    def item(self, bank: str, item: int) -> Item:
        return _in_bank(bank, item)

    @_told
    def add(
        self, bank: str, what: Fingerprint | Mapping[str, str], *, added_by: str, metadata: Mapping[str, Any]
    ) -> Item:
        return _item(banks.add(bank, what, added_by, metadata=metadata))

    @_told
    def change_item(
        self, bank: str, item: int, *, disabled_until: datetime | None, metadata: Mapping[str, Any], by: str
    ) -> Item:
        found, now = _in_bank(bank, item), datetime.now(UTC)
        with transaction.atomic():
            if dict(metadata) != dict(found.metadata):
                bank_acts.note(item, metadata, by=by, now=now)
            if disabled_until is None and found.disabled_until is not None:
                bank_acts.enable(item, by=by, now=now)
            elif disabled_until is not None and disabled_until != found.disabled_until:
                bank_acts.disable(item, disabled_until, by=by, now=now)
        return _in_bank(bank, item)

    def delete_item(self, bank: str, item: int, *, by: str) -> bool:
        try:
            _told(_in_bank)(bank, item)
            _told(bank_acts.delete_item)(item, by=by, now=datetime.now(UTC))
        except NoSuch:
            return False
        return True


@cache
def joined() -> Joined:
    """Return the one of this process; its index keeps itself up to date from now on."""
    plugins.matcher().index.start()
    return Joined()


def _in_bank(bank: str, item: int) -> Item:
    found = banks.item(item)
    if found.bank != banks.bank(bank).name:
        raise NoSuch(f"There is no item {item} in the bank {bank}.")
    return _item(found)


def _bank(bank: KeptBank) -> Bank:
    is_of_keys = bank.made_by.startswith(KEY)
    return Bank(bank.name, bank.source, _may(bank.name, bank.may), bank.counts(datetime.now(UTC)), is_of_keys)


def _may(bank: str, may: banks.May) -> May:
    """Return the most that whoever asks about an upload is told of a hit.

    What somebody claimed by a code nobody here has seen, so it keeps no upload from being published. It is hidden, for
    a person to look, as soon as it is seen to be shown.
    """
    return May.REVIEW if bank == CLAIMED else _MAY[may]


def _item(item: KeptItem) -> Item:
    signals = {name: text.partition("@")[0] for name, text in item.signals.items()}
    return Item(item.id, item.bank, signals, item.metadata, not item.waits_for_a_second_person, item.disabled_until)
