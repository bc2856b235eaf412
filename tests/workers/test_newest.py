"""The watch over what platforms newly show: nothing is missed behind what is known, and nothing is fetched twice."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import IO

import numpy as np
import pytest

from amparo.cases.refs import Subject, SubjectKind
from amparo.catalogue.hashing import Hashing
from amparo.catalogue.holding import Holding
from amparo.catalogue.platform import Platform
from amparo.connectors.connector import ConnectorError
from amparo.matching.fingerprint import Fingerprint
from amparo.records import alarms, banks, media_files, models
from amparo.records.bank_values import May
from amparo.workers import listed, newest
from amparo.workers import look as module
from amparo.workers.shown import ShownBook
from tests.catalogue.doubles import made_up
from tests.records.fingerprints import altered, video
from tests.workers.listing import AWAY, GONE, KEY_REFUSED, STRANGE, File, ListingPlatform
from tests.workers.world import World, world_beside

KNOWN = b"known to a bank"


class Watch:
    """A worker's looks at one platform, a minute apart."""

    def __init__(self, world: World, platform: ListingPlatform) -> None:
        self.world, self.platform = world, platform

    def look(self, minutes: float = 1, opener: Callable[[IO[bytes]], Fingerprint] = made_up) -> list[str]:
        """Let time pass and look; return what was fetched."""
        return self.until(10**9, minutes=minutes, opener=opener)

    def until(self, files: int, minutes: float = 1, opener: Callable[[IO[bytes]], Fingerprint] = made_up) -> list[str]:
        """Look until so many files were opened, and then have the worker stop."""
        self.world.clock[0] += timedelta(minutes=minutes)
        stopped, opened = threading.Event(), list[None]()

        def counted(file: IO[bytes]) -> Fingerprint:
            opened.append(None)
            if len(opened) >= files:
                stopped.set()
            return opener(file)

        before = len(self.platform.fetched)
        newest.look(self.world.here, stopped, counted)
        return self.platform.fetched[before:]

    def calls(self) -> list[tuple[str, str]]:
        return [(each.kind, each.aggregate) for each in alarms.open_alarms()]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def watch(empty_books: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """A watch that is sure of the rest of a list after fewer files than else, so that short lists do."""
    monkeypatch.setattr(module, "_NEAREST", 10)
    monkeypatch.setattr(module, "_SURE_AFTER", 5)
    monkeypatch.setattr(listed, "_AT_ONCE", 4)
    # In their order, so that a test can say what was fetched when.
    monkeypatch.setattr(module, "_AT_A_TIME", 1)
    platform = ListingPlatform(datetime.now(UTC))
    for world in world_beside("listing", Quiet(), platform):  # type: ignore[arg-type]
        banks.create("ours", source="decisions", may=May.HIDE, now=world.clock[0])
        item = banks.add("ours", {"sha256": hashlib.sha256(KNOWN).hexdigest()}, "staff_a")
        banks.confirm(item.id, "staff_b")
        yield Watch(world, platform)


class Quiet:
    """A site without faults."""

    def faults(self, **faults: object) -> None:
        pass


def is_held(subject: Subject) -> bool:
    return models.Case.objects.filter(kind=subject.kind.value, subject_id=subject.id, state__isnull=False).exists()


def asked_at_upload(subject: Subject, body: bytes) -> None:
    """Note what the hook notes of an upload that it was asked about."""
    file = made_up(body)
    media_files.keep(file, datetime.now(UTC))
    media_files.show(subject, None, file.sha256, datetime.now(UTC))


def names(prefix: str, count: int) -> list[str]:
    """Newest first."""
    return [f"{prefix}{number}" for number in reversed(range(count))]


@pytest.mark.parametrize("is_told", [True, False], ids=["digests-are-told", "only-names-are-told"])
def test_each_file_of_a_post_is_looked_at_once(watch: Watch, is_told: bool) -> None:
    post = watch.platform.publish("album", File("one", b"1", is_told), File("two", KNOWN, is_told))
    assert watch.look() == ["one", "two"]
    assert is_held(post)
    assert watch.look() == []


@pytest.mark.parametrize("is_told", [True, False], ids=["digests-are-told", "only-names-are-told"])
def test_a_file_that_takes_the_place_of_another_is_looked_at(watch: Watch, is_told: bool) -> None:
    post = watch.platform.publish("changing", File("before", b"1", is_told))
    watch.look()
    watch.platform.replace(post, File("after", KNOWN, is_told))
    assert watch.look() == ["after"]
    assert is_held(post)


def test_a_file_that_takes_another_s_place_in_an_old_post_is_met_by_the_round_within_the_hour(watch: Watch) -> None:
    old = watch.platform.publish("old")
    for name in names("p", 14):
        watch.platform.publish(name)
    watch.look()
    watch.platform.replace(old, File("after", KNOWN))
    assert watch.look() == []
    assert watch.look(minutes=60) == ["after"]
    assert is_held(old)


def test_the_other_file_of_a_post_of_which_the_hook_was_asked_one_is_looked_at(watch: Watch) -> None:
    post = watch.platform.publish("half", File("asked", b"1"), File("not-asked", KNOWN))
    asked_at_upload(post, b"1")
    assert watch.look() == ["not-asked"]
    assert is_held(post)


def test_each_new_picture_of_a_live_room_is_looked_at(watch: Watch) -> None:
    room = watch.platform.publish("room", File("frame-1", b"1"), kind=SubjectKind.LIVE)
    assert watch.look() == ["frame-1"]
    watch.platform.replace(room, File("frame-1", b"1"), File("frame-2", KNOWN))
    assert watch.look() == ["frame-2"]
    assert is_held(room)
    assert watch.look() == []


def test_a_live_room_whose_list_tells_nothing_is_looked_at_anew_and_a_post_is_not(watch: Watch) -> None:
    watch.platform.publish("post", File("picture", b"1", is_told=False))
    room = watch.platform.publish("room", File("now", b"2", is_told=False), kind=SubjectKind.LIVE)
    watch.look()
    watch.platform.replace(room, File("now", KNOWN, is_told=False))
    assert "now" in watch.look()
    assert is_held(room)
    assert "picture" not in watch.platform.fetched[2:]


def test_what_the_hook_was_asked_about_hides_nothing_that_lies_behind_it(watch: Watch) -> None:
    for name in names("seen", 12):
        watch.platform.publish(name)
    watch.look()
    unasked = [watch.platform.publish(name) for name in names("unasked", 6)]
    for name in names("asked", 15):
        asked_at_upload(watch.platform.publish(name), name.encode())
    assert sorted(watch.look()) == sorted(post.id for post in unasked)


@pytest.mark.parametrize("why", ["stopped", "away", "refused"])
def test_a_look_that_was_broken_off_hides_nothing_that_lies_behind_it(watch: Watch, why: str) -> None:
    for name in names("seen", 12):
        watch.platform.publish(name)
    watch.look()
    for name in names("first", 40):
        watch.platform.publish(name)
    if why == "stopped":
        broken_off = watch.until(30)
    else:
        watch.platform.list_fails, watch.platform.fails_from_page = AWAY if why == "away" else KEY_REFUSED, 3
        broken_off = watch.look()
    assert len(broken_off) == 30
    watch.platform.list_fails = None
    for name in names("then", 3):
        watch.platform.publish(name)
    rest = watch.look()
    assert sorted(broken_off + rest) == sorted([*names("first", 40), *names("then", 3)])
    assert rest[0] == "then0"
    assert set(names("then", 3)) < set(rest[:6])


def test_when_nothing_is_new_only_the_beginning_of_the_list_is_asked_for(watch: Watch) -> None:
    for name in names("p", 30):
        watch.platform.publish(name)
    watch.look()
    before = watch.platform.pages
    assert watch.look() == []
    assert watch.platform.pages - before <= 2


def test_all_that_was_there_before_is_looked_at_step_by_step_and_what_is_new_comes_first(watch: Watch) -> None:
    for name in names("old", 30):
        watch.platform.publish(name)
    first, second = watch.until(12), watch.until(12)
    watch.platform.publish("new")
    third = watch.look()
    assert (len(first), len(second)) == (12, 12)
    assert third[0] == "new"
    assert sorted(first + second + third) == sorted([*names("old", 30), "new"])


def test_what_comes_while_no_look_has_come_to_its_end_is_not_passed_over(watch: Watch) -> None:
    for name in names("old", 15):
        watch.platform.publish(name)
    # The newest cannot be had, so the first look breaks off, and the round goes on behind them.
    for name in names("bad", 10):
        watch.platform.publish(name)
        watch.platform.file_fails[name] = AWAY
    watch.look()
    watch.platform.file_fails.clear()
    for name in names("then", 15):
        watch.platform.publish(name)
    watch.until(10)
    watch.look()
    assert set(names("then", 15)) <= set(watch.platform.fetched)


def test_ten_thousand_files_at_once_hold_no_stop_and_none_is_fetched_twice(watch: Watch) -> None:
    for name in names("p", 10_000):
        watch.platform.publish(name)
    looks = [watch.until(7) for _ in range(3)]
    assert [len(each) for each in looks] == [7, 7, 7]
    assert len({name for each in looks for name in each}) == 21


def test_what_amparo_hash_went_over_is_not_fetched_again(watch: Watch) -> None:
    for name in names("p", 5):
        watch.platform.publish(name, File(name, name.encode(), is_told=False))
    hashing = Hashing(ShownBook(watch.world.here), made_up, lambda: watch.world.clock[0], threading.Event())
    for item in Platform("listing", watch.platform, Holding()).items(None):
        hashing(item)
    assert watch.look() == []


@pytest.mark.parametrize("body", [b"damaged", b"crash"])
def test_no_file_keeps_others_from_being_looked_at(watch: Watch, body: bytes) -> None:
    known = watch.platform.publish("behind", File("behind", KNOWN))
    watch.platform.publish("bad", File("bad", body))
    watch.look()
    assert is_held(known)


@pytest.mark.parametrize("is_told", [True, False], ids=["digests-are-told", "only-names-are-told"])
def test_what_is_refused_is_noted_with_the_reason_and_fetched_no_more(watch: Watch, is_told: bool) -> None:
    watch.platform.publish("bad", File("bad", b"damaged", is_told))
    assert watch.look() == ["bad"]
    assert watch.look() == []
    assert watch.look(minutes=61) == []
    assert list(models.LookedAt.objects.values_list("why", "next_at")) == [("damaged", None)]


def test_what_nobody_can_open_is_held_where_its_bytes_are_known(watch: Watch) -> None:
    item = banks.add("ours", {"sha256": hashlib.sha256(b"damaged").hexdigest()}, "staff_a")
    banks.confirm(item.id, "staff_b")
    post = watch.platform.publish("bad", File("bad", b"damaged", is_told=False))
    watch.look()
    assert is_held(post)


@pytest.mark.parametrize("error", [AWAY, GONE], ids=["nobody-answers", "not-known"])
def test_what_cannot_be_had_is_asked_for_again_after_a_growing_time(watch: Watch, error: ConnectorError) -> None:
    watch.platform.publish("slow")
    watch.platform.file_fails["slow"] = error
    tried = [minute for minute in range(64) if watch.look()]
    assert tried == [0, 1, 3, 7, 15, 31, 63]


def test_what_can_be_had_again_is_looked_at_wherever_in_the_list_it_stands_by_then(watch: Watch) -> None:
    post = watch.platform.publish("slow", File("slow", KNOWN))
    watch.platform.file_fails["slow"] = AWAY
    watch.look()
    for name in names("p", 15):
        watch.platform.publish(name)
    watch.platform.file_fails.clear()
    assert "slow" in watch.look()
    assert is_held(post)
    assert "slow" not in watch.look(minutes=61)


def test_a_file_that_cannot_be_had_for_half_an_hour_calls_a_person_once(watch: Watch) -> None:
    watch.platform.publish("slow")
    watch.platform.file_fails["slow"] = AWAY
    for _ in range(31):
        watch.look()
    assert watch.calls() == []
    for _ in range(40):
        watch.look()
    assert watch.calls() == [("platform_trouble", "listing")]
    assert [each.times for each in alarms.open_alarms()] == [1]


def test_files_that_cannot_be_had_keep_none_behind_them_from_being_looked_at(watch: Watch) -> None:
    for name in names("good", 5):
        watch.platform.publish(name)
    for name in names("bad", 25):
        watch.platform.publish(name)
        watch.platform.file_fails[name] = AWAY
    fetched = [name for _ in range(4) for name in watch.look()]
    assert set(names("good", 5)) < set(fetched)


def test_a_refused_key_calls_a_person_at_once_and_not_each_minute(watch: Watch) -> None:
    watch.platform.list_fails = KEY_REFUSED
    watch.look()
    assert watch.calls() == [("platform_trouble", "listing")]
    for _ in range(50):
        watch.look()
    assert [each.times for each in alarms.open_alarms()] == [1]


def test_an_alarm_that_was_taken_up_rings_again_after_an_hour_if_nothing_changed(watch: Watch) -> None:
    watch.platform.list_fails = KEY_REFUSED
    watch.look()
    alarms.close(alarms.open_alarms()[0].id, "staff_lead", watch.world.clock[0])
    watch.look()
    assert watch.calls() == []
    watch.look(minutes=60)
    assert watch.calls() == [("platform_trouble", "listing")]


@pytest.mark.parametrize("error", [AWAY, STRANGE], ids=["nobody-answers", "no-list"])
def test_a_list_that_cannot_be_read_calls_a_person_after_five_minutes(watch: Watch, error: ConnectorError) -> None:
    watch.platform.list_fails = error
    for _ in range(5):
        watch.look()
    assert watch.calls() == []
    watch.look()
    assert watch.calls() == [("platform_trouble", "listing")]


def test_short_outages_call_nobody_however_many(watch: Watch) -> None:
    for _ in range(4):
        watch.platform.list_fails = AWAY
        for _ in range(3):
            watch.look()
        watch.platform.list_fails = None
        watch.look()
    assert watch.calls() == []


def test_a_key_that_is_refused_for_files_alone_calls_a_person(watch: Watch) -> None:
    watch.platform.publish("p")
    watch.platform.file_fails["p"] = KEY_REFUSED
    watch.look()
    assert watch.calls() == [("platform_trouble", "listing")]


def test_files_that_are_gone_by_the_time_they_are_asked_for_call_nobody_by_themselves(watch: Watch) -> None:
    for name in names("p", 12):
        watch.platform.publish(name)
        watch.platform.file_fails[name] = GONE
    for _ in range(40):
        watch.look()
    assert watch.calls() == []


def test_an_installation_that_opens_no_file_calls_a_person_after_five_minutes(watch: Watch) -> None:
    watch.platform.publish("p")
    watch.platform.publish("nowhere")
    for _ in range(5):
        watch.look()
    assert watch.calls() == []
    watch.look()
    assert watch.calls() == [("broken: the watch of what is new", "listing")]


def test_a_suspected_copy_of_which_not_all_can_be_had_is_asked_for_again(
    watch: Watch, chance: np.random.Generator
) -> None:
    work = video(chance, 20)
    banks.confirm(banks.add("ours", work, "staff_a").id, "staff_b")
    seen = altered(chance, work, 10)
    kept = {field.name: getattr(seen.frames, field.name)[:2] for field in fields(seen.frames)}
    key_frames = replace(
        seen, sha256=hashlib.sha256(b"suspected").hexdigest(), is_whole=False, frames=replace(seen.frames, **kept)
    )
    watch.platform.publish("suspected")
    watch.platform.whole_fails = AWAY
    for _ in range(2):
        watch.look(opener=lambda _: key_frames)
    assert watch.platform.asked_whole == 2
    watch.platform.whole_fails = None
    watch.look(minutes=2)
    assert watch.platform.asked_whole == 3
    watch.look(minutes=60)
    assert watch.platform.asked_whole == 3
