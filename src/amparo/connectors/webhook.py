"""The connector for any site that answers a handful of signed messages at one address.

What it sends and what it takes stands in docs/reference/webhook-connector.openapi.json. A message names a subject by
kind and id and says nothing else: not who reported, not why, not what the subject holds.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from time import time
from typing import Any
from urllib.parse import urljoin

import httpx

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import LinkProblem, Seen
from amparo.connectors.connector import (
    UNSUPPORTED,
    Answer,
    Capabilities,
    ConnectorError,
    Fetched,
    Listed,
    ListedFile,
    Part,
    Reach,
)
from amparo.connectors.exchange import punctual_client, within
from amparo.connectors.file_addresses import FileAddresses, RememberedAddresses
from amparo.connectors.pages import pages
from amparo.connectors.places import host_of
from amparo.connectors.signed_endpoint import SignedEndpoint
from amparo.connectors.standard_webhooks import keys_of
from amparo.connectors.unpacked import pieces
from amparo.connectors.webhook_answers import Told, read_catalogue, read_json, read_list, read_order, read_subject
from amparo.connectors.webhook_settings import read_card, read_site

_LARGEST_FILE_BYTES = 256 * 1024 * 1024
_LARGEST_CONTENT_BYTES = 512 * 1024 * 1024
_LARGEST_PAGE_BYTES = 1024 * 1024
_PATIENCE_SECONDS = 5.0
_MOST_PAGES = 2_000


class WebhookConnector:
    """Reaches one site by signed messages. Safe to share between threads; asks nothing when it is made."""

    def __init__(
        self,
        platform: str,
        settings: Mapping[str, Any],
        secret: str,
        patience_seconds: float = _PATIENCE_SECONDS,
        clock: Callable[[], float] = time,
    ) -> None:
        """Raise KeyError for a missing setting, and ValueError with a sentence's end for a wrong one."""
        self.platform = platform
        self._site = read_site(platform, settings)
        self.capabilities = self._site.card
        self.file_hosts = self._site.hosts
        self._endpoint = SignedEndpoint(self._site.endpoint, keys_of(secret), patience_seconds, clock)
        # Looks as somebody without an account does: no signature, no cookies kept, no redirect followed.
        self._stranger, self._patience = punctual_client(patience_seconds), patience_seconds
        self.addresses: FileAddresses = RememberedAddresses()

    def card_of_site(self) -> Capabilities:
        """Return what the site says it can do; what counts is `capabilities`. Raises ConnectorError."""
        try:
            return read_card(read_json(self._endpoint.ask("capabilities", {})), "its card")
        except ValueError as error:
            raise ConnectorError(f"The site: {error}.", permanent=False, code="strange_answer") from None

    def subject_of(self, link: str) -> Subject | LinkProblem:
        """Return which subject a pasted link names, or why none. Reads the text alone and asks nobody."""
        return self._site.places.subject_of(link)

    def page_of(self, subject: Subject) -> str:
        """Return the address of a subject's logged-out page; of a kind without pages, that of the site."""
        if not self._site.places.has_pages_of(subject.kind):
            return urljoin(self._site.endpoint, "/")
        return self._site.places.page_of(subject)

    def fetch(self, subject: Subject) -> Fetched:
        """Return what a subject holds, hidden or not. Permanent error where the site does not know it."""
        if subject.is_account:
            raise ConnectorError("An account has no content of its own.", permanent=True, code="unsupported")
        told = self._ask_of(subject)
        self.addresses.known(subject, self._named_in(told, subject))
        parts = [Part(told.text.encode(errors="replace"), "text/plain")] if told.text else []
        # All of it is held in memory until it is sealed, so its sum has a limit, too.
        left_bytes = _LARGEST_CONTENT_BYTES
        for file in told.files:
            asked = {**_named(subject), "media": file.id}
            body = self._endpoint.ask_file("media.fetch", asked, at_most=min(_LARGEST_FILE_BYTES, left_bytes))
            left_bytes -= len(body)
            parts.append(Part(body, file.media_type))
        account = None if told.account is None else Subject(self.platform, SubjectKind.ACCOUNT, told.account)
        views, reshares = (told.views, told.reshares) if self.capabilities.counts_views else (None, None)
        return Fetched(told.version, account, tuple(parts), views, reshares)

    def reach(self, subject: Subject) -> Reach | None:
        """Return the counters of a content item, whether it is shown, hidden or removed; asking is no view of it."""
        if subject.is_account or not self.capabilities.counts_views:
            return None
        told = self._ask_of(subject)
        return None if told.views is None else Reach(told.views, told.reshares)

    def hide(self, subject: Subject, *, key: str) -> Answer:
        """Ask that nobody sees the subject. It can be restored."""
        return self._order("subject.hide", subject, key)

    def remove(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is removed."""
        return self._order("subject.remove", subject, key)

    def restore(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is shown again; for an account, that its suspension ends."""
        return self._order("subject.restore", subject, key)

    def suspend(self, account: Subject, *, until: datetime | None, key: str) -> Answer:
        """Ask that an account is suspended until then, or for good (None)."""
        return self._order("subject.suspend", account, key, until=None if until is None else until.isoformat())

    def demonetise(self, subject: Subject, *, key: str) -> Answer:
        """Ask that no advertisement earns money beside the subject."""
        return self._order("subject.demonetise", subject, key)

    def observe(self, subject: Subject) -> Seen:
        """Return what somebody without an account sees: the page, and every file that the site has named of it.

        A file on a host that the settings do not name is not looked at, and what is not looked at is not called hidden.
        """
        if not self._site.places.has_pages_of(subject.kind):
            return Seen.UNKNOWN
        page = self._look(self.page_of(subject), is_page=True)
        if page is Seen.SHOWN or subject.is_account:
            return page
        try:
            named = self._named_in(self._ask_of(subject), subject)
        except ConnectorError as error:
            if error.code != "unknown_subject":
                return Seen.UNKNOWN
            # What the site no longer knows may still lie on its file server, so the files of before are looked at.
            named = ()
        seen: list[Seen] = [page]
        for address in self.addresses.known(subject, named):
            is_listed = host_of(address) in self._site.hosts
            seen.append(self._look(address, is_page=False) if is_listed else Seen.UNKNOWN)
        for worst in (Seen.SHOWN, Seen.UNKNOWN):
            if worst in seen:
                return worst
        # Nothing opens; the page says whether it is hidden or gone.
        return page

    def media_of(self, account: Subject) -> Iterator[Subject]:
        """Yield every content item of an account, newest first. An account without any yields nothing."""
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            asked = {**_named(account), "cursor": cursor}
            subjects, cursor = read_list(read_json(self._endpoint.ask("account.media", asked)), self.platform)
            yield from subjects
            if cursor is None:
                return
        raise ConnectorError("The site's list of an account never ends.", permanent=True, code="strange_answer")

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        """Yield every content item that is shown and has files. A list that goes on begins with a whole page."""
        if not self.capabilities.lists_all:
            raise ConnectorError("The site cannot list what it shows.", permanent=True, code=UNSUPPORTED)

        def ask(at: str | None) -> tuple[list[Listed], str | None]:
            return read_catalogue(read_json(self._endpoint.ask("site.media", {"cursor": at})), self.platform, at)

        yield from pages(ask, cursor)

    def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
        """Yield the bytes of a listed file. In one piece, since all of an exchange has to end in its time."""
        asked = {**_named(subject), "media": file.reference}
        yield self._endpoint.ask_file("media.fetch", asked, at_most=_LARGEST_FILE_BYTES)

    def _order(self, kind: str, subject: Subject, key: str, **more: object) -> Answer:
        return read_order(read_json(self._endpoint.ask(kind, {**_named(subject), **more}, key=key)))

    def _ask_of(self, subject: Subject) -> Told:
        return read_subject(read_json(self._endpoint.ask("subject.fetch", _named(subject))))

    def _named_in(self, told: Told, subject: Subject) -> tuple[str, ...]:
        """Return where the files stand that the site names now."""
        base = self.page_of(subject)
        try:
            return tuple(urljoin(base, file.url) for file in told.files)
        except ValueError:
            raise ConnectorError("A file has no address.", permanent=False, code="strange_answer") from None

    def _look(self, address: str, *, is_page: bool) -> Seen:
        try:
            with (
                within(self._patience),
                self._stranger.stream("GET", address, headers={"Cache-Control": "no-cache"}) as answer,
            ):
                seen = self._site.statuses.get(answer.status_code, Seen.UNKNOWN)
                if is_page and seen is Seen.SHOWN and self._site.marks:
                    seen = self._marked(answer)
        except (httpx.HTTPError, httpx.InvalidURL):
            return Seen.UNKNOWN
        finally:
            self._stranger.cookies.clear()
        return seen

    def _marked(self, answer: httpx.Response) -> Seen:
        """Return what the page's own markup says; a page without a mark shows its subject."""
        text = bytearray()
        # A page that opens and never ends is read as far as it came.
        with suppress(httpx.TimeoutException):
            for piece in pieces(answer):
                text += piece
                if len(text) > _LARGEST_PAGE_BYTES:
                    break
        return next((seen for mark, seen in self._site.marks if mark in text), Seen.SHOWN)


def _named(subject: Subject) -> dict[str, object]:
    return {"kind": subject.kind.value, "id": subject.id}
