"""What is known of a file, and who else shows it: the one door to banks, files and their index.

The index names candidates; their rows say whether they still count and hold what `compare` needs. So a change of a
row holds at once, in every process, and nothing that was deleted is ever named.

A hit may lead to no more than this (law l): an equal file, by SHA-256, of an item that counts, to what its bank says;
a likeness, or an equal MD5, to hiding; a video of which only key frames are hashed, to a closer look.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from amparo.cases.refs import CaseId, Subject
from amparo.matching.copies import RADIUS, Hits, Match
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint, MediaKind
from amparo.matching.frame_signals import Pdq, VideoFrames, fingerprint_of
from amparo.matching.hamming import Found
from amparo.matching.postings import frames, owners, turns
from amparo.records import bank_hits, media_files
from amparo.records.bank_values import Counting, May
from amparo.records.live_index import LiveIndex, Status
from amparo.records.media_files import Showing
from amparo.records.segments import IndexFolder
from amparo.records.shelves import Shelf
from amparo.records.signal_types import signal_type

Compare = Callable[[Fingerprint, Fingerprint, Hits], Match | None]
"""`amparo.matching.copies.compare`: the work's turns, the item as it is, and the hits between them."""

_CANDIDATES_AT_ONCE = 100
_INVERSE = np.array([0, 3, 2, 1, 4, 5, 6, 7], np.uint8)
"""The turn that undoes each turn: a quarter to the left undoes one to the right, every other one itself."""
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Known:
    """A file shows what an item of a bank holds. `may`: the most that this leads to.

    `is_suspicion`: only key frames of the file were hashed, and they do not suffice to say so. Hash all of it.
    """

    bank: str
    item: int
    may: May
    match: Match
    case: CaseId | None
    is_suspicion: bool = False


@dataclass(frozen=True)
class Copy:
    """A subject shows a file that shows the work. `is_suspicion`: as with Known."""

    subject: Subject
    account: Subject | None
    sha256: str
    match: Match
    is_suspicion: bool = False


class Verdict(Enum):
    """What can be said of a file after a search. NOT_HASHABLE is not "no match": only equal bytes were looked for."""

    MATCH = "match"
    SUSPECTED = "suspected"
    NO_MATCH = "no match"
    NOT_HASHABLE = "not hashable"


def verdict(fingerprint: Fingerprint, found: Sequence[Known] | Sequence[Copy]) -> Verdict:
    """Return what a search for this file says."""
    if any(not each.is_suspicion for each in found):
        return Verdict.MATCH
    if found:
        return Verdict.SUSPECTED
    return Verdict.NO_MATCH if fingerprint.is_hashable else Verdict.NOT_HASHABLE


