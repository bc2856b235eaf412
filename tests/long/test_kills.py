"""A thousand random kill -9 of door, worker, vault and postmaster under load: nothing acknowledged is ever lost.

Every so often the database stays down for some seconds: its supervisor is stopped, so that it cannot start it again,
and then the postmaster is killed; or the postmaster and all its sessions are stopped in the middle of what they do, as
by a disk that hangs. The kills of the others go on meanwhile. What the door acknowledges then came through the spool.

The policies of this world have a larger budget of automatic hides than the shipped ones: over 2,000 an hour a person
is called instead of hiding, which is not what is tried here. `AMPARO_KILLS=50` is for a quick try, whose figures are
printed and not written down.
"""

import os
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from amparo.cli.demo import World, running_world
from amparo.cli.visitor import Visitor
from amparo.plugins import read_policies
from amparo.policies.deadlines import deadlines
from amparo.policies.policy import ClockName, PolicyBook, Topic
from amparo.postgres import database_url
from amparo.records.invariants import SQL
from tests.long import processes
from tests.long.reporters import Acknowledged, Said, report_until
from tests.long.results import write_down

_WHOLE = 1000
KILLS = int(os.environ.get("AMPARO_KILLS", _WHOLE))
PEOPLE = 3
# A door takes some seconds to start, and only one that runs acknowledges anything.
_KINDS = {"door": 2, "worker": 3, "vault": 3, "postmaster": 3}
_KINDS_IN_AN_OUTAGE = {"door": 1, "worker": 2, "vault": 2}
_OUTAGE_EVERY_KILLS = 12
_SETTLES_WITHIN_SECONDS = 240.0
_REGIMES = frozenset({"US", "GB"})
_SOME_TIME = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.long
def test_random_kills_lose_nothing_that_was_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with running_world(free_ports=True, prepare=_with_a_large_budget) as world:
        said, stop = Said(), threading.Event()
        people = [threading.Thread(target=report_until, args=(world, said, stop, n)) for n in range(PEOPLE)]
        for person in people:
            person.start()
        killed, outages = _kill_at_random(world, said)
        time.sleep(5)
        stop.set()
        for person in people:
            person.join()
        started = time.monotonic()
        waiting = _wait_until_taken_in(world)
        hidden = _wait_until_hidden(said)
        settled = time.monotonic() - started
        opened = sum(_opens(world, code) for code in said.codes)
        judged = _judge(world, said)
        flickers = sum(_visible_changes(world, report.post) != 1 for report in said.reports.values())
    count = len(said.reports)
    figures = {
        "kills": (", ".join(f"{kind} {number}" for kind, number in sorted(killed.items())), True),
        "outages of the database": (f"{len(outages)}, {sum(outages):.0f} s in all", bool(outages)),
        "reports acknowledged": (count, count > KILLS / 2),
        "of these through the spool": (said.by_spool, said.by_spool > 0),
        "acknowledged reports lost": (judged["lost"], judged["lost"] == 0),
        "acknowledged posts hidden in the end": (f"{hidden} of {count}", hidden == count),
        "codes shown that open their page": (f"{opened} of {len(said.codes)}", opened == len(said.codes)),
        "records that wait in the spool in the end": (waiting, waiting == 0),
        "reports that came at another time than they were sent": (judged["untimely"], judged["untimely"] == 0),
        "reports whose clocks start at another time than they came": (judged["unclocked"], judged["unclocked"] == 0),
        "open cases and notices without a running clock": (judged["stopped"], judged["stopped"] == 0),
        "breaches of the invariants": (judged["breaches"], judged["breaches"] == 0),
        "posts whose state changed other than once": (flickers, flickers == 0),
        "seconds until all was hidden after the last kill": (round(settled), True),
    }
    print("\n" + "\n".join(f"  {name:<60} {value}" for name, (value, _) in figures.items()))
    print(f"  what the people met besides: {dict(said.troubles)}")
    if KILLS >= _WHOLE:
        write_down("kill -9", figures)
    assert all(held for _, held in figures.values()), figures


def _with_a_large_budget(home: Path) -> None:
    for file in (home / "policies").glob("*.toml"):
        text = file.read_text()
        larger = text.replace("in_all_per_hour = 2000", "in_all_per_hour = 100000")
        assert larger != text, file.name
        file.write_text(larger)


def _kill_at_random(world: World, said: Said) -> tuple[Counter[str], list[float]]:
    """Kill until it is enough; return how many of each kind, and how long each outage lasted."""
    draw = random.Random(20261121)
    up = world.processes["amparo"].pid
    killed: Counter[str] = Counter()
    outages: list[float] = []
    while (count := sum(killed.values())) < KILLS:
        if count // _OUTAGE_EVERY_KILLS > len(outages):
            outages.append(_outage(up, draw, killed))
        time.sleep(draw.uniform(0.3, 1.7))
        _kill_one(up, draw, _drawn(draw, _KINDS), killed)
        at = sum(killed.values())
        if at % 10 == 0 and at != count:
            print(f"{at}/{KILLS} kills, {len(said.reports)} reports, {said.by_spool} by spool", flush=True)
    return killed, outages


