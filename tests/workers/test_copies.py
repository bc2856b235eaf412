"""Copies of a reported file on a real platform: found, hidden, and gone with the decision or by one key each."""

import io
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from amparo import plugins
from amparo.cases.actor import Reviewer
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval, VoteToKeep
from amparo.cases.refs import CaseId, StaffId, Subject, SubjectKind
from amparo.cases.words import Suspend, Wanted
from amparo.matching.fingerprint import Fingerprint
from amparo.media.fingerprint import fingerprint
from amparo.records import models
from amparo.records.matcher import Verdict
from amparo.workers import hashing, matching, newest
from tests.media.clips import as_video, changed, moving
from tests.plaza.running_plaza import RunningPlaza
from tests.workers.world import LEAD, REVIEWER, World, world_beside

Picture = np.ndarray


@pytest.fixture
def world(empty_books: None, plaza: RunningPlaza) -> Iterator[World]:
    """An installation beside Plaza alone."""
    yield from world_beside("plaza", plaza, plaza.connector())


def picture(seed: int) -> Picture:
    return moving(seed)[0]


def as_jpeg(pixels: Picture, quality: int = 90) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).resize((480, 360)).save(file, "JPEG", quality=quality)
    return file.getvalue()


def posted(plaza: RunningPlaza, content: bytes, account: str | None = None) -> dict[str, str]:
    """Have a member post a file; return the subject."""
    handle = account or plaza.account()
    answer = plaza.member(handle).post("/new", data={"text": "Look."}, files={"media": ("a", content)})
    assert answer.status_code == 303, answer.text
    number = answer.headers["location"].rsplit("/", 1)[-1]
    return {"kind": "post", "id": number, "url": f"{plaza.base_url}/post/{number}", "account": handle}


def shown(world: World, made: dict[str, str], content: bytes) -> Fingerprint:
    """Have it hashed, as what is online is."""
    file = fingerprint(plugins.sandbox(), content)
    subject = Subject("plaza", SubjectKind.POST, made["id"])
    account = Subject("plaza", SubjectKind.ACCOUNT, made["account"])
    matching.take_up(world.here, subject, account, file)
    return file


def case_of(world: World, made: dict[str, str]) -> Case | None:
    row = models.Case.objects.filter(kind="post", subject_id=made["id"], state__isnull=False).first()
    return None if row is None else world.case(CaseId(row.id))


def is_open(plaza: RunningPlaza, made: dict[str, str]) -> bool:
    return plaza.stranger.get(made["url"]).status_code == 200


def keep(world: World, case_id: CaseId) -> None:
    for who in (REVIEWER, LEAD):
        case = world.case(case_id)
        digest = None if case.content is None else case.content.digest
        grounds = tuple(ground.policy for ground in case.open_grounds)
        world.here.casebook.execute(VoteToKeep(case_id, case.rounds, grounds, "not_sexual", digest, who))


def test_copies_of_a_reported_picture_are_hidden_and_others_are_not(world: World, plaza: RunningPlaza) -> None:
    file = as_jpeg(picture(1))
    copies = [file, as_jpeg(picture(1), 40), as_jpeg(picture(1)[:, ::-1])]
    made = [posted(plaza, each) for each in copies]
    other = posted(plaza, as_jpeg(picture(2)))
    for each, content in zip(made, copies, strict=True):
        shown(world, each, content)
    shown(world, other, as_jpeg(picture(2)))
    reported = posted(plaza, file)
    world.report(reported)
    world.work()
    assert not any(is_open(plaza, each) for each in [reported, *made])
    assert is_open(plaza, other)
    assert case_of(world, other) is None
    assert [case.likenesses[0].is_exact for each in made if (case := case_of(world, each))] == [True, False, False]


def test_equal_files_go_with_the_decision_and_near_ones_wait(world: World, plaza: RunningPlaza) -> None:
    file, near = as_jpeg(picture(3)), as_jpeg(picture(3), 40)
    made = [posted(plaza, each) for each in (file, near)]
    for each, content in zip(made, (file, near), strict=True):
        shown(world, each, content)
    _, case_id = world.report(posted(plaza, file))
    world.work()
    world.remove(case_id)
    world.work()
    equal, alike = (case_of(world, each) for each in made)
    assert equal is not None
    assert alike is not None
    assert (equal.wanted, equal.round) == (Wanted.REMOVED, None)
    assert (alike.wanted, alike.round is None) == (Wanted.HIDDEN, False)


def test_what_two_people_keep_sets_its_copies_free_and_is_not_known_any_more(world: World, plaza: RunningPlaza) -> None:
    file, near = as_jpeg(picture(4)), as_jpeg(picture(4), 40)
    made = posted(plaza, near)
    shown(world, made, near)
    _, case_id = world.report(posted(plaza, file))
    world.work()
    assert not is_open(plaza, made)
    keep(world, case_id)
    world.work()
    assert is_open(plaza, made)
    again = posted(plaza, near)
    subject = Subject("plaza", SubjectKind.POST, again["id"])
    verdict = matching.take_up(world.here, subject, None, fingerprint(plugins.sandbox(), near))
    assert verdict is Verdict.NO_MATCH
    assert case_of(world, again) is None