class Matcher:
    """Searches for one process; any number of threads may use it. As a context it keeps itself up to date beside them.

    `known`, `copies` and `lookup` raise NotReady where the index cannot say what matches, and Django's errors where the
    database is away. `now` is asked which items count.
    """

    def __init__(self, folder: Path, compare: Compare, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.index = LiveIndex(IndexFolder(folder))
        self._compare, self._now = compare, now

    def __enter__(self) -> Self:
        self.index.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.index.stop()

    def status(self) -> Status:
        """Return whether searches are answered, and what is left out."""
        return self.index.status()

    def known(self, fingerprint: Fingerprint) -> list[Known]:
        """Return every item of a bank that this file shows, equal files first.

        Nothing found means "no match" only where `fingerprint.is_hashable`: see `verdict`.
        """
        self.index.assure()
        now = self._now()
        found = dict[int, Known]()
        for each in bank_hits.with_digests(fingerprint.sha256, fingerprint.md5, now):
            is_equal = each.item.signals.get("sha256") == fingerprint.sha256
            match = Match(is_exact=is_equal, distance=0, turn=0)
            found[each.item.id] = _known(each, match, May.REMOVE if is_equal else May.HIDE)
        for item, counting, (match, is_suspicion) in self._alike(fingerprint, RADIUS, now):
            if item not in found:
                most = May.REVIEW if is_suspicion else May.HIDE
                found[item] = _known(counting, match, most, is_suspicion=is_suspicion)
        return list(found.values())

    def copies(self, fingerprint: Fingerprint) -> Iterator[Copy]:
        """Yield every subject that shows this file or a file that shows what it shows, equal files first."""
        exact = Match(is_exact=True, distance=0, turn=0)
        for showing in media_files.showings([fingerprint.sha256]):
            yield _copy(showing, exact)
        hashes, frame, turn = _in_all_turns(fingerprint)
        for some, rows in self._candidates(Shelf.FILES, hashes, RADIUS, _files):
            matches: dict[str, tuple[Match, bool]] = {}
            for number, found in some:
                if number not in rows or rows[number].sha256 == fingerprint.sha256:
                    continue
                hits = Hits(frame[found.query], turn[found.query], frames(found.posting), found.distance)
                if (match := self._judge(fingerprint, rows[number], hits, rows[number])) is not None:
                    matches[rows[number].sha256] = match
            for showing in media_files.showings(list(matches)):
                yield _copy(showing, *matches[showing.sha256])

    def lookup(
        self, signal_type_name: str, signal: str, *, banks: Collection[str] | None = None, distance: int = RADIUS
    ) -> list[tuple[int, str, int]]:
        """Return (item, bank, distance) of every item that counts and matches a signal, in these banks or in all.

        Raises BadSignal for a text that is no signal of its type, and UnknownType.
        """
        return [each for each in self._lookup(signal_type_name, signal, distance) if banks is None or each[1] in banks]

    def _lookup(self, name: str, text: str, distance: int) -> list[tuple[int, str, int]]:
        self.index.assure()
        kind, now = signal_type(name), self._now()
        normal = kind.normal(text)
        if name == Pdq.name:
            query = np.frombuffer(Pdq().frames(normal)[0].hash, np.uint8)[None]
            near = dict[int, tuple[str, int]]()
            for shelf in (Shelf.BANK_FRAMES, Shelf.BANK_HASHES):
                for some, rows in self._candidates(shelf, query, distance, _items(now)):
                    for item, found in some:
                        if item in rows:
                            near[item] = (rows[item][0].bank.name, int(found.distance.min()))
            return [(item, *near[item]) for item in sorted(near)]
        if name == VideoFrames.name:
            video = fingerprint_of(VideoFrames().frames(normal), MediaKind.VIDEO)
            alike = self._alike(video, distance, now, only_as_it_is=True)
            return sorted((item, each.bank.name, match.distance) for item, each, (match, _) in alike)
        return [(each.item.id, each.bank.name, 0) for each in bank_hits.with_signal(name, normal, now)]

    def _alike(
        self, file: Fingerprint, distance: int, now: datetime, *, only_as_it_is: bool = False
    ) -> Iterator[tuple[int, Counting, tuple[Match, bool]]]:
        """Yield the items that count and that a file shows, by likeness, with the match and whether it is a suspicion.

        Turns of a file of which there are only hashes are not known: `only_as_it_is`.
        """
        as_it_is = np.flatnonzero(file.frames.qualities >= LEAST_QUALITY)
        for some, rows in self._candidates(Shelf.BANK_FRAMES, file.frames.hashes[as_it_is], distance, _items(now)):
            for item, found in some:
                if item in rows:
                    counting, work = rows[item]
                    query = as_it_is[found.query].astype(np.uint32)
                    hits = Hits(frames(found.posting), turns(found.posting), query, found.distance)
                    if (match := self._judge(work, file, hits, file)) is not None:
                        yield item, counting, match
        hashes, frame, turn = _in_all_turns(file)
        if only_as_it_is:
            hashes, frame, turn = (column[turn == 0] for column in (hashes, frame, turn))
        for some, rows in self._candidates(Shelf.BANK_HASHES, hashes, distance, _items(now)):
            for item, found in some:
                if item in rows:
                    counting, work = rows[item]
                    undone = _INVERSE[turn[found.query]]
                    hits = Hits(frames(found.posting), undone, frame[found.query], found.distance)
                    match = self._judge(work, file, hits, file)
                    if match is not None and not _is_too_far(counting, match[0]):
                        yield item, counting, match

    def _judge(
        self, work: Fingerprint, item: Fingerprint, hits: Hits, looked_at: Fingerprint
    ) -> tuple[Match, bool] | None:
        """Return the match and whether it is a suspicion only: key frames of a video never suffice to say so."""
        match = self._compare(work, item, hits)
        if looked_at.is_whole or looked_at.kind is MediaKind.PICTURE:
            return None if match is None else (match, False)
        nearest = int(hits.distance.argmin())
        near = Match(is_exact=False, distance=int(hits.distance[nearest]), turn=int(hits.turn[nearest]))
        return match or near, True

    def _candidates(
        self,
        shelf: Shelf,
        queries: NDArray[np.uint8],
        distance: int,
        read: Callable[[Sequence[int]], tuple[dict[int, _Row], list[int]]],
    ) -> Iterator[tuple[list[tuple[int, Found]], dict[int, _Row]]]:
        """Yield owners with all their hits, some at a time, and their rows as they are now.

        A row that is gone was deleted, or gave way to a better one: what is new is then read, and all is searched again
        for what was not given yet.
        """
        given = set[int]()
        while True:
            gone: list[int] = []
            found = Found.together(list(self.index.search(shelf, queries, distance)))
            for some in _by_owner(found):
                new = [each for each in some if each[0] not in given]
                rows, missing = read([number for number, _ in new])
                given.update(number for number, _ in new)
                gone += missing
                yield new, rows
            if not gone:
                return
            self.index.assure(within_seconds=0)
            # What is gone inside a transaction may come back with its end.
            if not connection.in_atomic_block:
                self.index.bury(shelf, gone)


def _known(each: Counting, match: Match, most: May, *, is_suspicion: bool = False) -> Known:
    order = list(May)
    may = min(each.bank.may, most, key=order.index)
    return Known(each.bank.name, each.item.id, may, match, each.item.case, is_suspicion)


def _is_too_far(counting: Counting, match: Match) -> bool:
    """Whether an item's own radius, which is never wider than ours, leaves this out."""
    return counting.item.radius is not None and match.distance > counting.item.radius


def _copy(showing: Showing, match: Match, is_suspicion: bool = False) -> Copy:
    return Copy(showing.subject, showing.account, showing.sha256, match, is_suspicion)


def _files(numbers: Sequence[int]) -> tuple[dict[int, Fingerprint], list[int]]:
    rows = media_files.by_number(numbers)
    return rows, [number for number in numbers if number not in rows]


def _items(now: datetime) -> Callable[[Sequence[int]], tuple[dict[int, tuple[Counting, Fingerprint]], list[int]]]:
    def read(numbers: Sequence[int]) -> tuple[dict[int, tuple[Counting, Fingerprint]], list[int]]:
        alive, gone = bank_hits.counting(numbers, now)
        works = bank_hits.fingerprints(list(alive))
        return {number: (alive[number], works[number]) for number in alive if number in works}, gone

    return read


def _in_all_turns(file: Fingerprint) -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the good hashes of a file in all turns, and of which frame and turn each is."""
    good = np.flatnonzero(file.frames.qualities >= LEAST_QUALITY)
    hashes = file.frames.turns[good].reshape(-1, 32)
    return hashes, np.repeat(good, 8).astype(np.uint32), np.tile(np.arange(8, dtype=np.uint8), len(good))


def _by_owner(found: Found) -> Iterator[list[tuple[int, Found]]]:
    """Yield each owner with its hits, a hundred owners at a time, in the order of their numbers."""
    if not len(found):
        return
    found = found.where(np.argsort(found.posting, kind="stable"))
    numbers, begins = np.unique(owners(found.posting), return_index=True)
    ends = np.append(begins[1:], len(found))
    for first in range(0, len(numbers), _CANDIDATES_AT_ONCE):
        last = min(first + _CANDIDATES_AT_ONCE, len(numbers))
        yield [
            (int(numbers[n]), found.where(np.arange(begins[n], ends[n], dtype=np.int64))) for n in range(first, last)
        ]
