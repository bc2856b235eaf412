"""A hundred random kill -9 of door, worker, vault and postmaster under load: nothing acknowledged is ever lost."""

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import httpx
import psycopg
import pytest

from amparo.cli.demo import World, running_world
from amparo.cli.visitor import Missing, Visitor
from amparo.postgres import database_url
from amparo.records.invariants import SQL
from tests.long import processes
from tests.long.results import write_down

KILLS = 100
PEOPLE = 3
_SETTLES_WITHIN_SECONDS = 180.0


@dataclass
class Said:
    """What the door has acknowledged, to whom: posts by key, and codes that were shown."""

    posts: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    words: int = 0
    troubles: Counter[str] = field(default_factory=Counter)


@pytest.mark.long
def test_random_kills_lose_nothing_that_was_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    draw = random.Random(20261121)
    with running_world(free_ports=True) as world:
        said, stop = Said(), threading.Event()
        people = [threading.Thread(target=_report_until, args=(world, said, stop, n)) for n in range(PEOPLE)]
        for person in people:
            person.start()
        killed: Counter[str] = Counter()
        while sum(killed.values()) < KILLS:
            time.sleep(draw.uniform(0.5, 3.0))
            kind = draw.choice(["door", "worker", "vault", "postmaster"])
            found = processes.victims(world.processes["amparo"].pid)[kind]
            if found:
                processes.kill(draw.choice(found))
                killed[kind] += 1
                print(f"\r{sum(killed.values())}/{KILLS} kills, {len(said.posts)} reports acknowledged", end="")
        time.sleep(5)
        stop.set()
        for person in people:
            person.join()
        started = time.monotonic()
        hidden = _wait_until_hidden(world, said)
        settled = time.monotonic() - started
        opened = sum(_opens(world, code) for code in said.codes)
        lost, without_clock, breaches = _judge(world, said)
        flickers = sum(_visible_changes(world, post) != 1 for post in said.posts.values())
    figures = {
        "kills": (", ".join(f"{kind} {count}" for kind, count in sorted(killed.items())), True),
        "reports acknowledged": (len(said.posts), len(said.posts) > KILLS),
        "acknowledged reports lost": (lost, lost == 0),
        "acknowledged posts hidden in the end": (f"{hidden} of {len(said.posts)}", hidden == len(said.posts)),
        "codes shown that open their page": (f"{opened} of {len(said.codes)}", opened == len(said.codes)),
        "open cases and notices without a running clock": (without_clock, without_clock == 0),
        "breaches of the invariants": (len(breaches), not breaches),
        "posts whose state changed other than once": (flickers, flickers == 0),
        "seconds until all was hidden after the last kill": (round(settled), True),
    }
    write_down("kill -9", figures)
    assert all(held for _, held in figures.values()), (figures, breaches)


def _report_until(world: World, said: Said, stop: threading.Event, number: int) -> None:
    """Report one post after another, sending a form again under its key until it is answered, as a browser would."""
    plaza = httpx.Client(base_url=world.plaza, headers={"Authorization": f"Bearer {world.plaza_key}"}, trust_env=False)
    handle = f"h{uuid.uuid4().hex[:12]}"
    plaza.post("/moderation/practice/accounts", json={"handle": handle}).raise_for_status()
    count = 0
    while not stop.is_set():
        count += 1
        body = {"account": handle, "text": "Shapes.", "media": "none" if count % 3 else "image"}
        post = plaza.post("/moderation/practice/posts", json=body).json()["url"]
        key, address = str(uuid.uuid4()), f"127.{number + 10}.{count % 250}.1"
        visitor = Visitor(address)
        if not _until_answered(
            said,
            stop,
            lambda v=visitor, k=key, p=post: v.send(f"{world.door}/report", link=p, topic="sexual_picture", key=k),
        ):
            return
        said.posts[key] = post
        # Over 2,000 an hour the policy calls a person instead of hiding, which is not what is tried here.
        stop.wait(0.4)
        if count % 4 == 0:
            _go_on_to_the_code(visitor, said, stop)


def _go_on_to_the_code(visitor: Visitor, said: Said, stop: threading.Event) -> None:
    from amparo.cli.check import CODE

    try:
        for words in ("It is me", "Yes", "A private page", "Send"):
            page = visitor.page
            while not stop.is_set():
                try:
                    visitor.press(words)
                    if visitor.status == 200:
                        break
                except httpx.HTTPError as error:
                    said.troubles[type(error).__name__] += 1
                visitor.page = page
                time.sleep(0.2)
        found = CODE.search(visitor.text)
    except Missing:
        return
    if found is not None:
        said.codes.append(found[0])


def _until_answered(said: Said, stop: threading.Event, send: "object") -> bool:
    while not stop.is_set():
        try:
            answer = send()  # type: ignore[operator]
            if answer.history and answer.history[0].status_code == httpx.codes.SEE_OTHER:
                return True
            said.troubles[str(answer.status_code)] += 1
        except httpx.HTTPError as error:
            said.troubles[type(error).__name__] += 1
        time.sleep(0.1)
    return False


def _wait_until_hidden(world: World, said: Said) -> int:
    stranger = httpx.Client(trust_env=False)
    waiting, until = set(said.posts.values()), time.monotonic() + _SETTLES_WITHIN_SECONDS
    while waiting and time.monotonic() < until:
        waiting = {post for post in waiting if stranger.get(post).status_code != httpx.codes.NOT_FOUND}
        time.sleep(0.5)
    return len(said.posts) - len(waiting)


def _opens(world: World, code: str) -> bool:
    visitor = Visitor().open(f"{world.door}/u/")
    visitor.press("Open", code=code)
    return visitor.status == httpx.codes.OK and "We received it at" in visitor.text


def _judge(world: World, said: Said) -> tuple[int, int, list[tuple[str, str]]]:
    with psycopg.connect(database_url(world.home / "database")) as connection:
        taken = {row[0] for row in connection.execute("SELECT key FROM records_intake")}
        lost = sum(f"open:{key}" not in taken for key in said.posts)
        breaches = connection.execute(SQL).fetchall()
        without = sum("without a clock" in what for what, _ in breaches)
    return lost, without, breaches


def _visible_changes(world: World, post: str) -> int:
    key = {"Authorization": f"Bearer {world.plaza_key}"}
    address = f"{world.plaza}/moderation/subjects/post/{post.rsplit('/', 1)[1]}/changes"
    changes = httpx.get(address, headers=key, trust_env=False).json()["changes"]
    return sum(each["from"] != each["to"] for each in changes)
