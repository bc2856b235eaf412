"""Which listed files were looked at, and which could not be had and are asked for again. Known by the list alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amparo.cases.refs import Subject, SubjectKind
from amparo.records import models

_KEY = ("platform", "kind", "subject_id", "file")


@dataclass(frozen=True)
class Look:
    """A file that was looked at, or that waits: `next_at` is when it is asked for again, None where it is done."""

    listed_at: datetime
    tries: int
    next_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """A file that could not be had `tries` times. `listed` is what `put_off` was given of it."""

    subject: Subject
    file_key: str
    tries: int
    listed: Mapping[str, Any]


def looked_at(subject: Subject, file_key: str, at: datetime, why: str) -> None:
    """Note that no more is to be learnt of a listed file. May be repeated; when it was first listed stays."""
    row = _row(subject, file_key, at, why)
    models.LookedAt.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=_KEY, update_fields=("why", "tries", "next_at", "listed")
    )


def put_off(
    subject: Subject, file_key: str, at: datetime, why: str, *, tries: int, next_at: datetime, listed: Mapping[str, Any]
) -> None:
    """Note that a file could not be had, and when it is asked for again. It counts as listed since `at`."""
    row = _row(subject, file_key, at, why)
    row.tries, row.next_at, row.listed = tries, next_at, dict(listed)
    models.LookedAt.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=_KEY, update_fields=("why", "tries", "next_at", "listed")
    )


def known(platform: str, wanted: Sequence[tuple[Subject, str]]) -> dict[tuple[Subject, str], Look]:
    """Return what is noted of these files of a platform; those that were never looked at are left out."""
    rows = models.LookedAt.objects.filter(
        platform=platform,
        subject_id__in={subject.id for subject, _ in wanted},
        file__in={file_key for _, file_key in wanted},
    )
    return {(_subject(row), row.file): Look(row.listed_at, row.tries, row.next_at) for row in rows}


def due(platform: str, now: datetime, most: int) -> list[Waiting]:
    """Return what is to be asked for again by now, the longest waiting first."""
    rows = models.LookedAt.objects.filter(platform=platform, next_at__lte=now).order_by("next_at")[:most]
    return [Waiting(_subject(row), row.file, row.tries, row.listed or {}) for row in rows]


def _row(subject: Subject, file_key: str, at: datetime, why: str) -> models.LookedAt:
    return models.LookedAt(
        platform=subject.platform,
        kind=subject.kind.value,
        subject_id=subject.id,
        file=file_key,
        listed_at=at,
        why=why[:60],
    )


def _subject(row: models.LookedAt) -> Subject:
    return Subject(row.platform, SubjectKind(row.kind), row.subject_id)
