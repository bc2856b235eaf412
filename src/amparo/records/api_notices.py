"""Which notices came by the API from whom: only what a sender sent itself is ever found here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from amparo.cases.notice import Notice
from amparo.cases.refs import NoticeId, Subject
from amparo.cases.transaction import Intake
from amparo.records import codec, models


@dataclass(frozen=True)
class Listed:
    """A notice with its place in its sender's list and the sender's own name for it ("" where it gave none)."""

    number: int
    reference: str
    notice: Notice


def find(sender: str, notice: str) -> Listed | None:
    """Return a notice of that sender, or None: for another one's and for one that is none alike."""
    row = models.ApiNotice.objects.filter(sender=sender, notice=notice).first()
    return None if row is None else next(iter(_with_states([row])), None)


def page(sender: str, before: int | None, reference: str, at_most: int) -> list[Listed]:
    """Return some notices of a sender, newest first; `before`: those that stand behind that number."""
    rows = models.ApiNotice.objects.filter(sender=sender)
    if before is not None:
        rows = rows.filter(id__lt=before)
    if reference:
        rows = rows.filter(reference=reference)
    return _with_states(list(rows.order_by("-id")[:at_most]))


_STANDING = """
SELECT a.notice
  FROM records_case c
  JOIN records_casenotice j ON j.case = c.id
  JOIN records_apinotice a ON a.notice = j.notice AND a.sender = %s
  JOIN records_notice n ON n.id = a.notice AND n.is_open AND NOT (n.state ->> 'is_answered')::boolean
 WHERE c.platform = %s AND c.kind = %s AND c.subject_id = %s
 ORDER BY a.id DESC LIMIT 20
"""
# Each differs from the others in what it asks; with more of them than this one more is opened, and nothing is lost.


def standing(sender: str, subject: Subject) -> list[Notice]:
    """Return the notices in which this sender has reported that subject and waits for some answer, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [sender, subject.platform, subject.kind.value, subject.id])
        names = [name for (name,) in cursor.fetchall()]
    states = dict(models.Notice.objects.filter(id__in=names, state__isnull=False).values_list("id", "state"))
    return [codec.from_json(Notice, states[name]) for name in names if name in states]


def _with_states(rows: Sequence[models.ApiNotice]) -> list[Listed]:
    ids = [row.notice for row in rows]
    states = dict(models.Notice.objects.filter(id__in=ids, state__isnull=False).values_list("id", "state"))
    return [
        Listed(row.id, row.reference, codec.from_json(Notice, states[row.notice]))
        for row in rows
        if row.notice in states
    ]


def subject_of(notice: NoticeId, number: int | None) -> Subject | None:
    """Return what the link with that number (from 1) of a notice names; None where it names nothing."""
    state = models.Notice.objects.filter(id=notice).values_list("state", flat=True).first()
    if state is None or number is None:
        return None
    link = codec.from_json(Notice, state).link(number - 1)
    return None if link is None else link.subject


def taken_under(intake: Intake) -> NoticeId | None:
    """Return the notice that was taken in under that key before."""
    row = models.Intake.objects.filter(key=intake.key).first()
    return None if row is None else NoticeId(row.notice)
