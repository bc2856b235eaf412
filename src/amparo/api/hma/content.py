"""`/c/bank/NAME/content` and `/signal`: what is in the banks that keys made.

An entry made here counts as made by hand. It finds nothing before a person has confirmed it who is not its maker, so
that no key alone can bring anything down; the answer says so in `amparo`.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import FORM, JSON, json_object
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.hma.banks import as_json as bank_as_json
from amparo.api.hma.banks import bank_of, own_bank
from amparo.api.hma.hashing import Content, content_at, content_in
from amparo.api.hma.signals import TYPES, types_of
from amparo.api.hma.storable import is_storable
from amparo.api.matching import FOR_GOOD, Item, NoSuch

_FIELDS = ("content_id", "content_uri", "json")
_LONGEST_NOTE = 255
_LONGEST_METADATA = 10_000
_LONGEST_OFF = timedelta(days=365 * 5)
_ENABLED, _DISABLED = 1, 0
_WAITS = "It finds nothing yet: on Amparo's console, a person has to confirm it first."


def add(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Put a file into a bank, sent or at a `url` on a platform's host."""
    bank = own_bank(name)
    noted = _noted(request)
    if request.GET.get("url"):
        content = replace(content_at(request), is_work=True)
    elif request.content_type == FORM and request.FILES:
        content = replace(content_in(request), is_work=True)
    else:
        raise ApiError(400, "no_content", "Neither `url` nor multipart file upload was received")
    asked = request.GET.get("types")
    types_of(content.kind, asked)
    item = seam.matching().add(bank.name, content.fingerprint, added_by=caller.actor, metadata=noted)
    return JsonResponse({"id": item.id, "signals": _made(content, asked), "amparo": _ours(item)})


