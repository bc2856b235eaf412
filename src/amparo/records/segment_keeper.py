"""Writes the index of one machine: new parts when enough is new, larger ones in place of many small, damaged ones anew.

One process of a machine does this at a time (`IndexFolder.writing`), a worker, every few seconds:

1. throw out parts that are missing or changed; their rows are then not certain any more
2. write a part of the rows that no part has, as soon as they have 100,000 hashes, or where parts were thrown out
3. merge eight parts of one size into one, without the rows that are gone

Each step ends with a new manifest, so that a process that dies or a disk that is full costs only the step.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import log

import numpy as np

from amparo.matching.postings import owners
from amparo.records import alarms
from amparo.records.segments import Damaged, IndexFolder, Manifest, Mapped, PartFile
from amparo.records.shelves import BROKEN_ROW, Rows, Shelf

logger = logging.getLogger(__name__)

DAMAGED, DISK = "index_damaged", "index_disk"
LEAST_IN_PART = 100_000
MOST_IN_PART = 10_000_000
_MERGED_AT_ONCE = 8
_READ_BACK_EVERY_SECONDS = 3600.0


class SegmentKeeper:
    """`least` and `most`: how many hashes a part has. Raises psycopg's errors where the database is away."""

    def __init__(self, folder: IndexFolder, *, least: int = LEAST_IN_PART, most: int = MOST_IN_PART) -> None:
        self._folder, self._least, self._most = folder, least, most
        self._rows = Rows()
        self._read_back: dict[PartFile, tuple[Mapped, float]] = {}
        self._broken: set[tuple[Shelf, int]] = set()

    def close(self) -> None:
        self._rows.close()

    def tidy(self, now: datetime) -> bool:
        """Do what is due; return whether this process is the one that writes. May be repeated at any time."""
        with self._folder.writing() as is_ours:
            if is_ours:
                try:
                    self._tidy(now)
                except OSError as error:
                    alarms.ring(DISK, "index", now)
                    logger.error(
                        "the index cannot be written (%s): make room on its disk. Until then new hashes are kept in "
                        "memory and are found, but more slowly",
                        type(error).__name__ if error.errno is None else f"error {error.errno}",
                    )
        return is_ours

    def _tidy(self, now: datetime) -> None:
        manifest = self._manifest(now)
        for shelf in Shelf:
            manifest = self._throw_out(manifest, shelf, now)
            manifest = self._grow(manifest, shelf, now)
            manifest = self._merge(manifest, shelf)
        named = {file for parts in manifest.parts.values() for file in parts}
        self._read_back = {file: kept for file, kept in self._read_back.items() if file in named}

    def _manifest(self, now: datetime) -> Manifest:
        lineage = self._rows.lineage()
        try:
            manifest = self._folder.manifest()
        except Damaged as damage:
            self._call(str(damage), "manifest", now)
            return Manifest(lineage)
        if manifest.lineage not in ("", lineage):
            logger.warning("the index was made of another database, or of another time of this one; it is made anew")
            return Manifest(lineage)
        return replace(manifest, lineage=lineage)

    def _throw_out(self, manifest: Manifest, shelf: Shelf, now: datetime) -> Manifest:
        whole = []
        for file in manifest.of(shelf):
            try:
                self._open(file)
                whole.append(file)
            except Damaged as damage:
                self._call(str(damage), file.name, now)
        if len(whole) == len(manifest.of(shelf)):
            return manifest
        manifest = manifest.with_shelf(shelf, tuple(whole), 0)
        self._folder.publish(manifest)
        return manifest

    def _open(self, file: PartFile) -> Mapped:
        """Return a part, read back in full within the last hour. Raises Damaged."""
        mapped, at = self._read_back.get(file, (None, 0.0))
        is_there = mapped is not None and self._folder.is_there(mapped)
        if mapped is None or not is_there or time.monotonic() - at > _READ_BACK_EVERY_SECONDS:
            mapped = self._folder.open(file)
            self._read_back[file] = (mapped, time.monotonic())
        return mapped

    def _grow(self, manifest: Manifest, shelf: Shelf, now: datetime) -> Manifest:
        since, horizon = manifest.certain(shelf), self._rows.horizon()
        waiting, count = list[int](), 0
        for some in self._rows.ids(shelf, since):
            missing = ~np.logical_or.reduce(
                [
                    np.zeros(len(some.ids), np.bool_),
                    *(self._open(file).part.covers(some.ids) for file in manifest.of(shelf)),
                ]
            )
            for number, hashes in zip(some.ids[missing].tolist(), some.hashes[missing].tolist(), strict=True):
                waiting.append(number)
                count += hashes
                if count >= self._most:
                    manifest = self._write(manifest, shelf, waiting, since, now)
                    waiting, count = [], 0
        has_gap = since == 0 and bool(manifest.of(shelf))
        if count >= self._least or has_gap:
            manifest = self._write(manifest, shelf, waiting, horizon, now)
        return manifest

    def _write(self, manifest: Manifest, shelf: Shelf, numbers: Sequence[int], since: int, now: datetime) -> Manifest:
        """Write these rows as a part and name it, with what is certain then."""
        hashes, postings = [], []
        for owned in self._rows.owned(shelf, numbers):
            hashes.append(owned.hashes)
            postings.append(owned.postings)
            for number in owned.broken:
                self._tell_broken(shelf, number, owned.broken[number], now)
        parts = manifest.of(shelf)
        if sum(map(len, postings)):
            manifest, file = self._folder.write(manifest, shelf, np.concatenate(hashes), np.concatenate(postings))
            parts = (*parts, file)
        manifest = manifest.with_shelf(shelf, parts, since)
        self._folder.publish(manifest)
        return manifest

    def _merge(self, manifest: Manifest, shelf: Shelf) -> Manifest:
        parts = manifest.of(shelf)
        while group := due_for_merging(parts, self._least, self._most):
            every = [self._open(file).part for file in group]
            alive = []
            for part in every:
                hashes, of = part.hashes()
                here = part.owners()
                is_alive = np.isin(owners(of), here[self._rows.alive(shelf, here)])
                alive.append((hashes[is_alive], of[is_alive]))
            left = tuple(file for file in parts if file not in group)
            if sum(len(of) for _, of in alive):
                hashes, of = (np.concatenate(column) for column in zip(*alive, strict=True))
                manifest, file = self._folder.write(manifest, shelf, hashes, of)
                left = (*left, file)
            manifest = manifest.with_shelf(shelf, left, manifest.certain(shelf))
            self._folder.publish(manifest)
            parts = manifest.of(shelf)
        return manifest

    def _call(self, damage: str, about: str, now: datetime) -> None:
        alarms.ring(DAMAGED, about, now)
        logger.error("the index is damaged: %s. It is thrown out and made anew from the database", damage)

    def _tell_broken(self, shelf: Shelf, number: int, why: str, now: datetime) -> None:
        if (shelf, number) not in self._broken:
            self._broken.add((shelf, number))
            alarms.ring(BROKEN_ROW, f"{shelf.value} {number}", now)
            logger.error("row %s of %s cannot be read and is never found: %s", number, shelf.value, why)


def due_for_merging(parts: Sequence[PartFile], least: int, most: int) -> Sequence[PartFile]:
    """Return eight parts of about one size that together are not too large, or none."""
    sizes: dict[int, list[PartFile]] = {}
    for file in parts:
        sizes.setdefault(max(int(log(max(file.hashes, 1) / least, _MERGED_AT_ONCE) + 0.01), 0), []).append(file)
    for _, some in sorted(sizes.items()):
        group = some[:_MERGED_AT_ONCE]
        if len(group) == _MERGED_AT_ONCE and sum(file.hashes for file in group) <= most:
            return group
    return ()
