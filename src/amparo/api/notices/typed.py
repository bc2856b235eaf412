"""Reads JSON field by field: what is not as published is refused by its name, and a field that is not known, too.

A misspelt field is refused rather than overlooked: who writes `ages` for `age` would believe that it was heard.
"""

import json
import re
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, TypeVar

from django.http import HttpRequest

from amparo.api.bodies import JSON
from amparo.api.errors import ApiError

MOST_BYTES = 1024 * 1024
"""The longest body of one notice: fifty links and as many words as the door takes come to far less."""
# What no keyboard makes, and halves of letters that no file can hold.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Word = TypeVar("Word", bound=Enum)


def json_body(request: HttpRequest, at_most: int = MOST_BYTES, *, types: Collection[str] = (JSON,)) -> dict[str, Any]:
    """Return the body as a JSON object. Raises ApiError: 415, 413 before anything is read, 400 for what is none."""
    if request.content_type not in types:
        raise ApiError(415, "not_json", f"Send JSON, with Content-Type: {' or '.join(types)}.")
    refuse_larger(request, at_most)
    return object_in(request.body)


def refuse_larger(request: HttpRequest, at_most: int) -> None:
    """Raise ApiError 413 for a body that says that it is longer. It is not read."""
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    if int(written) > at_most:
        raise ApiError(413, "too_large", f"This address takes {at_most // 1024} KiB at most. Send it in parts.")


def object_in(body: bytes) -> dict[str, Any]:
    """Return bytes as a JSON object. Raises ApiError 400."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ApiError(400, "no_object", "The body is no JSON object.")
    return told


class Fields:
    """The fields of one object. Each is asked for once; what is left over in the end is refused."""

    def __init__(self, told: Mapping[str, Any], at: str = "") -> None:
        self._told, self._at, self._asked = told, at, set[str]()

    def value(self, name: str) -> Any:
        """Return a field as it is, None where it is absent."""
        self._asked.add(name)
        return self._told.get(name)

    def text(self, name: str, at_most: int, *, pattern: re.Pattern[str] | None = None) -> str | None:
        """Return a text, without letters that nobody can read; None where it is absent or null."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > at_most:
            raise self.wrong(name, f"is a text of at most {at_most} characters")
        if pattern is not None and not pattern.fullmatch(value):
            raise self.wrong(name, f"is not as it has to be written: {pattern.pattern}")
        return readable(value)

    def texts(self, name: str, at_most: int, longest: int) -> list[str] | None:
        """Return a list of texts, None where it is absent."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, list) or not 1 <= len(value) <= at_most:
            raise self.wrong(name, f"is a list of 1 to {at_most} texts")
        for number, each in enumerate(value):
            if not isinstance(each, str) or not 1 <= len(each) <= longest:
                raise self.wrong(f"{name}[{number}]", f"is a text of 1 to {longest} characters")
        return [readable(each) for each in value]

    def word(self, name: str, words: type[Word]) -> Word | None:
        """Return one of some words, None where it is absent or null."""
        value = self.value(name)
        if value is None:
            return None
        for each in words:
            if isinstance(value, str) and each.value == value:
                return each
        raise self.wrong(name, f"is one of {', '.join(each.value for each in words)}")

    def is_set(self, name: str) -> bool:
        """Return whether a field is true; absent it is not."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(name, "is true or false")

    def refuse_others(self) -> None:
        """Raise ApiError 422 for a field that was not asked for."""
        for name in self._told:
            if name not in self._asked:
                raise self.wrong(readable(name)[:60], f"is not known here; known are {', '.join(sorted(self._asked))}")

    def missing(self, name: str, what: str) -> ApiError:
        """Return the refusal of what lacks a field."""
        return ApiError(422, "missing", f"`{self._at}{name}` is missing: {what}.", field=f"{self._at}{name}")

    def wrong(self, name: str, why: str) -> ApiError:
        """Return the refusal of a field."""
        return ApiError(422, "wrong_field", f"`{self._at}{name}` {why}.", field=f"{self._at}{name}")


def readable(text: str) -> str:
    """Return a text without what nobody can read."""
    return _UNREADABLE.sub("", text)
