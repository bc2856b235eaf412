"""What is known of files: their fingerprints, and which subjects show them. An index finds them; this keeps them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from amparo.cases.refs import Subject, SubjectKind
from amparo.matching.fingerprint import LEAST_QUALITY, Fingerprint, Frames, MediaKind
from amparo.records import alarms, models, shelves
from amparo.records.packed_frames import BrokenFrames, is_sound, pack, unpack

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Showing:
    """A subject shows a file. `account`: whose it is, where the platform told."""

    subject: Subject
    account: Subject | None
    sha256: str


def keep(fingerprint: Fingerprint, at: datetime) -> None:
    """Keep what a file shows; it can be found as soon as this is committed. May be repeated.

    A fingerprint of the whole file takes the place of one of its key frames, one of another pipeline that of the
    earlier, and one with frames that of one without, or whose frames cannot be read; anything else that is kept stays.
    """
    with transaction.atomic():
        before = models.MediaFile.objects.filter(sha256=fingerprint.sha256)
        kept = before.first()
        if kept is not None:
            if not _is_better(fingerprint, kept):
                return
            # Another row, with another number: an index holds the frames of the old one.
            before.filter(id=kept.id).delete()
        row = models.MediaFile(
            sha256=fingerprint.sha256,
            md5=fingerprint.md5,
            kind=fingerprint.kind.value,
            duration_ms=fingerprint.duration_ms,
            every_ms=fingerprint.every_ms,
            is_whole=fingerprint.is_whole,
            pipeline=fingerprint.pipeline,
            frames=pack(fingerprint.frames, turns=1),
            searchable=searchable(fingerprint),
            kept_at=at,
        )
        # Somebody else may keep the same file at this moment: one of the two is enough.
        models.MediaFile.objects.bulk_create([row], ignore_conflicts=True)
        shelves.tell()


def is_kept(sha256: str, *, is_whole: bool = False) -> bool:
    """Whether it is kept what a file shows; with `is_whole`: more than its key frames.

    It is not where nobody could open the file, or the row cannot be read: such a file is worth hashing again.
    """
    found = models.MediaFile.objects.filter(sha256=sha256)
    kept = (found.filter(is_whole=True) if is_whole else found).first()
    return kept is not None and _has_frames(kept)


def of(sha256: str) -> Fingerprint | None:
    """Return what is kept of a file, with the plain hash of each frame."""
    number = models.MediaFile.objects.filter(sha256=sha256).values_list("id", flat=True).first()
    return None if number is None else by_number([number]).get(number)


def show(subject: Subject, account: Subject | None, sha256: str, at: datetime) -> None:
    """Note that a subject shows a file, since `at` at the latest. May be repeated; the first time stays."""
    models.Shown.objects.bulk_create(
        [
            models.Shown(
                platform=subject.platform,
                kind=subject.kind.value,
                subject_id=subject.id,
                account=None if account is None else account.id,
                sha256=sha256,
                since=at,
            )
        ],
        ignore_conflicts=True,
    )


def showings(sha256s: Sequence[str]) -> list[Showing]:
    """Return who shows these files, in the order of the files and then of when it was noted."""
    order = {sha256: place for place, sha256 in enumerate(sha256s)}
    rows = sorted(models.Shown.objects.filter(sha256__in=order), key=lambda row: (order[row.sha256], row.id))
    return [
        Showing(
            Subject(row.platform, SubjectKind(row.kind), row.subject_id),
            None if row.account is None else Subject(row.platform, SubjectKind.ACCOUNT, row.account),
            row.sha256,
        )
        for row in rows
    ]


def with_md5(md5: str) -> list[str]:
    """Return the SHA-256 of every file with that MD5, in the order in which they were kept."""
    return list(models.MediaFile.objects.filter(md5=md5).order_by("id").values_list("sha256", flat=True))


def by_number(numbers: Sequence[int]) -> dict[int, Fingerprint]:
    """Return the fingerprints of rows, with the plain hash of each frame. Rows that are gone are left out.

    So are rows that were changed since an index took them in and cannot be read; an alarm rings for each.
    """
    found = dict[int, Fingerprint]()
    for row in models.MediaFile.objects.filter(id__in=numbers):
        if (frames := readable(row.frames, shelves.Shelf.FILES, row.id)) is not None:
            kind = MediaKind(row.kind)
            found[row.id] = Fingerprint(
                row.sha256, row.md5, kind, row.duration_ms, row.every_ms, row.is_whole, frames, row.pipeline
            )
    return found


def readable(value: bytes | memoryview, shelf: shelves.Shelf, number: int) -> Frames | None:
    """Return the frames of a row, or None, and ring, where they cannot be read: the others are worth having."""
    try:
        return unpack(bytes(value)).frames()
    except BrokenFrames as broken:
        alarms.ring(shelves.BROKEN_ROW, f"{shelf.value} {number}", datetime.now(UTC))
        log.error("row %s of %s cannot be read and is never found: %s", number, shelf.value, broken)
        return None


def searchable(fingerprint: Fingerprint) -> int:
    """Return how many frames say enough to be found again."""
    return int((fingerprint.frames.qualities >= LEAST_QUALITY).sum())


def _is_better(fingerprint: Fingerprint, kept: models.MediaFile) -> bool:
    """Whether a fingerprint is to take the place of the one that is kept of the same file."""
    if len(fingerprint.frames) == 0 or not _has_frames(kept):
        return len(fingerprint.frames) > 0
    if kept.is_whole and not fingerprint.is_whole:
        return False
    return fingerprint.is_whole > kept.is_whole or fingerprint.pipeline != kept.pipeline


def _has_frames(kept: models.MediaFile) -> bool:
    is_readable = is_sound(kept.frames, turns=1, searchable=kept.searchable)
    return is_readable and len(unpack(bytes(kept.frames)).frames()) > 0
