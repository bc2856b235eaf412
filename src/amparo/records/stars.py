"""Stars: which cases are held for being like what one case, or one bank, is about. A star never reaches through them.

The star of a case has its id; that of a bank is `bank:NAME`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q

from amparo.cases.case import Case
from amparo.cases.refs import CaseId
from amparo.records import codec, models


@dataclass(frozen=True)
class Star:
    """The copies around one case: how many, how many of them wait for a person, and some of them, nearest first."""

    in_all: int
    waiting: int
    some: tuple[Case, ...]


def cases_of(star: str) -> list[CaseId]:
    """Return every case that is in a star, in the order in which they were found."""
    rows = models.Likeness.objects.filter(star=star).order_by("id").values_list("case", flat=True)
    return [CaseId(each) for each in dict.fromkeys(rows)]


def some_cases_of(star: str, most: int) -> list[CaseId]:
    """Return the first cases of a star, for a page."""
    rows = models.Likeness.objects.filter(star=star).values("case").annotate(first=Min("id")).order_by("first")
    return [CaseId(each) for each in rows.values_list("case", flat=True)[:most]]


def star_of(star: str, most: int = 50) -> Star:
    """Return the copies around a case, for a page."""
    like = models.Likeness.objects.filter(star=star).order_by("-is_exact", "distance", "id")
    ids = list(dict.fromkeys(like.values_list("case", flat=True)))
    rows = models.Case.objects.filter(id__in=ids)
    states = dict(models.Case.objects.filter(id__in=ids[:most], state__isnull=False).values_list("id", "state"))
    some = tuple(codec.from_json(Case, states[each]) for each in ids[:most] if each in states)
    return Star(len(ids), rows.filter(round__isnull=False).count(), some)


def is_behind_its_star(now: datetime) -> Q:
    """Which cases only likeness brought while what they are like is itself in review, and whose own time is not over.

    One person decides about that first; the very same bytes then go with it, and the rest are looked at after it.
    """
    centres = models.Case.objects.filter(id=OuterRef("star"), round__isnull=False)
    like = models.Likeness.objects.filter(Exists(centres), case=OuterRef("id"))
    reports = models.CaseNotice.objects.filter(case=OuterRef("id"))
    return Q(Exists(like)) & ~Q(Exists(reports)) & Q(look_by__gt=now)
