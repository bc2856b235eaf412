"""A request that may be sent again: its key, and what is answered where the rules say no."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from amparo.api.errors import ApiError
from amparo.cases.refused import Refused
from amparo.records.casebook import KeyReused

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}")


def key_of(request: HttpRequest) -> str | None:
    """Return the request's own key, None where it brings none. Raises ApiError 422 for one that is none."""
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        sentence = f"`{HEADER}` is 1 to 255 letters, digits and signs without a space, such as a uuid."
        raise ApiError(422, "wrong_key", sentence, field=HEADER)
    return key


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the books refuse into answers: 422 for a key that came with another body, 409 for a rule's no."""
    try:
        yield
    except KeyReused:
        sentence = f"This `{HEADER}` came with another body before. Send a new key with a new notice."
        raise ApiError(422, "key_reused", sentence, field=HEADER) from None
    except Refused as refused:
        raise ApiError(409, refused.code, refused.sentence) from None
