"""An index and banks in memory that keep `amparo.api.matching.Matching`; pictures are really opened and hashed."""

import hashlib
import re
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import IO, Any

import numpy as np

from amparo import _kernel
from amparo.api.matching import (
    BY_KEYS,
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
    NotReady,
)  # fmt: skip
from amparo.cases.refs import Subject
from amparo.matching.align import Piece
from amparo.matching.copies import RADIUS, Match
from amparo.matching.fingerprint import Fingerprint, Frames, MediaKind
from amparo.media.errors import Refused
from amparo.media.sandbox import Sandbox
from amparo.media.wire import Depth, Kind, Reason

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def fingerprint_of(file: bytes, hashes: Sequence[tuple[bytes, int]], *, kind: MediaKind, is_whole: bool) -> Fingerprint:
    """Return the fingerprint of a file that shows these hashes of these qualities, one a second."""
    turns = np.array([[list(each)] * 8 for each, _ in hashes], dtype=np.uint8).reshape(len(hashes), 8, 32)
    frames = Frames(
        at_ms=np.arange(len(hashes), dtype=np.uint32) * 1000,
        turns=turns,
        qualities=np.array([quality for _, quality in hashes], dtype=np.uint8),
        is_trimmed=np.zeros(len(hashes), dtype=np.bool_),
    )
    md5 = hashlib.md5(file, usedforsecurity=False).hexdigest()
    return Fingerprint(hashlib.sha256(file).hexdigest(), md5, kind, 0, 0, is_whole, frames)


