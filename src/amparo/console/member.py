"""The person who is signed in, as the core knows people."""

from dataclasses import dataclass

from django.http import HttpRequest

from amparo.cases.actor import Admin, Reviewer
from amparo.cases.refs import StaffId


@dataclass(frozen=True)
class Member:
    """A member of staff. `is_approved`: somebody has approved their enrolment."""

    id: StaffId
    username: str
    role: str
    is_approved: bool

    @property
    def reviewer(self) -> Reviewer:
        """The person as somebody who judges. The rights table lets no admin come where this is asked."""
        if self.role not in ("reviewer", "lead"):
            raise PermissionError(f"The role {self.role} judges nothing.")
        return Reviewer(self.id, is_lead=self.role == "lead")

    @property
    def actor(self) -> Reviewer | Admin:
        return Admin(self.id) if self.role == "admin" else self.reviewer

    @property
    def name(self) -> str:
        """How the vault's register calls this person."""
        return f"reviewer:{self.id}"


def member_of(request: HttpRequest) -> Member:
    """Return who is signed in. Only for routes behind the login."""
    user = request.user
    role, is_approved = str(getattr(user, "role", "")), getattr(user, "approved_by", None) is not None
    return Member(StaffId(str(user.pk)), str(user.get_username()), role, is_approved)
