"""What begins to count is found among all that was shown before, by the worker, however often it is killed."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from amparo import plugins
from amparo.cases.case import Case
from amparo.cases.refs import CaseId, Subject
from amparo.cases.words import Wanted, WhyRound
from amparo.matching.fingerprint import Fingerprint
from amparo.media.fingerprint import fingerprint
from amparo.records import alarms, bank_acts, bank_searches, banks, media_files, models
from amparo.records.bank_values import FOR_GOOD, Item, May, Source
from amparo.records.live_index import NotReady
from amparo.workers import backwards
from tests.plaza.running_plaza import RunningPlaza
from tests.records.fingerprints import altered, picture, video
from tests.workers.listing import AWAY, File, ListingPlatform
from tests.workers.test_copies import as_jpeg, is_open, posted, shown
from tests.workers.test_copies import case_of as case_of_post
from tests.workers.test_copies import picture as drawn
from tests.workers.test_newest import Quiet
from tests.workers.world import LEAD, REVIEWER, World, world_beside

A_PERSON = "staff_who_entered_it"


@pytest.fixture
def beside_plaza(empty_books: None, plaza: RunningPlaza) -> Iterator[World]:
    yield from world_beside("plaza", plaza, plaza.connector())


@pytest.fixture
def world(empty_books: None) -> Iterator[World]:
    """An installation beside a platform in memory."""
    yield from world_beside("listing", Quiet(), ListingPlatform(datetime.now().astimezone()))  # type: ignore[arg-type]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(11)


def bank(world: World, may: May = May.HIDE, *, confirmed_by: str = "") -> None:
    banks.create("ours", source="decisions", may=may, now=world.clock[0], confirmed_by=confirmed_by)


def entered(what: Fingerprint | dict[str, str]) -> Item:
    return banks.add("ours", what, A_PERSON)


def confirmed(world: World, what: Fingerprint | dict[str, str]) -> int:
    item = entered(what).id
    bank_acts.confirm(item, by=REVIEWER.id, now=world.clock[0])
    return item


def online(world: World, file: Fingerprint, name: str = "before") -> Subject:
    """Have a file shown that was looked at when nothing like it was known."""
    platform = world.here.connectors["listing"]
    assert isinstance(platform, ListingPlatform)
    subject = platform.publish(name)
    media_files.keep(file, world.clock[0])
    media_files.show(subject, None, file.sha256, world.clock[0])
    return subject


def step(world: World, stopped: threading.Event | None = None) -> int:
    """Have the worker search as far as it comes."""
    return backwards.search(world.here, stopped or threading.Event())


def case_of(world: World, subject: Subject) -> Case | None:
    row = models.Case.objects.filter(kind="post", subject_id=subject.id, state__isnull=False).first()
    return None if row is None else world.case(CaseId(row.id))


def wanted(world: World, subject: Subject) -> Wanted | None:
    case = case_of(world, subject)
    return None if case is None else case.wanted


def test_a_post_of_before_is_gone_from_its_page_once_its_file_is_banked_and_confirmed(
    beside_plaza: World, plaza: RunningPlaza
) -> None:
    made, other = posted(plaza, as_jpeg(drawn(21))), posted(plaza, as_jpeg(drawn(22)))
    shown(beside_plaza, made, as_jpeg(drawn(21)))
    shown(beside_plaza, other, as_jpeg(drawn(22)))
    bank(beside_plaza)
    item = entered(fingerprint(plugins.sandbox(), as_jpeg(drawn(21)[:, ::-1], 60), is_whole=True, is_work=True)).id
    step(beside_plaza)
    beside_plaza.work()
    assert is_open(plaza, made)
    bank_acts.confirm(item, by=REVIEWER.id, now=beside_plaza.clock[0])
    step(beside_plaza)
    beside_plaza.work()
    assert not is_open(plaza, made)
    assert is_open(plaza, other)


def test_what_a_bank_only_asks_about_waits_for_a_person_and_stays_shown(
    beside_plaza: World, plaza: RunningPlaza
) -> None:
    made = posted(plaza, as_jpeg(drawn(23)))
    bank(beside_plaza, May.REVIEW)
    confirmed(beside_plaza, fingerprint(plugins.sandbox(), as_jpeg(drawn(23))))
    shown(beside_plaza, made, as_jpeg(drawn(23)))
    beside_plaza.work()
    beside_plaza.run(seconds=5 * 24 * 3600, step=3600)
    case = case_of_post(beside_plaza, made)
    assert case is not None
    assert case.round is not None
    assert (case.wanted, case.round.why, case.is_open) == (Wanted.SHOWN, WhyRound.MATCH, True)
    assert case.likenesses[0].only_asks
    assert case.content is not None
    assert is_open(plaza, made)


def test_a_bank_that_hides_hides_what_another_only_asked_about(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    bank(world, May.REVIEW)
    subject = online(world, file)
    confirmed(world, file)
    step(world)
    assert wanted(world, subject) is Wanted.SHOWN
    banks.create("theirs", source="decisions", may=May.HIDE, now=world.clock[0])
    bank_acts.confirm(banks.add("theirs", file, A_PERSON).id, by=LEAD.id, now=world.clock[0])
    step(world)
    assert wanted(world, subject) is Wanted.HIDDEN


def test_what_a_bank_only_asked_about_is_hidden_once_it_hides(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    bank(world, May.REVIEW)
    subject = online(world, altered(chance, file, 6))
    confirmed(world, file)
    step(world)
    case = case_of(world, subject)
    assert case is not None
    assert case.round is not None
    assert case.wanted is Wanted.SHOWN
    bank_acts.change("ours", may=May.HIDE, by=LEAD.id, now=world.clock[0])
    assert step(world) == 1
    assert wanted(world, subject) is Wanted.HIDDEN
    bank_acts.change("ours", may=May.REVIEW, by=LEAD.id, now=world.clock[0])
    assert step(world) == 0
    assert wanted(world, subject) is Wanted.HIDDEN


@pytest.mark.parametrize("known_by", ["likeness", "sha256", "md5", "pdq"])
def test_an_item_finds_by_whatever_it_is_known_by(world: World, chance: np.random.Generator, known_by: str) -> None:
    file = picture(chance)
    what = {
        "likeness": altered(chance, file, 10),
        "sha256": {"sha256": file.sha256},
        "md5": {"md5": file.md5},
        "pdq": {"pdq": file.frames.hashes[0].tobytes().hex()},
    }[known_by]
    subject, other = online(world, file), online(world, picture(chance), "other")
    bank(world)
    confirmed(world, what)
    step(world)
    assert wanted(world, subject) is Wanted.HIDDEN
    assert case_of(world, other) is None


def test_a_file_that_nobody_could_open_is_held_for_its_digest(world: World, chance: np.random.Generator) -> None:
    file = picture(chance, quality=0)
    subject = online(world, file)
    bank(world)
    confirmed(world, {"sha256": file.sha256})
    step(world)
    assert wanted(world, subject) is Wanted.HIDDEN


def test_what_came_with_a_confirmed_list_is_searched_for_without_anybody_else(
    world: World, chance: np.random.Generator
) -> None:
    file = picture(chance)
    subject = online(world, file)
    bank(world, confirmed_by="a hotline")
    banks.add("ours", {"md5": file.md5}, A_PERSON, source=Source.LIST)
    step(world)
    assert wanted(world, subject) is Wanted.HIDDEN


@pytest.mark.parametrize("what", ["item", "bank"])
def test_what_is_enabled_again_is_searched_for(world: World, chance: np.random.Generator, what: str) -> None:
    file = picture(chance)
    bank(world)
    item, now = confirmed(world, file), world.clock[0]
    if what == "item":
        bank_acts.disable(item, FOR_GOOD, by=LEAD.id, now=now)
    else:
        bank_acts.change("ours", is_enabled=False, by=LEAD.id, now=now)
    subject = online(world, file)
    step(world)
    assert case_of(world, subject) is None
    if what == "item":
        bank_acts.enable(item, by=LEAD.id, now=now)
    else:
        bank_acts.change("ours", is_enabled=True, by=LEAD.id, now=now)
    step(world)
    assert wanted(world, subject) is Wanted.HIDDEN


def test_what_is_disabled_until_a_moment_is_searched_for_from_then_on(
    world: World, chance: np.random.Generator
) -> None:
    bank(world)
    item, until = confirmed(world, picture(chance)), world.clock[0] + timedelta(hours=1)
    step(world)
    bank_acts.disable(item, until, by=LEAD.id, now=world.clock[0])
    assert step(world) == 0
    assert bank_searches.count_left("ours", world.clock[0]) == 0
    world.clock[0] = until
    assert bank_searches.count_left("ours", world.clock[0]) == 1
    assert step(world) == 1


@pytest.mark.parametrize("what", ["item", "bank", "deleted"])
def test_what_is_taken_back_before_it_was_searched_for_holds_nothing(
    world: World, chance: np.random.Generator, what: str
) -> None:
    file = picture(chance)
    subject = online(world, file)
    bank(world)
    item, now = confirmed(world, file), world.clock[0]
    match what:
        case "item":
            bank_acts.disable(item, FOR_GOOD, by=LEAD.id, now=now)
        case "bank":
            bank_acts.change("ours", is_enabled=False, by=LEAD.id, now=now)
        case _:
            bank_acts.delete("ours", by=LEAD.id, now=now)
    step(world)
    assert case_of(world, subject) is None
    assert bank_searches.newest_due(now) is None


class KilledAfter(threading.Event):
    """Stops the worker before the item that comes after so many."""

    def __init__(self, items: int) -> None:
        super().__init__()
        self._left = items

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_a_worker_that_is_killed_between_two_items_goes_on_behind_them(
    world: World, chance: np.random.Generator
) -> None:
    files = [picture(chance) for _ in range(5)]
    subjects = [online(world, file, str(number)) for number, file in enumerate(files)]
    bank(world, May.REVIEW)
    for file in files:
        confirmed(world, file)
    models.BankSearch.objects.all().delete()
    bank_acts.change("ours", may=May.HIDE, by=LEAD.id, now=world.clock[0])
    assert bank_searches.count_left("ours", world.clock[0]) == 5
    assert step(world, KilledAfter(2)) == 2
    assert [wanted(world, subject) for subject in subjects] == [Wanted.HIDDEN] * 2 + [None] * 3
    assert bank_searches.count_left("ours", world.clock[0]) == 3
    assert step(world) == 3
    assert [wanted(world, subject) for subject in subjects] == [Wanted.HIDDEN] * 5
    assert step(world) == 0


def test_an_item_that_was_searched_for_twice_changes_nothing(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    subject = online(world, file)
    bank(world)
    item = confirmed(world, file)
    step(world)
    world.work()
    before = case_of(world, subject)
    bank_acts.enable(item, by=LEAD.id, now=world.clock[0])
    assert step(world) == 1
    assert case_of(world, subject) == before


def test_one_item_does_not_wait_behind_a_whole_bank(world: World, chance: np.random.Generator) -> None:
    bank(world, May.REVIEW)
    for _ in range(3):
        confirmed(world, picture(chance))
    step(world)
    bank_acts.change("ours", may=May.HIDE, by=LEAD.id, now=world.clock[0])
    file = picture(chance)
    subject = online(world, file)
    confirmed(world, file)
    assert step(world, KilledAfter(1)) == 1
    assert wanted(world, subject) is Wanted.HIDDEN


def test_a_find_that_cannot_be_held_now_keeps_no_other_and_is_tried_again(
    world: World, chance: np.random.Generator
) -> None:
    work = video(chance, 20)
    seen = altered(chance, work, 10)
    key_frames = {name: getattr(seen.frames, name)[:2] for name in ("at_ms", "turns", "qualities", "is_trimmed")}
    part = Fingerprint(
        hashlib.sha256(b"suspected").hexdigest(), "0" * 32, seen.kind, seen.duration_ms, seen.every_ms, False,
        type(seen.frames)(**key_frames), seen.pipeline,
    )  # fmt: skip
    suspected, equal = online(world, part, "suspected"), online(world, work, "equal")
    platform = world.here.connectors["listing"]
    assert isinstance(platform, ListingPlatform)
    platform.replace(suspected, File("suspected", b"suspected"))
    platform.whole_fails = AWAY
    bank(world)
    confirmed(world, work)
    step(world)
    assert (wanted(world, equal), platform.asked_whole) == (Wanted.HIDDEN, 1)
    assert [each.kind for each in alarms.open_alarms()] == ["broken: the search backwards"]
    step(world)
    world.clock[0] += timedelta(minutes=6)
    step(world)
    assert platform.asked_whole == 2


def test_an_index_that_says_nothing_loses_no_search_and_calls_a_person_after_a_while(
    world: World, chance: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = picture(chance)
    subject = online(world, file)
    bank(world)
    confirmed(world, file)

    def not_ready(*_: object, **__: object) -> None:
        raise NotReady("It is being read.")

    with monkeypatch.context() as index:
        index.setattr(plugins.matcher().index, "assure", not_ready)
        assert step(world) == 0
        assert alarms.open_alarms() == []
        world.clock[0] += timedelta(minutes=6)
        assert step(world) == 0
    assert [each.kind for each in alarms.open_alarms()] == ["broken: the search backwards"]
    assert step(world) == 1
    assert wanted(world, subject) is Wanted.HIDDEN