@dataclass
class Double:
    """What a test changes: whether it is ready, what is suspected, which refusal a file meets."""

    sandbox: Sandbox
    ready: bool = True
    refused: Reason | None = None
    suspects: bool = False
    breaks_off_in: float | None = None
    pieces: tuple[Piece, ...] = ()
    kept: list[str] = field(default_factory=list)
    shown: list[tuple[Subject, Subject | None, str]] = field(default_factory=list)
    asked: list[tuple[bool, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._banks: dict[str, Bank] = {}
        self._items: dict[int, Item] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def bank(self, name: str, may: May = May.HIDE, source: str = "confirmed cases") -> None:
        """Make a bank that no key made."""
        self._banks[name] = Bank(name, source, may, True)

    def put(self, bank: str, **signals: str) -> int:
        """Put a confirmed item into a bank."""
        return self._insert(bank, signals, {}, is_confirmed=True).id

    def confirm(self, item: int) -> None:
        self._items[item] = replace(self._items[item], is_confirmed=True)

    def is_ready(self) -> bool:
        return self.ready

    def held(self) -> Mapping[str, Held]:
        counts = {name: sum(name in item.signals for item in self._items.values()) for name in (PDQ, MD5, SHA256)}
        return {name: Held(number, NOW if number else None) for name, number in counts.items()}

    def fingerprint(
        self, file: bytes | IO[bytes], *, is_whole: bool, within_seconds: float, is_work: bool = False
    ) -> Fingerprint:
        self.asked.append((is_whole, within_seconds))
        if self.refused is not None:
            raise Refused(self.refused)
        content = file if isinstance(file, bytes) else file.read()
        depth = Depth.FULL if is_whole else Depth.KEY_FRAMES
        with self.sandbox.opened(content, depth) as media:
            kind = MediaKind.PICTURE if media.header.kind is Kind.PICTURE else MediaKind.VIDEO
            hashes = []
            for frame in media.frames:
                pixels = np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.stride)
                pixels = pixels[:, : frame.width * frame.channels]
                form = (frame.height, frame.width, 3) if frame.channels == 3 else (frame.height, frame.width)
                hashes.append(_kernel.pdq(pixels.reshape(form)))
                if self.breaks_off_in is not None:
                    time.sleep(self.breaks_off_in)
                    break
        return fingerprint_of(content, hashes, kind=kind, is_whole=is_whole or kind is MediaKind.PICTURE)

    def known(self, file: Fingerprint) -> Sequence[Known]:
        self._must_be_ready()
        found = []
        for hash_ in file.frames.hashes:
            for hit in self.lookup(PDQ, hash_.tobytes().hex(), banks=None):
                match = Match(False, hit.distance, 0, self.pieces)
                is_suspicion = self.suspects and not file.is_whole
                found.append(Known(hit.bank, hit.item, self._banks[hit.bank].may, match, is_suspicion))
        return found

    def lookup(
        self, signal_type: str, signal: str, *, banks: Collection[str] | None, distance: int = RADIUS
    ) -> Sequence[Hit]:
        self._must_be_ready()
        hits = []
        for item in self._items.values():
            bank, other = self._banks[item.bank], item.signals.get(signal_type)
            counts = (
                item.is_confirmed and bank.is_enabled and (item.disabled_until is None or item.disabled_until < NOW)
            )
            if other is None or not counts or (banks is not None and item.bank not in banks):
                continue
            away = (
                (int(signal, 16) ^ int(other, 16)).bit_count() if signal_type == PDQ else 0 if signal == other else 999
            )
            if away <= distance:
                hits.append(Hit(item.id, item.bank, away))
        return hits

    def keep(self, file: Fingerprint, at: datetime) -> None:
        self.kept.append(file.sha256)

    def show(self, subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
        self.shown.append((subject, account, sha256))

    def banks(self) -> Sequence[Bank]:
        return sorted(self._banks.values(), key=lambda bank: bank.name)

    def create_bank(self, name: str, *, source: str, is_enabled: bool, by: str) -> Bank:
        if name in self._banks:
            raise NameTaken(name)
        self._banks[name] = Bank(name, source, May.REVIEW, is_enabled, is_of_keys=True)
        return self._banks[name]

    def change_bank(self, name: str, *, new_name: str, is_enabled: bool, by: str) -> Bank:
        if new_name != name and new_name in self._banks:
            raise NameTaken(new_name)
        bank = replace(self._banks.pop(name), name=new_name, is_enabled=is_enabled)
        self._banks[new_name] = bank
        self._items = {
            key: replace(each, bank=new_name) if each.bank == name else each for key, each in self._items.items()
        }
        return bank

    def delete_bank(self, name: str, *, by: str) -> None:
        if self._banks.pop(name, None) is None:
            raise NoSuch(name)
        self._items = {key: each for key, each in self._items.items() if each.bank != name}

    def item(self, bank: str, item: int) -> Item:
        found = self._items.get(item)
        if found is None or found.bank != bank:
            raise NoSuch(str(item))
        return found

    def add(
        self, bank: str, what: Fingerprint | Mapping[str, str], *, added_by: str, metadata: Mapping[str, Any]
    ) -> Item:
        assert re.fullmatch(r"key:[a-z0-9.-]+|key:this machine, without a key", added_by)
        assert self._banks[bank].source == BY_KEYS
        if isinstance(what, Fingerprint):
            hashes = {PDQ: what.frames.hashes[0].tobytes().hex()} if what.is_hashable else {}
            what = {SHA256: what.sha256, MD5: what.md5, **hashes}
        return self._insert(bank, what, metadata, is_confirmed=False)

    def change_item(
        self, bank: str, item: int, *, disabled_until: datetime | None, metadata: Mapping[str, Any], by: str
    ) -> Item:
        self._items[item] = replace(self.item(bank, item), disabled_until=disabled_until, metadata=metadata)
        return self._items[item]

    def delete_item(self, bank: str, item: int, *, by: str) -> bool:
        found = self._items.get(item)
        return found is not None and found.bank == bank and self._items.pop(item) is not None

    def _insert(
        self, bank: str, signals: Mapping[str, str], metadata: Mapping[str, Any], *, is_confirmed: bool
    ) -> Item:
        with self._lock:
            item = Item(next(self._numbers), bank, dict(signals), metadata, is_confirmed)
            self._items[item.id] = item
        return item

    def _must_be_ready(self) -> None:
        if not self.ready:
            raise NotReady