@pytest.mark.parametrize("is_same", [True, False])
def test_what_was_removed_and_is_posted_again_is_taken_up_without_a_report(
    world: World, plaza: RunningPlaza, is_same: bool
) -> None:
    file = as_jpeg(picture(5))
    _, case_id = world.report(posted(plaza, file))
    world.work()
    world.remove(case_id)
    world.work()
    again = posted(plaza, file if is_same else as_jpeg(picture(5)[:, ::-1], 60))
    shown(world, again, file if is_same else as_jpeg(picture(5)[:, ::-1], 60))
    world.work()
    case = case_of(world, again)
    assert case is not None
    assert not is_open(plaza, again)
    assert case.wanted is (Wanted.REMOVED if is_same else Wanted.HIDDEN)
    assert case.likenesses[0].star == case_id


def test_a_clip_is_found_inside_a_compilation_with_its_times(world: World, plaza: RunningPlaza) -> None:
    clip = moving(6)
    compilation = as_video([*moving(7), *changed(clip, "mirrored"), *moving(8)])
    made = posted(plaza, compilation)
    shown(world, made, compilation)
    world.report(posted(plaza, as_video(clip)))
    world.work()
    case = case_of(world, made)
    assert case is not None
    assert not is_open(plaza, made)
    (found,) = case.likenesses[0].ranges
    assert abs(found.item_from_ms - 10_000) <= 1_000
    assert abs(found.item_to_ms - 20_000) <= 1_000


def test_a_file_that_cannot_be_opened_is_known_by_its_digest(world: World, plaza: RunningPlaza) -> None:
    broken = as_jpeg(picture(9))[:300]
    copy = posted(plaza, broken)
    reported = posted(plaza, broken)
    world.report(reported)
    world.work()
    case = case_of(world, reported)
    assert case is not None
    matching.take_up(
        world.here,
        Subject("plaza", SubjectKind.POST, copy["id"]),
        None,
        hashing.of_part(case.content.parts[-1]),
    )
    world.work()
    assert not is_open(plaza, copy)


def test_what_comes_back_on_a_site_that_does_not_ask_is_held_at_the_next_look(
    world: World, plaza: RunningPlaza
) -> None:
    file = as_jpeg(picture(11))
    _, case_id = world.report(posted(plaza, file))
    world.work()
    world.remove(case_id)
    world.work()
    again, other = posted(plaza, as_jpeg(picture(11), 50)), posted(plaza, as_jpeg(picture(12)))
    assert newest.look(world.here, threading.Event()) >= 2
    world.work()
    assert not is_open(plaza, again)
    assert is_open(plaza, other)
    assert newest.look(world.here, threading.Event()) == 0


def test_what_was_kept_and_is_removed_after_all_has_its_copies_sought_again(world: World, plaza: RunningPlaza) -> None:
    file, near = as_jpeg(picture(13)), as_jpeg(picture(13), 40)
    made, reported = posted(plaza, near), posted(plaza, file)
    shown(world, made, near)
    _, case_id = world.report(reported)
    world.work()
    keep(world, case_id)
    world.work()
    assert is_open(plaza, made)
    world.report(reported)
    world.work()
    case = world.case(case_id)
    digest = None if case.content is None else case.content.digest
    newcomer = Reviewer(StaffId("staff_third"))
    models.Staff.objects.create(
        id=newcomer.id, username="third", role="reviewer", enrolled_at=world.clock[0], approved_by="x",
        approved_at=world.clock[0],
    )  # fmt: skip
    policy = case.open_grounds[0].policy
    world.here.casebook.execute(DecideRemoval(case_id, case.rounds, policy, digest, Suspend.NO, newcomer))
    world.work()
    assert not is_open(plaza, made)
    again = posted(plaza, file)
    shown(world, again, file)
    world.work()
    assert not is_open(plaza, again)


def test_what_was_removed_unseen_is_found_again_and_never_goes_by_itself(world: World, plaza: RunningPlaza) -> None:
    file = as_jpeg(picture(14))
    reported = posted(plaza, file)
    _, case_id = world.report(reported)
    # Decided before anything of it was fetched.
    world.remove(case_id)
    world.work()
    again = posted(plaza, file)
    shown(world, again, file)
    world.work()
    case = case_of(world, again)
    assert case is not None
    assert (case.wanted, case.round is None) == (Wanted.HIDDEN, False)
    assert not is_open(plaza, again)


def test_a_worker_that_does_it_all_twice_changes_nothing(world: World, plaza: RunningPlaza) -> None:
    file = as_jpeg(picture(15))
    made = posted(plaza, file)
    shown(world, made, file)
    _, case_id = world.report(posted(plaza, file))
    world.work()
    world.remove(case_id)
    world.work()
    before = {row.id: row.seq for row in models.Case.objects.all()}
    items = models.BankItem.objects.count()
    names = ["hash_content", "find_copies", "bank"]
    models.Effect.objects.filter(name__in=names).update(done_at=None, next_try_at=world.clock[0])
    world.waiting += sorted(before)
    world.work()
    assert {row.id: row.seq for row in models.Case.objects.all()} == before
    assert models.BankItem.objects.count() == items
