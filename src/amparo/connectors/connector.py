"""The protocol every connector keeps, and the values it speaks in.

ConnectorError
 ├─ permanent=True   asking again cannot help: unknown subject, refused key, unsupported
 └─ permanent=False  the outcome is unknown or the platform was away: look first, then ask again

Every order names a *wanted state*, so giving it twice is harmless, and carries the effect's key, which the platform
remembers. No answer of a platform proves anything: only `observe`, which looks at the logged-out page, does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from amparo.cases.refs import Subject
from amparo.cases.words import LinkProblem, Seen, Wanted


class ConnectorError(Exception):
    """An order or a question failed. `code` is a stable word for logs; the text holds no link and no name."""

    def __init__(self, message: str, *, permanent: bool, code: str) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.code = code


@dataclass(frozen=True)
class Capabilities:
    """What a platform can be asked for. The wording on the door and in letters follows from it.

    `lists_all`: it lists everything that it shows, so that copies are found of what is confirmed later. `tells_gone`:
    its logged-out page tells a removed subject from a hidden one. `remembers_keys`: it does not act twice on one
    idempotency key.
    """

    hides: bool
    restores: bool
    removes: bool
    suspends: bool
    demonetises: bool
    lists_media: bool
    lists_all: bool
    counts_views: bool
    tells_gone: bool
    remembers_keys: bool

    def reaches(self, wanted: Wanted, *, is_account: bool) -> bool:
        """Whether the platform can be asked for that state. What cannot be removed may still be hidden for good."""
        if is_account:
            return self.suspends
        match wanted:
            case Wanted.SHOWN:
                return self.restores
            case Wanted.HIDDEN:
                return self.hides
            case Wanted.REMOVED:
                return self.removes or self.hides

    @property
    def shows_removal(self) -> bool:
        """Whether a removed subject looks otherwise than a hidden one, so that removal can be seen."""
        return self.tells_gone and self.removes


UNSUPPORTED = "unsupported"
"""The code of an error for what the platform has no way to do."""

NO_CAPABILITY = Capabilities(
    hides=False,
    restores=False,
    removes=False,
    suspends=False,
    demonetises=False,
    lists_media=False,
    lists_all=False,
    counts_views=False,
    tells_gone=False,
    remembers_keys=False,
)
"""What a platform can be asked for that is no longer connected."""


@dataclass(frozen=True)
class Answer:
    """What the platform says of an order. `is_replay` is None where it does not say."""

    is_replay: bool | None


@dataclass(frozen=True)
class Part:
    """One file or text of a subject, as the platform holds it."""

    body: bytes
    media_type: str


@dataclass(frozen=True)
class Fetched:
    """A subject's content and whose it is. `version` rises with each edit; counters are None where not told."""

    version: int
    account: Subject | None
    parts: tuple[Part, ...]
    views: int | None
    reshares: int | None


@dataclass(frozen=True)
class Reach:
    """A subject's counters as the platform tells them: how often it was shown, and passed on by others.

    `reshares` is None where the platform does not tell them.
    """

    views: int
    reshares: int | None


@dataclass(frozen=True)
class ListedFile:
    """One file of a listed subject. `reference` is the platform's own name for it, of no meaning to us.

    `sha256` is what the platform says of its bytes; it and `size_bytes` are None where it does not say.
    """

    reference: str
    media_type: str
    size_bytes: int | None
    sha256: str | None


@dataclass(frozen=True)
class Listed:
    """A content item that the platform shows, `since` when, with its files.

    `cursor`: where to go on once this item is done. From there some items may come again and none is left out; None is
    the beginning.
    """

    subject: Subject
    account: Subject | None
    since: datetime
    files: tuple[ListedFile, ...]
    cursor: str | None


_LARGEST_COUNT = 10**15


def count_in(told: object) -> int | None:
    """Return a counter in a platform's answer; None for whatever cannot be one, such as a word or less than nothing."""
    is_count = isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= _LARGEST_COUNT
    return told if is_count else None  # type: ignore[return-value]


class Connector(Protocol):
    """One platform. Methods may be repeated; each raises ConnectorError and nothing else."""

    platform: str
    capabilities: Capabilities

    def subject_of(self, link: str) -> Subject | LinkProblem:
        """Return which subject a pasted link names, or why none. Reads the text alone and asks nobody."""

    def page_of(self, subject: Subject) -> str:
        """Return the address of a subject's logged-out page."""

    def fetch(self, subject: Subject) -> Fetched:
        """Return what a subject holds, hidden or not. Permanent error where the platform does not know it."""

    def reach(self, subject: Subject) -> Reach | None:
        """Return the counters of a content item, whether it is shown, hidden or removed; asking is no view of it.

        Light, since it is asked at the notice and again at every look: no content is fetched. None where the platform
        does not tell (`counts_views` is False), of this subject or at all; an account has none. Permanent error where
        the platform does not know the subject. A counter that cannot be one is as good as none: see `count_in`.
        """

    def hide(self, subject: Subject, *, key: str) -> Answer:
        """Ask that nobody sees the subject. It can be restored."""

    def remove(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is removed."""

    def restore(self, subject: Subject, *, key: str) -> Answer:
        """Ask that the subject is shown again; for an account, that its suspension ends."""

    def suspend(self, account: Subject, *, until: datetime | None, key: str) -> Answer:
        """Ask that an account is suspended until then, or for good (None)."""

    def demonetise(self, subject: Subject, *, key: str) -> Answer:
        """Ask that no advertisement earns money beside the subject."""

    def observe(self, subject: Subject) -> Seen:
        """Return what somebody without an account sees: the page and every file of the subject.

        SHOWN as soon as any of them opens; HIDDEN or GONE only when none does; UNKNOWN when it could not be looked
        at, which is never taken for hidden.
        """

    def media_of(self, account: Subject) -> Iterator[Subject]:
        """Yield every content item of an account, newest first. An account without any yields nothing."""

    def catalogue(self, cursor: str | None) -> Iterator[Listed]:
        """Yield every content item that is shown and has files, newest first.

        Begins where `cursor`, that of a listed item, says; at the beginning for None. What is published meanwhile may
        be missing. Permanent error, UNSUPPORTED, where the platform cannot list (`lists_all` is False).
        """

    def fetch_file(self, subject: Subject, file: ListedFile) -> Iterator[bytes]:
        """Yield the bytes of a listed file, piece by piece, whether it is shown or hidden since.

        Permanent error where the platform no longer knows it.
        """
