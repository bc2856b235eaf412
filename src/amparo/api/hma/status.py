"""`/status`, and which types of signals and content there are."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.hma.matching import types_asked
from amparo.api.hma.signals import PHOTO, TYPES, VIDEO, type_of
from amparo.api.matching import Held, NotReady

_ALIVE, _NOT_LOADED = "I-AM-ALIVE", "INDEX-NOT-LOADED"


def live(request: HttpRequest) -> HttpResponse:
    """Say that this process serves, whatever it can say of any file. Asks nobody, and anybody may ask."""
    return HttpResponse(_ALIVE)


def ready(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Say whether lookups are answered: 503 until the index is whole."""
    try:
        is_ready = seam.matching().is_ready()
    except NotReady:
        is_ready = False
    return HttpResponse(_ALIVE) if is_ready else HttpResponse(_NOT_LOADED, status=503)


def signal_types(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the types of signals that are looked up. None can be switched off."""
    return JsonResponse([{"name": name, "enabled_ratio": 1.0} for name in TYPES], safe=False)


def change_signal_type(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Refuse to switch a type off."""
    type_of(name)
    raise ApiError(501, "types_stay", "Amparo looks up every type of signal that it has; none is switched off.")


def content_types(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the kinds of content that are hashed."""
    return JsonResponse([{"name": name, "enabled": True} for name in (PHOTO, VIDEO)], safe=False)


def index(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer how much of each type the banks hold, and how much of it is found: here always all."""
    held = seam.matching().held()
    return JsonResponse({name: _index(held.get(TYPES[name].ours)) for name in types_asked(request)})


def _index(held: Held | None) -> dict[str, Any]:
    count = 0 if held is None else held.count
    newest = -1 if held is None or held.built_to is None else int(held.built_to.timestamp())
    return {
        "db_size": count,
        "index_size": count,
        "index_out_of_date": False,
        "newest_db_item": newest,
        "index_built_to": newest,
    }
