"""Every address, what may be done there, and what a key has to be allowed to do it. A test walks this table."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, register_converter

from amparo.api import document, hook, match
from amparo.api.callers import caller_of
from amparo.api.errors import ApiError, answer
from amparo.api.hma import banks, content, exchanges, hashing, matching, status
from amparo.api.notices import coop, flags, lists, patience, webhooks
from amparo.api.notices import views as notices
from amparo.api.notices.views import counted
from amparo.records.api_keys import Scope

ANY_KEY = None
"""Every key may."""
_ALSO = {"HEAD": "GET"}
View = Callable[..., HttpResponse]


class NumberPath:
    """The number of an item, as the database counts."""

    regex = r"[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(NumberPath, "item")


def at(address: str, **methods: tuple[Scope | None, View]) -> URLPattern:
    """Return the route of an address: for each method what it takes and who answers. The key is looked at first."""

    def view(request: HttpRequest, **parts: object) -> HttpResponse:
        method = request.method or ""
        found = methods.get(_ALSO.get(method, method))
        if found is None:
            refused = ApiError(405, "wrong_method", f"This address takes {', '.join(methods)}.")
            told = answer(request, refused)
            told.headers["Allow"] = ", ".join(methods)
            return told
        needed, answering = found
        return answering(request, caller_of(request, needed), **parts)

    view.methods = methods  # type: ignore[attr-defined]
    return path(address, view)


def without_key(address: str, view: View) -> URLPattern:
    """Return the route of an address that answers anybody."""
    return path(address, view)


_match, _hash, _banks = Scope.MATCH, Scope.HASH, Scope.BANKS
_notices, _bulk, _follow, _webhooks = Scope.NOTICES, Scope.BULK, Scope.FOLLOW, Scope.WEBHOOKS

urlpatterns = [
    at("v1/match", POST=(_match, match.match)),
    at("v1/openapi.json", GET=(ANY_KEY, document.document)),
    at(
        "v1/notices",
        GET=(_follow, counted(notices.index)), POST=(_notices, counted(notices.open_notice)),
    ),
    at("v1/notices/bulk", POST=(_bulk, counted(lists.take_list, patience.BULK_COSTS))),
    at("v1/xarf", POST=(_bulk, counted(lists.take_xarf))),
    at("api/v1/report", POST=(_notices, counted(coop.report))),
    at("v1/notices/<str:name>", GET=(_follow, counted(notices.show))),
    at("v1/notices/<str:name>/links", POST=(_notices, counted(notices.add_links))),
    at("v1/notices/<str:name>/replies", POST=(_notices, counted(notices.reply))),
    at("v1/webhooks/messages", GET=(_webhooks, counted(webhooks.index))),
    at("v1/webhooks/messages/<str:name>/replay", POST=(_webhooks, counted(webhooks.replay))),
    at("hooks/<str:platform>", POST=(_match, hook.hook)),
    without_key("status/live", status.live),
    without_key("ap/inbox", flags.inbox),
    at("status", GET=(ANY_KEY, status.ready)),
    at("h/hash", GET=(_hash, hashing.hash_url), POST=(_hash, hashing.hash_file)),
    at("m/raw_lookup", GET=(_match, matching.raw_lookup)),
    at("m/lookup", GET=(_match, matching.lookup), POST=(_match, matching.lookup_file)),
    at("m/compare", POST=(_match, matching.compare)),
    at("m/index/status", GET=(_match, matching.index_status)),
    at("c/banks", GET=(_match, banks.index), POST=(_banks, banks.create)),
    at(
        "c/bank/<str:name>",
        GET=(_match, banks.show), PUT=(_banks, banks.change), DELETE=(_banks, banks.delete),
    ),
    at("c/bank/<str:name>/content", POST=(_banks, content.add)),
    at(
        "c/bank/<str:name>/content/<item:item>",
        GET=(_banks, content.show), PUT=(_banks, content.change), DELETE=(_banks, content.delete),
    ),
    at("c/bank/<str:name>/signal", POST=(_banks, content.add_signals)),
    at("c/exchanges", GET=(_match, exchanges.nothing), POST=(_banks, exchanges.create)),
    at("c/exchanges/apis", GET=(_match, exchanges.nothing)),
    at("c/exchanges/api/<str:name>", GET=(_match, exchanges.show_api), POST=(_banks, exchanges.show_api)),
    at("c/exchanges/api/<str:name>/schema", GET=(_match, exchanges.show_schema)),
    at(
        "c/exchange/<str:name>",
        GET=(_match, exchanges.show), PUT=(_banks, exchanges.show), DELETE=(_banks, exchanges.show),
    ),
    at("c/exchange/<str:name>/status", GET=(_match, exchanges.show)),
    at("c/signal_type", GET=(_match, status.signal_types)),
    at("c/signal_type/index", GET=(_match, status.index)),
    at("c/signal_type/<str:name>", PUT=(_banks, status.change_signal_type)),
    at("c/content_type", GET=(_match, status.content_types)),
]  # fmt: skip

handler400 = "amparo.api.errors.bad_request"
handler403 = "amparo.api.errors.forbidden"
handler404 = "amparo.api.errors.not_found"
handler500 = "amparo.api.errors.broken"
