"""The objects of a bucket, or of a prefix in it, over S3's protocol. Keys and addresses come from the environment.

A bucket lists its keys in their order and from any of them on, so a key says where to go on.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Away, Closed, Item, Unreadable

if TYPE_CHECKING:
    from obstore.store import RetryConfig

_PAGE_LENGTH = 1000
_ADDRESSES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_YES = ("1", "true", "on", "yes", "y")
_NOTHING = "amparo-asks-whether-it-may-read"
_RETRIES: "RetryConfig" = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=30),
    "backoff": {"base": 2, "init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=2)},
}


class Bucket:
    """The objects behind an address, `s3://bucket` or `s3://bucket/prefix`, in the order of their keys."""

    def __init__(self, address: str, holding: Holding) -> None:
        """Raise Closed for an address or an environment that names no bucket."""
        self.name = address.rstrip("/")
        self._holding = holding
        _check_environment()
        try:
            self._store = S3Store.from_url(self.name, retry_config=_RETRIES)
        except (BaseError, ValueError):
            raise Closed("This is no bucket. Write it like s3://bucket/prefix.", code="no_bucket") from None

    def items(self, cursor: str | None) -> Iterator[Item]:
        """Yield every object behind `cursor`. Raises Away, Closed."""
        offset = None if cursor is None else unquote(cursor)
        try:
            for page in obstore.list(self._store, offset=offset, chunk_size=_PAGE_LENGTH):
                yield from (self._item(each["path"], each["size"]) for each in page)
        except (BaseError, OSError) as error:
            raise self._why_no_list(error) from None

    def _why_no_list(self, error: Exception) -> Away | Closed:
        """Return what it means. A list that is refused looks like one that broke off; one object's answer tells."""
        try:
            obstore.head(self._store, _NOTHING)
        except FileNotFoundError:
            return _meaning(error)
        except (BaseError, OSError) as told:
            return _meaning(told)
        return _meaning(error)

    def _item(self, key: str, size_bytes: int) -> Item:
        return Item(key, lambda: self._opened(key, size_bytes), size_bytes, None, None, quote(key, safe="/"))

    @contextlib.contextmanager
    def _opened(self, key: str, size_bytes: int) -> Iterator[IO[bytes]]:
        with self._holding.of(self._pieces(key), size_bytes) as file:
            yield file

    def _pieces(self, key: str) -> Iterator[bytes]:
        try:
            for piece in obstore.get(self._store, key).stream():
                yield bytes(piece)
        except FileNotFoundError:
            raise Unreadable("This is no longer there.", code="gone") from None
        except (BaseError, OSError) as error:
            raise _meaning(error) from None


def _check_environment() -> None:
    """Raise Closed for what obstore would say nothing of, or only that nobody answers."""
    for name in _ADDRESSES:
        if address := os.environ.get(name):
            try:
                parts = urlsplit(address)
                is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
            except ValueError:
                is_address = False
            if not is_address:
                raise Closed(f"{name} is no address. Write it like https://storage.example.", code="no_address")
            if parts.scheme == "http" and os.environ.get("AWS_ALLOW_HTTP", "").lower() not in _YES:
                raise Closed(
                    f"{name} has no TLS: keys and files would go through the network for everybody to read. Take "
                    "https://, or set AWS_ALLOW_HTTP=true.",
                    code="no_tls",
                )
    if ("AWS_ACCESS_KEY_ID" in os.environ) != ("AWS_SECRET_ACCESS_KEY" in os.environ):
        raise Closed("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together. Set both.", code="half_a_key")


def _meaning(error: Exception) -> Away | Closed:
    """Return what it means for us. What obstore says itself holds addresses and keys of objects."""
    if isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
        return Closed(
            "The bucket refuses us. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and give them leave to list and "
            "to read.",
            code="refused",
        )
    if isinstance(error, FileNotFoundError):
        return Closed("There is no such bucket. Look at its name, AWS_ENDPOINT_URL and AWS_REGION.", code="no_bucket")
    return Away(
        "The bucket does not answer. Look at AWS_ENDPOINT_URL, AWS_REGION and AWS_ACCESS_KEY_ID.", code="unreachable"
    )
