"""The moderation API: what a trust-and-safety engine may see and do on Plaza.

Reads show everything, hidden or not, and count no view. Writes carry an idempotency key: see `writes.py`.
"""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from plaza import accounts, changes, feeds, subjects
from plaza.accounts import FOR_GOOD, Account
from plaza.database import now
from plaza.installation import Installation, installation_of
from plaza.media import Media
from plaza.refusals import Refusal, unknown
from plaza.subjects import HIDDEN, REMOVED, SHOWN, Subject
from plaza.writes import Done, Write, authorised

PAGE_LENGTH = 50
_WANTED = {"hide": HIDDEN, "remove": REMOVED, "restore": SHOWN}


@authorised
async def subject(request: Request) -> Response:
    """Answer what a post, message or live room is, in whatever state."""
    installation = installation_of(request)
    return JSONResponse(subject_json(installation, _subject(request)))


@authorised
async def account(request: Request) -> Response:
    """Answer what an account is."""
    installation = installation_of(request)
    return JSONResponse(account_json(installation, accounts.find(installation.database, request.path_params["handle"])))


@authorised
async def account_subjects(request: Request) -> Response:
    """List everything an account published, newest first, 50 at a time."""
    installation = installation_of(request)
    handle = accounts.find(installation.database, request.path_params["handle"]).handle
    cursor = request.query_params.get("cursor")
    at, last_id = feeds.read_cursor(cursor) if cursor else ("9999", "")
    rows = installation.database.execute(
        "SELECT * FROM subjects WHERE account = ? AND (created_at, id) < (?, ?)"
        " ORDER BY created_at DESC, id DESC LIMIT ?",
        (handle, at, last_id, PAGE_LENGTH + 1),
    ).fetchall()
    page = rows[:PAGE_LENGTH]
    found = [subject_json(installation, subjects.from_row(installation.database, row)) for row in page]
    next_cursor = f"{page[-1]['created_at']}~{page[-1]['id']}" if len(rows) > PAGE_LENGTH else None
    return JSONResponse({"subjects": found, "next_cursor": next_cursor})


@authorised
async def subject_changes(request: Request) -> Response:
    """List what moderation did to a subject, oldest first."""
    found = _subject(request)
    return JSONResponse({"changes": changes.of(installation_of(request).database, found.kind, found.id)})


@authorised
async def account_changes(request: Request) -> Response:
    """List what moderation did to an account, oldest first."""
    database = installation_of(request).database
    handle = accounts.find(database, request.path_params["handle"]).handle
    return JSONResponse({"changes": changes.of(database, "account", handle)})


@authorised
async def media(request: Request) -> Response:
    """Send the bytes of a file, even when its subject is hidden or removed."""
    installation = installation_of(request)
    row = installation.database.execute("SELECT * FROM media WHERE id = ?", (request.path_params["id"],)).fetchone()
    if row is None:
        raise unknown("media")
    headers = {"Cache-Control": "no-store"}
    return FileResponse(installation.shelf.file(row["id"]), media_type=row["content_type"], headers=headers)


def move_subject(installation: Installation, write: Write) -> Done:
    """Hide, remove or restore a post, message or live room. Removal keeps the bytes, so that an appeal can succeed."""
    database, wanted = installation.database, _WANTED[write.action]
    found = _find(installation, write.names["kind"], write.names["id"])
    _check_version(found, write)
    if installation.faults.now.lies and wanted != SHOWN:
        changes.write(
            database, found.kind, found.id, write.action, found.state, found.state, key=write.key, at=write.at
        )
        return Done({"state": wanted, "changed": True}, is_lie=True)
    before = changes.move(database, found.kind, found.id, wanted, action=write.action, key=write.key, at=write.at)
    if wanted == HIDDEN and before != HIDDEN:
        installation.faults.hidden(found.kind, found.id, write.at)
    return Done({"state": wanted, "changed": before != wanted})


