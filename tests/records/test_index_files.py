"""The index on disk comes back by itself from whatever befalls it, and answers nothing wrong meanwhile."""

import logging
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from django.db import connection, transaction

from amparo.matching.fingerprint import Fingerprint
from amparo.matching.hamming import Found
from amparo.matching.postings import owners
from amparo.records import media_files, models
from amparo.records.live_index import LiveIndex, NotReady
from amparo.records.segment_keeper import SegmentKeeper, due_for_merging
from amparo.records.segments import IndexFolder, PartFile
from amparo.records.shelves import Shelf
from tests.records.fingerprints import picture

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class World:
    """A folder, who writes it, and a process that searches it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.chance = np.random.default_rng(7)
        self.kept: list[Fingerprint] = []
        self.keeper = SegmentKeeper(IndexFolder(path), least=20, most=200)
        self.index = LiveIndex(IndexFolder(path))

    @transaction.atomic
    def keep(self, number: int) -> None:
        for _ in range(number):
            self.kept.append(picture(self.chance))
            media_files.keep(self.kept[-1], NOW)

    def tidy(self) -> None:
        assert self.keeper.tidy(NOW)

    def parts(self) -> list[Path]:
        return sorted(self.path.glob("*.part"))

    def alarms(self) -> set[str]:
        return set(models.Alarm.objects.values_list("kind", flat=True))

    def assert_exact(self) -> None:
        """Every file is found by its hash, and nothing else is."""
        numbers = dict(models.MediaFile.objects.values_list("sha256", "id"))
        queries = np.concatenate([file.frames.hashes for file in self.kept])
        found = Found.together(list(self.index.search(Shelf.FILES, queries, 31)))
        order = np.argsort(found.query)
        assert owners(found.posting[order]).tolist() == [numbers[file.sha256] for file in self.kept]

    def again(self) -> None:
        """A process that has just started takes the place of the one that searches."""
        self.index.stop()
        self.index = LiveIndex(IndexFolder(self.path))

    def close(self) -> None:
        self.keeper.close()
        self.index.stop()


def wait_until_complete(index: LiveIndex) -> None:
    until = time.monotonic() + 30
    while not index.status().is_complete:
        assert time.monotonic() < until, index.status().why_not
        time.sleep(0.02)


@pytest.fixture
def world(no_media: None, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "index")
    yield made
    made.close()


def test_few_hashes_need_no_file(world: World) -> None:
    world.keep(5)
    world.tidy()
    assert world.parts() == []
    world.assert_exact()


def test_what_is_written_to_files_is_found_as_before_and_no_more_kept_in_memory(world: World) -> None:
    world.keep(30)
    world.assert_exact()
    assert world.index.status().newest["files"] == 30
    world.tidy()
    assert len(world.parts()) == 1
    world.index.look()
    assert world.index.status().newest["files"] == 0
    world.keep(3)
    world.index.look()
    world.assert_exact()
    world.again()
    world.assert_exact()
    assert world.index.status().newest["files"] == 3


def test_many_small_files_become_one_without_the_rows_that_are_gone(world: World) -> None:
    for _ in range(8):
        world.keep(20)
        world.tidy()
    gone = {file.sha256 for file in world.kept[::4]}
    assert len(world.parts()) == 1
    world.assert_exact()
    models.MediaFile.objects.filter(sha256__in=gone).delete()
    world.kept = [file for file in world.kept if file.sha256 not in gone]
    for _ in range(7):
        world.keep(20)
        world.tidy()
    shutil.rmtree(world.path)
    world.tidy()
    world.again()
    world.assert_exact()
    assert sum(world.index.status().hashes.values()) == len(world.kept)


def test_merging_leaves_out_what_is_gone(world: World) -> None:
    for number in range(8):
        if number == 7:
            models.MediaFile.objects.filter(sha256=world.kept[0].sha256).delete()
            models.MediaFile.objects.filter(sha256=world.kept[-1].sha256).delete()
            world.kept = world.kept[1:-1]
        world.keep(20)
        world.tidy()
    assert len(world.parts()) == 1
    world.assert_exact()
    assert world.index.status().hashes["files"] == 158


def test_eight_of_one_size_are_merged_and_no_part_becomes_too_large() -> None:
    def files(*sizes: int) -> list[PartFile]:
        return [PartFile(f"{place}", "", 0, size) for place, size in enumerate(sizes)]

    small, large = files(*[100] * 8), files(*[800] * 8)
    assert due_for_merging(small[:7], 100, 10_000) == ()
    assert due_for_merging(small, 100, 10_000) == small
    assert due_for_merging([*small[:7], *large[:7]], 100, 10_000) == ()
    assert due_for_merging(large, 100, 10_000) == large
    assert due_for_merging(large, 100, 6_000) == ()


def test_a_rebuild_writes_parts_of_a_size_and_can_be_searched_when_it_is_done(world: World) -> None:
    world.keep(450)
    world.tidy()
    assert len(world.parts()) == 3
    world.assert_exact()
    assert world.index.status().newest["files"] == 0


def test_too_many_hashes_for_memory_wait_for_the_worker(world: World) -> None:
    world.index = LiveIndex(IndexFolder(world.path), most_in_memory=25)
    world.keep(30)
    with pytest.raises(NotReady, match="worker"):
        world.assert_exact()
    assert not world.index.status().is_complete
    world.tidy()
    world.assert_exact()


def test_a_deleted_folder_is_made_anew(world: World) -> None:
    world.keep(30)
    world.tidy()
    shutil.rmtree(world.path)
    world.again()
    world.assert_exact()
    world.tidy()
    assert len(world.parts()) == 1
    world.again()
    world.assert_exact()


def flip(part: Path) -> None:
    whole = bytearray(part.read_bytes())
    whole[len(whole) // 2] ^= 1
    part.write_bytes(whole)


def cut(part: Path) -> None:
    os.truncate(part, part.stat().st_size - 4096 if part.stat().st_size > 4096 else 10)


def empty(part: Path) -> None:
    os.truncate(part, 0)


def delete(part: Path) -> None:
    part.unlink()


@pytest.mark.parametrize("damage", [flip, cut, empty, delete])
@pytest.mark.parametrize("is_running", [True, False], ids=["while searching", "before a start"])
def test_a_damaged_file_is_thrown_out_and_its_rows_are_read_again(
    world: World, damage: Callable[[Path], None], is_running: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        world.keep(30)
        world.tidy()
    world.assert_exact()
    damage(world.parts()[0])
    if not is_running:
        world.again()
    with caplog.at_level(logging.ERROR):
        world.assert_exact()
        world.tidy()
    assert len(world.parts()) == 2
    assert "index_damaged" in world.alarms()
    assert any("files-0" in record.getMessage() for record in caplog.records)
    assert not any(file.sha256 in record.getMessage() for record in caplog.records for file in world.kept)
    world.again()
    world.assert_exact()
    assert world.index.status().newest["files"] == 0


def test_a_process_whose_file_is_changed_says_so_at_once(world: World) -> None:
    world.keep(30)
    world.tidy()
    world.assert_exact()
    assert world.index.status().is_complete
    flip(world.parts()[0])
    status = world.index.status()
    assert not status.is_complete
    assert "changed" in status.why_not


def test_a_process_that_was_stopped_and_started_again_finds_its_way_out_of_damage(world: World) -> None:
    world.keep(30)
    world.tidy()
    world.index.start()
    world.index.stop()
    world.index.start()
    wait_until_complete(world.index)
    flip(world.parts()[0])
    assert not world.index.status().is_complete
    wait_until_complete(world.index)
    world.assert_exact()


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"sha256": "", "manifest": {}}'])
def test_a_damaged_manifest_is_as_good_as_none(world: World, text: bytes) -> None:
    world.keep(30)
    world.tidy()
    (world.path / "manifest.json").write_bytes(text)
    world.again()
    world.assert_exact()
    world.tidy()
    assert "index_damaged" in world.alarms()
    world.again()
    world.assert_exact()
    assert world.index.status().newest["files"] == 0


def test_the_index_of_another_database_is_not_used(world: World) -> None:
    world.keep(30)
    world.tidy()
    manifest = world.index.folder.manifest()
    with world.index.folder.writing():
        world.index.folder.publish(manifest.__class__("another", 9, manifest.since, manifest.parts))
    models.MediaFile.objects.filter(sha256=world.kept.pop().sha256).delete()
    world.again()
    world.assert_exact()
    assert world.index.status().newest["files"] == 29
    world.tidy()
    world.again()
    world.assert_exact()
    assert world.index.status().newest["files"] == 0


def test_a_full_disk_costs_nothing_but_speed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.keep(30)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        world.tidy()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert world.alarms() == {"index_disk"}
    assert any("make room" in record.getMessage() for record in caplog.records)
    assert [path.name for path in world.path.iterdir()] == ["writing.lock"]
    world.assert_exact()
    world.tidy()
    assert len(world.parts()) == 1
    world.assert_exact()


def test_one_process_writes_at_a_time(world: World) -> None:
    world.keep(30)
    other = SegmentKeeper(IndexFolder(world.path), least=20, most=200)
    with world.index.folder.writing() as is_ours:
        assert is_ours
        assert not other.tidy(NOW)
    assert world.parts() == []
    assert other.tidy(NOW)
    assert len(world.parts()) == 1
    other.close()


@pytest.mark.parametrize(
    "value",
    [b"", b"AMF1", b"\x00" * 200, b"AMF1\x01\x01\x00\x00\x00" + b"\x00" * 41],
    ids=["empty", "short", "zeros", "wrong length"],
)
def test_a_row_that_cannot_be_read_is_left_out_said_once_and_stops_no_other(
    world: World, value: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    world.keep(30)
    broken = models.MediaFile.objects.get(sha256=world.kept.pop(11).sha256).id
    models.MediaFile.objects.filter(id=broken).update(frames=value)
    with caplog.at_level(logging.ERROR):
        world.assert_exact()
        world.keep(1)
        world.index.look()
        world.assert_exact()
    said = [record.getMessage() for record in caplog.records if str(broken) in record.getMessage()]
    assert len(said) == 1
    assert world.index.status().left_out == [f"files {broken}"]
    world.tidy()
    assert "index_row" in world.alarms()
    world.again()
    world.assert_exact()


def test_a_changed_byte_of_a_row_is_noticed(world: World) -> None:
    world.keep(2)
    broken = min(models.MediaFile.objects.values_list("id", flat=True))
    with connection.cursor() as cursor:
        changed = "set_byte(frames, 30, 255 - get_byte(frames, 30))"
        cursor.execute(f"UPDATE records_mediafile SET frames = {changed} WHERE id = %s", [broken])  # noqa: S608
    world.index.look()
    assert world.index.status().left_out == [f"files {broken}"]
