"""Live rooms: a title, a host, and a picture that is another one every few seconds."""

import secrets
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from plaza import answers, drawing, publishing, subjects
from plaza.database import now, transaction
from plaza.forms import field, read_form
from plaza.installation import Installation, installation_of
from plaza.pages import readable
from plaza.subjects import Draft, Subject

FRAME_LASTS = timedelta(seconds=5)
# Older frames stay for a while, so that a moderator who was given a frame's id can still fetch it.
FRAMES_KEPT = 20
LONGEST_TITLE = 120


async def rooms(request: Request) -> Response:
    """List the open rooms."""
    database = installation_of(request).database
    rows = database.execute(
        "SELECT * FROM subjects WHERE kind = 'live' AND state = 'shown' ORDER BY created_at DESC LIMIT 50"
    ).fetchall()
    return answers.page(request, "rooms.html", rooms=[subjects.from_row(database, row) for row in rows])


async def room(request: Request) -> Response:
    """Show a room with its present picture and count the view."""
    installation = installation_of(request)
    found = readable(request, "live", request.path_params["id"])
    if request.method == "GET":
        subjects.count_views(installation.database, [found.id])
        found = refresh(installation, found)
    return answers.page(request, "room.html", room=found)


async def open_room(request: Request) -> Response:
    """Open a room with the visitor as its host."""
    host = answers.member(request)
    title = field(await read_form(request), "title", at_most=LONGEST_TITLE)
    uploads = (drawing.picture(secrets.randbits(32)),)
    found = await publishing.publish(installation_of(request), Draft("live", host.handle, title, uploads=uploads))
    return answers.see(found.path)


def refresh(installation: Installation, found: Subject) -> Subject:
    """Return the room with a new picture, if its latest is older than FRAME_LASTS; the oldest ones are deleted."""
    if found.media and now() - found.media[0].created_at < FRAME_LASTS:
        return found
    upload = drawing.picture(secrets.randbits(32))
    media_id = installation.shelf.keep(upload)
    old = found.media[FRAMES_KEPT - 1 :]
    with transaction(installation.database):
        subjects.attach(installation.database, found.id, media_id, upload, now())
        installation.database.executemany("DELETE FROM media WHERE id = ?", [(frame.id,) for frame in old])
    for frame in old:
        installation.shelf.drop(frame.id)
    return subjects.find(installation.database, "live", found.id)