def demonetise(installation: Installation, write: Write) -> Done:
    """Take the advertisement away from beside a post."""
    found = _find(installation, "post", write.names["id"])
    _check_version(found, write)
    database = installation.database
    database.execute("UPDATE subjects SET is_monetised = 0 WHERE id = ?", (found.id,))
    changes.write(database, "post", found.id, write.action, found.state, found.state, key=write.key, at=write.at)
    return Done({"state": "demonetised", "changed": found.is_monetised})


def suspend(installation: Installation, write: Write) -> Done:
    """Suspend an account until a moment, or for good when "until" is null."""
    until = _read_until(write.body)
    return _set_suspension(installation, write, until, "suspended")


def unsuspend(installation: Installation, write: Write) -> Done:
    """End a suspension."""
    return _set_suspension(installation, write, None, "active")


def _set_suspension(installation: Installation, write: Write, until: datetime | None, state: str) -> Done:
    database = installation.database
    found = accounts.find(database, write.names["handle"])
    accounts.suspend(database, found.handle, until)
    before = "suspended" if found.is_suspended else "active"
    changes.write(database, "account", found.handle, write.action, before, state, key=write.key, at=write.at)
    return Done({"state": state, "changed": found.suspended_until != until})


def _read_until(body: dict[str, object]) -> datetime:
    if "until" not in body:
        raise Refusal(400, "missing", 'Say "until" when: a time like 2030-01-31T12:00:00Z, or null for good.')
    value = body["until"]
    if value is None:
        return FOR_GOOD
    try:
        until = datetime.fromisoformat(value) if isinstance(value, str) else None
        is_future = until is not None and until > now()
    except (ValueError, TypeError):
        # TypeError: a time without a zone cannot be compared with one that has it.
        until, is_future = None, False
    if until is None or not is_future:
        raise Refusal(400, "bad_until", '"until" is a time in the future with its zone, like 2030-01-31T12:00:00Z.')
    return until


def _check_version(found: Subject, write: Write) -> None:
    version = write.body.get("version")
    if version is None:
        return
    if isinstance(version, bool) or not isinstance(version, int):
        raise Refusal(400, "bad_version", '"version" is the whole number that the subject had when you looked.')
    if version != found.version:
        sentence = "It was edited since you looked. Look again. Nothing was done."
        raise Refusal(409, "version_changed", sentence, version=found.version)


def _subject(request: Request) -> Subject:
    return _find(installation_of(request), request.path_params["kind"], request.path_params["id"])


def _find(installation: Installation, kind: str, subject_id: str) -> Subject:
    if kind not in subjects.KINDS:
        raise unknown("kind of subject")
    return subjects.find(installation.database, kind, subject_id)


def subject_json(installation: Installation, found: Subject) -> dict[str, Any]:
    """Return a subject as the API shows it."""
    return {
        "kind": found.kind,
        "id": found.id,
        "url": installation.url + found.path,
        "account": found.account,
        "recipient": found.recipient,
        "created_at": found.created_at.isoformat(),
        "version": found.version,
        "state": found.state,
        "monetised": found.is_monetised,
        "flagged": found.is_flagged,
        "views": found.views,
        "reshares": found.reshares,
        "media": [media_json(installation, media) for media in found.media],
        "text": found.text,
        "text_sha256": found.text_sha256,
        "tags": list(found.tags),
    }


def media_json(installation: Installation, found: Media) -> dict[str, Any]:
    """Return a file as the API shows it."""
    return {
        "id": found.id,
        "url": installation.url + found.path,
        "content_type": found.content_type,
        "sha256": found.sha256,
        "size_bytes": found.size_bytes,
    }


def account_json(installation: Installation, found: Account) -> dict[str, Any]:
    """Return an account as the API shows it; "suspended_until" is null when active and when suspended for good."""
    is_for_a_time = found.is_suspended and not found.is_suspended_for_good
    (count,) = installation.database.execute(
        "SELECT count(*) FROM subjects WHERE account = ?", (found.handle,)
    ).fetchone()
    return {
        "kind": "account",
        "handle": found.handle,
        "url": installation.url + found.path,
        "created_at": found.created_at.isoformat(),
        "state": "suspended" if found.is_suspended else "active",
        "suspended_until": found.suspended_until.isoformat() if is_for_a_time and found.suspended_until else None,
        "subjects": count,
    }
