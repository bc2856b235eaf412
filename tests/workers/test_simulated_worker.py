"""The simulated worker does what the real one does: on a real platform and in memory, the same events come about."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from amparo.cases.actor import Reporter, Staffing, Voter
from amparo.cases.case import Case
from amparo.cases.case_commands import DecideRemoval
from amparo.cases.effects import EffectName
from amparo.cases.events import Entry
from amparo.cases.notice_commands import OpenNotice, PlacedLink
from amparo.cases.platform_events import ReachRead
from amparo.cases.refs import CaseId, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Suspend
from amparo.policies.policy import Topic
from amparo.records import models
from amparo.simulate.founding_case import ACCOUNT, PLATFORM, POST, founding_case
from amparo.simulate.platform import SimulatedPlatform
from amparo.simulate.worker import CARRIED_OUT, SimulatedWorker
from amparo.simulate.world import World as SimulatedWorld
from tests.simulate.replays import SHIPPED
from tests.workers.world import LEAD, REVIEWER, World

Kinds = dict[str, list[tuple[str, str]]]
"""The events of each aggregate, by what it is of: each event's name with its actor's."""


def test_every_effect_that_the_core_knows_is_carried_out() -> None:
    assert set(EffectName) == CARRIED_OUT


@pytest.mark.parametrize("reported", ["post", "account"])
def test_what_is_reported_and_removed_leaves_the_same_events_behind_as_with_the_real_worker(
    world: World,
    reported: str,
) -> None:
    real = _real(world, reported)
    assert {"CaseOpened", "HideRequested", "Observed", "ContentRecorded", "RemovalDecided"} <= {
        event for event, _ in real["post"]
    }
    assert _simulated(POST if reported == "post" else ACCOUNT) == real


def _real(world: World, reported: str) -> Kinds:
    made = world.site.post()
    link = made if reported == "post" else {"url": f"{world.site.base_url}/user/{made['account']}"}
    notice, _ = world.report(link)
    world.work()
    ids = {row.kind: row.id for row in models.Case.objects.all()}
    world.here.casebook.execute(_removal(world.case(CaseId(ids["post"]))))
    world.work()
    ids = {"notice": notice, **{row.kind: row.id for row in models.Case.objects.all()}}
    return {name: _kinds(world.here.casebook.entries(each)) for name, each in ids.items()}


def _simulated(reported: Subject) -> Kinds:
    """Live the same in memory. Little enough time passes that no clock is due, as with the real worker."""
    case, seconds = founding_case(), timedelta(seconds=1)
    staffing = Staffing((Voter(LEAD.id, True, True), Voter(REVIEWER.id, False, True)))
    memory = SimulatedWorld(SHIPPED, staffing, case.posted, 0, frozenset())
    platform = SimulatedPlatform(PLATFORM, memory.time, 0 * seconds)
    platform.post(ACCOUNT, None, case.posted)
    platform.post(POST, ACCOUNT, case.posted)
    SimulatedWorker(memory, platform, 0 * seconds, lambda kind, about: None)
    notice, policy = memory.casebook.new_notice_id(), SHIPPED.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    links = (PlacedLink(reported, UNKNOWN_YET),)
    memory.execute(
        OpenNotice(notice, Topic.SEXUAL_PICTURE, policy.ref, None, links, frozenset(), True, Reporter(notice))
    )
    memory.time.run_until(case.posted + 6 * seconds)
    memory.execute(_removal(next(each for each in memory.casebook.cases() if each.subject == POST)))
    memory.time.run_until(case.posted + 12 * seconds)
    ids = {"notice": notice, **{each.subject.kind.value: each.id for each in memory.casebook.cases()}}
    return {name: _kinds(memory.casebook.entries(each)) for name, each in ids.items()}


def _removal(case: Case) -> DecideRemoval:
    digest = None if case.content is None else case.content.digest
    return DecideRemoval(case.id, 1, case.open_grounds[0].policy, digest, Suspend.FOR_A_TIME, LEAD)


def _kinds(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    # Plaza counts views; the platform in memory does not.
    told = [entry for entry in entries if not isinstance(entry.event, ReachRead)]
    return [(type(entry.event).__name__, type(entry.actor).__name__) for entry in told]
