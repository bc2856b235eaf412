"""The keys of programs that ask us. Only their hashes are kept; unknown, revoked and misspelt ones look alike.

A key is 32 random bytes, so nothing is gained by guessing, and a plain SHA-256 of it tells nobody what it was.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Q

from amparo.cases.refused import Refused
from amparo.records import models

_PREFIX = "amparo_"
TEST_PREFIX = "amparo_test_"
"""How the keys of practice homes begin, so that one in the wrong place is known by its look."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
# The time of the last use is for finding keys that nobody uses any more: no request waits for a write to note it.
_NOTED_EVERY = timedelta(hours=1)


class Scope(Enum):
    """What a key may do. Each stands alone: one that changes banks cannot look anything up."""

    MATCH = "match"
    """Ask whether bytes or hashes are known, and which banks there are."""
    HASH = "hash"
    """Have files hashed."""
    BANKS = "banks"
    """Make banks, add to those that keys made, and change what was added with this very key."""
    SHOW = "show"
    """Say under which post an upload will stand, so that it is found there when it is confirmed later."""
    NOTICES = "notices"
    """Send notices, and add links and words to those that its sender sent."""
    BULK = "bulk"
    """Send many notices at once. The operator vouches for the sender: no network's budget of hides holds it back."""
    TRUSTED_FLAGGER = "trusted_flagger"
    """Be looked at somewhat earlier, as the Digital Services Act asks for trusted flaggers. It opens nothing alone."""
    FOLLOW = "follow"
    """See how the notices of its sender stand."""
    WEBHOOKS = "webhooks"
    """See which messages went out to its sender, and have one sent again."""


@dataclass(frozen=True)
class Key:
    """A key without the key itself. `revoked_at` is None while it opens anything.

    `sender`: in whose name it sends notices. What one key of a sender sent, each key of that sender sees, so that a
    key can be exchanged.
    """

    name: str
    sender: str
    may: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create(
    name: str,
    may: Iterable[Scope],
    now: datetime,
    draw: Callable[[int], bytes],
    sender: str | None = None,
    *,
    is_test: bool = False,
) -> str:
    """Return a fresh key under a name; it is kept nowhere. Raises Refused for a name that is taken or is none.

    `sender`: in whose name it sends notices; the key's own name where nobody is named.
    """
    scopes = frozenset(may)
    sender = name if sender is None else sender
    must_be_name(name)
    must_be_name(sender)
    if not scopes:
        raise Refused("may_nothing", "Say what the key may do: --may match, and once more for each further word.")
    if models.ApiKey.objects.filter(name=name, revoked_at__isnull=True).exists():
        raise Refused("name_taken", f"There is a key {name} already. Choose another name, or revoke that one first.")
    key = (TEST_PREFIX if is_test else _PREFIX) + base64.urlsafe_b64encode(draw(32)).decode().rstrip("=")
    words = sorted(scope.value for scope in scopes)
    models.ApiKey.objects.create(name=name, sender=sender, sha256=_hash(key), may=words, created_at=now)
    return key


def must_be_name(name: str) -> None:
    """Raise Refused for what is no name of a key or a sender."""
    if not _NAME.fullmatch(name):
        raise Refused("no_name", "A name has 1 to 40 small letters, digits, dots and dashes, such as upload-hook.")


def find(key: str, now: datetime) -> Key | None:
    """Return the key whose text this is, or None, whatever is wrong with it. The same work is done for each."""
    row = models.ApiKey.objects.filter(sha256=_hash(key), revoked_at__isnull=True).first()
    if row is None:
        return None
    if row.last_used_at is None or now - row.last_used_at > _NOTED_EVERY:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - _NOTED_EVERY)
        models.ApiKey.objects.filter(unnoted, id=row.id).update(last_used_at=now)
    return _key(row)


def may(sender: str, scope: Scope) -> bool:
    """Return whether some key in use of that sender may do that."""
    rows = models.ApiKey.objects.filter(sender=sender, revoked_at__isnull=True)
    return any(scope.value in words for words in rows.values_list("may", flat=True))


def everyone() -> list[Key]:
    """Return every key that is or was, the living first, by name."""
    return sorted(
        map(_key, models.ApiKey.objects.order_by("id")), key=lambda key: (key.revoked_at is not None, key.name)
    )


def revoke(name: str, now: datetime) -> None:
    """Make a key open nothing any more, from the next request on. Raises Refused where there is none of that name."""
    if not models.ApiKey.objects.filter(name=name, revoked_at__isnull=True).update(revoked_at=now):
        raise Refused("no_such_key", f"There is no key {name} in use. `amparo key list` shows them.")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _key(row: models.ApiKey) -> Key:
    may = frozenset(Scope(word) for word in row.may)
    return Key(row.name, row.sender, may, row.created_at, row.last_used_at, row.revoked_at)
