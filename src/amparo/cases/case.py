"""A case: everything we know of one subject. `evolve` says what each event makes of it."""

from dataclasses import dataclass
from datetime import datetime

from amparo.cases.clock import Clock
from amparo.cases.exposure import Exposure
from amparo.cases.likeness import Likeness
from amparo.cases.platform_events import ContentPart
from amparo.cases.refs import CaseId, Digest, NoticeId, PolicyRef, StaffId, Subject
from amparo.cases.sender import Hold
from amparo.cases.words import GroundStatus, Relation, Seen, Told, Wanted, WhyRound
from amparo.policies.policy import Lane
from amparo.policies.signal import Signal

PROMISES = ("first_look", "decided")
"""The clocks whose times a reporter is promised."""


@dataclass(frozen=True)
class Ground:
    """One reason to judge the subject. `unsettled`: the notices whose unanswered age makes it count as a child's.

    `stars`: what it is held for being like, besides or without any report.
    """

    policy: PolicyRef
    lane: Lane
    status: GroundStatus
    regimes: frozenset[str]
    by_depicted: bool
    is_settled: bool
    unsettled: frozenset[NoticeId] = frozenset()
    stars: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.status is GroundStatus.OPEN

    @property
    def is_only_like(self) -> bool:
        """Whether no report and no reported account holds it, or did."""
        return not self.is_settled and not self.unsettled


@dataclass(frozen=True)
class Vote:
    """A vote to keep, never shown to another voter of its round."""

    voter: StaffId
    is_lead: bool
    policies: tuple[PolicyRef, ...]
    reason: str
    digest: Digest | None


@dataclass(frozen=True)
class Round:
    """One review. `opened_at` is when what opened it came. `excluded` decided before and may not vote to keep.

    `asks_good`: who wants a suspension for good.
    """

    number: int
    why: WhyRound
    opened_at: datetime
    excluded: frozenset[StaffId]
    votes: tuple[Vote, ...] = ()
    asks_good: frozenset[StaffId] = frozenset()
    lacks_people: bool = False


@dataclass(frozen=True)
class Content:
    digest: Digest
    version: int
    parts: tuple[ContentPart, ...]
    views: int | None


@dataclass(frozen=True)
class Late:
    """The last promise that was missed, and the one given instead."""

    clock: str
    due_at: datetime
    renewed_to: datetime | None


@dataclass(frozen=True)
class Case:
    """The state of a case after `seq` events.

    `wanted` is what the platform shall show, `seen` what it showed last, `is_confirmed` whether that is the same.
    The `…_at` fields are the times of a reporter's timeline: each is set only when it has happened and was seen.
    `received_at` is set where a report of it came before `opened_at`, while the books were away: when the first did.
    """

    id: CaseId
    seq: int
    subject: Subject
    opened_at: datetime
    is_open: bool = True
    account: Subject | None = None
    grounds: tuple[Ground, ...] = ()
    round: Round | None = None
    rounds: int = 0
    past_voters: frozenset[StaffId] = frozenset()
    reported_by: frozenset[StaffId] = frozenset()
    relations: frozenset[Relation] = frozenset()
    notices: int = 0
    rehides: int = 0
    wanted: Wanted = Wanted.SHOWN
    wanted_since: datetime | None = None
    suspended_until: datetime | None = None
    seen: Seen = Seen.UNKNOWN
    seen_at: datetime | None = None
    is_confirmed: bool = True
    content: Content | None = None
    exposure: Exposure | None = None
    clocks: tuple[Clock, ...] = ()
    hide_asked_at: datetime | None = None
    hidden_at: datetime | None = None
    looked_at: datetime | None = None
    decided_at: datetime | None = None
    removed_for: PolicyRef | None = None
    kept_for: tuple[str, ...] = ()
    gone_at: datetime | None = None
    late: Late | None = None
    troubles: int = 0
    is_unknown: bool = False
    last_told: Told | None = None
    received_at: datetime | None = None
    likenesses: tuple[Likeness, ...] = ()
    releases: int = 0
    signals: frozenset[Signal] = frozenset()
    holds: tuple[Hold, ...] = ()

    @property
    def held_until(self) -> datetime | None:
        """Until when some office has it kept, by the longest hold."""
        return max((hold.until for hold in self.holds), default=None)

    @property
    def reported_at(self) -> datetime:
        """When the first report of it came."""
        return self.received_at or self.opened_at

    @property
    def open_grounds(self) -> tuple[Ground, ...]:
        return tuple(g for g in self.grounds if g.is_open)

    @property
    def lane(self) -> Lane:
        """The gravest lane of any ground that was not withdrawn."""
        return max((g.lane for g in self.grounds if g.status is not GroundStatus.WITHDRAWN), default=Lane.ORDINARY)

    @property
    def is_held(self) -> bool:
        """Whether any ground keeps the subject from being shown. A suspension that has ended keeps nobody away."""
        is_over = self.subject.is_account and self.wanted is Wanted.SHOWN
        return any(g.is_open or (g.status is GroundStatus.UPHELD and not is_over) for g in self.grounds)

    @property
    def is_only_like(self) -> bool:
        """Whether nothing but likeness to what is known brought it here: then it is no centre of a star of its own."""
        return bool(self.likenesses) and not self.notices and all(ground.is_only_like for ground in self.grounds)

    @property
    def is_only_asked(self) -> bool:
        """Whether nothing but banks that hide nothing brought it here: then it is shown until a person decides."""
        return self.is_only_like and all(likeness.only_asks for likeness in self.likenesses)

    @property
    def owner(self) -> Subject | None:
        """The account behind the subject, or the subject itself where it is an account."""
        return self.subject if self.subject.is_account else self.account

    def ground(self, policy: PolicyRef) -> Ground | None:
        return next((g for g in self.grounds if g.policy == policy), None)

    def running(self, name: str) -> tuple[Clock, ...]:
        """The running clocks of that name, soonest first."""
        return tuple(sorted((c for c in self.clocks if c.name == name), key=lambda c: c.due_at))
