"""Plaza's own SQLite file: its tables, its transactions, its ids and its way of writing a time.

All requests run on one thread and share one connection, so a `transaction` block without an `await` inside is whole:
nobody else's work can come between.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
  handle TEXT PRIMARY KEY, about TEXT NOT NULL, password TEXT NOT NULL, created_at TEXT NOT NULL,
  suspended_until TEXT);
CREATE TABLE IF NOT EXISTS sessions (
  token_sha256 TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts, created_at TEXT NOT NULL);
-- A post, a direct message or a live room: one table, because moderation treats the three alike.
CREATE TABLE IF NOT EXISTS subjects (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('post', 'message', 'live')),
  account TEXT NOT NULL REFERENCES accounts, recipient TEXT REFERENCES accounts, text TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'shown' CHECK (state IN ('shown', 'hidden', 'removed')),
  version INTEGER NOT NULL DEFAULT 1, views INTEGER NOT NULL DEFAULT 0,
  is_monetised INTEGER NOT NULL DEFAULT 1, is_flagged INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS subjects_of_account ON subjects (account, created_at, id);
CREATE INDEX IF NOT EXISTS subjects_by_time ON subjects (kind, created_at, id);
CREATE INDEX IF NOT EXISTS subjects_by_age ON subjects (created_at, id);
CREATE TABLE IF NOT EXISTS tags (
  subject TEXT NOT NULL REFERENCES subjects, tag TEXT NOT NULL, PRIMARY KEY (subject, tag)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS subjects_of_tag ON tags (tag);
CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL REFERENCES subjects, content_type TEXT NOT NULL, sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS media_of_subject ON media (subject, created_at);
CREATE TABLE IF NOT EXISTS reshares (
  account TEXT NOT NULL REFERENCES accounts, post TEXT NOT NULL REFERENCES subjects, created_at TEXT NOT NULL,
  PRIMARY KEY (account, post));
CREATE INDEX IF NOT EXISTS reshares_of_post ON reshares (post);
-- Every write that moderation performed, and every drift: from_state <> to_state is a change that visitors saw.
CREATE TABLE IF NOT EXISTS changes (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL, action TEXT NOT NULL,
  from_state TEXT NOT NULL, to_state TEXT NOT NULL, key TEXT);
CREATE INDEX IF NOT EXISTS changes_of_subject ON changes (kind, subject, id);
CREATE TABLE IF NOT EXISTS idempotency_keys (
  key TEXT PRIMARY KEY, request_sha256 TEXT NOT NULL, answer TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def connect(path: Path) -> sqlite3.Connection:
    """Open the database, creating its tables when they are not there."""
    database = sqlite3.connect(path, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
    database.executescript(SCHEMA)
    # SQLite folds the case of ASCII letters only.
    database.create_function("casefold", 1, str.casefold, deterministic=True)
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Commit everything in the block, or nothing of it. Not to be nested, and never with an `await` inside."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def new_id() -> str:
    """Return 10 random base32 letters: 50 bits, so an id cannot be guessed and sorts like nothing."""
    return "".join(secrets.choice(_LETTERS) for _ in range(10))


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Return `moment` as text of fixed width, so that sorting the texts sorts the times."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
