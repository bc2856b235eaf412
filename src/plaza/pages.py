"""The pages that everybody can read without an account: home, posts, profiles, search, media and "Report"."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from plaza import accounts, answers, feeds, subjects
from plaza.forms import clean
from plaza.installation import installation_of
from plaza.media import EXTENSIONS
from plaza.refusals import Refusal, unavailable, unknown
from plaza.reporting import TYPES
from plaza.subjects import Subject

_OWN_PAGE = re.compile(r"/(?:post|message|live|user)/[a-z0-9_]{1,64}")


async def home(request: Request) -> Response:
    """Show the newest posts; each one shown is one more view of it."""
    lines = feeds.home(installation_of(request).database, request.query_params.get("before"))
    return _listing(request, "home.html", lines)


async def search(request: Request) -> Response:
    """Show the posts that hold the words."""
    words = clean(request.query_params.get("q", ""), "q", at_most=200, is_required=False)
    database = installation_of(request).database
    lines = feeds.search(database, words, request.query_params.get("before")) if words else []
    return _listing(request, "search.html", lines, words=words)


async def tag(request: Request) -> Response:
    """Show the posts with this tag."""
    words = "#" + clean(request.path_params["tag"], "tag", at_most=30)
    if len(words.split()) != 1:
        raise unknown("tag")
    lines = feeds.search(installation_of(request).database, words, request.query_params.get("before"))
    return _listing(request, "search.html", lines, words=words)


async def post(request: Request) -> Response:
    """Show one post and count the view."""
    found = readable(request, "post", request.path_params["id"])
    if request.method == "GET":
        subjects.count_views(installation_of(request).database, [found.id])
    return answers.page(request, "post.html", post=found)


async def profile(request: Request) -> Response:
    """Show an account and its posts; of a suspended account only that it is suspended (403, for good 410)."""
    database = installation_of(request).database
    account = accounts.find(database, request.path_params["handle"])
    if account.is_suspended:
        raise Refusal(410 if account.is_suspended_for_good else 403, "suspended", "This account is suspended.")
    lines = feeds.of_account(database, account.handle, request.query_params.get("before"))
    return _listing(request, "profile.html", lines, account=account)


async def picture(request: Request) -> Response:
    """Show one picture alone, as large as it goes; that is a view of what it belongs to."""
    installation = installation_of(request)
    row = installation.database.execute(
        "SELECT media.*, subjects.kind FROM media JOIN subjects ON subjects.id = media.subject WHERE media.id = ?",
        (request.path_params["id"],),
    ).fetchone()
    if row is None or subjects.media_from_row(row).is_video:
        raise unknown("picture")
    found = readable(request, row["kind"], row["subject"])
    if request.method == "GET":
        subjects.count_views(installation.database, [found.id])
    return answers.page(request, "picture.html", subject=found, media=subjects.media_from_row(row))


async def copyright_page(request: Request) -> Response:
    """Say what a claim of copyright takes; `about` is the page somebody came from."""
    about = request.query_params.get("about", "")
    return answers.page(request, "copyright.html", about=about if _OWN_PAGE.fullmatch(about) else "")


async def well_known(request: Request) -> Response:
    """Lead whoever looks for the way to report, a person or a program, to the door."""
    return RedirectResponse(installation_of(request).door.help_url, 302, headers={"Cache-Control": "no-store"})


async def media(request: Request) -> Response:
    """Send the bytes of a picture or video, as long as the subject it belongs to may be read by this visitor."""
    installation = installation_of(request)
    media_id, _, extension = request.path_params["name"].partition(".")
    row = installation.database.execute(
        "SELECT media.*, subjects.kind FROM media JOIN subjects ON subjects.id = media.subject WHERE media.id = ?",
        (media_id,),
    ).fetchone()
    if row is None or EXTENSIONS[row["content_type"]] != extension:
        raise unknown("picture or video")
    readable(request, row["kind"], row["subject"])
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(installation.shelf.file(row["id"]), media_type=row["content_type"], headers=headers)


async def report(request: Request) -> Response:
    """Show the choices for one subject, named like "post:abcdefghij" or "user:harbour_light"."""
    installation = installation_of(request)
    kind, _, name = request.query_params.get("subject", "").partition(":")
    if kind == "user":
        path, noun, type_ = accounts.find(installation.database, name).path, "account", TYPES[kind]
    elif kind in subjects.KINDS:
        found = readable(request, kind, name)
        path, noun, type_ = found.path, found.noun, TYPES[kind]
    else:
        raise Refusal(400, "bad_subject", "Open the post, message, live room or profile and choose “Report” there.")
    return answers.page(request, "report.html", path=path, noun=noun, type=type_)


def readable(request: Request, kind: str, subject_id: str) -> Subject:
    """Return the subject if this visitor may read it now, or raise the neutral answer.

    Whether it is hidden comes first, so that a stranger sees 404 or 410 for a hidden message too: that tells nothing
    of what was in it, and lets moderators observe from outside that it is gone.
    """
    found = subjects.find(installation_of(request).database, kind, subject_id)
    if found.state != subjects.SHOWN:
        raise unavailable(found.noun, is_removed=found.state == subjects.REMOVED)
    if found.kind == "message":
        reader = answers.visitor(request)
        if reader is None or reader.handle not in (found.account, found.recipient):
            raise Refusal(403, "not_yours", "Only the two people of a message can read it. Sign in as one of them.")
    return found


def _listing(request: Request, template: str, lines: list[feeds.Line], **facts: Any) -> Response:
    if request.method == "GET":
        subjects.count_views(installation_of(request).database, [line.post.id for line in lines])
    more = lines[-1].cursor if len(lines) == feeds.PAGE_LENGTH else None
    return answers.page(request, template, lines=lines, more=more, **facts)
