"""Keeps `Matching` by the index and banks of this installation, and by the sandbox that opens what is asked about."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from math import ceil
from typing import IO, Any, ParamSpec, TypeVar

from amparo import plugins
from amparo.api import matching as seam
from amparo.api.matching import MD5, PDQ, SHA256, Bank, Held, Hit, Item, Known, May, NameTaken, NoSuch
from amparo.cases.refs import Subject
from amparo.matching.copies import RADIUS
from amparo.matching.fingerprint import Fingerprint
from amparo.matching.signal import BadSignal
from amparo.media.fingerprint import fingerprint
from amparo.media.wire import FULL_DECODE, Limits
from amparo.records import banks, live_index, media_files
from amparo.records.bank_values import Bank as KeptBank
from amparo.records.bank_values import BankError
from amparo.records.bank_values import Item as KeptItem
from amparo.records.shelves import Shelf

_P = ParamSpec("_P")
_T = TypeVar("_T")
_MAY = {banks.May.REVIEW: May.REVIEW, banks.May.HIDE: May.HIDE, banks.May.REMOVE: May.REMOVE}


def _told(act: Callable[_P, _T]) -> Callable[_P, _T]:
    """Say what the records cannot do in the words of the API."""

    def told(*given: _P.args, **named: _P.kwargs) -> _T:
        try:
            return act(*given, **named)
        except live_index.NotReady as error:
            raise seam.NotReady(str(error)) from None
        except BankError as error:
            if error.code in ("no_bank", "no_item"):
                raise NoSuch(str(error)) from None
            if error.code == "taken":
                raise NameTaken(str(error)) from None
            raise

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
        return [Known(each.bank, each.item, _MAY[each.may], each.match, each.is_suspicion) for each in found]

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
        banks.create(name, source=source, now=datetime.now(UTC))
        return _bank(banks.change(name, is_enabled=is_enabled))

    @_told
    def change_bank(self, name: str, *, new_name: str, is_enabled: bool, by: str) -> Bank:
        if new_name != name:
            banks.rename(name, new_name)
        return _bank(banks.change(new_name, is_enabled=is_enabled))

    @_told
    def delete_bank(self, name: str, *, by: str) -> None:
        banks.delete(name)

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
        _in_bank(bank, item)
        banks.note(item, metadata)
        return _item(banks.disable(item, disabled_until))

    def delete_item(self, bank: str, item: int, *, by: str) -> bool:
        try:
            _told(_in_bank)(bank, item)
            _told(banks.delete_item)(item)
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
    return Bank(bank.name, bank.source, _MAY[bank.may], bank.counts(datetime.now(UTC)))


def _item(item: KeptItem) -> Item:
    signals = {name: text.partition("@")[0] for name, text in item.signals.items()}
    return Item(item.id, item.bank, signals, item.metadata, not item.waits_for_a_second_person, item.disabled_until)