def _outage(up: int, draw: random.Random, killed: Counter[str]) -> float:
    """Take the database away for some seconds, and go on killing the others; return how long."""
    started = time.monotonic()
    stopped = processes.supervisors(up)
    for supervisor in stopped:
        processes.stop(supervisor)
    try:
        if draw.random() < 0.7:
            _kill_one(up, draw, "postmaster", killed)
        else:
            frozen = processes.servers(up)
            stopped = [*frozen, *stopped]
            for server in frozen:
                processes.stop(server)
        for _ in range(draw.randint(3, 6)):
            time.sleep(draw.uniform(0.5, 2.0))
            _kill_one(up, draw, _drawn(draw, _KINDS_IN_AN_OUTAGE), killed)
    finally:
        for each in stopped:
            processes.go_on(each)
    return time.monotonic() - started


def _drawn(draw: random.Random, kinds: dict[str, int]) -> str:
    return draw.choices(list(kinds), list(kinds.values()))[0]


def _kill_one(up: int, draw: random.Random, kind: str, killed: Counter[str]) -> None:
    found = processes.victims(up)[kind]
    if found:
        processes.kill(draw.choice(found))
        killed[kind] += 1


def _wait_until_taken_in(world: World) -> int:
    """Return how many records wait in the spool, those set aside included, when there are none or time is up."""
    folder, until = world.home / "spool", time.monotonic() + _SETTLES_WITHIN_SECONDS
    while (waiting := len(list(folder.rglob("notice_*")))) and time.monotonic() < until:
        time.sleep(0.5)
    return waiting


def _wait_until_hidden(said: Said) -> int:
    stranger = httpx.Client(trust_env=False)
    waiting = {report.post for report in said.reports.values()}
    until = time.monotonic() + _SETTLES_WITHIN_SECONDS
    while waiting and time.monotonic() < until:
        waiting = {post for post in waiting if not _is_away(stranger, post)}
        time.sleep(0.5)
    return len(said.reports) - len(waiting)


def _is_away(stranger: httpx.Client, post: str) -> bool:
    """Whether a stranger finds nothing there. Who gets no answer in time has not seen that, and looks again."""
    try:
        return stranger.get(post).status_code == httpx.codes.NOT_FOUND
    except httpx.TransportError:
        return False


def _opens(world: World, code: str) -> bool:
    visitor = Visitor().open(f"{world.door}/u/")
    visitor.press("Open", code=code)
    return visitor.status == httpx.codes.OK and "We received it at" in visitor.text


def _judge(world: World, said: Said) -> dict[str, int]:
    """Look into the books: what is lost, what came or was clocked at another time, what must never be."""
    policies = PolicyBook(read_policies(world.home / "policies"))
    policy = policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    lengths = {
        due.due_at - _SOME_TIME
        for name in (ClockName.FIRST_LOOK, ClockName.DECIDED)
        for due in deadlines(policy, name, _REGIMES, _SOME_TIME)
    }
    with psycopg.connect(database_url(world.home / "database")) as connection:
        came = {key: (at, due) for key, at, due in connection.execute(_CAME).fetchall()}
        breaches = [what for what, _ in connection.execute(SQL).fetchall()]
    found = {key: came[f"open:{key}"] for key in said.reports if f"open:{key}" in came}
    return {
        "lost": len(said.reports) - len(found),
        "untimely": sum(not _is_timely(said.reports[key], at) for key, (at, _) in found.items()),
        "unclocked": sum({due - at for due in dues} != lengths for at, dues in found.values()),
        "stopped": sum("without a clock" in what for what in breaches),
        "breaches": len(breaches),
    }


def _is_timely(report: Acknowledged, came_at: datetime) -> bool:
    return report.sent_at <= came_at <= report.said_at


# When each report came, and when the clocks of its case were due as they were first started.
_CAME = """
SELECT i.key,
       coalesce((opened.body ->> 'received_at')::timestamptz, opened.at),
       (SELECT array_agg((started.body ->> 'due_at')::timestamptz)
          FROM records_casenotice joined JOIN records_event started ON started.aggregate = joined.case
         WHERE joined.notice = i.notice AND started.type = 'ClockStarted'
           AND started.body ->> 'name' IN ('first_look', 'decided')
           AND started.policy LIKE 'child-imagery@%')
  FROM records_intake i
  JOIN records_event opened ON opened.aggregate = i.notice AND opened.type = 'NoticeOpened'
"""


def _visible_changes(world: World, post: str) -> int:
    key = {"Authorization": f"Bearer {world.plaza_key}"}
    address = f"{world.plaza}/moderation/subjects/post/{post.rsplit('/', 1)[1]}/changes"
    changes = httpx.get(address, headers=key, trust_env=False).json()["changes"]
    return sum(each["from"] != each["to"] for each in changes)
