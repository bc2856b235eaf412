"""`POST /v1/match`: is this upload known? Bytes or hashes in, one answer out, in time for an upload hook."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import FORM, JSON, body_file, field_of, json_object, one_file, text_in
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.looking import Found, Looked, look_at, look_up
from amparo.api.matching import MD5, PDQ, SHA256
from amparo.api.uploads import Place, deadline_in, note, place_in
from amparo.matching.align import Piece

SIGNALS = {PDQ: re.compile(r"[0-9a-f]{64}"), SHA256: re.compile(r"[0-9a-f]{64}"), MD5: re.compile(r"[0-9a-f]{32}")}
"""How each signal is written."""


def match(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer whether an upload is known, and what that may do."""
    matching = seam.matching()
    deadline = deadline_in(request)
    place = place_in(field_of(request, "subject"), field_of(request, "account"), caller)
    if request.content_type == JSON:
        return JsonResponse(as_json(_by_hashes(json_object(request), place), is_noted=False))
    file = one_file(request) if request.content_type == FORM else body_file(request)
    if file is None:
        sentence = "Send the file as the body or as a part of a form, or its hashes as JSON."
        raise ApiError(400, "no_file", sentence)
    looked = look_at(matching, file.content, deadline)
    return JsonResponse(as_json(looked, is_noted=note(matching, looked, place)))


def as_json(looked: Looked, *, is_noted: bool) -> dict[str, Any]:
    """Return the answer as it is published in openapi.json."""
    return {
        "answer": looked.answer.value,
        "may": "nothing" if looked.may is None else looked.may.name.lower(),
        "sentence": looked.sentence,
        "looked_at": looked.depth.value,
        "is_noted": is_noted,
        "matches": [_match(found) for found in looked.found],
    }


def _by_hashes(told: dict[str, Any], place: Place | None) -> Looked:
    if place is not None or "subject" in told or "account" in told:
        sentence = "Where an upload will stand is noted only with its bytes: hashes alone cannot be searched backwards."
        raise ApiError(422, "bytes_wanted", sentence, field="subject")
    signals = {}
    for name, form in SIGNALS.items():
        if value := text_in(told, name):
            if not form.fullmatch(value.lower()):
                raise ApiError(422, "wrong_hash", f"`{name}` is not a {name} hash in hexadecimal.", field=name)
            signals[name] = value.lower()
    if not signals:
        raise ApiError(422, "no_hash", f"Send at least one of {', '.join(SIGNALS)}.", field=PDQ)
    quality = told.get("quality")
    if quality is not None and (not isinstance(quality, int) or isinstance(quality, bool) or not 0 <= quality <= 100):
        raise ApiError(422, "wrong_quality", "`quality` is a whole number from 0 to 100.", field="quality")
    return look_up(seam.matching(), signals, quality)


def _match(found: Found) -> dict[str, Any]:
    return {
        "bank": found.bank,
        "item": found.item,
        "may": found.may.name.lower(),
        "is_exact": found.is_exact,
        "distance": found.distance,
        "ranges": [_range(piece) for piece in found.pieces],
    }


def _range(piece: Piece) -> dict[str, float]:
    return {
        "from": round(piece.query_from, 3),
        "to": round(piece.query_to, 3),
        "bank_from": round(piece.bank_from, 3),
        "bank_to": round(piece.bank_to, 3),
        "speed": round(piece.speed, 4),
    }
