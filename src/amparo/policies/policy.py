"""What a policy says, as values. `parse.py` makes them from TOML; `deadlines.py` turns their clocks into times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, IntEnum

from amparo.policies.elements import ElementRule


class Lane(IntEnum):
    """How grave a ground is. In a case lanes only rise, so the order matters."""

    ORDINARY = 0
    ADULT = 1
    CHILD = 2


class Topic(Enum):
    """What a reporter says it is about, in the words of the door's first question."""

    SEXUAL_PICTURE = "sexual_picture"
    THREAT = "threat"
    ENTICEMENT = "enticement"
    SPAM = "spam"


class Hide(Enum):
    """Whether one report hides."""

    AT_ONCE = "at_once"
    AFTER_LOOK = "after_look"
    NEVER = "never"


class Who(Enum):
    """Whose report hides at once."""

    ANYONE = "anyone"
    DEPICTED = "depicted"
    VERIFIED = "verified"


class Copies(Enum):
    """When copies of a subject are hidden, too: as soon as it is itself, once it was removed, or not at all."""

    WITH_IT = "with_it"
    WHEN_REMOVED = "when_removed"
    LEAVE = "leave"


class AtLimit(Enum):
    """What happens at a hard limit with nobody there. Restoring and refusing are not among the choices."""

    STAY_HIDDEN = "stay_hidden"
    REMOVE = "remove"


class OnExpiry(Enum):
    """What an expired clock sets off."""

    ALARM = "alarm"
    ESCALATE_LEAD = "escalate:lead"
    TELL_LATE = "tell:reporter:late"
    TELL_NOT_HIDDEN = "tell:reporter:not_hidden_yet"
    CLOSE = "close"


class ClockName(Enum):
    """The clocks a policy may set, by what stops them.

    `hidden` runs from the order to hide until the platform's logged-out page no longer shows the subject;
    `first_look` from the round's opening until a person opens the case; `decided` until the round is decided;
    `gone` from the removal until it is verified; `watch` from then on; `window` from a refusal, while replies reopen.
    `ordered` from the notice of a regulator or court until the round is decided; `hold` for as long as an office has it
    preserved, the longest counting; `referral` until a person says whether the police are told.
    """

    HIDDEN = "hidden"
    FIRST_LOOK = "first_look"
    DECIDED = "decided"
    GONE = "gone"
    WATCH = "watch"
    WINDOW = "window"
    ORDERED = "ordered"
    HOLD = "hold"
    REFERRAL = "referral"


@dataclass(frozen=True)
class Budget:
    """How many automatic hides an hour may cause before a person is paged instead. Nothing is dropped over it."""

    per_network_per_hour: int
    in_all_per_hour: int


@dataclass(frozen=True)
class Claims:
    """Pictures that are not posted yet, claimed by a code that was made of them on somebody's device.

    `length`: how long a claim works before it has to be renewed. `radius`: in how many of 256 bits a copy's hash may
    differ. `budget`: how many new claims an hour may work before a person has to start each. `hides`: how many hides
    an hour one claim, and all of them, may cause before a person is paged instead. Nothing is dropped over either.
    """

    length: timedelta = timedelta(days=180)
    radius: int = 31
    budget: Budget = Budget(20, 500)
    hides: Budget = Budget(20, 500)


@dataclass(frozen=True)
class OnReport:
    hide: Hide
    who: Who
    rehide_once: bool
    budget: Budget
    copies: Copies = Copies.LEAVE


@dataclass(frozen=True)
class Voting:
    """How many people an outcome takes. `blind`: none sees another's vote. `one_of_lead`: one must be a lead."""

    people: int
    blind: bool = False
    one_of_lead: bool = False


@dataclass(frozen=True)
class AccountRule:
    """Sanctions on the account behind a removed subject."""

    suspend: int
    suspend_for_good: int
    suspend_for: timedelta
    hide_unreviewed_media: bool


