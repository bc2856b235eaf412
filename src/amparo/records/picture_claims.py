"""Claims of pictures as rows: the code of each, which is nowhere else, and what staff see of them.

The code goes into the bank `claimed` by a worker (`workers/claims.py`), because what a process needs to fill a bank the
door does not load. It is deleted in the transaction that ends the claim.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from amparo.cases.refs import ClaimId, NoticeId
from amparo.records import models

PIPELINE = "pdq-wasm-1"
"""What makes codes in browsers, by its name and the version of what it does: kernel/wasm and picture-worker.mjs."""
_CODE = re.compile(r"[0-9a-f]{64}")
_NEARLY_HALF = range(112, 145)


@dataclass(frozen=True)
class ClaimedPicture:
    """The code of a picture as a browser made it."""

    claim: ClaimId
    pdq: str
    quality: int
    pipeline: str


@dataclass(frozen=True)
class Claim:
    """One claim for staff: of which report, since and until when, and how many posts it has found."""

    id: ClaimId
    notice: NoticeId
    made_at: datetime
    until: datetime
    works: bool
    found: int


def is_code(text: str) -> bool:
    """Whether a text can be the code of a picture: half of the bits of each are set, but for a few ties."""
    return _CODE.fullmatch(text) is not None and int(text, 16).bit_count() in _NEARLY_HALF


def row_of(claim: ClaimId) -> models.PictureClaim | None:
    """Return the row of a claim, or None where it has ended."""
    return models.PictureClaim.objects.filter(id=claim).first()


def live(most: int = 200) -> list[Claim]:
    """Return the claims that have not ended: those that wait for a person first, then those that found most."""
    rows = list(models.PictureClaim.objects.all())
    found = dict[str, int]()
    for star, _ in set(models.Likeness.objects.filter(star__startswith="claim_").values_list("star", "case")):
        found[star] = found.get(star, 0) + 1
    claims = [
        Claim(ClaimId(row.id), NoticeId(row.notice), row.made_at, row.until, row.works, found.get(row.id, 0))
        for row in rows
    ]
    return sorted(claims, key=lambda each: (each.works, -each.found, each.made_at, each.id))[:most]


def count_waiting() -> int:
    """Return how many claims wait for a person to start them."""
    return models.PictureClaim.objects.filter(works=False).count()
