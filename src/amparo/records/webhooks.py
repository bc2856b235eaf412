"""Endpoints that are told of notices, and the messages to them as work: claimed, tried again, given up, replayed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import F, QuerySet

from amparo.cases.refs import NoticeId
from amparo.cases.refused import Refused
from amparo.records import models
from amparo.records.messages import TEST, TYPES

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""How long after each try that failed the next one is made: over three days in all, then a person is called."""
# Longer than one worker can be at the messages of one endpoint that it claims together.
_LEASE = timedelta(minutes=2)
_LONGEST_REST = timedelta(hours=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_LONGEST_URL = 2000


@dataclass(frozen=True)
class Endpoint:
    """Where a sender is told. `only`: the types it wants, empty for all; `is_inside`: it may stand in our network."""

    number: int
    name: str
    sender: str
    url: str
    is_inside: bool
    only: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """One message as it was written, and how its sending stands. `status` is the last answer, such as `http_500`."""

    number: int
    id: str
    endpoint: str
    type: str
    notice: NoticeId
    link: int | None
    at: datetime
    tries: int
    status: str
    delivered_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True)
class Claimed:
    """A message that this worker sends now, and to where."""

    message: Message
    to: Endpoint


def add(name: str, sender: str, url: str, only: Sequence[str], now: datetime, *, is_inside: bool) -> Endpoint:
    """Put an endpoint on the list. Raises Refused for a name that is taken, an address or a type that is none."""
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(sender):
        raise Refused("no_name", "A name has 1 to 40 small letters, digits, dots and dashes, such as forum.")
    _check_address(url, is_inside=is_inside)
    for each in only:
        if each not in TYPES:
            raise Refused("no_such_type", f"There is no message {each!r}. There are: {', '.join(TYPES)}.")
    if _living().filter(name=name).exists():
        raise Refused("name_taken", f"There is an endpoint {name} already. Remove it first, or choose another name.")
    row = models.WebhookEndpoint.objects.create(
        name=name, sender=sender, url=url, is_inside=is_inside, only=list(only), made_at=now
    )
    return _endpoint(row)


def remove(name: str, now: datetime) -> None:
    """Tell an endpoint nothing any more. Raises Refused where there is none of that name."""
    end(find(name).number, now)


def end(endpoint: int, now: datetime) -> None:
    """Take an endpoint from the list; what still waited for it is given up."""
    models.WebhookEndpoint.objects.filter(id=endpoint, ended_at__isnull=True).update(ended_at=now)
    waiting = models.WebhookMessage.objects.filter(endpoint=endpoint, next_try_at__isnull=False)
    waiting.update(next_try_at=None, given_up_at=now, status="removed")


def find(name: str) -> Endpoint:
    """Return the endpoint of that name. Raises Refused."""
    row = _living().filter(name=name).first()
    if row is None:
        raise Refused("no_such_endpoint", f"There is no endpoint {name}. `amparo webhook list` shows them.")
    return _endpoint(row)


def everyone() -> list[tuple[Endpoint, int, int]]:
    """Return every endpoint by name, with how many messages wait for it and how many were given up."""
    found = []
    for row in _living().order_by("name"):
        of = models.WebhookMessage.objects.filter(endpoint=row.id)
        waiting, lost = of.filter(next_try_at__isnull=False).count(), of.filter(given_up_at__isnull=False).count()
        found.append((_endpoint(row), waiting, lost))
    return found


def prove(endpoint: Endpoint, id_: str, now: datetime) -> None:
    """Have a message sent that says nothing, to see whether it arrives."""
    models.WebhookMessage.objects.create(
        id=id_, endpoint=endpoint.number, type=TEST, notice="", at=now, next_try_at=now
    )


_CLAIM = """
UPDATE records_webhookmessage m SET tries = m.tries + 1, next_try_at = %(until)s
  FROM (SELECT w.number FROM records_webhookmessage w
          JOIN (SELECT d.number, d.place
                  FROM records_webhookendpoint e
                 CROSS JOIN LATERAL (SELECT f.number, row_number() OVER (ORDER BY f.number) AS place
                                       FROM (SELECT number FROM records_webhookmessage
                                              WHERE endpoint = e.id AND next_try_at <= %(now)s
                                              ORDER BY number LIMIT %(of_one)s) f) d
                 WHERE e.ended_at IS NULL AND (e.slow_until IS NULL OR e.slow_until <= %(now)s)) share
            ON share.number = w.number
         WHERE w.next_try_at <= %(now)s
         ORDER BY share.place, w.next_try_at, w.number LIMIT %(most)s FOR UPDATE OF w SKIP LOCKED) due
 WHERE m.number = due.number RETURNING m.number
"""


