"""The log of what moderation did to each subject and account, in the order in which visitors saw it.

An entry whose `from` and `to` differ is a change that visitors saw; an entry in which they are equal is a write that
was performed and changed nothing visible.
"""

import sqlite3
from datetime import datetime

from plaza.database import stamp


def move(
    database: sqlite3.Connection, kind: str, subject_id: str, to: str, *, action: str, key: str | None, at: datetime
) -> str:
    """Put a post, message or live room into the state `to`, log it, and return the state it came from."""
    (before,) = database.execute("SELECT state FROM subjects WHERE id = ?", (subject_id,)).fetchone()
    database.execute("UPDATE subjects SET state = ? WHERE id = ?", (to, subject_id))
    write(database, kind, subject_id, action, before, to, key=key, at=at)
    return str(before)


def write(
    database: sqlite3.Connection,
    kind: str,
    name: str,
    action: str,
    before: str,
    after: str,
    *,
    key: str | None,
    at: datetime,
) -> None:
    """Append one entry; `key` is the idempotency key of the write, None when the platform moved by itself."""
    database.execute(
        "INSERT INTO changes (kind, subject, at, action, from_state, to_state, key) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind, name, stamp(at), action, before, after, key),
    )


def of(database: sqlite3.Connection, kind: str, name: str) -> list[dict[str, object]]:
    """Return the entries of one subject or account, oldest first."""
    rows = database.execute("SELECT * FROM changes WHERE kind = ? AND subject = ? ORDER BY id", (kind, name))
    return [
        {"at": row["at"], "action": row["action"], "from": row["from_state"], "to": row["to_state"], "key": row["key"]}
        for row in rows
    ]
