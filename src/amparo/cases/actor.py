"""Who did it. Every event names one of these, never an empty string."""

from dataclasses import dataclass, field

from amparo.cases.refs import NoticeId, PolicyRef, StaffId, Subject


@dataclass(frozen=True)
class Reporter:
    """Whoever holds the code of a notice. Nothing else is known or asked."""

    notice: NoticeId


@dataclass(frozen=True)
class Reviewer:
    """A member of staff who judges. `is_lead` is true for safety leads."""

    id: StaffId
    is_lead: bool = False


@dataclass(frozen=True)
class Admin:
    """A member of staff who runs the installation. An admin decides nothing about content."""

    id: StaffId


@dataclass(frozen=True)
class Rule:
    """A policy acting by itself. It may hide and, at a hard limit, remove; it can neither refuse nor restore."""

    policy: PolicyRef


@dataclass(frozen=True)
class Connector:
    """What a platform showed or answered, as its connector saw it."""

    platform: str


@dataclass(frozen=True)
class System:
    """A part of Amparo that carries things along: a clock, a worker."""

    part: str


Actor = Reporter | Reviewer | Admin | Rule | Connector | System


@dataclass(frozen=True)
class Voter:
    """A member of staff as a possible voter.

    `is_approved`: a second person has approved the enrolment, so the voter may vote to keep. `accounts`: the voter's
    own accounts on the platform, so that nobody judges their own.
    """

    id: StaffId
    is_lead: bool
    is_approved: bool
    accounts: frozenset[Subject] = frozenset()


@dataclass(frozen=True)
class Staffing:
    """Everyone who may judge today."""

    voters: tuple[Voter, ...] = field(default=())

    def find(self, staff: StaffId) -> Voter | None:
        """Return the voter with that id, or None for somebody who is not on the staff."""
        return next((v for v in self.voters if v.id == staff), None)


def name_of(actor: Actor) -> str:
    """Return an actor as one word, such as `reviewer:staff_…`, for access records and logs."""
    match actor:
        case Reporter(notice):
            return f"reporter:{notice}"
        case Reviewer(id=staff):
            return f"reviewer:{staff}"
        case Admin(id=staff):
            return f"admin:{staff}"
        case Rule(policy):
            return f"rule:{policy}"
        case Connector(platform):
            return f"connector:{platform}"
        case System(part):
            return f"system:{part}"
