"""`/m/…`: which items of which banks a hash is near to.

HMA leaves a share of a bank's hits out by a coin flip; here a bank is on or off, so `seed` and `bypass_coinflip` change
nothing. What is disabled or waits for a second person is in no answer, `raw_lookup` included. What somebody only
claimed (bank `claimed`) is in no answer.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import json_object
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.hma.hashing import content_at, content_in
from amparo.api.hma.signals import TYPES, banks_in, type_of
from amparo.api.matching import PDQ, Hit
from amparo.matching.copies import RADIUS
from amparo.records.bank_values import CLAIMED

_YES = ("true", "1", "yes", "on")


def raw_lookup(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the items near a hash, of whichever bank."""
    signal, name = _needed(request, "signal"), _needed(request, "signal_type")
    hits = _look(signal, name, banks_in(request.GET.get("banks")))
    if request.GET.get("include_distance", "").lower() in _YES:
        return JsonResponse({"matches": [_entry(name, hit) for hit in hits]})
    return JsonResponse({"matches": [hit.item for hit in hits]})


def lookup(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the items near a hash, or near the hashes of a file on a platform's host, by bank."""
    asked, name, signal = request.GET, request.GET.get("signal_type"), request.GET.get("signal")
    banks = banks_in(asked.get("banks"))
    if asked.get("url"):
        told = _by_type(content_at(request).signals(asked.get("types")), banks)
        return JsonResponse(told if name is None else told.get(name, {}))
    if not signal or not name:
        raise ApiError(400, "no_signal", "Either url or both signal and signal_type are required")
    return JsonResponse(_by_bank(name, _look(signal, name, banks)))


def lookup_file(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer the items near the hashes of a file, by type of signal and bank."""
    signals = content_in(request).signals(request.GET.get("types"))
    return JsonResponse(_by_type(signals, banks_in(request.GET.get("banks"))))


def compare(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer whether two hashes match, for each type that is asked about."""
    told: dict[str, Any] = {}
    for name, pair in json_object(request).items():
        if not isinstance(pair, list):
            raise ApiError(400, "no_list", f"Comparison hashes for {name:.40} was not a list")
        if len(pair) != 2:
            raise ApiError(400, "no_pair", "Comparison hash list length must be exactly 2")
        signal_type = type_of(name)
        if not all(isinstance(each, str) for each in pair):
            raise ApiError(400, "no_text", f"Invalid {name} hash: it is no text")
        left, right = (signal_type.read(each) for each in pair)
        if signal_type.ours == PDQ:
            distance = (int(left, 16) ^ int(right, 16)).bit_count()
            told[name] = [distance <= RADIUS, {"distance": distance}]
        else:
            told[name] = [left == right, {}]
    return JsonResponse(told)


def index_status(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer how many hashes of each type are found."""
    return JsonResponse({name: _held(name) for name in types_asked(request)})


def types_asked(request: HttpRequest) -> list[str]:
    """Return the one type that is asked about, or all."""
    name = request.GET.get("signal_type")
    return list(TYPES) if name is None else [type_of(name).name]


def _held(name: str) -> dict[str, Any]:
    held = seam.matching().held().get(TYPES[name].ours)
    if held is None:
        return {"present": False, "built_to": -1, "size": 0}
    built_to = -1 if held.built_to is None else int(held.built_to.timestamp())
    return {"present": True, "built_to": built_to, "size": held.count}


def _look(signal: str, name: str, banks: Collection[str] | None) -> list[Hit]:
    signal_type = type_of(name)
    if signal == "" and signal_type.ours == PDQ:
        sentence = (
            "invalid signal: this picture says too little to be found by pdq, which is not the same as no match; "
        )
        raise ApiError(400, "not_hashable", sentence + "ask with types=sha256")
    found = seam.matching().lookup(signal_type.ours, signal_type.read(signal), banks=banks)
    # What somebody claimed by a code has been seen by nobody, and HMA's clients act on what they are told.
    return [hit for hit in found if hit.bank != CLAIMED]


def _by_type(signals: Mapping[str, str], banks: Collection[str] | None) -> dict[str, Any]:
    return {name: _by_bank(name, _look(signal, name, banks)) for name, signal in signals.items()}


def _by_bank(name: str, hits: list[Hit]) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for hit in hits:
        told.setdefault(hit.bank, []).append(_entry(name, hit))
    return told


def _entry(name: str, hit: Hit) -> dict[str, Any]:
    return {"bank_content_id": hit.item, "distance": TYPES[name].distance(hit.distance)}


def _needed(request: HttpRequest, name: str) -> str:
    value = request.GET.get(name)
    if value is None:
        raise ApiError(422, "missing", "Field required", field=name)
    return value
