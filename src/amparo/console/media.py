"""The sealed parts of a subject: named on the case page, and served one by one to whoever has the case in hand."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from amparo.cases.case import Case
from amparo.cases.platform_events import ContentPart
from amparo.console import wording
from amparo.console.access import NotNow, case_for, has_in_hand, opened, text_of
from amparo.console.frame import plain_page
from amparo.console.member import Member, member_of
from amparo.vault.client import OpenedStream

# What a browser shows as a picture or a video and never runs. Everything else, SVG and HTML first, is not served.
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
VIDEOS = frozenset({"video/mp4", "video/webm"})
_LONGEST_TEXT_BYTES = 64 * 1024


@dataclass(frozen=True)
class PartShown:
    """One part as the page names it. `text` and `trouble` are there only while somebody looks."""

    number: int
    name: str
    is_picture: bool
    is_video: bool
    is_text: bool
    text: str = ""
    trouble: str = ""


def parts_of(member: Member, case: Case, *, is_looking: bool) -> list[PartShown]:
    """Return the parts of a case. Only while somebody looks are texts opened; files are fetched by the browser then."""
    parts = () if case.content is None else case.content.parts
    return [_shown(member, number, part, is_looking) for number, part in enumerate(parts)]


@require_safe
def part(request: HttpRequest, case_id: str, number: int) -> HttpResponseBase:
    """Serve one part, on record before its first byte, to the person who has the case in hand and nobody else."""
    member = member_of(request)
    case = case_for(member, case_id)
    if case.content is None or number >= len(case.content.parts) or not has_in_hand(member, case):
        raise Http404
    wanted = case.content.parts[number]
    served_as = _served_as(wanted)
    if served_as is None:
        return plain_page(request, 415, "Not shown", "Files of this kind are not shown here. Decide without it.")
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(opened(member, "review", wanted.sealed))
        except NotNow as error:
            return plain_page(request, 503, "Not now", str(error))
        response = StreamingHttpResponse(_pieces(stream, stack.pop_all()), content_type=served_as)
    response.headers["Content-Length"] = str(stream.size_bytes)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _served_as(wanted: ContentPart) -> str | None:
    kind = wanted.media_type.partition(";")[0].strip().lower()
    if kind in PICTURES or kind in VIDEOS:
        return kind
    return "text/plain; charset=utf-8" if kind.startswith("text/") else None


def _pieces(stream: OpenedStream, stack: ExitStack) -> Iterator[bytes]:
    with stack:
        yield from stream


def _shown(member: Member, number: int, wanted: ContentPart, is_looking: bool) -> PartShown:
    served_as = _served_as(wanted) or ""
    is_text = served_as.startswith("text/")
    text = trouble = ""
    if is_text and is_looking:
        if wanted.size_bytes > _LONGEST_TEXT_BYTES:
            trouble = "The text is too long for this page. Open it by itself."
        else:
            try:
                text = text_of(member, "review", wanted.sealed)
            except NotNow as error:
                trouble = str(error)
    kind = wanted.media_type.partition(";")[0] if served_as else "a kind of file that is not shown"
    return PartShown(
        number, f"{kind}, {wording.size(wanted.size_bytes)}", served_as in PICTURES, served_as in VIDEOS, is_text,
        text, trouble,
    )  # fmt: skip
