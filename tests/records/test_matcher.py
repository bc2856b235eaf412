"""What is known of a file and who else shows it: complete, at once, and never more than a hit may lead to."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import connection, connections, transaction

from amparo.cases.refs import CaseId, Subject, SubjectKind
from amparo.matching.fingerprint import Fingerprint, no_frames
from amparo.records import banks, media_files, models
from amparo.records.banks import May, Source
from amparo.records.live_index import LiveIndex, NotReady
from amparo.records.matcher import Matcher, Verdict, verdict
from amparo.records.segment_keeper import SegmentKeeper
from amparo.records.segments import IndexFolder
from tests.records.fingerprints import altered, compare, picture, turned, video

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CASE = CaseId("case_1")


@pytest.fixture
def matcher(no_media: None, tmp_path: Path) -> Iterator[Matcher]:
    made = Matcher(tmp_path / "index", compare, lambda: NOW)
    banks.create("ours", source="decisions", may=May.REMOVE, now=NOW)
    yield made
    made.index.stop()


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(3)


def post(number: int) -> Subject:
    return Subject("plaza", SubjectKind.POST, str(number))


def account(name: str) -> Subject:
    return Subject("plaza", SubjectKind.ACCOUNT, name)


def shown(file: Fingerprint, number: int) -> None:
    media_files.keep(file, NOW)
    media_files.show(post(number), account("a"), file.sha256, NOW)


def test_an_equal_file_may_do_what_its_bank_says_and_a_likeness_may_hide_at_most(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = picture(chance)
    item = banks.add("ours", work, "staff_a", CASE).id
    (equal,) = matcher.known(work)
    assert (equal.item, equal.bank, equal.may, equal.case) == (item, "ours", May.REMOVE, CASE)
    assert equal.match.is_exact
    (alike,) = matcher.known(altered(chance, work, 20))
    assert (alike.item, alike.may, alike.match.is_exact, alike.match.distance) == (item, May.HIDE, False, 20)
    banks.change("ours", may=May.REVIEW)
    assert [each.may for each in (*matcher.known(work), *matcher.known(altered(chance, work, 20)))] == [May.REVIEW] * 2


def test_an_equal_md5_hides_at_most_since_it_can_be_forged(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    banks.add("ours", {"md5": work.md5}, "staff_a", CASE)
    (known,) = matcher.known(work)
    assert (known.may, known.match.is_exact) == (May.HIDE, False)


def test_a_likeness_is_found_up_to_31_bits_and_no_further(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    banks.add("ours", work, "staff_a", CASE)
    assert [len(matcher.known(altered(chance, work, bits))) for bits in (31, 32)] == [1, 0]


@pytest.mark.parametrize("turn", range(8))
def test_a_turned_copy_of_a_work_is_found_in_both_directions(
    matcher: Matcher, chance: np.random.Generator, turn: int
) -> None:
    work = picture(chance)
    banks.add("ours", work, "staff_a", CASE)
    copy = turned(chance, work, turn)
    shown(copy, 1)
    assert [known.match.turn for known in matcher.known(copy)] == [turn]
    assert [(found.subject, found.match.turn) for found in matcher.copies(work)] == [(post(1), turn)]


@pytest.mark.parametrize(("turn", "undone"), list(enumerate([0, 3, 2, 1, 4, 5, 6, 7])))
def test_a_bare_hash_is_found_in_all_turns_of_what_comes_in(
    matcher: Matcher, chance: np.random.Generator, turn: int, undone: int
) -> None:
    came = picture(chance)
    item = banks.add("ours", {"pdq": came.frames.turns[0, turn].tobytes().hex()}, "staff_a", CASE)
    (known,) = matcher.known(came)
    assert (known.item, known.may, known.match.turn) == (item.id, May.HIDE, undone)


def test_every_copy_is_found_with_its_subject_and_account(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    files = [work, altered(chance, work, 5), altered(chance, work, 30)]
    with transaction.atomic():
        for number in range(500):
            shown(picture(chance), 1000 + number)
    for number, file in enumerate(files):
        shown(file, number)
    shown(files[1], 9)
    found = list(matcher.copies(work))
    assert [each.subject for each in found if each.match.is_exact] == [post(0)]
    assert sorted(int(each.subject.id) for each in found) == [0, 1, 2, 9]
    assert {each.account for each in found} == {account("a")}
    assert not any(each.is_suspicion for each in found)


def test_a_video_of_key_frames_alone_is_a_suspicion_until_all_of_it_is_hashed(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = video(chance, 20)
    whole = altered(chance, work, 10)
    few = replace(
        whole,
        is_whole=False,
        frames=replace(
            whole.frames,
            at_ms=whole.frames.at_ms[:2],
            turns=whole.frames.turns[:2],
            qualities=whole.frames.qualities[:2],
            is_trimmed=whole.frames.is_trimmed[:2],
        ),
    )
    banks.add("ours", work, "staff_a", CASE)
    shown(few, 1)
    assert [(each.is_suspicion, each.match.distance) for each in matcher.copies(work)] == [(True, 10)]
    (known,) = matcher.known(few)
    assert (known.is_suspicion, known.may) == (True, May.REVIEW)
    assert verdict(few, [known]) is Verdict.SUSPECTED
    (many,) = matcher.known(replace(whole, is_whole=False))
    assert (many.is_suspicion, many.may) == (True, May.REVIEW)
    shown(whole, 1)
    assert [(each.is_suspicion, each.subject) for each in matcher.copies(work)] == [(False, post(1))]
    assert [(each.is_suspicion, each.may) for each in matcher.known(whole)] == [(False, May.HIDE)]


def test_what_cannot_be_hashed_is_found_by_its_bytes_and_never_called_no_match(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    blank = picture(chance, quality=49)
    assert verdict(blank, matcher.known(blank)) is Verdict.NOT_HASHABLE
    shown(blank, 1)
    shown(altered(chance, blank, 1), 2)
    assert [each.subject for each in matcher.copies(blank)] == [post(1)]
    assert not banks.add("ours", blank, "staff_a", CASE).is_hashable
    assert verdict(blank, matcher.known(blank)) is Verdict.MATCH
    assert verdict(picture(chance), []) is Verdict.NO_MATCH


def test_what_does_not_count_is_not_known_from_that_moment(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    item = banks.add("ours", work, "staff_a").id
    near = altered(chance, work, 9)
    assert (matcher.known(work), matcher.known(near)) == ([], [])
    banks.confirm(item, "staff_b")
    assert len(matcher.known(near)) == 1
    banks.disable(item, NOW + timedelta(hours=1))
    assert matcher.known(near) == []
    banks.disable(item, None)
    banks.change("ours", is_enabled=False)
    assert (matcher.known(work), matcher.known(near)) == ([], [])
    banks.change("ours", is_enabled=True)
    assert len(matcher.known(near)) == 1
    banks.delete_item(item)
    assert (matcher.known(work), matcher.known(near)) == ([], [])


def test_a_deletion_that_is_taken_back_leaves_the_item_findable(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    item = banks.add("ours", work, "staff_a", CASE).id
    with transaction.atomic():
        banks.delete_item(item)
        assert matcher.known(altered(chance, work, 3)) == []
        transaction.set_rollback(True)
    assert len(matcher.known(altered(chance, work, 3))) == 1


def test_a_file_that_gives_way_to_a_better_hashed_one_is_found_throughout(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = video(chance, 8)
    copy = altered(chance, work, 4)
    shown(replace(copy, is_whole=False), 1)
    assert len(list(matcher.copies(work))) == 1
    media_files.keep(copy, NOW)
    media_files.keep(replace(copy, is_whole=False), NOW)
    assert len(list(matcher.copies(work))) == 1
    assert media_files.is_kept(copy.sha256, is_whole=True)
    assert models.MediaFile.objects.count() == 1


def test_a_file_that_nobody_could_open_is_found_by_equal_bytes_and_worth_hashing_again(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = picture(chance)
    closed = replace(work, frames=no_frames())
    shown(closed, 1)
    assert not media_files.is_kept(work.sha256)
    assert [copy.match.is_exact for copy in matcher.copies(work)] == [True]
    media_files.keep(work, NOW)
    media_files.keep(closed, NOW)
    assert media_files.is_kept(work.sha256)
    matcher.index.look()
    assert len(list(matcher.copies(altered(chance, work, 4)))) == 1


def test_signals_are_looked_up_as_others_ask(matcher: Matcher, chance: np.random.Generator) -> None:
    work, hashes = picture(chance), picture(chance).frames.hashes[0].tobytes().hex()
    banks.create("theirs", source="a list", confirmed_by="a hotline", now=NOW)
    ours = banks.add("ours", work, "staff_a", CASE).id
    theirs = banks.add("theirs", {"pdq": hashes, "photodna": "1,2,3"}, "an import", source=Source.LIST).id
    near = altered(chance, work, 12).frames.hashes[0].tobytes().hex()
    assert matcher.lookup("pdq", near) == [(ours, "ours", 12)]
    assert matcher.lookup("pdq", near, distance=11) == []
    assert matcher.lookup("pdq", near, banks={"theirs"}) == []
    assert matcher.lookup("pdq", hashes) == [(theirs, "theirs", 0)]
    assert matcher.lookup("photodna", " 1,2,3") == [(theirs, "theirs", 0)]
    assert matcher.lookup("sha256", work.sha256.upper()) == [(ours, "ours", 0)]
    assert matcher.lookup("md5", "0" * 32) == []


def test_a_list_of_frames_finds_the_video_it_is_of(matcher: Matcher, chance: np.random.Generator) -> None:
    work = video(chance, 6)
    item = banks.add("ours", work, "staff_a", CASE).id
    lines = ", ".join(f'"{each.tobytes().hex()},80,{n / 2}"' for n, each in enumerate(work.frames.hashes))
    listed = banks.add("ours", {"video_frames": f"[{lines}]"}, "staff_a", CASE).id
    assert matcher.lookup("video_frames", f"[{lines}]") == [(item, "ours", 0), (listed, "ours", 0)]


def test_thousands_of_copies_of_one_file_are_all_told(matcher: Matcher, chance: np.random.Generator) -> None:
    work = picture(chance)
    with transaction.atomic():
        media_files.keep(work, NOW)
        for number in range(1200):
            media_files.show(post(number), None, work.sha256, NOW)
        for number in range(250):
            shown(altered(chance, work, 3), 2000 + number)
    assert len({each.subject for each in matcher.copies(work)}) == 1450


def test_another_process_is_told_of_what_is_new(matcher: Matcher, chance: np.random.Generator, tmp_path: Path) -> None:
    """Its thread takes it in before anybody searches."""
    other = LiveIndex(IndexFolder(tmp_path / "other"))
    other.start()
    try:
        until = time.monotonic() + 30
        while not other.status().is_complete and time.monotonic() < until:
            time.sleep(0.01)
        shown(picture(chance), 1)
        while other.status().hashes["files"] != 1 and time.monotonic() < until:
            time.sleep(0.01)
        assert other.status().is_complete
        assert other.status().hashes["files"] == 1
    finally:
        other.stop()


def test_a_connection_that_breaks_is_made_again_and_nothing_is_answered_meanwhile(
    matcher: Matcher, chance: np.random.Generator
) -> None:
    work = picture(chance)
    matcher.known(work)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    banks.add("ours", work, "staff_a", CASE)
    time.sleep(0.1)  # Until what was read counts as old.
    with pytest.raises(NotReady, match="away"):
        matcher.known(work)
    assert len(matcher.known(work)) == 1


def test_searches_stay_whole_while_files_are_added_and_parts_written(matcher: Matcher, tmp_path: Path) -> None:
    """Whoever was shown when a search began is among the copies, whatever moves meanwhile."""
    chance = np.random.default_rng(9)
    work = picture(chance)
    count, ended, faults = [0], threading.Event(), list[str]()

    def search() -> None:
        while not ended.is_set():
            least = count[0]
            found = {each.subject.id for each in matcher.copies(work)}
            if len(found) < least:
                faults.append(f"{len(found)} of {least}")
        connections.close_all()

    keeper = SegmentKeeper(IndexFolder(tmp_path / "index"), least=10, most=10_000)
    with matcher:
        while not matcher.status().is_complete:
            time.sleep(0.01)
        searching = [threading.Thread(target=search) for _ in range(3)]
        for thread in searching:
            thread.start()
        for number in range(80):
            shown(altered(chance, work, 8), number)
            time.sleep(0.005)
            if number % 10 == 0:
                keeper.tidy(NOW)
            if number >= 40:
                count[0] = number - 39
        ended.set()
        for thread in searching:
            thread.join()
    keeper.close()
    assert faults == []
    assert len(list(tmp_path.glob("index/*.part"))) >= 1


def test_a_row_that_breaks_after_it_was_taken_in_stops_no_other(
    matcher: Matcher, chance: np.random.Generator, caplog: pytest.LogCaptureFixture
) -> None:
    work = picture(chance)
    for number in range(3):
        shown(altered(chance, work, 5), number)
    items = [banks.add("ours", altered(chance, work, 5), "staff_a", CASE).id for _ in range(3)]
    assert (len(list(matcher.copies(work))), len(matcher.known(work))) == (3, 3)
    broken = models.MediaFile.objects.order_by("id").values_list("id", flat=True)[0]
    models.MediaFile.objects.filter(id=broken).update(frames=b"broken")
    models.BankItem.objects.filter(id=items[0]).update(frames=b"broken")
    assert len(list(matcher.copies(work))) == 2
    assert {known.item for known in matcher.known(work)} == set(items[1:])
    said = [record.getMessage() for record in caplog.records]
    assert any(f"row {broken} of files " in each for each in said)
    assert any(f"row {items[0]} of bank-frames " in each for each in said)
