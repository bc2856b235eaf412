"""A claimed picture at work: what looks like it is hidden and judged by people, within limits, until the claim ends."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from amparo.api import hook
from amparo.api.joined import Joined
from amparo.api.looking import look_up as asked
from amparo.api.matching import PDQ
from amparo.cases.actor import Reporter
from amparo.cases.claim_commands import RenewClaim, StartClaim, VoteToEndClaim, WithdrawClaim
from amparo.cases.refs import ClaimId, NoticeId
from amparo.cases.refused import Refused
from amparo.cases.words import Age, Relation, Wanted, WhyClaimEnded
from amparo.matching.fingerprint import Fingerprint
from amparo.policies.policy import Budget, PolicyBook, Topic
from amparo.records import bank_acts, models
from amparo.records.bank_values import CLAIMED, BankError
from amparo.records.casebook import Enclosed
from amparo.records.forms import Form, commands_of
from amparo.records.picture_claims import PIPELINE, ClaimedPicture
from amparo.workers import backwards, matching
from tests.records.fingerprints import altered, picture
from tests.workers.listing import ListingPlatform
from tests.workers.test_backwards import case_of, online, wanted
from tests.workers.test_newest import Quiet
from tests.workers.world import LEAD, REVIEWER, World, world_beside


@pytest.fixture
def world(empty_books: None) -> Iterator[World]:
    yield from world_beside("listing", Quiet(), ListingPlatform(datetime.now().astimezone()))  # type: ignore[arg-type]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(27)


def claim(
    world: World,
    file: Fingerprint,
    *,
    network: str = "one",
    relation: Relation | None = None,
    age: Age | None = None,
    bits: int = 0,
) -> tuple[NoticeId, ClaimId]:
    """Have somebody claim a picture, by a code that differs in so many bits."""
    number = models.Notice.objects.count()
    hashed = bytearray(file.frames.hashes[0].tobytes())
    for bit in range(bits):
        hashed[bit // 8] ^= 1 << bit % 8
    notice, of = NoticeId(f"notice_{number}"), ClaimId(f"claim_{number}")
    code = ClaimedPicture(of, hashed.hex(), 100, PIPELINE)
    form = Form(notice, network, Topic.SEXUAL_PICTURE, relation=relation, age=age, is_sent=True, picture=code)
    commands = commands_of(form, None, world.here.casebook, world.here.regimes)
    world.here.casebook.execute(commands, enclosed=Enclosed(network=network, picture=code))
    step(world)
    return notice, of


def step(world: World) -> None:
    """Have the worker do what waits, and search what was shown before."""
    world.work()
    backwards.search(world.here, threading.Event())


def posted(world: World, file: Fingerprint, name: str) -> bool:
    """Have a post come; return whether it is to be hidden."""
    subject = online(world, file, name)
    matching.look_up(world.here, subject, file)
    return wanted(world, subject) is Wanted.HIDDEN


def is_kept_anywhere(code: str) -> bool:
    items = models.BankItem.objects.filter(signals__pdq__startswith=code).exists()
    return items or models.PictureClaim.objects.filter(pdq=code).exists()


def test_what_is_posted_later_is_hidden_and_put_before_a_person(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    claim(world, file)
    assert posted(world, altered(chance, file, 10), "later")
    case = case_of(world, online(world, altered(chance, picture(chance), 0), "other"))
    assert case is None
    (row,) = models.Case.objects.filter(subject_id="later")
    held = world.here.casebook.case(row.id)
    assert held is not None
    assert held.round is not None
    assert not held.kept_for
    assert [like.star.partition("_")[0] for like in held.likenesses] == ["claim"]
    assert not any(like.is_found for like in held.likenesses)


def test_what_was_posted_before_is_found_backwards(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    before = online(world, altered(chance, file, 12))
    claim(world, file)
    assert wanted(world, before) is Wanted.HIDDEN


def test_a_claim_hides_as_near_as_its_policy_says_and_no_farther(world: World, chance: np.random.Generator) -> None:
    change(world, radius=10)
    file = picture(chance)
    claim(world, file)
    assert posted(world, altered(chance, file, 10), "near")
    assert not posted(world, altered(chance, file, 12), "far")


def test_an_upload_is_not_blocked_for_a_claim_and_let_through_for_a_person(
    world: World, chance: np.random.Generator
) -> None:
    file = picture(chance)
    claim(world, file)
    looked = asked(Joined(), {PDQ: file.frames.hashes[0].tobytes().hex()}, 100)
    assert [found.bank for found in looked.found] == [CLAIMED]
    assert hook.decision_of(looked) == "flag"


def test_of_an_adult_only_the_person_shown_hides_and_anybody_asks(world: World, chance: np.random.Generator) -> None:
    seen, shown = picture(chance), picture(chance)
    claim(world, seen, relation=Relation.STRANGER, age=Age.ADULT)
    claim(world, shown, relation=Relation.DEPICTED, age=Age.ADULT)
    assert not posted(world, seen, "by a stranger")
    (row,) = models.Case.objects.filter(subject_id="by a stranger")
    assert row.round is not None
    assert posted(world, shown, "by who is shown")


def test_over_the_hides_of_a_claim_a_person_is_called_and_nothing_is_dropped(
    world: World, chance: np.random.Generator
) -> None:
    change(world, hides=Budget(2, 100))
    file = picture(chance)
    claim(world, file)
    hidden = [posted(world, altered(chance, file, 2 * number), f"post {number}") for number in range(4)]
    assert hidden == [True, True, False, False]
    assert models.Case.objects.filter(subject_id__startswith="post", round__isnull=False).count() == 4
    world.work()
    assert "over_budget" in world.alarms()


def test_over_the_codes_of_an_hour_each_waits_until_a_person_starts_it(
    world: World, chance: np.random.Generator
) -> None:
    change(world, budget=Budget(1, 100))
    first, second = picture(chance), picture(chance)
    claim(world, first)
    notice, of = claim(world, second)
    world.work()
    assert "claim_waits" in world.alarms()
    assert not posted(world, second, "while it waits")
    world.here.casebook.execute(StartClaim(notice, of, REVIEWER))
    step(world)
    assert posted(world, second, "once it works")
    claim(world, picture(chance), network="another")
    assert models.PictureClaim.objects.filter(works=False).count() == 0


def test_who_made_a_code_stops_it_alone_and_it_is_deleted_at_once(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    code = file.frames.hashes[0].tobytes().hex()
    notice, of = claim(world, file)
    assert posted(world, file, "before")
    world.here.casebook.execute(WithdrawClaim(notice, of, Reporter(notice)))
    assert not posted(world, file, "after")
    step(world)
    assert not is_kept_anywhere(code)
    assert models.Case.objects.get(subject_id="before").round is not None
    assert wanted_of(world, "before") is Wanted.HIDDEN


def test_one_person_cannot_end_a_claim_and_two_let_go_of_what_it_held(
    world: World, chance: np.random.Generator
) -> None:
    file = picture(chance)
    notice, of = claim(world, file)
    assert posted(world, file, "a famous picture")
    world.here.casebook.execute(VoteToEndClaim(notice, of, REVIEWER))
    with pytest.raises(Refused, match="Somebody else has to vote"):
        world.here.casebook.execute(VoteToEndClaim(notice, of, REVIEWER))
    step(world)
    assert posted(world, altered(chance, file, 4), "still found")
    world.here.casebook.execute(VoteToEndClaim(notice, of, LEAD))
    step(world)
    after = world.here.casebook.notice(notice)
    assert after is not None
    assert after.claims[0].ended is WhyClaimEnded.PEOPLE
    assert wanted_of(world, "a famous picture") is Wanted.SHOWN
    assert not posted(world, altered(chance, file, 6), "not found any more")


def test_a_claim_runs_out_unless_it_is_let_go_on(world: World, chance: np.random.Generator) -> None:
    forgotten, renewed = picture(chance), picture(chance)
    claim(world, forgotten)
    notice, of = claim(world, renewed)
    pass_by(world, days=150)
    world.here.casebook.execute(RenewClaim(notice, of, Reporter(notice)))
    pass_by(world, days=40)
    assert not posted(world, forgotten, "forgotten")
    assert posted(world, renewed, "renewed")
    assert not is_kept_anywhere(forgotten.frames.hashes[0].tobytes().hex())


def test_a_plain_picture_and_a_bank_changed_by_hand_are_refused(world: World, chance: np.random.Generator) -> None:
    file = picture(chance)
    claim(world, file)
    (item,) = models.BankItem.objects.filter(bank__name=CLAIMED)
    with pytest.raises(BankError):
        bank_acts.disable(item.id, world.clock[0] + timedelta(days=1), by=LEAD.id, now=world.clock[0])
    code = ClaimedPicture(ClaimId("claim_plain"), "0" * 64, 49, PIPELINE)
    plain = Form(NoticeId("notice_plain"), "one", Topic.SEXUAL_PICTURE, picture=code)
    commands = commands_of(plain, None, world.here.casebook, world.here.regimes)
    with pytest.raises(Refused, match="too plain"):
        world.here.casebook.execute(commands)


def change(world: World, **new: object) -> None:
    """Let every policy in force say this of claims."""
    changed = [replace(each, claims=replace(each.claims, **new)) for each in world.here.policies.current]  # type: ignore[arg-type]
    book = PolicyBook(changed)
    world.here.casebook.policies = book
    object.__setattr__(world.here, "policies", book)


def pass_by(world: World, *, days: int) -> None:
    world.run(seconds=days * 24 * 3600, step=24 * 3600.0)
    step(world)


def wanted_of(world: World, name: str) -> Wanted:
    case = world.here.casebook.case(models.Case.objects.get(subject_id=name).id)
    assert case is not None
    return case.wanted
