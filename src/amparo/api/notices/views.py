"""`/v1/notices`: send one, see one's own, add links and words. Another sender's notice is none: one identical 404."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.notices import patience, sending, shown, taking
from amparo.api.notices.idempotency import key_of, refusals
from amparo.api.notices.names import cursor_name, cursor_of, notice_name, notice_of
from amparo.api.notices.typed import Fields, json_body
from amparo.plugins import installation
from amparo.records import api_notices

_PAGE, _LONGEST_PAGE = 25, 100
_AGAIN = "Look again, please."
"""Stands for the words of somebody who only asks for another look."""


def counted(view: Callable[..., HttpResponse], cost: int = 1) -> Callable[..., HttpResponse]:
    """Return a view that counts against its key's minute, and turns refusals of the rules into answers."""

    def answering(request: HttpRequest, caller: Caller, **parts: Any) -> HttpResponse:
        patience.take(caller, cost)
        with refusals():
            return view(request, caller, **parts)

    return answering


def open_notice(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take a notice: 201 once it is durable, with the code of its private page.

    The code is kept nowhere, and is the same at every repetition under one key.
    """
    told, key = json_body(request), key_of(request)
    sent = sending.read(told)
    taken = taking.open_notice(sent, caller, taking.intake_of(caller, "open", key, told), has_key=key is not None)
    notice = installation().casebook.notice(taken.notice)
    assert notice is not None  # noqa: S101 - for the type checker: it was just taken
    answer = JsonResponse(shown.receipt(taken, notice.came_at), status=201)
    answer.headers["Location"] = f"/v1/notices/{notice_name(taken.notice)}"
    return _marked(answer, taken.is_replay)


def show(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Answer how a notice stands."""
    (told,) = shown.notices([_own(caller, name)])
    return JsonResponse(told)


def index(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the sender's notices, newest first."""
    limit, before = page_in(request)
    reference = request.GET.get("reference")
    if reference is not None and not sending.REFERENCE.fullmatch(reference):
        raise ApiError(422, "wrong_field", "`reference` is not one that a notice can have.", field="reference")
    found = api_notices.page(caller.sender, before, reference or "", limit + 1)
    behind = cursor_name(found[limit - 1].number) if len(found) > limit else None
    return JsonResponse({"object": "list", "data": shown.notices(found[:limit]), "next_cursor": behind})


def add_links(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Put further links on a notice."""
    notice, told = _own(caller, name).notice, json_body(request)
    intake = taking.intake_of(caller, f"links:{notice.id}", key_of(request), told)
    taken = taking.add_links(notice, sending.links_in(told), caller, intake)
    links = [shown.link_taken(link) for link in taken.links]
    answer = JsonResponse({"object": "links", "notice": notice_name(notice.id), "links": links}, status=201)
    return _marked(answer, taken.is_replay)


def reply(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Take words, or a wish for another look after a refusal."""
    notice, told = _own(caller, name).notice, json_body(request)
    words, asks_again, brings_new_facts = _reply_in(told)
    intake = taking.intake_of(caller, f"reply:{notice.id}", key_of(request), told)
    is_replay = taking.write(notice, words, caller, intake, asks_again=asks_again, brings_new_facts=brings_new_facts)
    return _marked(JsonResponse({"object": "reply", "notice": notice_name(notice.id)}, status=201), is_replay)


def page_in(request: HttpRequest) -> tuple[int, int | None]:
    """Return how many rows are asked for, and behind which. Raises ApiError 422."""
    limit = request.GET.get("limit", str(_PAGE))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and 1 <= int(limit) <= _LONGEST_PAGE):
        raise ApiError(422, "wrong_field", f"`limit` is a number from 1 to {_LONGEST_PAGE}.", field="limit")
    cursor = request.GET.get("cursor")
    before = None if cursor is None else cursor_of(cursor)
    if cursor is not None and before is None:
        raise ApiError(422, "wrong_field", "`cursor` is the `next_cursor` of the page before.", field="cursor")
    return int(limit), before


def _reply_in(told: dict[str, Any]) -> tuple[str, bool, bool]:
    fields = Fields(told)
    words = (fields.text("words", sending.MOST_LETTERS) or "").strip()
    asks_again, new_facts = fields.is_set("asks_again"), fields.is_set("brings_new_facts")
    fields.refuse_others()
    if not words and not asks_again:
        raise fields.missing("words", "what you want to say; it may be left out with `asks_again` alone")
    return words or _AGAIN, asks_again, new_facts


def _own(caller: Caller, name: str) -> api_notices.Listed:
    """Return a notice of this sender. Raises ApiError 404, the same for a foreign, an unknown and a misspelt one."""
    notice = notice_of(name)
    found = api_notices.find(caller.sender, notice or "")
    if found is None:
        raise ApiError(404, "no_such_notice", "You have sent no notice of that name.")
    return found


def _marked(answer: HttpResponse, is_replay: bool) -> HttpResponse:
    if is_replay:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
