"""Accounts: joining, signing in, sessions, and what a suspension means.

A session is a random token in a SameSite=Strict cookie; only its hash is stored.
"""

import hashlib
import hmac
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from plaza.database import now, stamp
from plaza.refusals import Refusal, unknown

HANDLE = re.compile(r"[a-z][a-z0-9_]{2,29}")
# A suspension for good is a moment that never comes, so one comparison answers "is it suspended now?".
FOR_GOOD = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """An account as its profile shows it; `suspended_until` is None when it is not suspended."""

    handle: str
    about: str
    created_at: datetime
    suspended_until: datetime | None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None

    @property
    def is_suspended_for_good(self) -> bool:
        return self.suspended_until == FOR_GOOD

    @property
    def path(self) -> str:
        return f"/user/{self.handle}"


def find(database: sqlite3.Connection, handle: str) -> Account:
    """Return the account as it is at this moment: a suspension that has run out is no suspension."""
    row = database.execute("SELECT * FROM accounts WHERE handle = ?", (handle,)).fetchone()
    if row is None:
        raise unknown("account")
    until = datetime.fromisoformat(row["suspended_until"]) if row["suspended_until"] else None
    if until is not None and until <= now():
        until = None
    return Account(row["handle"], row["about"], datetime.fromisoformat(row["created_at"]), until)


def create(database: sqlite3.Connection, handle: str, sealed_password: str, about: str = "") -> Account:
    """Create the account, or refuse with 409 when the handle is taken and 400 when it is not a handle."""
    if not HANDLE.fullmatch(handle):
        sentence = "A name has 3 to 30 letters a to z, digits or underscores, and begins with a letter."
        raise Refusal(400, "bad_handle", sentence)
    try:
        database.execute(
            "INSERT INTO accounts (handle, about, password, created_at) VALUES (?, ?, ?, ?)",
            (handle, about, sealed_password, stamp(now())),
        )
    except sqlite3.IntegrityError:
        raise Refusal(409, "handle_taken", "This name is taken. Choose another.") from None
    return find(database, handle)


def suspend(database: sqlite3.Connection, handle: str, until: datetime | None) -> None:
    """Suspend the account until that moment, or end its suspension with None. May be repeated."""
    moment = stamp(until) if until is not None else None
    database.execute("UPDATE accounts SET suspended_until = ? WHERE handle = ?", (moment, handle))


def seal_password(password: str) -> str:
    """Return a salted scrypt hash of the password. Takes about 50 ms on purpose: call it off the event loop."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_scrypt(password, salt).hex()}"


def password_fits(password: str, sealed: str) -> bool:
    """Return whether this is the password behind the hash, in constant time."""
    salt, wanted = sealed.split(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(wanted))


def sealed_password_of(database: sqlite3.Connection, handle: str) -> str | None:
    """Return the hash kept for this handle, or None when there is no such account."""
    row = database.execute("SELECT password FROM accounts WHERE handle = ?", (handle,)).fetchone()
    return row["password"] if row else None


def open_session(database: sqlite3.Connection, handle: str) -> str:
    """Return the token of a new session; it works until `close_session`."""
    token = secrets.token_urlsafe(32)
    database.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_digest(token), handle, stamp(now())))
    return token


def account_of_session(database: sqlite3.Connection, token: str) -> Account | None:
    """Return who is signed in with this token, or None."""
    row = database.execute("SELECT account FROM sessions WHERE token_sha256 = ?", (_digest(token),)).fetchone()
    return find(database, row["account"]) if row else None


def close_session(database: sqlite3.Connection, token: str) -> None:
    """End the session. May be repeated."""
    database.execute("DELETE FROM sessions WHERE token_sha256 = ?", (_digest(token),))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
