"""Every process finds every new row exactly, however many write at once and in whatever order they commit."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection, connections, transaction

from amparo.records import media_files, models
from amparo.records.shelves import Rows, Shelf
from tests.records.fingerprints import picture

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def rows(no_media: None) -> Iterator[Rows]:
    made = Rows()
    yield made
    made.close()


class Reader:
    """Reads as an index does: from the horizon of the reading before, without what it has."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._since = rows, 0
        self.seen = list[int]()

    def read(self) -> None:
        horizon = self._rows.horizon()
        known = set(self.seen)
        for some in self._rows.ids(Shelf.FILES, self._since):
            self.seen += [number for number in some.ids.tolist() if number not in known]
        self._since = horizon


def test_a_lower_id_that_is_committed_later_is_found(rows: Rows) -> None:
    """The case in which asking for ids above the last one loses a row."""
    chance = np.random.default_rng(1)
    reader, is_open, may_end = Reader(rows), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            media_files.keep(picture(chance), NOW)
            is_open.set()
            may_end.wait(20)
        connections.close_all()

    writing = threading.Thread(target=slow)
    writing.start()
    is_open.wait(20)
    media_files.keep(picture(chance), NOW)
    reader.read()
    may_end.set()
    writing.join()
    late, early = sorted(models.MediaFile.objects.values_list("id", flat=True))
    assert reader.seen == [early]
    assert late < early
    reader.read()
    assert reader.seen == [early, late]


def test_eight_writers_at_once_lose_no_row_and_repeat_none(rows: Rows) -> None:
    ended = threading.Event()

    def write(seed: int) -> None:
        chance = np.random.default_rng(seed)
        for _ in range(25):
            try:
                with transaction.atomic():
                    for _ in range(int(chance.integers(1, 4))):
                        media_files.keep(picture(chance), NOW)
                        time.sleep(float(chance.random()) * 0.004)
                    if chance.random() < 0.2:
                        raise InterruptedError
            except InterruptedError:
                continue
        connections.close_all()

    def read(reader: Reader) -> None:
        while not ended.is_set():
            reader.read()

    readers = [Reader(Rows()) for _ in range(2)]
    reading = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    writing = [threading.Thread(target=write, args=(seed,)) for seed in range(8)]
    for thread in (*reading, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    ended.set()
    for thread in reading:
        thread.join()
    written = sorted(models.MediaFile.objects.values_list("id", flat=True))
    assert len(written) > 100
    for reader in readers:
        reader.read()
        assert sorted(reader.seen) == written
        reader._rows.close()


def test_a_row_of_before_a_restore_is_read_once_and_not_again_at_every_reading(rows: Rows) -> None:
    media_files.keep(picture(np.random.default_rng(2)), NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_mediafile SET added = '4611686018427387904'::xid8")
    assert [len(some.ids) for some in rows.ids(Shelf.FILES, 0)] == [1]
    assert [len(some.ids) for some in rows.ids(Shelf.FILES, 1)] == []


def test_what_says_too_little_to_be_found_is_on_no_shelf(rows: Rows) -> None:
    media_files.keep(picture(np.random.default_rng(3), quality=49), NOW)
    assert models.MediaFile.objects.count() == 1
    assert list(rows.ids(Shelf.FILES, 0)) == []


def test_a_reading_sees_nothing_that_is_not_committed(rows: Rows) -> None:
    with transaction.atomic():
        media_files.keep(picture(np.random.default_rng(4)), NOW)
        assert list(rows.ids(Shelf.FILES, 0)) == []
        transaction.set_rollback(True)
    assert list(rows.ids(Shelf.FILES, 0)) == []
