"""Moving a practice home's clock on: what is due happens in its order, as if somebody had waited for it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amparo.cases.clock_events import AlarmRaised, ClockExpired, EscalatedToLead
from amparo.cases.refs import CaseId
from amparo.cli.clock import Stop, advance
from amparo.home import BadSettings
from amparo.practice import PracticeClock
from amparo.records import effects, heartbeats
from tests.workers.world import World

# One platform is enough: what is asked here is not what a platform does.
pytestmark = pytest.mark.parametrize("world", ["plaza"], indirect=True)


@pytest.fixture
def clock(world: World, tmp_path: Path) -> PracticeClock:
    """The clock of a practice home, by which this world lives from now on."""
    clock = PracticeClock(tmp_path / "practice-clock")
    world.here.casebook.now = clock.now
    heartbeats.beat("worker", clock.now())
    return clock


def advanced(world: World, clock: PracticeClock, length: timedelta, patience_seconds: float = 20.0) -> list[Stop]:
    def work(_: float) -> None:
        world.waiting += effects.neglected(clock.now())
        world.work()

    return list(advance(world.here, clock, length, pause=work, patience_seconds=patience_seconds))


def history(world: World, case: CaseId) -> list[tuple[str, int]]:
    """Return what time did to a case, each with its minute since the first event."""
    entries = world.here.casebook.entries(case)
    first = entries[0].at
    happened = [entry for entry in entries if isinstance(entry.event, (ClockExpired, AlarmRaised, EscalatedToLead))]
    return [(type(entry.event).__name__, round((entry.at - first) / timedelta(minutes=1))) for entry in happened]


def _raised(world: World, case: CaseId) -> list[AlarmRaised]:
    return [entry.event for entry in world.here.casebook.entries(case) if isinstance(entry.event, AlarmRaised)]


def test_hours_without_anybody_ring_every_alarm_in_its_order(world: World, clock: PracticeClock) -> None:
    notice, case = world.report(world.site.post())
    world.work()
    began = clock.now()

    stops = advanced(world, clock, timedelta(hours=5))

    assert clock.now() - began >= timedelta(hours=5)
    assert [stop.at for stop in stops] == sorted(stop.at for stop in stops)
    first_looks = [stop for stop in stops if stop.clock.startswith("first_look")]
    assert len(first_looks) > 5
    assert {"look_due", "lead_wanted"} <= world.alarms()
    assert world.told(notice)
    assert world.case(case).is_open


def test_a_moved_clock_makes_the_same_history_as_a_clock_that_passes(world: World, clock: PracticeClock) -> None:
    post = world.site.post()
    _, moved = world.report(post)
    world.work()
    advanced(world, clock, timedelta(minutes=50))
    by_moving = history(world, moved)

    world.here.casebook.now = lambda: world.clock[0]
    world.clock[0] = datetime.now(UTC)
    _, waited = world.report(world.site.post())
    world.work()
    world.run(50 * 60, step=20)

    assert len(by_moving) > 6
    assert by_moving == history(world, waited)


def test_without_a_worker_the_clock_stays_where_it_is(world: World, clock: PracticeClock) -> None:
    heartbeats.beat("worker", clock.now() - timedelta(minutes=5))
    with pytest.raises(BadSettings, match="No worker is running"):
        advanced(world, clock, timedelta(hours=1))
    assert clock.ahead == timedelta()


def test_what_is_due_now_is_done_although_the_platform_does_not_answer(world: World, clock: PracticeClock) -> None:
    _, case = world.report(world.site.post())
    world.site.faults(down=True)

    advanced(world, clock, timedelta(minutes=20), patience_seconds=0.1)

    assert "look_due" in {event.alarm.value for event in _raised(world, case)}
