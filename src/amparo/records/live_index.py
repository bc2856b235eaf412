"""The index as one process searches it: parts from the folder, mapped, and everything newer from the database.

1. `look` opens what the manifest names, and reads the rows that no part has. Then the index is complete.
2. A thread looks again as soon as somebody tells of new rows, and each second in any case.
3. Before each search the last look may be 0.04 seconds old at most; an older one is made anew first. So a hash is found
   everywhere that long after it was committed, whether or not anybody told of it, or the search says why it cannot say.

Nothing is ever guessed: while rows or files are missing, or the database is away, a search raises NotReady.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import psycopg

from amparo.matching.hamming import Found, Hashes, Index, Part
from amparo.matching.postings import Postings
from amparo.records.segments import Damaged, IndexFolder, Manifest, Mapped
from amparo.records.shelves import CHANNEL, Rows, Shelf, own_connection

log = logging.getLogger(__name__)

MOST_IN_MEMORY = 1_000_000
_FRESH_SECONDS = 0.04
_LOOK_EVERY_SECONDS = 1.0
_REST_SECONDS = 0.01
_PATIENCE_SECONDS = 2.0
_AWAY = "The database is away, so nobody knows what is new."


class NotReady(Exception):
    """The index cannot say at the moment what matches and what does not. Says why; asking again later helps."""


@dataclass(frozen=True)
class Status:
    """Whether searches are answered. `left_out`: rows that cannot be read, by shelf and number; they are never found.

    `hashes`: how many there are on each shelf; `newest`: how many of them are in no part yet.
    """

    is_complete: bool
    why_not: str
    hashes: Mapping[str, int]
    newest: Mapping[str, int]
    left_out: Sequence[str]


class LiveIndex:
    """Any number of threads may search it."""

    def __init__(self, folder: IndexFolder, *, most_in_memory: int = MOST_IN_MEMORY) -> None:
        self.folder = folder
        self._rows, self._most = Rows(), most_in_memory
        self._indexes = {shelf: Index() for shelf in Shelf}
        self._mapped: dict[Shelf, list[Mapped]] = {shelf: [] for shelf in Shelf}
        self._since = dict.fromkeys(Shelf, 0)
        self._manifest_stat: tuple[int, ...] | None = None
        self._left_out: dict[tuple[Shelf, int], str] = {}
        self._said: set[str] = set()
        self._looking, self._stop = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._is_complete, self._is_away, self._read_at = False, False, 0.0
        self._why_not = "The index is being read."

    def start(self) -> None:
        """Keep it up to date from now on, in a thread of its own. May be stopped and started again."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._listen, name="index", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and the connections. It may still be searched as it is, as long as nothing is asked anew."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5.0)
            self._thread = None
        self._rows.close()

    def status(self) -> Status:
        self._notice_damage()
        is_complete = self._is_complete and not self._is_away
        return Status(
            is_complete,
            "" if is_complete else _AWAY if self._is_away else self._why_not,
            {shelf.value: len(index) for shelf, index in self._indexes.items()},
            {shelf.value: index.newest for shelf, index in self._indexes.items()},
            [f"{shelf.value} {number}" for shelf, number in self._left_out],
        )

    def search(self, shelf: Shelf, queries: Hashes, distance: int) -> Iterator[Found]:
        """Yield every hit, some at a time. Raises NotReady: before the first, or later if a file is changed."""
        self.assure()
        for found in self._indexes[shelf].search(queries, distance):
            yield found
            self._notice_damage()
            if not self._is_complete:
                raise NotReady(self._why_not)

    def bury(self, shelf: Shelf, gone: Sequence[int]) -> None:
        """Never find these rows again: they were deleted."""
        self._indexes[shelf].bury(gone)

    def assure(self, within_seconds: float = _FRESH_SECONDS) -> None:
        """Return once everything that was committed so long ago is in. Raises NotReady."""
        self._notice_damage()
        if self._is_complete and time.monotonic() - self._read_at <= within_seconds:
            return
        if not self._is_complete and self._thread is not None and self._thread.is_alive():
            raise NotReady(self._why_not)
        try:
            self.look()
        except psycopg.Error:
            raise NotReady(_AWAY) from None
        if not self._is_complete:
            raise NotReady(self._why_not)

    def look(self) -> None:
        """Take in what is new: parts of another manifest, and rows. Raises psycopg's errors, and NotReady."""
        if not self._looking.acquire(timeout=_PATIENCE_SECONDS):
            raise NotReady("The index is taking in very many new hashes. Ask again in some seconds.")
        try:
            begun = time.monotonic()
            self._forget_what_is_gone()
            if self._manifest_stat != self.folder.stat() or not self._is_complete:
                is_whole = self._open_parts()
            else:
                horizon = self._rows.horizon()
                is_whole = all(self._read(shelf, None, self._since[shelf], horizon) for shelf in Shelf)
            self._is_complete, self._is_away = is_whole, False
            if is_whole:
                self._read_at = begun
        except psycopg.Error:
            self._is_away = True
            raise
        finally:
            self._looking.release()

    def _forget_what_is_gone(self) -> None:
        """Leave out no longer what was deleted, or gave way to the same file hashed anew."""
        for shelf in {shelf for shelf, _ in self._left_out}:
            numbers = np.array(sorted(number for of, number in self._left_out if of is shelf), np.int64)
            for number in numbers[~self._rows.alive(shelf, numbers)].tolist():
                del self._left_out[shelf, number]

    def _open_parts(self) -> bool:
        """Take the parts that the manifest names now; what cannot be used is made up for by the rows."""
        while True:
            stat = self.folder.stat()
            manifest, problems = self._manifest()
            mapped: dict[Shelf, list[Mapped]] = {}
            since: dict[Shelf, int] = {}
            for shelf in Shelf:
                mapped[shelf], damage = self._map(manifest, shelf)
                since[shelf] = 0 if damage else manifest.certain(shelf)
                problems += damage
            if stat == self.folder.stat():
                break
        for problem in problems:
            self._say(f"the index does without a file: {problem}; its rows are read from the database")
        is_whole, horizon = True, self._rows.horizon()
        for shelf in Shelf:
            if self._read(shelf, [each.part for each in mapped[shelf]], since[shelf], horizon):
                self._mapped[shelf] = mapped[shelf]
            else:
                is_whole = False
        self._manifest_stat = stat
        return is_whole

    def _manifest(self) -> tuple[Manifest, list[str]]:
        try:
            manifest = self.folder.manifest()
        except Damaged as damage:
            return Manifest(), [str(damage)]
        if manifest.lineage and manifest.lineage != self._rows.lineage():
            return Manifest(), ["manifest.json is of another database, or of another time of this one"]
        return manifest, []

    def _map(self, manifest: Manifest, shelf: Shelf) -> tuple[list[Mapped], list[str]]:
        open_now = {each.file: each for each in self._mapped[shelf] if self.folder.is_untouched(each)}
        mapped, damage = list[Mapped](), list[str]()
        for file in manifest.of(shelf):
            try:
                mapped.append(open_now.get(file) or self.folder.open(file))
            except Damaged as problem:
                damage.append(str(problem))
        return mapped, damage

    def _read(self, shelf: Shelf, parts: Sequence[Part] | None, since: int, horizon: int) -> bool:
        """Read the rows from `since` on that are not in yet; with `parts`, put these in place. False: too many rows."""
        index = self._indexes[shelf]
        numbers, count = list[int](), 0
        for some in self._rows.ids(shelf, since):
            missing = some.where(~index.covers(some.ids, parts))
            numbers += [number for number in missing.ids.tolist() if (shelf, number) not in self._left_out]
            count += int(missing.hashes.sum())
            if index.newest + count > self._most:
                self._why_not = "There are too many hashes for memory: a worker has to write them to the index first."
                return False
        more: list[tuple[Hashes, Postings]] = []
        for owned in self._rows.owned(shelf, numbers):
            for number, why in owned.broken.items():
                self._left_out[shelf, number] = why
                self._say(f"row {number} of {shelf.value} is left out of the index: {why}")
            if parts is None:
                index.add(owned.hashes, owned.postings)
            else:
                more.append((owned.hashes, owned.postings))
        if parts is not None:
            index.replace(parts, more)
        self._since[shelf] = horizon
        return True

    def _notice_damage(self) -> None:
        """Stop answering where the file of a part was written to: what it says now is worth nothing."""
        for shelf, mapped in self._mapped.items():
            for each in mapped:
                if not self.folder.is_untouched(each):
                    self._why_not = f"{each.file.name} was changed; what it held is read again from the database."
                    self._is_complete = False
                    self._say(f"the index stops using {each.file.name}, which was changed on {shelf.value}")

    def _listen(self) -> None:
        """Look as soon as somebody tells of new rows, and each second. Whatever fails is tried again."""
        while not self._stop.is_set():
            try:
                with own_connection() as books:
                    books.execute(f"LISTEN {CHANNEL}")
                    while not self._stop.is_set():
                        self.look()
                        # Whoever hashes a whole catalogue tells each time; a rest makes one look of many.
                        self._stop.wait(_REST_SECONDS)
                        for _ in books.notifies(timeout=_LOOK_EVERY_SECONDS, stop_after=1):
                            pass
            except (psycopg.Error, NotReady, OSError) as error:
                if isinstance(error, psycopg.Error):
                    self._say(f"the index cannot ask the database ({type(error).__name__}); trying again")
                self._stop.wait(_LOOK_EVERY_SECONDS)

    def _say(self, sentence: str) -> None:
        """Log a sentence once. It holds names of files and numbers of rows, nothing else."""
        if sentence not in self._said:
            self._said.add(sentence)
            log.error(sentence)
