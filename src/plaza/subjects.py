"""Posts, direct messages and live rooms: writing them, finding them, editing them, and their state.

Who may see what is decided in the pages; what moderation may do is decided in `moderation.py`.
"""

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from plaza.database import new_id, now, stamp, transaction
from plaza.media import Media, Upload
from plaza.refusals import Refusal, unknown

KINDS = ("post", "message", "live")
SHOWN, HIDDEN, REMOVED = "shown", "hidden", "removed"
NOUNS = {"post": "post", "message": "message", "live": "live room"}
_TAG = re.compile(r"[a-z0-9_]{1,30}")


@dataclass(frozen=True)
class Subject:
    """Something one account published; `recipient` is set for messages only."""

    id: str
    kind: str
    account: str
    recipient: str | None
    text: str
    state: str
    version: int
    views: int
    reshares: int
    is_monetised: bool
    is_flagged: bool
    created_at: datetime
    media: tuple[Media, ...]
    tags: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.id}"

    @property
    def noun(self) -> str:
        return NOUNS[self.kind]

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Draft:
    """What somebody wants to publish, already checked for length and characters."""

    kind: str
    account: str
    text: str
    tags: tuple[str, ...] = ()
    recipient: str | None = None
    uploads: tuple[Upload, ...] = ()


def find(database: sqlite3.Connection, kind: str, subject_id: str) -> Subject:
    """Return the subject in whatever state it is; raise a 404 Refusal when it never existed."""
    row = database.execute("SELECT * FROM subjects WHERE id = ? AND kind = ?", (subject_id, kind)).fetchone()
    if row is None:
        raise unknown(NOUNS.get(kind, "thing"))
    return from_row(database, row)


def from_row(database: sqlite3.Connection, row: sqlite3.Row) -> Subject:
    """Return the subject of a row of `subjects`, with its media and tags."""
    subject_id = row["id"]
    media = database.execute("SELECT * FROM media WHERE subject = ? ORDER BY created_at DESC, id", (subject_id,))
    tags = database.execute("SELECT tag FROM tags WHERE subject = ? ORDER BY tag", (subject_id,))
    (reshares,) = database.execute("SELECT count(*) FROM reshares WHERE post = ?", (subject_id,)).fetchone()
    return Subject(
        id=subject_id,
        kind=row["kind"],
        account=row["account"],
        recipient=row["recipient"],
        text=row["text"],
        state=row["state"],
        version=row["version"],
        views=row["views"],
        reshares=reshares,
        is_monetised=bool(row["is_monetised"]),
        is_flagged=bool(row["is_flagged"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        media=tuple(media_from_row(found) for found in media),
        tags=tuple(found["tag"] for found in tags),
    )


def media_from_row(row: sqlite3.Row) -> Media:
    """Return the file of a row of `media`."""
    created_at = datetime.fromisoformat(row["created_at"])
    return Media(row["id"], row["subject"], row["content_type"], row["sha256"], row["size_bytes"], created_at)


def insert(
    database: sqlite3.Connection,
    draft: Draft,
    media_ids: list[str],
    *,
    created_at: datetime,
    is_flagged: bool = False,
    subject_id: str = "",
) -> Subject:
    """Publish the draft, whose uploads already lie on the shelf under `media_ids`, in the same order.

    `subject_id`: a new id that somebody was told already; drawn here where nobody was.
    """
    subject_id = subject_id or new_id()
    with transaction(database):
        database.execute(
            "INSERT INTO subjects (id, kind, account, recipient, text, is_flagged, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (subject_id, draft.kind, draft.account, draft.recipient, draft.text, is_flagged, stamp(created_at)),
        )
        database.executemany("INSERT INTO tags VALUES (?, ?)", [(subject_id, tag) for tag in draft.tags])
        for media_id, upload in zip(media_ids, draft.uploads, strict=True):
            attach(database, subject_id, media_id, upload, created_at)
    return find(database, draft.kind, subject_id)


def attach(database: sqlite3.Connection, subject_id: str, media_id: str, upload: Upload, at: datetime) -> None:
    """Make a file on the shelf part of the subject."""
    row = (media_id, subject_id, upload.content_type, upload.sha256, len(upload.content), stamp(at))
    database.execute("INSERT INTO media VALUES (?, ?, ?, ?, ?, ?)", row)


def edit(database: sqlite3.Connection, subject_id: str, text: str, tags: tuple[str, ...]) -> None:
    """Change text and tags; the version goes up by one, so that a write meant for the old text can be refused."""
    with transaction(database):
        database.execute("UPDATE subjects SET text = ?, version = version + 1 WHERE id = ?", (text, subject_id))
        database.execute("DELETE FROM tags WHERE subject = ?", (subject_id,))
        database.executemany("INSERT INTO tags VALUES (?, ?)", [(subject_id, tag) for tag in tags])


def reshare(database: sqlite3.Connection, handle: str, post_id: str) -> None:
    """Show the post to the followers of `handle` too. A second reshare by the same account changes nothing."""
    row = (handle, post_id, stamp(now()))
    database.execute("INSERT INTO reshares VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row)


def count_views(database: sqlite3.Connection, subject_ids: list[str]) -> None:
    """Add one view to each subject that was just shown to somebody."""
    database.executemany(
        "UPDATE subjects SET views = views + 1 WHERE id = ?", [(i,) for i in dict.fromkeys(subject_ids)]
    )


def read_tags(words: str) -> tuple[str, ...]:
    """Return the tags in "red, #boats winter": lower case, each once, at most ten."""
    tags = tuple(dict.fromkeys(word.removeprefix("#").lower() for word in re.split(r"[\s,]+", words) if word))
    if len(tags) > 10:
        raise Refusal(400, "too_many_tags", "A post has at most 10 tags.")
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise Refusal(400, "bad_tag", "A tag has up to 30 letters a to z, digits or underscores.")
    return tags
