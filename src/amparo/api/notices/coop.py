"""`POST /api/v1/report`: the call by which sites report to Coop, so that a site that makes it needs to change its host.

Who reported is in it, and is read by nobody here: it is neither kept nor asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.limits import limits
from amparo.api.notices import taking
from amparo.api.notices.idempotency import key_of
from amparo.api.notices.names import notice_name
from amparo.api.notices.sending import LONGEST_LINK, MOST_LETTERS, Sending
from amparo.api.notices.typed import Fields, json_body, readable
from amparo.cases.decide_notice import MOST_LINKS
from amparo.cases.refs import SubjectKind
from amparo.cases.words import Age, Way
from amparo.plugins import installation
from amparo.policies.policy import Topic

_KINDS = {kind.value: kind.value for kind in SubjectKind} | {
    "comment": SubjectKind.POST.value, "thread": SubjectKind.LIVE.value, "user": SubjectKind.ACCOUNT.value,
}  # fmt: skip
_LONGEST_ID = 300


def report(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take a report: the item and those of its thread that were named are its links."""
    told = json_body(request)
    sent = read(told)
    taken = taking.open_notice(sent, caller, taking.intake_of(caller, "coop", key_of(request), told), has_key=False)
    return JsonResponse({"reportId": notice_name(taken.notice)}, status=201)


def read(told: Mapping[str, Any]) -> Sending:
    """Return the notice that a report is. Raises ApiError 400 with the field, as Coop answers. The rest is overlooked.

    Coop's `csam` says that it is about a child; all else leaves the age unanswered, which counts as a child's, too.
    """
    try:
        fields = Fields(told)
        item = fields.value("reportedItem")
        if not isinstance(item, Mapping):
            raise fields.missing("reportedItem", "what was reported, with its id and typeId")
        named = fields.value("reportedItemsInThread")
        items = [_link(item, "reportedItem."), *_further(named if named is not None else [], fields)]
        why = fields.value("reportedForReason")
        if why is not None and not isinstance(why, Mapping):
            raise fields.wrong("reportedForReason", "is an object")
        because = Fields(why or {}, "reportedForReason.")
        words = (because.text("reason", MOST_LETTERS) or "").strip()
        age = Age.CHILD if because.is_set("csam") else None
    except ApiError as wrong:
        raise ApiError(400, wrong.code, wrong.sentence, field=wrong.field) from None
    links = tuple(dict.fromkeys(items))
    return Sending(Topic.SEXUAL_PICTURE, links, None, age, None, Way.NOT_AT_ALL, words)


def _further(named: Any, fields: Fields) -> Iterator[str]:
    if not isinstance(named, list) or len(named) >= MOST_LINKS:
        raise fields.wrong("reportedItemsInThread", f"is a list of fewer than {MOST_LINKS}")
    for number, each in enumerate(named):
        if not isinstance(each, Mapping):
            raise fields.wrong(f"reportedItemsInThread[{number}]", "is an object")
        yield _link(each, f"reportedItemsInThread[{number}].")


def _link(item: Mapping[str, Any], at: str) -> str:
    """Return an item as `platform:kind:id` where its type can be told; else as words, for a person to place."""
    fields = Fields(item, at)
    own, kind = ((fields.text(name, _LONGEST_ID) or "").strip() for name in ("id", "typeId"))
    if not own:
        raise fields.missing("id", "the item's own id")
    if not kind:
        raise fields.missing("typeId", "the item's type")
    known = limits().coop_types.get(kind)
    if known is None and kind.lower() in _KINDS and len(installation().connectors) == 1:
        known = f"{next(iter(installation().connectors))}:{_KINDS[kind.lower()]}"
    return readable(f"{known}:{own}" if known is not None else f"an item {own} of the type {kind}")[:LONGEST_LINK]
