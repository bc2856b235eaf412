"""Certificates: which notices want one, and what was signed for them. Work that is due is a row with a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from amparo.cases.refs import CaseId, NoticeId
from amparo.records import models

_PUT_OFF = timedelta(minutes=1)


@dataclass(frozen=True)
class Wish:
    """A notice whose certificate is to be made anew; asked for at `due_at`, and perhaps again while it is made."""

    notice: NoticeId
    due_at: datetime


def ask(case: CaseId, now: datetime, *, is_gone: bool) -> int:
    """Have the certificates of a case's notices made anew, first ones only where it is gone; return how many."""
    with connection.cursor() as cursor:
        if is_gone:
            cursor.execute(
                "INSERT INTO records_certificate (notice, text, gone, due_at)"
                " SELECT cn.notice, '', '[]'::jsonb, %s FROM records_casenotice cn WHERE cn.case = %s"
                " ON CONFLICT (notice) DO UPDATE SET due_at = EXCLUDED.due_at",
                [now, case],
            )
        else:
            cursor.execute(
                "UPDATE records_certificate SET due_at = %s"
                " WHERE notice IN (SELECT cn.notice FROM records_casenotice cn WHERE cn.case = %s)",
                [now, case],
            )
        return int(cursor.rowcount)


def wishes(now: datetime, most: int) -> list[Wish]:
    """Return the notices whose certificates are to be made, those that have waited longest first."""
    due = models.Certificate.objects.filter(due_at__lte=now).order_by("due_at", "notice")[:most]
    return [Wish(NoticeId(row.notice), row.due_at) for row in due if row.due_at is not None]


def keep(wish: Wish, text: str, gone: Collection[CaseId], now: datetime) -> None:
    """Put a certificate in the place of the one before; without text, take that one back.

    Nothing is kept where it was asked for again meanwhile: the newest sight may not be in this text.
    """
    row = models.Certificate.objects.filter(notice=wish.notice, due_at=wish.due_at)
    if text:
        row.update(text=text, gone=sorted(gone), made_at=now, taken_back_at=None, due_at=None)
        return
    row.exclude(text="").update(text="", gone=[], taken_back_at=now, due_at=None)
    row.update(due_at=None)


def put_off(wish: Wish, now: datetime) -> None:
    """Try one that could not be made again in a minute."""
    models.Certificate.objects.filter(notice=wish.notice).update(due_at=now + _PUT_OFF)
