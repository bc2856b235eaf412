"""Names for things: ids that carry their kind, references to sealed bytes, and the subject of a case."""

import base64
from dataclasses import dataclass
from enum import Enum
from typing import NewType

CaseId = NewType("CaseId", str)
NoticeId = NewType("NoticeId", str)
StaffId = NewType("StaffId", str)
OfficeId = NewType("OfficeId", str)
ContactId = NewType("ContactId", str)
ClaimId = NewType("ClaimId", str)
"""Names the claim of one picture by the code that was made of it."""
SealedRef = NewType("SealedRef", str)
"""Names bytes that only the vault can open."""
Digest = NewType("Digest", str)
"""The SHA-256, in hex, of what a subject shows."""
PolicyRef = str
"""`name@digest`: one version of a policy."""


class SubjectKind(Enum):
    """What a case can be about. Everything but an account is a content item."""

    POST = "post"
    MESSAGE = "message"
    LIVE = "live"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Subject:
    """One content item or one account on one platform; `id` is the platform's own."""

    platform: str
    kind: SubjectKind
    id: str

    @property
    def is_account(self) -> bool:
        return self.kind is SubjectKind.ACCOUNT

    def __str__(self) -> str:
        return f"{self.platform}:{self.kind.value}:{self.id}"


def new_id(kind: str, random_bytes: bytes) -> str:
    """Return an id such as `case_…` made of 16 random bytes. Raises ValueError for fewer: ids are not guessable."""
    if len(random_bytes) < 16:
        raise ValueError("An id needs 16 random bytes.")
    return f"{kind}_{base64.b32encode(random_bytes).decode().rstrip('=').lower()}"
