"""A row whose frames cannot be read is called out, and the same file, hashed anew, is found by likeness again."""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import IO

import numpy as np
import pytest
from django.db import connection

from amparo.catalogue.book import Bank
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.item import Item
from amparo.catalogue.tally import Fate
from amparo.cli.hash_parts import OwnBank
from amparo.matching.fingerprint import Fingerprint
from amparo.records import banks, media_files, models
from amparo.records.banks import May
from amparo.records.matcher import Matcher
from amparo.records.segment_keeper import SegmentKeeper
from amparo.records.segments import IndexFolder
from amparo.records.shelves import BROKEN_ROW
from tests.records.fingerprints import altered, compare, picture, video
from tests.records.test_matcher import post, shown

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BODY = b"the bytes"


@pytest.fixture
def matcher(no_media: None, tmp_path: Path) -> Iterator[Matcher]:
    made = Matcher(tmp_path / "index", compare, lambda: NOW)
    banks.create("ours", source="decisions", may=May.REMOVE, now=NOW)
    yield made
    made.index.stop()


@pytest.fixture
def keeper(matcher: Matcher, tmp_path: Path) -> Iterator[SegmentKeeper]:
    made = SegmentKeeper(IndexFolder(tmp_path / "index"), least=1)
    yield made
    made.close()


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(11)


def damage(table: str, sha256: str) -> None:
    """Change one bit of a row's hashes."""
    with connection.cursor() as cursor:
        changed = "set_bit(frames, 8 * 20, 1 - get_bit(frames, 8 * 20))"
        cursor.execute(f"UPDATE {table} SET frames = {changed} WHERE sha256 = %s", [sha256])  # noqa: S608
        assert cursor.rowcount == 1


def damage_file(sha256: str) -> None:
    damage("records_mediafile", sha256)


def damage_item(sha256: str) -> None:
    damage("records_bankitem", sha256)


def about() -> set[str]:
    """What the open alarms about rows that cannot be read are about."""
    return set(models.Alarm.objects.filter(kind=BROKEN_ROW, closed_at=None).values_list("aggregate", flat=True))


def of_bytes(file: Fingerprint, body: bytes) -> Fingerprint:
    """The fingerprint of a file of these bytes."""
    return replace(file, sha256=hashlib.sha256(body).hexdigest())


def hashed(file: Fingerprint, bank: Bank | None = None) -> Fate:
    """Look at a file of these bytes, which shows that, as `amparo hash` does."""

    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        yield io.BytesIO(BODY)

    item = Item("a name", opened, None, file.sha256, None, None)
    return Hashing(media_files, lambda of: file, lambda: NOW, Event(), bank)(item).fate


def test_a_damaged_row_rings_and_its_file_is_hashed_anew_and_found_again(
    matcher: Matcher, keeper: SegmentKeeper, chance: np.random.Generator
) -> None:
    work = picture(chance)
    copy = of_bytes(altered(chance, work, 10), BODY)
    shown(copy, 1)
    assert hashed(copy) is Fate.KNOWN
    damage_file(copy.sha256)
    number = models.MediaFile.objects.get(sha256=copy.sha256).id

    assert list(matcher.copies(work)) == []
    assert matcher.status().left_out == [f"files {number}"]
    keeper.tidy(NOW)
    assert about() == {f"files {number}"}

    assert hashed(copy) is Fate.HASHED
    matcher.index.look()
    assert [found.subject for found in matcher.copies(work)] == [post(1)]
    assert matcher.status().left_out == []
    assert hashed(copy) is Fate.KNOWN


def test_a_row_that_was_damaged_after_the_index_took_it_in_rings_when_it_would_be_found(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = picture(chance)
    copy, known = of_bytes(altered(chance, work, 10), BODY), picture(chance)
    shown(copy, 1)
    item = banks.add("ours", known, "staff_a").id
    banks.confirm(item, "staff_b")
    assert len(list(matcher.copies(work))) == len(matcher.known(altered(chance, known, 9))) == 1
    number = models.MediaFile.objects.get(sha256=copy.sha256).id
    damage_file(copy.sha256)
    damage_item(known.sha256)

    assert list(matcher.copies(work)) == matcher.known(altered(chance, known, 9)) == []
    assert about() == {f"files {number}", f"bank-frames {item}"}

    assert hashed(copy) is Fate.HASHED
    matcher.index.look()
    assert [found.subject for found in matcher.copies(work)] == [post(1)]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"frames": b""}, id="empty"),
        pytest.param({"searchable": 5}, id="says-more-than-there-is"),
        pytest.param({"searchable": 0}, id="says-that-there-is-nothing-to-search"),
    ],
)
def test_a_row_that_does_not_hold_what_it_says_is_not_kept(
    matcher: Matcher, chance: np.random.Generator, changed: dict[str, object]
) -> None:
    file = picture(chance)
    media_files.keep(file, NOW)
    assert media_files.is_kept(file.sha256)
    models.MediaFile.objects.update(**changed)
    assert not media_files.is_kept(file.sha256)
    media_files.keep(file, NOW)
    assert media_files.is_kept(file.sha256)


def test_key_frames_take_the_place_of_a_whole_that_cannot_be_read(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    whole = video(chance, 6)
    media_files.keep(whole, NOW)
    damage_file(whole.sha256)
    media_files.keep(replace(whole, is_whole=False), NOW)
    assert media_files.is_kept(whole.sha256)
    assert not media_files.is_kept(whole.sha256, is_whole=True)


def test_a_damaged_item_of_a_bank_of_ones_own_is_mended_by_hashing_into_it_and_stays_confirmed(
    matcher: Matcher, keeper: SegmentKeeper, chance: np.random.Generator
) -> None:
    work, ours = of_bytes(picture(chance), BODY), OwnBank("ours", "staff_a")
    assert hashed(work, ours) is Fate.HASHED
    (item,) = banks.items("ours")
    banks.confirm(item.id, "staff_b")
    alike = altered(chance, work, 10)
    damage_item(work.sha256)
    keeper.tidy(NOW)
    assert about() == {f"bank-frames {item.id}"}
    assert matcher.known(alike) == []

    assert hashed(work, ours) is Fate.HASHED
    (mended,) = banks.items("ours")
    matcher.index.look()
    (known,) = matcher.known(alike)
    assert known.item == mended.id
    assert (mended.added_by, mended.confirmed_by, mended.metadata) == ("staff_a", "staff_b", {"file": "a name"})
    assert matcher.status().left_out == []
    assert hashed(work, ours) is Fate.KNOWN
