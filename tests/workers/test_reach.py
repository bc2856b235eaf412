"""How many people saw it, from a real platform's own counters. Hiding never waits for a count."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from amparo.cases.actor import Reporter, Reviewer
from amparo.cases.case_commands import DecideRemoval
from amparo.cases.effects import EffectName
from amparo.cases.exposure import Exposure, Spread
from amparo.cases.notice_commands import OpenNotice, PlacedLink
from amparo.cases.refs import CaseId, StaffId, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Suspend
from amparo.connectors.connector import Answer, ConnectorError, Reach
from amparo.policies.policy import Topic
from amparo.records import models
from tests.workers.world import World


def _seen_by(world: World, made: dict[str, Any], people: int) -> None:
    for _ in range(people):
        assert world.site.stranger.get(f"/post/{made['id']}").status_code == 200


def _exposure(world: World, case_id: CaseId) -> Exposure:
    exposure = world.case(case_id).exposure
    assert exposure is not None
    return exposure


def test_five_before_the_notice_two_after_it_and_nobody_after_the_hide(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.site.post()
    _seen_by(world, made, 5)
    connector = world.here.connectors[world.platform]
    was_read, reach, hide, orders = threading.Event(), connector.reach, connector.hide, list[str]()

    def read(subject: Subject) -> Reach | None:
        try:
            return reach(subject)
        finally:
            was_read.set()

    def hide_late(subject: Subject, *, key: str) -> Answer:
        """Two more people see it between the first reading and the hide."""
        if not orders:
            assert was_read.wait(timeout=20)
            _seen_by(world, made, 2)
        orders.append(key)
        return hide(subject, key=key)

    monkeypatch.setattr(connector, "reach", read)
    monkeypatch.setattr(connector, "hide", hide_late)
    reported_at = world.clock[0]
    _, case_id = world.report(made)
    world.work()
    world.run(70)
    assert world.case(case_id).hidden_at is not None
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 404
    world.run(600)
    exposure = _exposure(world, case_id)
    assert exposure.views == Spread(before_notice=5, after_notice=2, after_hide=0)
    assert exposure.reshares == (Spread(0) if world.platform == "plaza" else None), "only Plaza counts them"
    assert exposure.first_read_at == reported_at
    assert exposure.read_at >= reported_at + timedelta(minutes=5), "it is counted again at every look"
    assert world.here.casebook.refold(case_id)


def test_what_no_rule_hides_by_itself_is_counted_until_a_person_removed_it(world: World) -> None:
    made = world.site.post()
    _seen_by(world, made, 5)
    subject = world.here.place(str(made["url"]))
    assert isinstance(subject, Subject)
    notice = world.here.casebook.new_notice_id()
    policy = world.here.policies.for_notice(Topic.SPAM, is_adult=False)
    link = PlacedLink(subject, UNKNOWN_YET)
    reporter = Reporter(notice)
    world.here.casebook.execute(OpenNotice(notice, Topic.SPAM, policy.ref, None, (link,), frozenset(), True, reporter))
    world.work()
    _seen_by(world, made, 2)
    case_id = world.here.casebook.notice(notice).cases[0]  # type: ignore[union-attr]
    case = world.case(case_id)
    assert case.content is not None
    reviewer = Reviewer(StaffId("staff_reviewer"))
    world.clock[0] += timedelta(minutes=3)
    world.here.casebook.execute(
        DecideRemoval(case_id, 1, case.open_grounds[0].policy, case.content.digest, Suspend.NO, reviewer)
    )
    world.work()
    assert world.case(case_id).gone_at is not None
    assert _exposure(world, case_id).views == Spread(before_notice=5, after_notice=2, after_hide=0)


def test_a_platform_that_does_not_count_in_time_hides_first_and_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.site.post()
    _seen_by(world, made, 3)
    connector = world.here.connectors[world.platform]
    hidden, hide = threading.Event(), connector.hide

    def hide_and_tell(subject: Subject, *, key: str) -> Answer:
        answer = hide(subject, key=key)
        hidden.set()
        return answer

    monkeypatch.setattr(connector, "hide", hide_and_tell)

    def never_in_time(subject: Subject) -> Reach | None:
        assert hidden.wait(timeout=20), "the hide waited for the count"
        raise ConnectorError("It did not answer in time.", permanent=False, code="timeout")

    monkeypatch.setattr(connector, "reach", never_in_time)
    _, case_id = world.report(made)
    world.work()
    case = world.case(case_id)
    assert case.hidden_at is not None
    assert case.exposure is None
    assert case.troubles == 0
    assert world.alarms() == set()
    monkeypatch.undo()
    world.run(70)
    exposure = _exposure(world, case_id)
    assert exposure.views == Spread(before_notice=3)
    # What was read first after the hide cannot tell before from after the notice; the time says so.
    assert exposure.first_read_at > case.hidden_at
    assert not _waiting(case_id)


def test_a_counter_that_cannot_be_read_at_all_is_given_up_without_telling_anybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(subject: Subject) -> Reach | None:
        raise ConnectorError("Plaza does not know that subject.", permanent=True, code="unknown_subject")

    monkeypatch.setattr(world.here.connectors[world.platform], "reach", refused)
    notice, case_id = world.report(world.site.post())
    world.work()
    assert [told.value for told in world.told(notice)] == ["hidden"]
    assert world.case(case_id).exposure is None
    assert world.alarms() == set()
    assert not _waiting(case_id)


def test_readings_that_failed_do_not_pile_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(subject: Subject) -> Reach | None:
        raise ConnectorError("Plaza could not be reached.", permanent=False, code="unreachable")

    monkeypatch.setattr(world.here.connectors[world.platform], "reach", away)
    _, case_id = world.report(world.site.post())
    world.work()
    world.run(1200, step=5)
    assert len(_waiting(case_id)) == 1


def test_an_account_is_counted_by_nobody(world: World) -> None:
    account = world.site.account()
    _, case_id = world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    assert world.case(case_id).exposure is None
    assert not _waiting(case_id)


def _waiting(case_id: CaseId) -> list[str]:
    of_case = models.Effect.objects.filter(aggregate=case_id, name=EffectName.READ_REACH.value, done_at__isnull=True)
    return list(of_case.values_list("key", flat=True))
