"""Make accounts, posts, messages, live rooms and reshares on demand: a test or a demo has any number of them."""

import asyncio
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from plaza import accounts, drawing, publishing, subjects
from plaza.forms import clean, read_object
from plaza.installation import Installation, installation_of
from plaza.live import LONGEST_TITLE
from plaza.media import Upload
from plaza.moderation import account_json, subject_json
from plaza.refusals import Refusal
from plaza.subjects import Draft, read_tags
from plaza.writes import authorised
from plaza.writing import LONGEST_TEXT

Body = dict[str, object]


@authorised
async def new_account(request: Request) -> Response:
    """Create an account that signs in with the practice password."""
    installation = installation_of(request)
    body = await read_object(request)
    handle = clean(body.get("handle"), "handle", at_most=30)
    sealed = await asyncio.to_thread(accounts.seal_password, installation.practice_password)
    account = accounts.create(installation.database, handle, sealed, "An account to practise on.")
    answer = account_json(installation, account) | {"password": installation.practice_password}
    return JSONResponse(answer, 201)


@authorised
async def new_post(request: Request) -> Response:
    """Publish a post with a freshly drawn picture, video or neither."""
    installation = installation_of(request)
    body = await read_object(request)
    draft = Draft(
        "post",
        _account(installation, body, "account"),
        clean(body.get("text", "A practice post."), "text", at_most=LONGEST_TEXT),
        _tags(body),
        uploads=await _drawn(body),
    )
    return await _published(installation, draft)


@authorised
async def new_message(request: Request) -> Response:
    """Send a direct message from one account to another."""
    installation = installation_of(request)
    body = await read_object(request)
    draft = Draft(
        "message",
        _account(installation, body, "account"),
        clean(body.get("text", "A practice message."), "text", at_most=LONGEST_TEXT),
        recipient=_account(installation, body, "recipient"),
        uploads=await _drawn(body),
    )
    return await _published(installation, draft)


@authorised
async def new_room(request: Request) -> Response:
    """Open a live room."""
    installation = installation_of(request)
    body = await read_object(request)
    title = clean(body.get("title", "A practice room"), "title", at_most=LONGEST_TITLE)
    uploads = await _drawn({"media": "image"} | body)
    return await _published(
        installation, Draft("live", _account(installation, body, "account"), title, uploads=uploads)
    )


@authorised
async def new_reshare(request: Request) -> Response:
    """Reshare a post."""
    installation = installation_of(request)
    body = await read_object(request)
    handle = _account(installation, body, "account")
    post = subjects.find(installation.database, "post", clean(body.get("post"), "post", at_most=10))
    subjects.reshare(installation.database, handle, post.id)
    return JSONResponse(subject_json(installation, subjects.find(installation.database, "post", post.id)), 201)


@authorised
async def edit_post(request: Request) -> Response:
    """Edit a post as its author would; its version goes up."""
    installation = installation_of(request)
    body = await read_object(request)
    post = subjects.find(installation.database, "post", request.path_params["id"])
    text = clean(body.get("text"), "text", at_most=LONGEST_TEXT)
    subjects.edit(installation.database, post.id, text, _tags(body) if "tags" in body else post.tags)
    return JSONResponse(subject_json(installation, subjects.find(installation.database, "post", post.id)))


async def _published(installation: Installation, draft: Draft) -> Response:
    subject = await publishing.publish(installation, draft)
    return JSONResponse(subject_json(installation, subject), 201)


def _account(installation: Installation, body: Body, name: str) -> str:
    return accounts.find(installation.database, clean(body.get(name), name, at_most=30)).handle


def _tags(body: Body) -> tuple[str, ...]:
    tags = body.get("tags", [])
    if not isinstance(tags, list):
        raise Refusal(400, "bad_tags", '"tags" is a list of words.')
    return read_tags(" ".join(clean(tag, "tags", at_most=31) for tag in tags))


async def _drawn(body: Body) -> tuple[Upload, ...]:
    media, seed = body.get("media", "none"), body.get("seed", None)
    if seed is None:
        seed = secrets.randbits(32)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise Refusal(
            400, "bad_seed", '"seed" is a whole number from 0 to 4294967295; the same seed gives the same bytes.'
        )
    match media:
        case "none":
            return ()
        case "image":
            return (await asyncio.to_thread(drawing.picture, seed),)
        case "video":
            return (await asyncio.to_thread(drawing.video, seed),)
        case _:
            raise Refusal(400, "bad_media", '"media" is "image", "video" or "none".')
