"""What a case asks of its platform, and what was seen there."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import Digest, PolicyRef, SealedRef, Subject
from amparo.cases.words import (
    Seen,
    Wanted,
    WhyHide,
)


@dataclass(frozen=True)
class ContentPart:
    """One file or text of a subject, sealed in the vault."""

    sealed: SealedRef
    digest: Digest
    media_type: str
    size_bytes: int


@dataclass(frozen=True)
class ContentRecorded:
    """What the subject showed, by digest; the bytes lie sealed. `version` is the platform's own counter of edits."""

    digest: Digest
    version: int
    account: Subject | None
    parts: tuple[ContentPart, ...]
    views: int | None


@dataclass(frozen=True)
class ContentRequested:
    """The subject shall be fetched anew: who looks again must see what it shows now, not what it showed then."""


@dataclass(frozen=True)
class AccountMediaRequested:
    """The account's media shall be listed and, where unreviewed, hidden pending review."""

    policy: PolicyRef


@dataclass(frozen=True)
class AccountMediaListed:
    """How many media the account has, and how many of them now wait hidden for review."""

    found: int
    joined: int


@dataclass(frozen=True)
class HideRequested:
    why: WhyHide


@dataclass(frozen=True)
class HideWithheld:
    """Nothing was hidden by itself and a person is called instead: the hour's budget is used up.

    `is_doubted`: the budget was not asked, because the reporter had been found to report in bad faith.
    """

    policy: PolicyRef
    is_doubted: bool = False


@dataclass(frozen=True)
class RemoveRequested:
    pass


@dataclass(frozen=True)
class RestoreRequested:
    pass


@dataclass(frozen=True)
class OrderRepeated:
    """The platform did not keep to what was wanted, so the order goes out again under a new key."""

    wanted: Wanted


@dataclass(frozen=True)
class SuspensionRequested:
    """The account shall be suspended until then, or for good (None)."""

    until: datetime | None


@dataclass(frozen=True)
class SuspensionEnded:
    """The time of a suspension is over; the account shall be shown again."""


@dataclass(frozen=True)
class Observed:
    """What the logged-out page showed. `confirms`: it is the state we want."""

    seen: Seen
    confirms: bool


@dataclass(frozen=True)
class ReachRead:
    """What the platform's counters said at `read_at`: how often the subject was shown, and passed on by others.

    `reshares` is None where the platform does not tell them.
    """

    views: int
    reshares: int | None
    read_at: datetime


@dataclass(frozen=True)
class CameBack:
    """The platform shows again what it had taken away."""


@dataclass(frozen=True)
class PlatformTroubled:
    """An order to the platform failed or its outcome is unknown. `code` is the connector's, without any link.

    `is_unknown`: the platform does not know the subject at all.
    """

    effect: str
    code: str
    is_permanent: bool
    is_unknown: bool = False


@dataclass(frozen=True)
class LookDue:
    """It is time to look at the platform again."""
