"""Lists of posts: the home feed, a profile, a search. Only shown posts of accounts in good standing are listed.

A reshare is a line that points at the original, so whatever happens to the original happens to all of its reach.
"""

import json
import re
import sqlite3
from dataclasses import dataclass

from plaza import subjects
from plaza.database import now, stamp
from plaza.refusals import Refusal
from plaza.subjects import Subject

PAGE_LENGTH = 20

_LINES = """
SELECT s.*, line.at AS line_at, line.reshared_by FROM (
  SELECT id, created_at AS at, NULL AS reshared_by, account AS who FROM subjects WHERE kind = 'post'
  UNION ALL SELECT post, created_at, account, account FROM reshares) AS line
JOIN subjects AS s ON s.id = line.id
JOIN accounts AS author ON author.handle = s.account
JOIN accounts AS sharer ON sharer.handle = line.who
WHERE s.state = 'shown'
  AND (author.suspended_until IS NULL OR author.suspended_until <= :now)
  AND (sharer.suspended_until IS NULL OR sharer.suspended_until <= :now)
"""
_HOLDS_ALL = """
  AND line.reshared_by IS NULL
  AND NOT EXISTS (SELECT 1 FROM json_each(:words) AS word WHERE instr(casefold(s.text), word.value) = 0
    AND word.value NOT IN (SELECT tag FROM tags WHERE tags.subject = s.id))
  AND NOT EXISTS (SELECT 1 FROM json_each(:tags) AS word
    WHERE word.value NOT IN (SELECT tag FROM tags WHERE tags.subject = s.id))
"""
_CURSOR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00~[a-z2-7]{10}")


@dataclass(frozen=True)
class Line:
    """One entry of a list; `reshared_by` is None where the author's own post is shown."""

    post: Subject
    reshared_by: str | None
    cursor: str


def home(database: sqlite3.Connection, before: str | None = None) -> list[Line]:
    """Return the newest posts and reshares, those older than the cursor `before` when one is given."""
    return _lines(database, "", {}, before)


def of_account(database: sqlite3.Connection, handle: str, before: str | None = None) -> list[Line]:
    """Return what one account posted and reshared, newest first."""
    return _lines(database, "AND line.who = :handle", {"handle": handle}, before)


def search(database: sqlite3.Connection, words: str, before: str | None = None) -> list[Line]:
    """Return the posts that hold every word, in their text or as a tag; "#boats" means the tag alone."""
    folded = words.casefold().split()[:10]
    tags = [word.removeprefix("#") for word in folded if word.startswith("#")]
    facts = {"words": json.dumps([word for word in folded if not word.startswith("#")]), "tags": json.dumps(tags)}
    return _lines(database, _HOLDS_ALL, facts, before)


def read_cursor(cursor: str) -> tuple[str, str]:
    """Return the time and id of the last line that was seen, or refuse what is not a cursor."""
    if not _CURSOR.fullmatch(cursor):
        raise Refusal(400, "bad_cursor", "This is not a place in the list. Start again at its beginning.")
    at, _, subject_id = cursor.partition("~")
    return at, subject_id


def _lines(database: sqlite3.Connection, condition: str, facts: dict[str, str], before: str | None) -> list[Line]:
    facts = facts | {"now": stamp(now())}
    if before:
        facts["before_at"], facts["before_id"] = read_cursor(before)
        condition += " AND (line.at, line.id) < (:before_at, :before_id)"
    # `condition` is made of the constant texts above only; every word of a visitor is a parameter.
    statement = f"{_LINES} {condition} ORDER BY line.at DESC, line.id DESC LIMIT {PAGE_LENGTH}"
    return [
        Line(subjects.from_row(database, row), row["reshared_by"], f"{row['line_at']}~{row['id']}")
        for row in database.execute(statement, facts).fetchall()
    ]