@dataclass(frozen=True)
class Reason:
    """A rule that a refusal may cite, with the sentence that the reporter reads."""

    id: str
    text: str


@dataclass(frozen=True)
class ClockRule:
    """One deadline. `regime` is the ISO country whose law sets it, or None for a house rule."""

    name: ClockName
    length: timedelta
    regime: str | None
    page_at: float | None
    renew: timedelta
    on_expiry: tuple[OnExpiry, ...]
    at_limit: AtLimit | None
    source: str
    checked_on: date


@dataclass(frozen=True)
class OfficeRule:
    """When an office is believed. A contact counts once it has been on file for `contact_on_file`.

    `link_works`: how long a signed link does. `unverified_hold`: how long we preserve for an office nobody confirmed.
    """

    contact_on_file: timedelta = timedelta(days=7)
    link_works: timedelta = timedelta(days=1)
    unverified_hold: timedelta = timedelta(days=21)


@dataclass(frozen=True)
class Policy:
    """One ground on which a case may be decided, pinned by the digest of the file that states it."""

    name: str
    digest: str
    title: str
    lane: Lane
    topics: frozenset[Topic]
    harm: int
    on_report: OnReport
    remove: Voting
    keep: Voting
    account: AccountRule
    reasons: tuple[Reason, ...]
    clocks: tuple[ClockRule, ...]
    elements: tuple[ElementRule, ...] = ()
    office: OfficeRule = OfficeRule()
    claims: Claims = Claims()

    @property
    def ref(self) -> str:
        """`name@digest`, the address that every event names."""
        return f"{self.name}@{self.digest}"

    def rules(self, name: ClockName, regimes: frozenset[str]) -> tuple[ClockRule, ...]:
        """Return the clocks of that name that apply under the house rules and these countries' laws."""
        return tuple(c for c in self.clocks if c.name is name and (c.regime is None or c.regime in regimes))


class UnknownPolicy(LookupError):
    """A case names a policy version that this installation does not hold."""


class PolicyBook:
    """Every policy version known here: the current ones by lane and topic, and old ones by their address."""

    def __init__(self, current: Iterable[Policy], superseded: Iterable[Policy] = ()) -> None:
        """Raise ValueError where two policies in force claim one place or one name: which one rules would be luck."""
        self.current = tuple(current)
        for number, policy in enumerate(self.current):
            for other in self.current[:number]:
                if policy.name == other.name:
                    raise ValueError(f"Two policies in force are called {policy.name}. Take one of them out.")
                if policy.lane is other.lane and policy.topics & other.topics:
                    raise ValueError(f"{other.name} and {policy.name} claim the same lane and topic. Change one.")
        self._by_ref = {p.ref: p for p in (*superseded, *self.current)}
        self._by_place = {(p.lane, topic): p for p in self.current for topic in p.topics}

    def get(self, ref: str) -> Policy:
        """Return the pinned version. Raises UnknownPolicy, since deciding by another version would change a duty."""
        if ref not in self._by_ref:
            raise UnknownPolicy(f"The policy {ref} is not loaded. Put that version back among the policies.")
        return self._by_ref[ref]

    def for_notice(self, topic: Topic, *, is_adult: bool) -> Policy:
        """Return the policy under which a notice is taken: unless the person shown is known to be adult, a child's.

        A topic that has no policy in that lane falls to the gravest lane that has one, so no notice is without a
        policy. Raises UnknownPolicy if no policy at all covers the topic.
        """
        lanes = [Lane.ADULT, Lane.CHILD, Lane.ORDINARY] if is_adult else [Lane.CHILD, Lane.ADULT, Lane.ORDINARY]
        for lane in lanes:
            if (lane, topic) in self._by_place:
                return self._by_place[(lane, topic)]
        raise UnknownPolicy(f"No policy covers the topic {topic.value}. Add one, or take the topic off the door.")
