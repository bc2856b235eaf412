"""What people are to look at, read from the rows: queries only, nothing is decided or written here.

Nothing here tells one person of another's vote or look in an open round. `waiting_for` counts a vote of the asker's
own; the wall shows the time to look by as it was set when the round opened, whether or not somebody has looked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as Choice
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, Greatest

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.refs import CaseId, StaffId, Subject, SubjectKind
from amparo.policies.policy import Lane
from amparo.records import codec, models
from amparo.records.stars import is_behind_its_star

LOOK = "look"
"""The wall's name for the time by which a round is to be looked at."""

# The clocks of a case that say nothing of who has looked or voted. `first_look` stops at a look, so it is not here.
_ON_THE_WALL = ("decided", "ordered", "hidden", "gone", "restored")
# Calls that come or stay away by a look or a vote. The wall says the same by the clock alone.
_TELLTALE = ("look_due", "late", "lead_wanted", "not_enough_people")


@dataclass(frozen=True)
class Waiting:
    """A case that waits for this person, as a card shows it. `is_over_budget`: a hide was withheld in this round."""

    case: Case
    look_by: datetime
    is_over_budget: bool


@dataclass(frozen=True)
class Due:
    """One promise and when it ends. `lane` and `kind` are of a case; a notice has neither."""

    aggregate: str
    what: str
    due_at: datetime
    lane: Lane | None
    kind: str | None


@dataclass(frozen=True)
class Call:
    """An open alarm."""

    id: int
    kind: str
    aggregate: str
    at: datetime
    times: int


@dataclass(frozen=True)
class Past:
    """What became of the earlier cases of one account."""

    removed: int
    kept: int
    open: int

    @property
    def in_all(self) -> int:
        return self.removed + self.kept + self.open


def notices_of(case: CaseId) -> list[str]:
    """Return the notices that name a case's subject."""
    return list(models.CaseNotice.objects.filter(case=case).order_by("id").values_list("notice", flat=True))


# ---- the queue


def waiting_for(staff: StaffId, now: datetime, most: int = 50) -> list[Waiting]:
    """Return the cases that wait for this person, those first whose time is shortest for the harm they do.

    The order is minutes left ÷ harm; once the time has passed it is minutes late × harm, the most first.
    """
    by = Coalesce("look_by", "opened_at")
    left = ExpressionWrapper(by - Value(now, DateTimeField()), DurationField())
    seconds, harm = Cast(Extract(left, "epoch"), FloatField()), Greatest(F("harm"), 1)
    is_late = Q(by__lte=now)
    ordered = (
        _waiting_for(staff, now)
        .annotate(by=by)
        .annotate(
            is_late=Choice(When(is_late, then=1), default=0),
            urgency=Choice(When(is_late, then=seconds * harm), default=seconds / harm, output_field=FloatField()),
        )
        .order_by("-is_late", "urgency", "id")
    )
    rows = list(ordered.values_list("id", "state", "by")[:most])
    over = _over_budget([case for case, _, _ in rows])
    return [Waiting(codec.from_json(Case, state), by, case in over) for case, state, by in rows]


def count_waiting_for(staff: StaffId, now: datetime) -> int:
    """Return how many cases wait for this person."""
    return _waiting_for(staff, now).count()


def look_by(case: CaseId) -> datetime | None:
    """Return when a case's open round is to be looked at, as it was set when the round opened."""
    return models.Case.objects.filter(id=case).values_list("look_by", flat=True).first()


def is_over_budget(case: CaseId) -> bool:
    """Whether a hide was withheld because the hour's budget was used up."""
    return case in _over_budget([case])


def past_of(account: Subject, other_than: CaseId) -> Past:
    """Return what became of the other cases of an account."""
    rows = models.Case.objects.filter(account=str(account), state__isnull=False).exclude(id=other_than)
    is_decided = Q(round__isnull=True)
    counted = rows.aggregate(
        removed=Count("id", filter=is_decided & ~Q(state__removed_for=None)),
        kept=Count("id", filter=is_decided & Q(state__removed_for=None) & ~Q(state__kept_for=[])),
        open=Count("id", filter=~is_decided),
    )
    return Past(counted["removed"], counted["kept"], counted["open"])


# ---- notices


def notices_with_words(case: CaseId, most: int = 10) -> list[Notice]:
    """Return the notices of a case whose reporters wrote something, unread ones first."""
    joined = models.CaseNotice.objects.filter(case=case).values("notice")
    rows = models.Notice.objects.filter(id__in=joined).exclude(state__words=[])
    return read(rows.order_by("-has_unread_words", "-opened_at", "id")[:most])


def some_notices_of(case: CaseId, most: int = 50) -> list[Notice]:
    """Return the first notices of a case, in the order in which they were taken in."""
    joined = models.CaseNotice.objects.filter(case=case).values("notice")
    return read(models.Notice.objects.filter(id__in=joined, state__isnull=False).order_by("opened_at", "id")[:most])


def unread_for(staff: StaffId, most: int = 100) -> list[Notice]:
    """Return the notices with words that nobody has answered, oldest first."""
    return read(notices_for(staff).filter(has_unread_words=True).order_by("opened_at", "id")[:most])


def unplaced_for(staff: StaffId, most: int = 100) -> list[Notice]:
    """Return the open notices with a link that waits for a person, oldest first."""
    return read(_unplaced_for(staff).order_by("opened_at", "id")[:most])


