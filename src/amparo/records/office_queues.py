"""What people are to look at of police and offices: whether somebody is in danger, and who says to be an office."""

from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, QuerySet, Subquery, When

from amparo.cases.notice import Notice
from amparo.cases.refs import CaseId, StaffId
from amparo.records import models
from amparo.records.queues import notices_for, read


def referrals_for(staff: StaffId, most: int = 100) -> list[Notice]:
    """Return the notices with the question whether the police are told, the one due first first."""
    due = models.Clock.objects.filter(aggregate=OuterRef("id"), name="referral").values("due_at")[:1]
    return read(_asked_for(staff, "referral").annotate(due=Subquery(due)).order_by("due", "id")[:most])


def count_referrals_for(staff: StaffId) -> int:
    """Return in how many notices that question is open."""
    return _asked_for(staff, "referral").count()


def referrals_of(case: CaseId, most: int = 20) -> list[str]:
    """Return the notices of a case that wait for that answer."""
    joined = models.CaseNotice.objects.filter(case=case).values("notice")
    rows = models.Clock.objects.filter(name="referral", aggregate__in=joined).order_by("due_at", "id")
    return list(rows.values_list("aggregate", flat=True)[:most])


def senders_for(staff: StaffId, most: int = 100) -> list[Notice]:
    """Return the notices of whoever says to be an office: those that nobody has confirmed, then the others.

    Of those that wait the oldest first, so that nothing invented pushes an older one off; of the others the newest.
    """
    waits = Exists(models.Clock.objects.filter(aggregate=OuterRef("id"), name="sender"))
    rows = notices_for(staff).filter(state__sender__sealed__isnull=False).annotate(waits=waits)
    since = Choice(When(waits=True, then="opened_at"))
    return read(rows.order_by("-waits", since, "-opened_at", "id")[:most])


def count_senders_for(staff: StaffId) -> int:
    """Return how many of them wait."""
    return _asked_for(staff, "sender").count()


def _asked_for(staff: StaffId, clock: str) -> QuerySet[models.Notice]:
    """The notices in which that clock runs until somebody of the staff does something."""
    running = models.Clock.objects.filter(name=clock).values("aggregate")
    return notices_for(staff).filter(id__in=running)
