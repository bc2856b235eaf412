"""Somebody who floods the door from many networks, without doing its work. A process of its own: it knows no Django.

Each report is a form of its own on a connection of its own, as from many browsers. What the door acknowledged is
written down at the end: the keys of forms that were taken in at once, and the codes of those that were kept.
"""

import asyncio
import json
import random
import re
import time
import urllib.parse
import uuid
from collections import Counter
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

_CODE = re.compile(r'id="own-code">([^<]+)<')
_AT_ONCE = 24
NETWORKS = 100


def flood(
    door: str, posts: list[str], per_second: float, stop: Event, answered: "Synchronized[int]", told: Path
) -> None:
    """Report until `stop`, `per_second` times a second or as often as the door answers, and count each answer."""
    told.write_text(json.dumps(asyncio.run(_flood(urllib.parse.urlsplit(door), posts, per_second, stop, answered))))


async def _flood(
    door: urllib.parse.SplitResult,
    posts: list[str],
    per_second: float,
    stop: Event,
    answered: "Synchronized[int]",
) -> dict[str, Any]:
    draw, statuses = random.Random(20261122), Counter[str]()
    keys: list[str] = []
    codes: list[str] = []
    began, count = time.monotonic(), 0

    async def go_on() -> None:
        nonlocal count
        while not stop.is_set():
            count += 1
            await asyncio.sleep(max(0.0, began + count / per_second - time.monotonic()))
            key, link = str(uuid.UUID(int=draw.getrandbits(128), version=4)), draw.choice(posts)
            if draw.random() < 0.25:
                link = f"{link}x{draw.getrandbits(40)}"
            network = draw.randrange(NETWORKS)
            try:
                status, body = await _report(
                    door, f"127.{100 + network // 50}.{network % 50}.{count % 200 + 1}", key, link
                )
            except (OSError, asyncio.IncompleteReadError, ValueError) as error:
                statuses[type(error).__name__] += 1
                continue
            statuses[str(status)] += 1
            with answered.get_lock():
                answered.value += 1
            if status == 303:
                keys.append(key)
            elif found := _CODE.search(body):
                codes.append(found[1])

    await asyncio.gather(*(go_on() for _ in range(_AT_ONCE)))
    return {"statuses": statuses, "keys": keys, "codes": codes}


async def _report(door: urllib.parse.SplitResult, address: str, key: str, link: str) -> tuple[int, str]:
    form = urllib.parse.urlencode({"key": key, "topic": "sexual_picture", "link": link}).encode()
    reader, writer = await asyncio.open_connection(door.hostname, door.port, local_addr=(address, 0))
    try:
        writer.write(
            b"POST /report HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n%s" % (door.netloc.encode(), len(form), form)
        )
        await writer.drain()
        answer: Any = await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body.decode(errors="replace")
