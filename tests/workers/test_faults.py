"""What becomes of each fault of a platform: an alarm within a minute and true words, never a false "hidden" or "gone".

The worker's own steps run against a real Plaza, and against the example site behind the webhook connector, with a real
database; only the time between them is virtual.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from amparo.cases.case_commands import VoteToKeep
from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import Seen, Told, Wanted
from tests.workers.world import LEAD, REVIEWER, World


def test_without_a_fault_a_post_is_seen_hidden_and_its_content_sealed(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    case = world.case(case_id)
    assert case.hidden_at is not None
    assert case.content is not None
    assert case.owner == Subject(world.platform, SubjectKind.ACCOUNT, str(made["account"]))
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 404
    assert world.told(notice) == [Told.HIDDEN]
    assert world.alarms() == set()
    world.run(70)
    assert world.visible_changes(made) == 1


def test_a_platform_that_is_away_and_then_knows_nothing_is_asked_on(world: World) -> None:
    made = world.site.post()
    world.site.faults(down=True)
    notice, case_id = world.report(made)
    world.work()
    world.site.faults()
    with nothing_known(world):
        world.run(5)
    assert Told.LINK_NOT_FOUND in world.told(notice)
    world.run(120)
    assert world.case(case_id).hidden_at is not None


@contextmanager
def nothing_known(world: World) -> Iterator[None]:
    """Let the platform answer "unknown" to every order and question about a subject."""
    connector = world.here.connectors[world.platform]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "hide"):
            right = getattr(connector, name)
            patch.setattr(
                connector, name, lambda subject, right=right, **more: right(replace(subject, id="nothing0here"), **more)
            )
        yield


def test_a_platform_that_lies_rings_an_alarm_and_nobody_says_hidden(world: World) -> None:
    world.site.faults(lies=True)
    notice, case_id = world.report(world.site.post())
    world.work()
    assert world.case(case_id).hidden_at is None
    world.run(59)
    assert "not_hidden" in world.alarms()
    assert Told.NOT_HIDDEN_YET in world.told(notice)
    assert Told.HIDDEN not in world.told(notice)
    world.site.faults()
    world.run(70)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN


def test_a_platform_that_lies_about_a_removal_is_never_called_gone(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.site.faults(lies=True)
    world.remove(case_id)
    world.run(59)
    assert world.case(case_id).gone_at is None
    assert Told.GONE not in world.told(notice)
    assert "not_gone" in world.alarms()
    world.site.faults()
    world.run(120)
    assert world.case(case_id).gone_at is not None


def test_a_post_that_comes_back_rings_an_alarm_and_is_hidden_again(world: World) -> None:
    world.site.faults(unhides_after_s=0)
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    # The platform has hidden and shown it again before, or just after, the first look.
    world.run(59)
    assert {"came_back", "not_hidden"} & world.alarms()
    assert {Told.CAME_BACK, Told.NOT_HIDDEN_YET} & set(world.told(notice))
    case = world.case(case_id)
    assert case.hidden_at is None or case.seen is not Seen.SHOWN
    world.site.faults()
    world.run(400)
    assert world.case(case_id).hidden_at is not None
    assert world.case(case_id).seen is Seen.HIDDEN


def test_a_lost_answer_rings_an_alarm_and_the_page_is_believed(world: World) -> None:
    world.site.faults(times_out_after_work=3)
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.site.faults()
    assert "platform_trouble" in world.alarms()
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice) == [Told.HIDDEN]
    world.run(20)
    assert world.visible_changes(made) == 1


def test_a_platform_that_forgets_keys_rings_an_alarm_and_nothing_flickers(world: World) -> None:
    world.site.faults(forgets_keys=True)
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    assert "forgets_keys" in world.alarms()
    assert world.case(case_id).hidden_at is not None
    world.run(120)
    assert world.visible_changes(made) == 1


def test_a_platform_that_is_down_rings_an_alarm_and_is_asked_until_it_answers(world: World) -> None:
    made = world.site.post()
    world.site.faults(down=True)
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    assert {"platform_trouble", "not_hidden"} <= world.alarms()
    assert world.case(case_id).hidden_at is None
    assert Told.HIDDEN not in world.told(notice)
    world.site.faults()
    world.run(120)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN
    assert world.visible_changes(made) == 1


def test_a_site_that_goes_down_later_is_not_said_to_show_or_hide_anything_new(world: World) -> None:
    notice, case_id = world.report(world.site.post())
    world.work()
    seen_at = world.case(case_id).seen_at
    world.site.faults(down=True)
    world.run(59)
    assert world.case(case_id).seen_at == seen_at
    assert world.told(notice) == [Told.HIDDEN]
    assert "platform_trouble" in world.alarms()


def test_a_link_that_names_nothing_is_not_called_hidden(world: World) -> None:
    notice, case_id = world.report({"url": f"{world.site.base_url}/post/nothing0here"})
    world.work()
    world.run(59)
    assert world.told(notice) == [Told.LINK_NOT_FOUND]
    case = world.case(case_id)
    assert (case.hidden_at, case.gone_at) == (None, None)
    assert case.clocks


def test_what_its_author_deleted_is_gone_when_nobody_can_open_it(world: World) -> None:
    notice, case_id = world.report({"url": f"{world.site.base_url}/post/nothing0here"})
    world.work()
    world.remove(case_id)
    world.run(10)
    case = world.case(case_id)
    # Plaza answers "not found", which is not its word for removed: nobody sees it, and a person is told to look.
    assert case.gone_at is None
    assert Told.GONE not in world.told(notice)


def test_a_refusal_by_two_shows_the_post_again_and_that_is_seen_too(world: World) -> None:
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    case = world.case(case_id)
    assert case.content is not None
    policies = tuple(ground.policy for ground in case.open_grounds)
    for person in (REVIEWER, LEAD):
        world.here.casebook.execute(VoteToKeep(case_id, 1, policies, "not_sexual", case.content.digest, person))
    world.work()
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 200
    assert (world.case(case_id).wanted, world.case(case_id).seen) == (Wanted.SHOWN, Seen.SHOWN)
    assert world.told(notice)[-1] is Told.KEPT


def test_an_effect_that_breaks_keeps_no_other_from_being_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.site.post()
    _, case_id = world.report(made)

    def break_down(subject: Subject) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    connector = world.here.connectors[world.platform]
    monkeypatch.setattr(connector, "fetch", break_down)
    world.work()
    assert world.case(case_id).hidden_at is not None
    assert "broken: fetch_content" in world.alarms()
    monkeypatch.undo()
    world.run(70)
    assert world.case(case_id).content is not None


def test_a_platform_taken_out_of_the_settings_rings_an_alarm_and_loses_nothing(world: World) -> None:
    _, case_id = world.report(world.site.post())
    connectors = dict(world.here.connectors)
    world.here.connectors.clear()  # type: ignore[attr-defined]
    world.work()
    world.run(31)
    assert {"broken: hide", "not_hidden"} <= world.alarms()
    world.here.connectors.update(connectors)  # type: ignore[attr-defined]
    world.run(70)
    assert world.case(case_id).hidden_at is not None
