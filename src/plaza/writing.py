"""What signed-in people write: new posts, edits, reshares."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from plaza import answers, media, publishing, subjects
from plaza.forms import field, read_form, upload_content
from plaza.installation import installation_of
from plaza.media import Upload
from plaza.pages import readable
from plaza.refusals import Refusal
from plaza.subjects import Draft, Subject, read_tags

LONGEST_TEXT = 2000


async def compose(request: Request) -> Response:
    """Show the form for a new post."""
    answers.member(request)
    return answers.page(request, "compose.html", post=None)


async def publish(request: Request) -> Response:
    """Publish a post of text, tags and at most one picture or video."""
    author = answers.member(request)
    form = await read_form(request)
    text, tags = _text_and_tags(form)
    draft = Draft("post", author.handle, text, tags, uploads=await uploads(form))
    post = await publishing.publish(installation_of(request), draft)
    return answers.see(post.path)


async def edit_form(request: Request) -> Response:
    """Show the author's own post in the form."""
    return answers.page(request, "compose.html", post=_own(request))


async def edit(request: Request) -> Response:
    """Change text and tags of one's own post; its version goes up."""
    post = _own(request)
    text, tags = _text_and_tags(await read_form(request))
    # Reading the form let other requests run: the post may have been hidden in between.
    readable(request, "post", post.id)
    subjects.edit(installation_of(request).database, post.id, text, tags)
    return answers.see(post.path)


async def reshare(request: Request) -> Response:
    """Show somebody's post on one's own profile and in the feed, as the original."""
    member = answers.member(request)
    await read_form(request)
    post = readable(request, "post", request.path_params["id"])
    if member.is_suspended:
        raise Refusal(403, "account_suspended", "This account is suspended. It cannot reshare.")
    subjects.reshare(installation_of(request).database, member.handle, post.id)
    return answers.see(post.path)


async def uploads(form: FormData) -> tuple[Upload, ...]:
    """Return the chosen file of the form's field "media", or nothing."""
    content = await upload_content(form, "media")
    return (media.recognise(content),) if content else ()


def _own(request: Request) -> Subject:
    author = answers.member(request)
    post = readable(request, "post", request.path_params["id"])
    if post.account != author.handle:
        raise Refusal(403, "not_yours", "Only its author can edit a post.")
    return post


def _text_and_tags(form: FormData) -> tuple[str, tuple[str, ...]]:
    text = field(form, "text", at_most=LONGEST_TEXT)
    return text, read_tags(field(form, "tags", at_most=400, is_required=False))
