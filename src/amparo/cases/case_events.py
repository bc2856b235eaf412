"""What has happened to a case. Facts in the past tense, with references and digests, never names or texts."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.clock_events import SharedEvent
from amparo.cases.likeness import Likeness
from amparo.cases.platform_events import (
    AccountMediaListed,
    AccountMediaRequested,
    CameBack,
    ContentRecorded,
    ContentRequested,
    HideRequested,
    HideWithheld,
    LookDue,
    Observed,
    OrderRepeated,
    PlatformTroubled,
    ReachRead,
    RemoveRequested,
    RestoreRequested,
    SuspensionEnded,
    SuspensionRequested,
)
from amparo.cases.refs import Digest, NoticeId, PolicyRef, StaffId, Subject
from amparo.cases.sender import OfficeKind
from amparo.cases.words import (
    Relation,
    Suspend,
    Told,
    WhyRound,
)
from amparo.policies.policy import Lane
from amparo.policies.signal import Signal


@dataclass(frozen=True)
class CaseOpened:
    subject: Subject


@dataclass(frozen=True)
class NoticeJoined:
    """`received_at` is set where the notice came earlier than this, while the books were away."""

    notice: NoticeId
    relation: Relation | None
    reported_by: StaffId | None
    received_at: datetime | None = None


@dataclass(frozen=True)
class GroundRaised:
    """A ground was raised, or raised again after a refusal. `unsettled_by`: the notice whose age is not answered."""

    policy: PolicyRef
    lane: Lane
    regimes: frozenset[str]
    by_depicted: bool
    unsettled_by: NoticeId | None


@dataclass(frozen=True)
class GroundSettled:
    """A notice's age was answered, or counted as child for good; it no longer keeps the ground unsettled."""

    policy: PolicyRef
    notice: NoticeId
    is_confirmed: bool


@dataclass(frozen=True)
class MatchRecorded:
    """A likeness, or a new thing known of an old one, whose place it takes."""

    likeness: Likeness


@dataclass(frozen=True)
class CopiesRequested:
    """What only likeness held so far was reported itself, so copies of it shall be sought, too."""


@dataclass(frozen=True)
class GroundMatched:
    """A ground is held because the subject shows what that star is about. No reporter has said how old anybody is."""

    policy: PolicyRef
    lane: Lane
    regimes: frozenset[str]
    star: str


@dataclass(frozen=True)
class MatchesWithdrawn:
    """What the star is about was kept by these people, so nothing is held any more for being like it.

    `decision`: the number of that KeepDecided among the events of the star's case.
    """

    star: str
    decision: int
    kept_by: tuple[StaffId, ...]


@dataclass(frozen=True)
class GroundWithdrawn:
    policy: PolicyRef


@dataclass(frozen=True)
class GroundReopened:
    """A reply or an appeal asks for a new look at a decided ground."""

    policy: PolicyRef


@dataclass(frozen=True)
class RelationLearned:
    """A joined notice has said who is shown."""

    policy: PolicyRef
    relation: Relation


@dataclass(frozen=True)
class GroundUpheld:
    policy: PolicyRef


@dataclass(frozen=True)
class GroundRefused:
    policy: PolicyRef


@dataclass(frozen=True)
class SignalsNoted:
    """Somebody who reported the subject says this in their own words, which nobody did before."""

    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class OfficeAsked:
    """A notice of somebody who says to be an office names the subject. `is_verified`: it is that office."""

    notice: NoticeId
    kind: OfficeKind
    country: str
    is_verified: bool


@dataclass(frozen=True)
class HoldPlaced:
    """What is sealed of the subject is kept until then, whoever asks for its erasure."""

    notice: NoticeId
    until: datetime
    is_verified: bool


@dataclass(frozen=True)
class HoldEnded:
    """No office has it kept any longer."""


@dataclass(frozen=True)
class RoundOpened:
    """`excluded` may not vote to keep in this round: somebody new must.

    `received_at` is set where what opened it came earlier than this, while the books were away.
    """

    number: int
    why: WhyRound
    excluded: frozenset[StaffId]
    received_at: datetime | None = None


@dataclass(frozen=True)
class VotesVoided:
    round: int


@dataclass(frozen=True)
class LookStarted:
    reviewer: StaffId


@dataclass(frozen=True)
class KeepVoted:
    """One blind vote to keep. `digest` is what the voter saw; `reason` is the rule cited."""

    round: int
    voter: StaffId
    is_lead: bool
    policies: tuple[PolicyRef, ...]
    reason: str
    digest: Digest | None


@dataclass(frozen=True)
class KeepDecided:
    """Enough people, who did not see each other's vote, want the subject kept on these grounds."""

    round: int
    policies: tuple[PolicyRef, ...]
    reasons: tuple[str, ...]
    by: tuple[StaffId, ...]
    digest: Digest | None


@dataclass(frozen=True)
class RemovalDecided:
    """`by` is None when a policy removes: at a hard limit, or the very file that a person found to break the rule,
    posted again; `digest` is that file's then. `suspend` is for the account behind the subject or, when
    the subject is an account, for that account itself."""

    round: int | None
    policy: PolicyRef
    by: StaffId | None
    digest: Digest | None
    suspend: Suspend


@dataclass(frozen=True)
class SuspensionForGoodAsked:
    """One person wants the account suspended for good; it is suspended for a time until a second one agrees."""

    round: int
    by: StaffId


@dataclass(frozen=True)
class RoundClosed:
    number: int


@dataclass(frozen=True)
class PeopleLacking:
    """There are not enough eligible people for a refusal; the subject stays as it is and a lead is called."""

    round: int


@dataclass(frozen=True)
class ReportersTold:
    """Everybody who reported the subject shall read this. `by` is the new promised time, where one is given."""

    what: Told
    round: int
    by: datetime | None


@dataclass(frozen=True)
class CaseClosed:
    pass


CaseEvent = (
    SharedEvent
    | CaseOpened
    | NoticeJoined
    | MatchRecorded
    | CopiesRequested
    | GroundMatched
    | MatchesWithdrawn
    | GroundRaised
    | GroundSettled
    | GroundWithdrawn
    | GroundReopened
    | RelationLearned
    | SignalsNoted
    | OfficeAsked
    | HoldPlaced
    | HoldEnded
    | GroundUpheld
    | GroundRefused
    | RoundOpened
    | VotesVoided
    | LookStarted
    | ContentRecorded
    | ContentRequested
    | AccountMediaRequested
    | AccountMediaListed
    | HideRequested
    | HideWithheld
    | RemoveRequested
    | RestoreRequested
    | OrderRepeated
    | KeepVoted
    | KeepDecided
    | RemovalDecided
    | SuspensionForGoodAsked
    | SuspensionRequested
    | SuspensionEnded
    | RoundClosed
    | PeopleLacking
    | Observed
    | ReachRead
    | CameBack
    | PlatformTroubled
    | LookDue
    | ReportersTold
    | CaseClosed
)
