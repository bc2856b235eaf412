"""What may be asked of a case. Commands are imperative; `decide` answers each with events or a refusal."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.actor import Actor, Reviewer
from amparo.cases.likeness import Likeness
from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import CaseId, Digest, NoticeId, PolicyRef, StaffId, Subject
from amparo.cases.sender import OfficeKind
from amparo.cases.words import Relation, Seen, Suspend
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class JoinNotice:
    """A notice names this subject: open its case, or join it.

    `received_at` is when the notice came, from which its clocks run; `is_late`: the books were away then.
    `within_budget` is false when this hour's automatic hides are used up. `reported_by` is set only when a member of
    staff reports. `is_doubted`, here and below: this reporter was found to report in bad faith.
    """

    case: CaseId
    subject: Subject
    notice: NoticeId
    policy: PolicyRef
    relation: Relation | None
    is_settled: bool
    regimes: frozenset[str]
    received_at: datetime
    within_budget: bool
    actor: Actor
    reported_by: StaffId | None = None
    is_late: bool = False
    is_doubted: bool = False


@dataclass(frozen=True)
class JoinFromAccount:
    """The account behind this subject was reported and its media are to wait hidden for review.

    `within_budget` is false when this hour's automatic hides are used up.
    """

    case: CaseId
    subject: Subject
    account: Subject
    policy: PolicyRef
    regimes: frozenset[str]
    actor: Actor
    within_budget: bool = True


@dataclass(frozen=True)
class SettleNotice:
    """A joined notice said who is shown, or how old, or from where; `policy` is the one it now falls under.

    `is_raised`: the reporter took back that the person is an adult, which is a new fact even after a decision.
    """

    case: CaseId
    notice: NoticeId
    policy: PolicyRef
    relation: Relation | None
    is_settled: bool
    regimes: frozenset[str]
    received_at: datetime
    within_budget: bool
    actor: Actor
    is_raised: bool = False
    is_doubted: bool = False


@dataclass(frozen=True)
class RecordContent:
    case: CaseId
    digest: Digest
    version: int
    account: Subject | None
    parts: tuple[ContentPart, ...]
    views: int | None
    actor: Actor


@dataclass(frozen=True)
class RecordAccountMedia:
    case: CaseId
    found: int
    joined: int
    actor: Actor


@dataclass(frozen=True)
class RecordObservation:
    """What the logged-out page showed. `tells_gone`: the platform's page tells removed from hidden."""

    case: CaseId
    seen: Seen
    tells_gone: bool
    actor: Actor


@dataclass(frozen=True)
class RecordReach:
    """What the platform's counters said at `read_at`. A reading no younger than the last one changes nothing."""

    case: CaseId
    views: int
    reshares: int | None
    read_at: datetime
    actor: Actor


@dataclass(frozen=True)
class RecordTrouble:
    """An order to the platform failed or its outcome is unknown."""

    case: CaseId
    effect: str
    code: str
    is_permanent: bool
    actor: Actor


@dataclass(frozen=True)
class RecordMatch:
    """A file of this subject shows what a star's file shows: open its case, hide it, and have a person look.

    `hides`: what it is like is itself away, or to be kept away; false also where its bank only asks. `within_budget` is
    false when this hour's automatic hides are used up.
    """

    case: CaseId
    subject: Subject
    likeness: Likeness
    policy: PolicyRef
    regimes: frozenset[str]
    hides: bool
    within_budget: bool
    actor: Actor


@dataclass(frozen=True)
class WithdrawMatches:
    """What a star is about was found to break no rule, by people of whom `actor` was the last.

    `decision`: the number of their KeepDecided among the events of the star's case.
    """

    case: CaseId
    star: str
    decision: int
    kept_by: tuple[StaffId, ...]
    by_a_lead: bool
    actor: Reviewer


@dataclass(frozen=True)
class StartLook:
    case: CaseId
    actor: Reviewer


@dataclass(frozen=True)
class DecideRemoval:
    """One person takes the subject down on one ground. `digest` is what the person saw or relied on."""

    case: CaseId
    round: int
    policy: PolicyRef
    digest: Digest | None
    suspend: Suspend
    actor: Reviewer


@dataclass(frozen=True)
class VoteToKeep:
    """One person finds that the subject does not break these rules. It takes effect with a second, blind vote."""

    case: CaseId
    round: int
    policies: tuple[PolicyRef, ...]
    reason: str
    digest: Digest | None
    actor: Actor


@dataclass(frozen=True)
class SanctionAccount:
    """The subject of another case was removed and the account behind it shall be suspended."""

    case: CaseId
    subject: Subject
    policy: PolicyRef
    suspend: Suspend
    actor: Reviewer


@dataclass(frozen=True)
class NoteSignals:
    """Somebody who reported the subject says this in their own words. It sorts the case further to the front."""

    case: CaseId
    signals: frozenset[Signal]
    actor: Actor


@dataclass(frozen=True)
class NoteOffice:
    """A notice that names the subject is from somebody who says to be an office, or it is now known that it is.

    `received_at` is when the notice came. `within_budget` is false when this hour's automatic hides are used up.
    """

    case: CaseId
    notice: NoticeId
    kind: OfficeKind
    country: str
    removes: bool
    preserves: bool
    is_verified: bool
    received_at: datetime
    within_budget: bool
    actor: Actor


@dataclass(frozen=True)
class ReceiveReply:
    """Somebody who reported the subject wrote again or pressed "Look again". `received_at`: when, if not now."""

    case: CaseId
    notice: NoticeId
    asks_again: bool
    brings_new_facts: bool
    actor: Actor
    received_at: datetime | None = None
    is_doubted: bool = False


@dataclass(frozen=True)
class ReceiveAppeal:
    """The account holder disagrees with a removal. Visibility does not change by it."""

    case: CaseId
    actor: Actor


CaseCommand = (
    JoinNotice
    | JoinFromAccount
    | SettleNotice
    | RecordContent
    | RecordAccountMedia
    | RecordObservation
    | RecordReach
    | RecordTrouble
    | RecordMatch
    | WithdrawMatches
    | StartLook
    | DecideRemoval
    | VoteToKeep
    | SanctionAccount
    | NoteSignals
    | NoteOffice
    | ReceiveReply
    | ReceiveAppeal
)
