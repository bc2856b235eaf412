"""The connector for Plaza, the practice platform; the example to copy for a platform with a moderation API."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from amparo.cases.refs import Subject, SubjectKind
from amparo.cases.words import LinkProblem, Seen
from amparo.connectors.connector import (
    Answer,
    Capabilities,
    ConnectorError,
    Fetched,
    Listed,
    ListedFile,
    Part,
    Reach,
    count_in,
)
from amparo.connectors.exchange import authorities
from amparo.connectors.pages import pages
from amparo.connectors.places import host_of

_PATHS = {
    "post": SubjectKind.POST,
    "message": SubjectKind.MESSAGE,
    "live": SubjectKind.LIVE,
    "user": SubjectKind.ACCOUNT,
}
_WORDS = {kind: word for word, kind in _PATHS.items()}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST_PART_BYTES = 256 * 1024 * 1024
_PATIENCE_SECONDS = 5.0


class PlazaConnector:
    """Reaches one Plaza at `base_url`. Safe to share between threads."""

    def __init__(
        self,
        platform: str,
        settings: Mapping[str, Any],
        secret: str,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self.platform = platform
        self._base = str(settings["url"]).rstrip("/")
        self._host = urlsplit(self._base).netloc.lower()
        self.file_hosts = frozenset({host_of(self._base)})
        self.capabilities = Capabilities(
            hides=True,
            restores=True,
            removes=True,
            suspends=True,
            demonetises=True,
            lists_media=True,
            lists_all=True,
            counts_views=True,
            tells_gone=True,
            remembers_keys=True,
        )
        own = {"Authorization": f"Bearer {secret}"}
        usual: dict[str, Any] = {"timeout": patience_seconds, "trust_env": False, "verify": authorities()}
        self._api = httpx.Client(base_url=self._base, headers=own, **usual)
        # Looks as somebody without an account does: no key, no cookies kept, no redirect followed off the site.
        self._stranger = httpx.Client(**usual)

    def subject_of(self, link: str) -> Subject | LinkProblem:
        """Return which subject a pasted link names, or why none. Reads the text alone and asks nobody."""
        text = link.strip()
        if not text or any(ord(letter) < 33 for letter in text):
            return LinkProblem.NOT_A_LINK
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host = parts.netloc.rpartition("@")[2].lower()
            _ = parts.port  # Raises for what only looks like an address, such as a script's.
        except ValueError:
            return LinkProblem.NOT_A_LINK
        if parts.scheme not in ("http", "https") or not host or ("." not in host and ":" not in host):
            return LinkProblem.NOT_A_LINK
        if host != self._host:
            return LinkProblem.FOREIGN
        words = [word for word in parts.path.split("/") if word]
        if len(words) < 2 or words[0] not in _PATHS or not _ID.fullmatch(words[1]):
            return LinkProblem.UNKNOWN_PLACE
        return Subject(self.platform, _PATHS[words[0]], words[1])

    def page_of(self, subject: Subject) -> str:
        """Return the address of a subject's logged-out page."""
        return f"{self._base}/{_WORDS[subject.kind]}/{quote(subject.id)}"

    def fetch(self, subject: Subject) -> Fetched:
        """Return what a subject holds, hidden or not. Permanent error where the platform does not know it."""
        if subject.is_account:
            raise ConnectorError("An account has no content of its own.", permanent=True, code="unsupported")
        told = self._ask("GET", self._place(subject)).json()
        parts = [Part(_bytes_of(told["text"]), "text/plain")] if told.get("text") else []
        for media in told["media"]:
            if media["size_bytes"] > _LARGEST_PART_BYTES:
                raise ConnectorError("A file of the subject is over 256 MiB.", permanent=True, code="too_large")
            answer = self._ask("GET", f"/moderation/media/{quote(media['id'])}")
            parts.append(Part(answer.content, media["content_type"]))
        account = Subject(self.platform, SubjectKind.ACCOUNT, told["account"])
        return Fetched(told["version"], account, tuple(parts), count_in(told["views"]), count_in(told["reshares"]))

    def reach(self, subject: Subject) -> Reach | None:
        """Return the counters of a content item, whether it is shown, hidden or removed; asking is no view of it."""
        if subject.is_account:
            return None
        told = self._ask("GET", self._place(subject)).json()
        views = count_in(told.get("views"))
        return None if views is None else Reach(views, count_in(told.get("reshares")))

    def hide(self, subject: Subject, *, key: str) -> Answer:
        """Ask that nobody sees the subject. It can be restored."""
        return self._order(f"{self._place(subject)}/hide", key)

    def remove(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is removed."""
        return self._order(f"{self._place(subject)}/remove", key)

    def restore(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is shown again; for an account, that its suspension ends."""
        return self._order(f"{self._place(subject)}/{'unsuspend' if subject.is_account else 'restore'}", key)

    def suspend(self, account: Subject, *, until: datetime | None, key: str) -> Answer:
        """Ask that an account is suspended until then, or for good (None)."""
        wanted = {"until": None if until is None else until.isoformat()}
        return self._order(f"{self._place(account)}/suspend", key, wanted)

    def demonetise(self, subject: Subject, *, key: str) -> Answer:
        """Ask that no advertisement earns money beside the subject. Plaza advertises beside posts only."""
        if subject.kind is not SubjectKind.POST:
            return Answer(is_replay=None)
        return self._order(f"/moderation/posts/{quote(subject.id)}/demonetise", key)

    def observe(self, subject: Subject) -> Seen:
        """Return what somebody without an account sees: the page and every file of the subject.

        Where the files are is asked of the API; whether they open is seen by looking.
        """
        pages = [self.page_of(subject)]
        try:
            if not subject.is_account:
                media = self._ask("GET", self._place(subject)).json()["media"]
                pages += [str(httpx.URL(self._base).join(each["url"])) for each in media]
                if any(httpx.URL(page).netloc.decode().lower() != self._host for page in pages):
                    # Nothing is fetched from anywhere but the platform itself, whatever its API names.
                    return Seen.UNKNOWN
        except ConnectorError as error:
            if not error.permanent:
                return Seen.UNKNOWN
        seen = [self._look(page, subject) for page in pages]
        for worst in (Seen.SHOWN, Seen.UNKNOWN):
            if worst in seen:
                return worst
        # Nothing opens; the page says whether it is hidden or gone.
        return seen[0]

    def media_of(self, account: Subject) -> Iterator[Subject]:
        """Yield every content item of an account, newest first. An account without any yields nothing."""
        cursor: str | None = None
        while True:
            asked = {} if cursor is None else {"cursor": cursor}
            told = self._ask("GET", f"{self._place(account)}/subjects", params=asked).json()
            for each in told["subjects"]:
                yield Subject(self.platform, SubjectKind(each["kind"]), each["id"])
            cursor = told["next_cursor"]
            if cursor is None:
                return

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        """Yield every content item that is shown and has files, newest first, from behind `cursor` on."""

        def ask(at: str | None) -> tuple[list[Listed], str | None]:
            told = self._ask("GET", "/moderation/catalogue", params={} if at is None else {"cursor": at})
            try:
                page = told.json()
                return [self._listed(each) for each in page["subjects"]], page["next_cursor"]
            except (ValueError, TypeError, KeyError):
                raise ConnectorError("Plaza gave no list.", permanent=False, code="strange_answer") from None

        yield from pages(ask, cursor)

    def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
        """Yield the bytes of a listed file, piece by piece, whether it is shown or hidden since."""
        try:
            with self._api.stream("GET", f"/moderation/media/{quote(file.reference, safe='')}") as answer:
                _refuse(answer.status_code)
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise _away(error) from None

    def _listed(self, told: Mapping[str, Any]) -> Listed:
        files = (
            ListedFile(each["id"], each["content_type"], each["size_bytes"], each["sha256"]) for each in told["media"]
        )
        return Listed(
            Subject(self.platform, SubjectKind(told["kind"]), told["id"]),
            Subject(self.platform, SubjectKind.ACCOUNT, told["account"]),
            datetime.fromisoformat(told["created_at"]),
            tuple(files),
            told["cursor"],
        )

    def _place(self, subject: Subject) -> str:
        if subject.is_account:
            return f"/moderation/accounts/{quote(subject.id)}"
        return f"/moderation/subjects/{subject.kind.value}/{quote(subject.id)}"

    def _order(self, path: str, key: str, wanted: Mapping[str, Any] | None = None) -> Answer:
        told = self._ask("POST", path, headers={"Idempotency-Key": key}, json=dict(wanted or {})).json()
        return Answer(is_replay=told.get("replayed"))

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._api.request(method, path, **more)
        except httpx.HTTPError as error:
            raise _away(error) from None
        _refuse(answer.status_code)
        return answer

    def _look(self, page: str, subject: Subject) -> Seen:
        try:
            with self._stranger.stream("GET", page, headers={"Cache-Control": "no-cache"}) as answer:
                status = answer.status_code
        except httpx.HTTPError:
            return Seen.UNKNOWN
        self._stranger.cookies.clear()
        if status == 403:
            # A message says so to everybody but its two people; a profile says so while its account is suspended.
            return Seen.HIDDEN if subject.is_account else Seen.SHOWN
        return {200: Seen.SHOWN, 404: Seen.HIDDEN, 410: Seen.GONE}.get(status, Seen.UNKNOWN)


def _away(error: httpx.HTTPError) -> ConnectorError:
    if isinstance(error, httpx.TimeoutException):
        return ConnectorError("Plaza did not answer in time.", permanent=False, code="timeout")
    return ConnectorError("Plaza could not be reached.", permanent=False, code="unreachable")


def _refuse(status: int) -> None:
    """Raise what an answer means that brings nothing."""
    if status in (401, 403):
        raise ConnectorError("Plaza refuses our key. Set the right one.", permanent=True, code="key_refused")
    if status == 404:
        raise ConnectorError("Plaza does not know that subject.", permanent=True, code="unknown_subject")
    if status == 409:
        raise ConnectorError("Plaza saw another order under this key.", permanent=True, code="conflict")
    if status >= 300:
        raise ConnectorError(f"Plaza answered {status}.", permanent=status < 500, code=f"status_{status}")


def _bytes_of(text: object) -> bytes:
    return str(text).encode()