def is_own_notice(staff: StaffId, notice: str) -> bool:
    """Whether a notice names something that this person posted or reported."""
    return models.Notice.objects.filter(id=notice).exists() and not notices_for(staff).filter(id=notice).exists()


def is_own_star(staff: StaffId, star: str) -> bool:
    """Whether a star holds anything that this person posted or reported."""
    held = models.Likeness.objects.filter(star=star).values("case")
    return models.Case.objects.filter(_is_own(staff), id__in=held).exists()


def count_unread_for(staff: StaffId) -> int:
    return notices_for(staff).filter(has_unread_words=True).count()


def count_unplaced_for(staff: StaffId) -> int:
    return _unplaced_for(staff).count()


# ---- the wall and the calls


def wall_for(staff: StaffId, most: int = 200) -> list[Due]:
    """Return what is promised to reporters and when, soonest first, without this person's own matters."""
    cases = _not_own(staff, models.Case.objects.filter(is_open=True, state__isnull=False))
    looks = cases.filter(round__isnull=False, look_by__isnull=False).order_by("look_by", "id")[:most]
    found = [Due(row.id, LOOK, row.look_by, Lane(row.lane), row.kind) for row in looks if row.look_by is not None]
    of_cases = models.Clock.objects.filter(name__in=_ON_THE_WALL, aggregate__in=cases.values("id"))
    clocks = list(of_cases.order_by("due_at", "id")[:most])
    about = {row.id: row for row in models.Case.objects.filter(id__in={clock.aggregate for clock in clocks})}
    for clock in clocks:
        row = about[clock.aggregate]
        found.append(Due(clock.aggregate, clock.name, clock.due_at, Lane(row.lane), row.kind))
    of_notices = models.Clock.objects.filter(
        name__in=("answered", "placed", "referral", "sender", "starting"),
        aggregate__in=notices_for(staff).values("id"),
    )
    for clock in of_notices.order_by("due_at", "id")[:most]:
        found.append(Due(clock.aggregate, clock.name, clock.due_at, None, None))
    return sorted(found, key=lambda due: (due.due_at, due.aggregate, due.what))[:most]


def calls_for(staff: StaffId) -> list[Call]:
    """Return the open alarms, newest first, but for those of a case that come or stay away by a look or a vote."""
    rows = _calls_for(staff).order_by("-last_at", "-id")[:200]
    return [Call(row.id, row.kind, row.aggregate, row.at, row.times) for row in rows]


def count_calls_for(staff: StaffId) -> int:
    return _calls_for(staff).count()


def count_late_for(staff: StaffId, now: datetime) -> int:
    """Return how many lines of the wall have passed their time."""
    return sum(due.due_at <= now for due in wall_for(staff))


# ---- how these are found


def _waiting_for(staff: StaffId, now: datetime) -> QuerySet[models.Case]:
    """The open rounds in which this person is wanted: not their own, not decided by them before, nobody at it."""
    elsewhere = models.Claim.objects.filter(case_id=OuterRef("id"), until__gt=now).exclude(staff=staff)
    return (
        _not_own(staff, models.Case.objects.filter(round__isnull=False, state__isnull=False))
        .exclude(state__contains={"round": {"votes": [{"voter": staff}]}})
        .exclude(state__contains={"round": {"excluded": [staff]}})
        .exclude(state__contains={"round": {"asks_good": [staff]}})
        .exclude(Exists(elsewhere))
        .exclude(is_behind_its_star(now))
    )


def _is_own(staff: StaffId) -> Q:
    accounts = models.StaffAccount.objects.filter(staff=staff)
    owners = [str(Subject(each.platform, SubjectKind.ACCOUNT, each.account)) for each in accounts]
    return Q(account__in=owners) | Q(state__contains={"reported_by": [staff]})


def _not_own(staff: StaffId, rows: QuerySet[models.Case]) -> QuerySet[models.Case]:
    return rows.exclude(_is_own(staff))


def notices_for(staff: StaffId) -> QuerySet[models.Notice]:
    """The notices but for those that name something this person posted or reported."""
    own = models.Case.objects.filter(_is_own(staff)).values("id")
    named = models.CaseNotice.objects.filter(notice=OuterRef("id"), case__in=own)
    return models.Notice.objects.filter(state__isnull=False).exclude(Exists(named))


def _unplaced_for(staff: StaffId) -> QuerySet[models.Notice]:
    return notices_for(staff).filter(is_open=True, waits_for_a_person=True)


def _calls_for(staff: StaffId) -> QuerySet[models.Alarm]:
    own = models.Case.objects.filter(_is_own(staff)).values("id")
    rows = models.Alarm.objects.filter(closed_at__isnull=True).exclude(aggregate__in=own)
    return rows.exclude(aggregate__startswith="case_", kind__in=_TELLTALE)


def _over_budget(cases: Collection[str]) -> set[str]:
    withheld = models.Event.objects.filter(aggregate__in=cases, type="HideWithheld")
    return set(withheld.values_list("aggregate", flat=True))


def read(rows: QuerySet[models.Notice]) -> list[Notice]:
    """Return the notices of these rows."""
    return [codec.from_json(Notice, state) for state in rows.values_list("state", flat=True)]
