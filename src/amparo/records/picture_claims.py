"""Claims of pictures as rows: the code of each, which is nowhere else, and what staff see of them.

The code goes into the bank `claimed` by a worker (`workers/claims.py`), because what a process needs to fill a bank the
door does not load. It is deleted in the transaction that ends the claim.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

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


@dataclass(frozen=True)
class Some:
    """Some claims of a list, and how many the list has."""

    claims: tuple[Claim, ...]
    in_all: int


def is_code(text: str) -> bool:
    """Whether a text can be the code of a picture: half of the bits of each are set, but for a few ties."""
    return _CODE.fullmatch(text) is not None and int(text, 16).bit_count() in _NEARLY_HALF


def row_of(claim: ClaimId) -> models.PictureClaim | None:
    """Return the row of a claim, or None where it has ended."""
    return models.PictureClaim.objects.filter(id=claim).first()


def waiting(of: str = "", start: int = 0, most: int = 50) -> Some:
    """Return claims that wait for a person to start them, oldest first. `of`: those of that notice alone."""
    return _some(_live(of, works=False).order_by("made_at", "id"), start, most)


def working(of: str = "", start: int = 0, most: int = 50) -> Some:
    """Return claims that work, those first that have found most. `of`: those of that notice alone."""
    return _some(_live(of, works=True).order_by("-found", "made_at", "id"), start, most)


def count_waiting() -> int:
    """Return how many claims wait for a person to start them."""
    return models.PictureClaim.objects.filter(works=False).count()


def _live(of: str, *, works: bool) -> QuerySet[models.PictureClaim]:
    like = models.Likeness.objects.filter(star=OuterRef("id")).order_by().values("star")
    found = Coalesce(Subquery(like.annotate(n=Count("case", distinct=True)).values("n")), 0)
    rows = models.PictureClaim.objects.filter(works=works).annotate(found=found)
    return rows.filter(notice=of) if of else rows


def _some(rows: QuerySet[models.PictureClaim], start: int, most: int) -> Some:
    fields = ("id", "notice", "made_at", "until", "works", "found")
    claims = tuple(
        Claim(ClaimId(claim), NoticeId(notice), *rest)
        for claim, notice, *rest in rows.values_list(*fields)[start : start + most]
    )
    return Some(claims, rows.count())