def claim(now: datetime, at_most: int, of_one: int) -> list[Claimed]:
    """Claim some messages that are due, the oldest of each endpoint first and at most `of_one` of each.

    So a long backlog of one keeps no other waiting. A worker that dies gives them back after a while.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": now + _LEASE, "most": at_most, "of_one": of_one})
        numbers = [number for (number,) in cursor.fetchall()]
    rows = models.WebhookMessage.objects.filter(number__in=numbers).order_by("number")
    to = {row.id: row for row in models.WebhookEndpoint.objects.filter(id__in={row.endpoint for row in rows})}
    return [Claimed(_message(row, to[row.endpoint].name), _endpoint(to[row.endpoint])) for row in rows]


def delivered(claimed: Claimed, status: str, now: datetime) -> None:
    """Note that a message arrived."""
    _row(claimed.message).update(delivered_at=now, given_up_at=None, next_try_at=None, status=status)


def failed(claimed: Claimed, status: str, now: datetime, rest: timedelta | None = None) -> bool:
    """Note that a message did not arrive; return whether it is given up. `rest`: how long the endpoint wants peace.

    Whatever failed, its endpoint rests for some seconds, so that its other messages do not fail one after the other.
    """
    until = now + min(max(rest or WAITS[0], WAITS[0]), _LONGEST_REST)
    models.WebhookEndpoint.objects.filter(id=claimed.to.number).update(slow_until=until)
    if claimed.message.tries > len(WAITS):
        _row(claimed.message).update(given_up_at=now, next_try_at=None, status=status)
        return True
    wait = max(WAITS[claimed.message.tries - 1], rest or timedelta(0))
    _row(claimed.message).update(next_try_at=now + min(wait, WAITS[-1]), status=status)
    return False


def put_back(claimed: Claimed, now: datetime) -> None:
    """Leave a claimed message that was not tried for the next round."""
    still_wanted = _row(claimed.message).filter(given_up_at__isnull=True)
    still_wanted.update(next_try_at=now, tries=F("tries") - 1)


def replay(sender: str, id_: str, now: datetime) -> Message | None:
    """Have a message of that sender sent again; None where there is none, or its endpoint is gone."""
    found = models.WebhookMessage.objects.filter(id=id_, endpoint__in=_numbers(sender)).first()
    if found is None:
        return None
    _again(models.WebhookMessage.objects.filter(number=found.number), now)
    return next(iter(_with_names([models.WebhookMessage.objects.get(number=found.number)])))


def replay_since(endpoint: Endpoint, since: datetime | None, now: datetime) -> int:
    """Have what was given up sent again or, with `since`, everything from then on; return how many."""
    of = models.WebhookMessage.objects.filter(endpoint=endpoint.number)
    return _again(of.filter(given_up_at__isnull=False) if since is None else of.filter(at__gte=since), now)


def page(sender: str, before: int | None, at_most: int) -> list[Message]:
    """Return some messages to a sender's endpoints, newest first."""
    rows = models.WebhookMessage.objects.filter(endpoint__in=_numbers(sender))
    if before is not None:
        rows = rows.filter(number__lt=before)
    return _with_names(list(rows.order_by("-number")[:at_most]))


def forget(before: datetime) -> int:
    """Delete messages from before then that arrived or were given up; return how many."""
    over = models.WebhookMessage.objects.filter(at__lt=before, next_try_at__isnull=True)
    deleted, _ = over.delete()
    return deleted


def _again(rows: QuerySet[models.WebhookMessage], now: datetime) -> int:
    return rows.update(next_try_at=now, tries=0, delivered_at=None, given_up_at=None, status="")


def _check_address(url: str, *, is_inside: bool) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        # Raises UnicodeError, a ValueError, for what no resolver takes: an empty label, or one of 64 letters.
        (host or "").encode("idna")
    except ValueError:
        host = None
        parts = urlsplit("")
    is_written = host and not parts.username and not parts.password and not parts.fragment and len(url) <= _LONGEST_URL
    schemes = ("https", "http") if is_inside else ("https",)
    if not is_written or parts.scheme not in schemes:
        begins = "https://, or http:// with --inside" if is_inside else "https://"
        raise Refused("no_address", f"The address begins with {begins}, without a password or a # in it.")


def _living() -> QuerySet[models.WebhookEndpoint]:
    return models.WebhookEndpoint.objects.filter(ended_at__isnull=True)


def _numbers(sender: str) -> list[int]:
    return list(_living().filter(sender=sender).values_list("id", flat=True))


def _row(message: Message) -> QuerySet[models.WebhookMessage]:
    return models.WebhookMessage.objects.filter(number=message.number)


def _endpoint(row: models.WebhookEndpoint) -> Endpoint:
    return Endpoint(row.id, row.name, row.sender, row.url, row.is_inside, tuple(row.only))


def _with_names(rows: Iterable[models.WebhookMessage]) -> list[Message]:
    names = dict(models.WebhookEndpoint.objects.values_list("id", "name"))
    return [_message(row, names.get(row.endpoint, "")) for row in rows]


def _message(row: models.WebhookMessage, endpoint: str) -> Message:
    return Message(
        row.number, row.id, endpoint, row.type, NoticeId(row.notice), row.link, row.at, row.tries, row.status,
        row.delivered_at, row.given_up_at,
    )  # fmt: skip
