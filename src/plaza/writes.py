"""Do a moderation write once for each idempotency key, however often it is sent.

A write and the memory of its answer are one transaction, so a crash leaves both or neither. Refusals and lies are not
remembered: nothing was done under that key, so it may still be used.
"""

import asyncio
import functools
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from plaza.database import now, stamp, transaction
from plaza.forms import read_object
from plaza.installation import Installation, installation_of
from plaza.refusals import Refusal

LONGEST_KEY = 255
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Write:
    """What one request wants: `action` is the last word of its path, `names` the variable ones."""

    action: str
    names: dict[str, str]
    body: dict[str, object]
    key: str
    at: datetime


@dataclass(frozen=True)
class Done:
    """What was done; a lie is an answer for which nothing was."""

    answer: dict[str, object]
    is_lie: bool = False


def authorised(endpoint: Endpoint) -> Endpoint:
    """Let only requests with the moderation key through."""

    @functools.wraps(endpoint)
    async def guarded(request: Request) -> Response:
        wanted = f"Bearer {installation_of(request).moderation_key}"
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode()):
            raise Refusal(401, "wrong_key", "Send the moderation key: Authorization: Bearer <key>.")
        return await endpoint(request)

    return guarded


def once(work: Callable[[Installation, Write], Done]) -> Endpoint:
    """Make an endpoint of `work`, which runs inside a transaction and at most once for each key."""

    @authorised
    async def endpoint(request: Request) -> Response:
        installation = installation_of(request)
        key = _key(request)
        body = await read_object(request)
        asked = json.dumps([request.method, request.url.path, body], sort_keys=True)
        request_sha256 = hashlib.sha256(asked.encode()).hexdigest()
        faults = installation.faults.now
        if not faults.forgets_keys and (kept := _recall(installation, key, request_sha256)) is not None:
            return JSONResponse(kept | {"replayed": True})
        action = request.url.path.rpartition("/")[2]
        write = Write(action, dict(request.path_params), body, key, now())
        with transaction(installation.database):
            done = work(installation, write)
            if not faults.forgets_keys and not done.is_lie:
                _remember(installation, write, request_sha256, done.answer)
        if faults.times_out_after_work is not None:
            await asyncio.sleep(faults.times_out_after_work)
        return JSONResponse(done.answer | {"replayed": False})

    return endpoint


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        sentence = f"Send an Idempotency-Key header of 1 to {LONGEST_KEY} printable ASCII characters."
        raise Refusal(400, "bad_idempotency_key", sentence)
    return key


def _recall(installation: Installation, key: str, request_sha256: str) -> dict[str, object] | None:
    row = installation.database.execute("SELECT * FROM idempotency_keys WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    if row["request_sha256"] != request_sha256:
        raise Refusal(409, "key_reused", "This key was used for another request. Nothing was done.")
    answer: dict[str, object] = json.loads(row["answer"])
    return answer


def _remember(installation: Installation, write: Write, request_sha256: str, answer: dict[str, object]) -> None:
    row = (write.key, request_sha256, json.dumps(answer), stamp(write.at))
    # A key that was used while the memory was off may be used again: the latest answer is the one that counts.
    installation.database.execute("INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, ?, ?)", row)
