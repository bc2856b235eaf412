"""Reported accounts: their media wait for review, and a suspension is seen."""

from datetime import timedelta

from amparo.cases.actor import Connector
from amparo.cases.case_commands import RecordObservation
from amparo.cases.refs import CaseId
from amparo.cases.words import Seen, Suspend, Wanted
from amparo.records import models
from tests.workers.world import World


def test_a_reported_account_has_its_media_hidden_for_review(world: World) -> None:
    account = world.site.account()
    made = [world.site.post(account) for _ in range(3)]
    world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    assert [world.site.stranger.get(f"/post/{each['id']}").status_code for each in made] == [404, 404, 404]
    assert world.site.stranger.get(f"/user/{account}").status_code == 200


def test_over_the_hours_budget_an_accounts_media_wait_for_a_person(world: World) -> None:
    account = world.site.account()
    made = [world.site.post(account) for _ in range(3)]
    budget = next(p for p in world.here.policies.current if p.name == "child-imagery").on_report.budget
    models.AutomaticHide.objects.bulk_create(
        models.AutomaticHide(at=world.clock[0], network="", policy="child-imagery/media")
        for _ in range(budget.in_all_per_hour - 1)
    )
    world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    seen = [world.site.stranger.get(f"/post/{each['id']}").status_code for each in made]
    assert sorted(seen) == [200, 200, 404]
    assert "over_budget" in world.alarms()


def test_with_the_removal_the_account_is_suspended_and_seen_suspended(world: World) -> None:
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    world.remove(case_id, Suspend.FOR_A_TIME)
    world.work()
    assert world.site.stranger.get(f"/user/{made['account']}").status_code in (403, 404)


def test_a_suspension_that_has_run_out_is_not_called_a_drift(world: World) -> None:
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    world.remove(case_id, Suspend.FOR_A_TIME)
    world.work()
    row = models.Case.objects.get(kind="account")
    account = CaseId(row.id)
    world.clock[0] += timedelta(days=31)
    world.site.unsuspend(str(made["account"]))
    world.here.casebook.execute(RecordObservation(account, Seen.SHOWN, True, Connector(world.platform)))
    assert world.case(account).wanted is Wanted.SHOWN
    assert "came_back" not in world.alarms()
