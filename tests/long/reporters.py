"""People who report while everything is killed, and what the door has said to them."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from amparo.cli.check import CODE
from amparo.cli.demo import World
from amparo.cli.visitor import Missing, Visitor

_TOLD = (httpx.codes.OK, httpx.codes.ACCEPTED)


@dataclass(frozen=True)
class Acknowledged:
    """One report that the door has said it has: when it was first sent, and when that was said."""

    post: str
    sent_at: datetime
    said_at: datetime
    by_spool: bool


@dataclass
class Said:
    """What the door has acknowledged, to whom: reports by the key of their form, and codes that were shown."""

    reports: dict[str, Acknowledged] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)

    @property
    def by_spool(self) -> int:
        return sum(report.by_spool for report in list(self.reports.values()))


def report_until(world: World, said: Said, stop: threading.Event, number: int) -> None:
    """Report one post after another, sending a form again under its key until it is answered, as a browser would."""
    plaza = httpx.Client(base_url=world.plaza, headers={"Authorization": f"Bearer {world.plaza_key}"}, trust_env=False)
    handle = f"h{uuid.uuid4().hex[:12]}"
    plaza.post("/moderation/practice/accounts", json={"handle": handle}).raise_for_status()
    count = 0
    while not stop.is_set():
        count += 1
        body = {"account": handle, "text": "Shapes.", "media": "none" if count % 3 else "image"}
        post = plaza.post("/moderation/practice/posts", json=body).json()["url"]
        # Few from one network (a /24): over the budget of a household a person is called instead of hiding.
        visitor = Visitor(f"127.{number + 10}.{count // 40}.{count % 40 + 1}")
        if not _report(world, said, stop, visitor, post):
            return
        stop.wait(0.3)
        if count % 4 == 0:
            _go_on_to_the_code(world, visitor, said, stop)


def _report(world: World, said: Said, stop: threading.Event, visitor: Visitor, post: str) -> bool:
    key, sent_at = str(uuid.uuid4()), datetime.now(UTC)

    def is_told() -> bool:
        answer = visitor.send(f"{world.door}/report", link=post, topic="sexual_picture", key=key)
        is_open = bool(answer.history) and answer.history[0].status_code == httpx.codes.SEE_OTHER
        if not is_open and answer.status_code != httpx.codes.ACCEPTED:
            said.troubles[str(answer.status_code)] += 1
            return False
        said.reports[key] = Acknowledged(post, sent_at, datetime.now(UTC), by_spool=not is_open)
        if found := CODE.search(visitor.text):
            said.codes.append(found[0])
        return True

    return _until(is_told, said, stop)


def _go_on_to_the_code(world: World, visitor: Visitor, said: Said, stop: threading.Event) -> None:
    """Answer every question, in an outage or not, and keep the code of the receipt."""

    def looks() -> bool:
        visitor.open(f"{world.door}/report/who")
        return visitor.status == httpx.codes.OK

    if not _until(looks, said, stop):
        return
    for words in ("It is me", "Yes", "A private page", "Send"):
        page = visitor.page

        def presses(words: str = words, page: httpx.Response | None = page) -> bool:
            visitor.page = page
            visitor.press(words)
            return visitor.status in _TOLD

        try:
            if not _until(presses, said, stop):
                return
        except Missing:
            # The books came or went between two questions, and this browser was asked another one: as it happens.
            said.troubles["another question"] += 1
            return
    if found := CODE.search(visitor.text):
        said.codes.append(found[0])


def _until(comes_true: Callable[[], bool], said: Said, stop: threading.Event) -> bool:
    """Try until it comes true, as somebody would who presses again; false where everybody was told to stop first."""
    while not stop.is_set():
        try:
            if comes_true():
                return True
        except httpx.HTTPError as error:
            said.troubles[type(error).__name__] += 1
        time.sleep(0.15)
    return False
