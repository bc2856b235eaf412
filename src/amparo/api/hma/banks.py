"""`/c/banks` and `/c/bank/NAME`. Any bank is shown by its name; keys add to those that keys made and to no others.

Which of these one key may rename, switch off or empty is said in `records/bank_acts.py`. A name that is made here is
written as HMA wants it, since its other clients read it; one that staff made stays as it is.

HMA's `matching_enabled_ratio` is the share of lookups that a bank takes part in. Here a bank is on (1.0) or off (0.0),
because whether a child's picture is found is no matter of chance; any other share is refused.
"""

import re
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api import matching as seam
from amparo.api.bodies import json_object, text_in
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.matching import BY_KEYS, Bank, NameTaken, NoSuch

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_LONGEST_NAME = 255  # As HMA has it; a bank's own limit is shorter, and says so.


def index(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer all banks."""
    return JsonResponse([as_json(bank) for bank in seam.matching().banks()], safe=False)


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Make a bank."""
    told = json_object(request)
    if not told.get("name"):
        raise ApiError(422, "missing", "Field required", field="name")
    name, is_enabled = text_in(told, "name", _LONGEST_NAME), _is_enabled(told)
    try:
        if any(bank.name == name for bank in seam.matching().banks()):
            raise NameTaken  # One that staff made need not be written as HMA wants it.
        bank = seam.matching().create_bank(
            _name(name), source=BY_KEYS, is_enabled=True if is_enabled is None else is_enabled, by=caller.actor
        )
    except NameTaken:
        raise ApiError(403, "name_taken", "Bank already exists") from None
    return JsonResponse(as_json(bank), status=201)


def show(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Answer one bank."""
    return JsonResponse(as_json(bank_of(name)))


def change(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Rename a bank, switch it on or off."""
    bank, told = own_bank(name), json_object(request)
    new_name = name if told.get("name") in (None, name) else _name(text_in(told, "name", _LONGEST_NAME))
    is_enabled = _is_enabled(told)
    try:
        changed = seam.matching().change_bank(
            name, new_name=new_name, is_enabled=bank.is_enabled if is_enabled is None else is_enabled, by=caller.actor
        )
    except NameTaken:
        raise ApiError(403, "name_taken", "Bank name already exists") from None
    return JsonResponse(as_json(changed))


def delete(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Delete a bank. One that is not there is as good as deleted."""
    if any(bank.name == name for bank in seam.matching().banks()):
        own_bank(name)
        # Somebody else may be quicker, and then it is gone, as was wanted.
        with suppress(NoSuch):
            seam.matching().delete_bank(name, by=caller.actor)
    return JsonResponse({"message": "Done"})


def bank_of(name: str) -> Bank:
    """Return a bank. Raises ApiError 404."""
    for bank in seam.matching().banks():
        if bank.name == name:
            return bank
    raise ApiError(404, "no_such_bank", f"bank '{name:.60}' not found")


def own_bank(name: str) -> Bank:
    """Return a bank that keys may change. Raises ApiError 404, or 403 for one that somebody else answers for."""
    bank = bank_of(name)
    if not bank.is_of_keys:
        sentence = f"The bank {name:.60} was not made through the API, so no key changes it. Staff may: `amparo bank`."
        raise ApiError(403, "not_yours", sentence)
    return bank


def as_json(bank: Bank) -> dict[str, Any]:
    """Return a bank in HMA's shape."""
    return {"name": bank.name, "matching_enabled_ratio": 1.0 if bank.is_enabled else 0.0}


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ApiError(400, "wrong_name", "Bank names must be UPPER_WITH_UNDERSCORE")
    return name


def _is_enabled(told: dict[str, Any]) -> bool | None:
    """Return whether the bank is to be on, None where nothing is said of it."""
    ratio, enabled = told.get("enabled_ratio"), told.get("enabled")
    if ratio is None:
        if enabled is not None and not isinstance(enabled, bool):
            raise ApiError(422, "bool_parsing", "Input should be a valid boolean", field="enabled")
        return enabled
    try:
        share = float(ratio) if isinstance(ratio, int | float | str) and not isinstance(ratio, bool) else None
    except (ValueError, OverflowError):
        share = None
    if share is None:
        raise ApiError(422, "float_parsing", "Input should be a valid number", field="enabled_ratio")
    if share not in (0.0, 1.0):
        sentence = "Amparo's banks are on or off: enabled_ratio is 1 or 0. Nothing is found by chance here."
        raise ApiError(400, "no_share", sentence)
    return share == 1.0