def add_signals(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Put hashes into a bank that somebody else made of a file."""
    bank, told = own_bank(name), json_object(request)
    noted = _note(told.pop("note", None))
    if not told:
        raise ApiError(400, "no_signal", "No signals given")
    signals = {}
    for each, value in told.items():
        if each not in TYPES:
            raise ApiError(400, "no_such_type", f"No such signal type {each:.40}")
        if not isinstance(value, str):
            raise ApiError(400, "no_text", f"Invalid {each} signal: it is no text")
        signals[each] = TYPES[each].read(value)
    ours = {TYPES[each].ours: value for each, value in signals.items()}
    item = seam.matching().add(bank.name, ours, added_by=caller.actor, metadata=noted)
    return JsonResponse({"id": item.id, "signals": signals, "amparo": _ours(item)})


def show(request: HttpRequest, caller: Caller, name: str, item: int) -> HttpResponse:
    """Answer one item of a bank."""
    bank, found = bank_of(name), _item(name, item)
    told: dict[str, Any] = {
        "id": found.id,
        "disable_until_ts": _until(found),
        "original_media_uri": None,
        "bank": bank_as_json(bank),
        "amparo": _ours(found),
    }
    if request.GET.get("include_signals", "false").lower() == "true":
        told["signals"] = {each.name: found.signals[each.ours] for each in TYPES.values() if each.ours in found.signals}
    metadata = {key: found.metadata[key] for key in _FIELDS if key in found.metadata}
    if metadata and request.GET.get("include_metadata", "true").lower() == "true":
        told["metadata"] = {**dict.fromkeys((*_FIELDS, "collab")), **metadata}
    if found.metadata.get("note"):
        told["note"] = found.metadata["note"]
    return JsonResponse(told)


def change(request: HttpRequest, caller: Caller, name: str, item: int) -> HttpResponse:
    """Switch an item off until a moment, or change what is noted of it."""
    bank, found, told = own_bank(name), _item(name, item), json_object(request)
    until, metadata = found.disabled_until, dict(found.metadata)
    if "disable_until_ts" in told:
        until = _moment(told["disable_until_ts"])
    if "note" in told:
        metadata.pop("note", None)
        metadata |= _note(told["note"])
    changed = seam.matching().change_item(name, item, disabled_until=until, metadata=metadata, by=caller.actor)
    return JsonResponse(
        {
            "id": changed.id,
            "disable_until_ts": _until(changed),
            "collab_metadata": {},
            "original_media_uri": None,
            "bank": bank_as_json(bank),
            "user_metadata": {key: metadata[key] for key in _FIELDS if key in metadata} or None,
            "note": metadata.get("note"),
            "amparo": _ours(changed),
        }
    )


def delete(request: HttpRequest, caller: Caller, name: str, item: int) -> HttpResponse:
    """Take an item out of its bank."""
    own_bank(name)
    return JsonResponse({"deleted": int(seam.matching().delete_item(name, item, by=caller.actor))})


def _item(bank: str, item: int) -> Item:
    try:
        return seam.matching().item(bank, item)
    except NoSuch:
        raise ApiError(404, "no_such_item", f"content '{item}' not found") from None


def _made(content: Content, asked: str | None) -> dict[str, str]:
    """Return the hashes that the item is found by; of a picture that says too little, its digest instead."""
    made = {name: signal for name, signal in content.signals(asked).items() if signal}
    return made or {"sha256": content.signal(TYPES["sha256"])}


def _ours(item: Item) -> dict[str, Any]:
    return {"is_confirmed": item.is_confirmed, "sentence": "" if item.is_confirmed else _WAITS}


def _noted(request: HttpRequest) -> dict[str, Any]:
    """Return the metadata and the note of a request, in JSON, as fields of the form or in the address."""
    written: Any
    if request.content_type == JSON:
        told = json_object(request)
        written, note = told.get("metadata"), told.get("note")
    else:
        fields = request.POST if request.content_type == FORM else request.GET
        note = fields.get("note")
        try:
            written = json.loads(fields["metadata"]) if "metadata" in fields else None
        except (ValueError, RecursionError):
            raise ApiError(400, "no_json", "metadata form field must be valid JSON") from None
    return {**_metadata(written), **_note(note)}


def _metadata(written: object) -> dict[str, Any]:
    if written is None:
        return {}
    if not isinstance(written, dict):
        raise ApiError(400, "no_object", "metadata should be a json object")
    told = {key: value for key, value in written.items() if key != "collab" and value is not None}
    wrong = [key for key in told if key not in _FIELDS]
    wrong += [key for key in ("content_id", "content_uri") if not isinstance(told.get(key, ""), str)]
    if wrong or not isinstance(told.get("json", {}), dict) or not _can_be_kept(told):
        sentence = (
            f"content_id and content_uri are texts, json is an object, all in {_LONGEST_METADATA} characters of text, "
            "numbers that are finite and texts without NUL"
        )
        raise ApiError(400, "wrong_metadata", f"Invalid metadata: {sentence}")
    return told


def _can_be_kept(told: dict[str, Any]) -> bool:
    try:
        return len(json.dumps(told)) <= _LONGEST_METADATA and is_storable(told)
    except RecursionError:
        return False


def _note(note: object) -> dict[str, Any]:
    if not note:
        return {}
    if not isinstance(note, str):
        raise ApiError(400, "no_text", "note should be a string")
    if not is_storable(note):
        raise ApiError(400, "no_text", "note should be text without NUL and without half a pair of UTF-16")
    if len(note) > _LONGEST_NOTE:
        raise ApiError(400, "long_note", f"note must be at most {_LONGEST_NOTE} characters")
    return {"note": note}


def _until(item: Item) -> int:
    if item.disabled_until is None:
        return _ENABLED
    return _DISABLED if item.disabled_until >= FOR_GOOD else int(item.disabled_until.timestamp())


def _moment(written: object) -> datetime | None:
    """Return until when an item is off: 0 is for good, 1 is not at all."""
    try:
        stamp = int(written) if isinstance(written, int | str) and not isinstance(written, bool) else None
    except ValueError:
        stamp = None
    if stamp is None:
        raise ApiError(400, "no_number", f"Invalid int: '{written!s:.40}'")
    if stamp < 0:
        raise ApiError(400, "negative", "disable_until_ts must be a non-negative integer")
    if stamp in (_ENABLED, _DISABLED):
        return FOR_GOOD if stamp == _DISABLED else None
    if stamp > (datetime.now(UTC) + _LONGEST_OFF).timestamp():
        raise ApiError(400, "too_far", "disable_until_ts must be less than 5 years in the future")
    return datetime.fromtimestamp(stamp, UTC)
