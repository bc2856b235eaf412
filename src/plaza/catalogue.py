"""Everything that Plaza shows and that has files, for a moderator who looks through it all: no text, no counters."""

import sqlite3
from collections import defaultdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from plaza import feeds
from plaza.installation import Installation, installation_of
from plaza.moderation import media_json
from plaza.subjects import media_from_row
from plaza.writes import authorised

PAGE_LENGTH = 500


@authorised
async def catalogue(request: Request) -> Response:
    """List what is shown and has files, newest first, 500 at a time. Each line says where a list behind it begins."""
    installation = installation_of(request)
    cursor = request.query_params.get("cursor")
    at, last_id = feeds.read_cursor(cursor) if cursor else ("9999", "")
    rows = installation.database.execute(
        "SELECT id, kind, account, created_at FROM subjects"
        " WHERE (created_at, id) < (?, ?) AND state = 'shown'"
        " AND EXISTS (SELECT 1 FROM media WHERE media.subject = subjects.id)"
        " ORDER BY created_at DESC, id DESC LIMIT ?",
        (at, last_id, PAGE_LENGTH + 1),
    ).fetchall()
    page = rows[:PAGE_LENGTH]
    files = _files_of(installation, page)
    found = [
        {
            "kind": row["kind"],
            "id": row["id"],
            "account": row["account"],
            "created_at": row["created_at"],
            "media": files[row["id"]],
            "cursor": _cursor_behind(row),
        }
        for row in page
    ]
    return JSONResponse({"subjects": found, "next_cursor": found[-1]["cursor"] if len(rows) > PAGE_LENGTH else None})


def _files_of(installation: Installation, page: list[sqlite3.Row]) -> dict[str, list[dict[str, Any]]]:
    """Return the files of each of these subjects: one question for the whole page, since there may be thousands."""
    slots = ",".join("?" * len(page))
    rows = installation.database.execute(
        f"SELECT * FROM media WHERE subject IN ({slots}) ORDER BY created_at DESC, id",  # noqa: S608 - marks only
        [row["id"] for row in page],
    )
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for media in map(media_from_row, rows):
        files[media.subject].append(media_json(installation, media))
    return files


def _cursor_behind(row: sqlite3.Row) -> str:
    return f"{row['created_at']}~{row['id']}"
