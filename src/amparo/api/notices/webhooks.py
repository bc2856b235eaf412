"""`/v1/webhooks/messages`: what went out to the sender's endpoints, and having one of it sent again."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.notices.names import MESSAGE, cursor_name, notice_name
from amparo.api.notices.shown import moment
from amparo.api.notices.views import page_in
from amparo.plugins import installation
from amparo.records import webhooks
from amparo.records.webhooks import Message

WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"


def index(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the messages to this sender, newest first."""
    limit, before = page_in(request)
    found = webhooks.page(caller.sender, before, limit + 1)
    behind = cursor_name(found[limit - 1].number) if len(found) > limit else None
    return JsonResponse({"object": "list", "data": [_shown(each) for each in found[:limit]], "next_cursor": behind})


def replay(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Have a message sent again, under its id. A foreign and an unknown one are answered alike."""
    again = webhooks.replay(caller.sender, name, installation().casebook.now()) if MESSAGE.fullmatch(name) else None
    if again is None:
        raise ApiError(404, "no_such_message", "No message of that id was sent to you.")
    return JsonResponse(_shown(again), status=202)


def _shown(message: Message) -> dict[str, Any]:
    state = WAITING if message.delivered_at is None else DELIVERED
    return {
        "object": "message",
        "id": message.id,
        "endpoint": message.endpoint,
        "type": message.type,
        "notice": notice_name(message.notice) if message.notice else None,
        "link": message.link,
        "at": moment(message.at),
        "state": GIVEN_UP if message.given_up_at is not None else state,
        "tries": message.tries,
        "last_answer": message.status or None,
        "delivered_at": moment(message.delivered_at),
    }
