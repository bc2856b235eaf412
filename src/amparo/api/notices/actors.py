"""The keys of other servers: asked of the server that is named, within narrow bounds, and kept for an hour.

This is the one place where something is fetched that a stranger named. So only the servers that the operator listed
are asked or, where the operator said `*`, any: at an address outside, over https, no redirect, 64 KiB, five seconds,
and not often. Anybody can make us ask, since nothing is verified yet: so a key that is known is kept for a day where no
fresh one can be had, what failed is not asked again for a minute, and strangers spend nothing of a named server.
"""

import json
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urldefrag, urlsplit

import httpx

from amparo.api.errors import ApiError
from amparo.api.notices.http_signature import BadSignature
from amparo.api.notices.patience import Buckets
from amparo.connectors.exchange import within
from amparo.connectors.outside import LookUp, look_up, outside_client

ANYBODY = "*"
_PATIENCE_SECONDS = 5.0
_LARGEST_BYTES = 64 * 1024
_KEPT_SECONDS, _KEPT_AT_MOST_SECONDS, _FAILED_SECONDS = 3600.0, 24 * 3600.0, 60.0
_MOST_KEPT = 1000
_PER_MINUTE, _PER_MINUTE_OF_ONE = 60, 6
# Packed, a few bytes would be gigabytes before anybody could count them.
_ASKED = {"Accept": "application/activity+json", "Accept-Encoding": "identity", "User-Agent": "amparo"}
_LONGEST_ADDRESS = 500
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Key:
    """A public key, and the actor who signs with it."""

    owner: str
    pem: str


class Actors:
    """The keys that this process knows. Safe to share between threads. `port`: another than https's, for tests."""

    def __init__(
        self,
        from_hosts: Collection[str],
        look_up: LookUp = look_up,
        now: Callable[[], float] = time.monotonic,
        fetch: Callable[[str], bytes] | None = None,
    ) -> None:
        self._from_hosts, self._look_up, self._now = frozenset(from_hosts), look_up, now
        self._fetch = fetch or self._over_https
        self._kept: dict[str, tuple[float, Key]] = {}
        self._failed: dict[str, tuple[float, Exception]] = {}
        self._all, self._each = Buckets(_PER_MINUTE, now), Buckets(_PER_MINUTE_OF_ONE, now)
        self._lock = threading.Lock()

    def is_known(self, host: str) -> bool:
        """Whether the operator named that server."""
        return host in self._from_hosts

    def key(self, key_id: str, *, anew: bool = False) -> Key:
        """Return the key of that address. `anew`: not the one that is kept, since servers exchange theirs.

        Raises BadSignature for an address that may not be asked or holds no key; ApiError where it cannot be asked now.
        """
        host = host_of(key_id)
        if not self.is_known(host) and ANYBODY not in self._from_hosts:
            raise ApiError(
                403, "unknown_server", "This server takes no flags from yours. Ask its operator to name you."
            )
        with self._lock:
            at, kept = self._kept.get(key_id, (0.0, None))
        age = self._now() - at
        if kept is not None and not anew and age < _KEPT_SECONDS:
            return kept
        try:
            return self._asked(host, key_id)
        except ApiError:
            # It cannot be asked now, by whosever fault: that must not shut out a server that we know.
            if kept is not None and not anew and age < _KEPT_AT_MOST_SECONDS:
                return kept
            raise

    def _asked(self, host: str, key_id: str) -> Key:
        """Return the key as its server gives it out now, and keep it. Raises what `key` raises."""
        with self._lock:
            at, failed = self._failed.get(key_id, (0.0, None))
        if failed is not None and self._now() - at < _FAILED_SECONDS:
            raise failed.with_traceback(None)
        # A stranger's host gets a bucket of its own only while there is something left for all of them.
        if not self.is_known(host):
            self._all.must_have(ANYBODY)
        self._each.take(host)
        if not self.is_known(host):
            self._all.take(ANYBODY)
        try:
            found = _key_in(self._fetch(urldefrag(key_id).url), key_id)
        except (ApiError, BadSignature) as error:
            self._keep(self._failed, key_id, error)
            raise
        self._keep(self._kept, key_id, found)
        return found

    def _keep(self, among: dict[str, tuple[float, _Found]], key_id: str, found: _Found) -> None:
        with self._lock:
            if len(among) >= _MOST_KEPT:
                # Strangers' addresses make no room for themselves at the cost of a server that is named.
                for name in [name for name in among if not self.is_known(host_of(name))] or list(among):
                    del among[name]
            among[key_id] = self._now(), found

    def _over_https(self, address: str) -> bytes:
        told = bytearray()
        try:
            with (
                outside_client(_PATIENCE_SECONDS, look_up=self._look_up, headers=_ASKED) as client,
                within(_PATIENCE_SECONDS),
                client.stream("GET", address) as answer,
            ):
                if answer.status_code == 429 or answer.status_code >= 500:
                    raise httpx.ReadError("the server cannot answer now")
                if answer.status_code != 200:
                    raise BadSignature("Your server does not give the key out that signed this.")
                if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
                    raise BadSignature("Your server gives the key out packed, though we asked for it plain.")
                for piece in answer.iter_raw():
                    told += piece
                    if len(told) > _LARGEST_BYTES:
                        raise BadSignature("What your server gives out for a key is too long.")
        except (httpx.HTTPError, httpx.InvalidURL):
            sentence = "Your server could not be asked for its key. Send it again later."
            raise ApiError(503, "no_key_yet", sentence, retry_after=60) from None
        return bytes(told)


def host_of(address: str) -> str:
    """Return the host of an https address on its usual port. Raises BadSignature for any other address."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    is_plain = parts.scheme == "https" and port in (None, 443) and not parts.username and not parts.password
    if not is_plain or "." not in host or len(address) > _LONGEST_ADDRESS:
        raise BadSignature("keyId and actor are addresses that begin with https://.")
    return host


def _key_in(told: bytes, key_id: str) -> Key:
    """Return the key in the document of an actor, or of a key alone."""
    try:
        document = json.loads(told)
        key = document.get("publicKey", document)
        owner, pem, name = key["owner"], key["publicKeyPem"], key["id"]
        is_theirs = key is document or document["id"] == owner
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadSignature("What your server gives out for a key is none.") from None
    if not all(isinstance(each, str) for each in (owner, pem, name)) or not is_theirs or name != key_id:
        raise BadSignature("The key that your server gives out is another one's.")
    if host_of(owner) != host_of(key_id):
        raise BadSignature("The key that your server gives out is another server's.")
    return Key(owner, pem)
