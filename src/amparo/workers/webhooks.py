"""Sends the messages that programs are owed. What an endpoint answers is looked at by its number alone, never read.

Each endpoint gets its messages one after the other, and several are served beside each other, so that a slow one
keeps nobody else waiting. Only the sending is done in threads; the books are asked and written by one.
"""

import json
import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import httpx

from amparo.cases.refs import NoticeId
from amparo.connectors.exchange import within
from amparo.connectors.outside import LookUp, look_up, outside_client
from amparo.connectors.standard_webhooks import keys_of, signed
from amparo.home import BadSettings, home
from amparo.letters.moments import for_programs
from amparo.plugins import Installation
from amparo.records import alarms, api_notices, heartbeats, messages, webhooks
from amparo.records.webhooks import Claimed
from amparo.workers import pager

log = logging.getLogger(__name__)

UNDELIVERED = "webhook_undelivered"
_PATIENCE_SECONDS = 15.0
_AT_ONCE = 40
_OF_ONE = 5
_SIDE_BY_SIDE = 8
_KEPT_FOR = timedelta(days=30)
_DAILY_SECONDS = 24 * 3600.0
# An endpoint that says nothing holds one of the threads for its whole patience each time.
_REST_AFTER_SILENCE = timedelta(minutes=1)
_SLOW_DOWN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Sent:
    """What became of one sending. `status` is a word without anything of the answer; None: it was not tried."""

    claimed: Claimed
    status: str | None = None
    is_taken: bool = False
    is_gone: bool = False
    rest: timedelta | None = None


def deliver(here: Installation, look_up: LookUp = look_up, patience_seconds: float = _PATIENCE_SECONDS) -> int:
    """Send what is due; return how many messages were claimed. What fails is tried again later, for three days."""
    now = here.casebook.now()
    claimed = sorted(webhooks.claim(now, _AT_ONCE, _OF_ONE), key=lambda each: (each.to.number, each.message.number))
    groups = [list(of) for _, of in groupby(claimed, key=lambda each: each.to.number)]
    bodies = {each.message.id: _body(here, each) for each in claimed}
    if groups:
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="webhooks") as beside:
            asked = [beside.submit(_send_all, group, bodies, now, look_up, patience_seconds) for group in groups]
        # What arrived is noted first, whatever went wrong beside it: it would be sent a second time.
        for sent in (sent for each in asked if each.exception() is None for sent in each.result()):
            _note(here, sent)
        if wrong := [error for each in asked if (error := each.exception()) is not None]:
            raise BaseExceptionGroup("some messages could not be sent", wrong)
    if heartbeats.is_due("messages", now, _DAILY_SECONDS):
        webhooks.forget(now - _KEPT_FOR)
    return len(claimed)


def secret_file(name: str) -> str:
    """Return what the file in the home's keys is called that holds the secrets of an endpoint."""
    return f"hook-{name}.key"


def _send_all(
    group: Sequence[Claimed], bodies: dict[str, bytes], now: datetime, look_up: LookUp, patience_seconds: float
) -> list[Sent]:
    """Send to one endpoint until something fails: whoever cannot take one message is not sent the next."""
    told: list[Sent] = []
    to = group[0].to
    try:
        keys = keys_of(home().secret(secret_file(to.name)))
    except (BadSettings, ValueError):
        return [Sent(each, "no_secret") for each in group]
    with outside_client(
        patience_seconds, is_inside=to.is_inside, look_up=look_up, headers={"User-Agent": "amparo"}
    ) as client:
        for each in group:
            if told and not told[-1].is_taken:
                break
            told.append(_send(client, each, bodies[each.message.id], keys, now, patience_seconds))
    return [*told, *(Sent(each) for each in group[len(told) :])]


def _send(
    client: httpx.Client, claimed: Claimed, body: bytes, keys: tuple[bytes, ...], now: datetime, seconds: float
) -> Sent:
    headers = signed(keys, claimed.message.id, int(now.timestamp()), body) | {"Content-Type": "application/json"}
    try:
        # Its body is not read: nothing that an endpoint says is needed, and nothing of it is kept.
        with within(seconds), client.stream("POST", claimed.to.url, content=body, headers=headers) as answer:
            status = answer.status_code
            rest = _rest(answer.headers.get("Retry-After", "")) if status in _SLOW_DOWN else None
    except httpx.TimeoutException:
        return Sent(claimed, "timeout", rest=_REST_AFTER_SILENCE)
    except (httpx.HTTPError, httpx.InvalidURL):
        return Sent(claimed, "unreachable")
    return Sent(claimed, f"http_{status}", 200 <= status < 300, status == 410, rest)


def _note(here: Installation, sent: Sent) -> None:
    now, endpoint = here.casebook.now(), f"webhook:{sent.claimed.to.name}"[:40]
    if sent.status is None:
        webhooks.put_back(sent.claimed, now)
        return
    if sent.is_taken:
        webhooks.delivered(sent.claimed, sent.status, now)
        return
    is_over = webhooks.failed(sent.claimed, sent.status, now, sent.rest)
    if sent.is_gone:
        webhooks.end(sent.claimed.to.number, now)
    log.info("the message %s was not taken: %s", sent.claimed.message.id, sent.status)
    if (is_over or sent.is_gone) and alarms.ring(UNDELIVERED, endpoint, now):
        pager.page(UNDELIVERED, endpoint)


def _body(here: Installation, claimed: Claimed) -> bytes:
    """Return a message: its type, when it happened, and of which notice and link. No more is in it, ever."""
    message = claimed.message
    data: dict[str, object] = {}
    if message.notice:
        data = {"notice": f"ntc_{message.notice.removeprefix('notice_')}", "link": message.link}
    said = {"type": _type(here, claimed), "timestamp": for_programs(message.at), "data": data}
    return json.dumps(said, separators=(",", ":")).encode()


def _type(here: Installation, claimed: Claimed) -> str:
    """Return the type; of a site whose page does not tell gone from hidden, "gone" is not said."""
    if claimed.message.type != messages.GONE:
        return claimed.message.type
    subject = api_notices.subject_of(NoticeId(claimed.message.notice), claimed.message.link)
    tells = subject is not None and (subject.is_account or here.capabilities_of(subject.platform).shows_removal)
    return claimed.message.type if tells else messages.SHUT


def _rest(written: str) -> timedelta | None:
    return timedelta(seconds=int(written)) if re.fullmatch(r"[0-9]{1,6}", written) else None
