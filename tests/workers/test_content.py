"""What a post holds is fetched and sealed once, and never in the way of hiding it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from amparo.cases.effects import EffectName
from amparo.cases.refs import CaseId, Subject
from amparo.connectors.connector import Fetched
from amparo.records import effects, models
from amparo.vault.errors import NotSealed
from amparo.workers.effects import carry_out
from tests.workers.world import World


def test_content_that_cannot_be_sealed_keeps_no_post_from_being_hidden(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise NotSealed("The disk is full.", "not_kept")

    monkeypatch.setattr(world.here.sealer, "seal", fail)
    _, case_id = world.report(world.site.post())
    world.work()
    assert world.case(case_id).hidden_at is not None
    assert world.alarms() == {"broken: fetch_content"}


def test_files_that_take_longer_than_a_lease_are_fetched_and_kept_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = world.here.connectors[world.platform]
    right, fetches = connector.fetch, list[Subject]()

    def fetch_slowly(subject: Subject) -> Fetched:
        fetches.append(subject)
        if len(fetches) == 1:
            # Its lease has ended, and another worker looks for what nobody does.
            world.clock[0] += timedelta(seconds=30)
            in_another_worker(lambda: carry_out(world.here, effects.neglected(world.clock[0])[0]))
        return right(subject)

    monkeypatch.setattr(connector, "fetch", fetch_slowly)
    _, case_id = world.report(world.site.post())
    world.work()
    world.run(70)
    content = world.case(case_id).content
    assert content is not None
    assert len(fetches) == 1
    assert _kept(case_id) == len(content.parts)


def test_content_that_is_held_already_is_not_kept_again(world: World) -> None:
    _, case_id = world.report(world.site.post())
    world.work()
    before = _kept(case_id)
    # A worker that died after the sealing and before its note: the effect is done once more.
    again = models.Effect.objects.filter(aggregate=case_id, name=EffectName.FETCH_CONTENT.value)
    assert again.update(done_at=None, outcome="") == 1
    world.run(70)
    assert again.get().outcome == "fetched"
    assert _kept(case_id) == before


def _kept(case_id: CaseId) -> int:
    return models.SealedObject.objects.filter(owner=case_id, kind="content").count()


def in_another_worker(work: Callable[[], None]) -> None:
    """Do something with a connection to the database of its own, and wait for it."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()
