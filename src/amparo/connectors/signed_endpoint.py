"""The one address of a site that takes our signed messages: sends one, and returns the answer within its limits."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import httpx

from amparo.connectors.connector import ConnectorError
from amparo.connectors.exchange import punctual_client, within
from amparo.connectors.standard_webhooks import signed
from amparo.connectors.unpacked import pieces

_LARGEST_ANSWER_BYTES = 1024 * 1024
_LARGEST_REFUSAL_BYTES = 10_000
_PATIENCE_FOR_A_FILE = 12
_REFUSED = {
    "unknown_subject": "The site does not know that subject.",
    "unsupported": "The site cannot do that.",
    "conflict": "The site saw another order under this id.",
}
"""The words by which a site refuses for good. Any other refusal may be mended, and is asked again."""


class SignedEndpoint:
    """Sends messages to one address. Safe to share between threads. `clock`: seconds since 1970."""

    def __init__(
        self, address: str, keys: tuple[bytes, ...], patience_seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._address, self._keys, self._patience, self._clock = address, keys, patience_seconds, clock
        # No proxy of the environment and no redirect: nothing is asked but the address in the settings.
        self._client = punctual_client(patience_seconds, **{"User-Agent": "amparo"})

    def ask(self, kind: str, data: Mapping[str, object], *, key: str | None = None) -> bytes:
        """Send one message and return the answer's bytes. `key` is its id; a question gets a fresh one.

        Raises ConnectorError, and nothing else; in time, even if the site sends a letter now and then.
        """
        return self._exchange(kind, data, key, _LARGEST_ANSWER_BYTES, self._patience)

    def ask_file(self, kind: str, data: Mapping[str, object], *, at_most: int) -> bytes:
        """Ask for the bytes of a file, which may take twelve times as long as any other answer."""
        return self._exchange(kind, data, None, at_most, self._patience * _PATIENCE_FOR_A_FILE)

    def _exchange(self, kind: str, data: Mapping[str, object], key: str | None, at_most: int, seconds: float) -> bytes:
        at = int(self._clock())
        message = {"type": kind, "timestamp": datetime.fromtimestamp(at, UTC).isoformat(), "data": dict(data)}
        body = json.dumps(message, separators=(",", ":")).encode()
        headers = signed(self._keys, key or f"ask_{secrets.token_hex(16)}", at, body)
        headers["Content-Type"] = "application/json"
        try:
            with (
                within(seconds),
                self._client.stream("POST", self._address, content=body, headers=headers) as answer,
            ):
                told = _read(answer, at_most if answer.status_code == 200 else _LARGEST_REFUSAL_BYTES)
                status = answer.status_code
        except httpx.TimeoutException:
            raise ConnectorError("The site did not answer in time.", permanent=False, code="timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ConnectorError("The site could not be reached.", permanent=False, code="unreachable") from None
        if status == 200:
            return told
        raise _refusal(status, told)


def _read(answer: httpx.Response, at_most: int) -> bytes:
    """Return the body; one that is too long is not waited for."""
    told = bytearray()
    for piece in pieces(answer):
        told += piece
        if len(told) > at_most:
            raise ConnectorError("The site's answer is too long.", permanent=True, code="too_large")
    return bytes(told)


def _refusal(status: int, told: bytes) -> ConnectorError:
    if status in (401, 403):
        return ConnectorError("The site refuses our signature.", permanent=True, code="key_refused")
    try:
        code = json.loads(told)["error"]
    except (ValueError, TypeError, LookupError, RecursionError):
        code = None
    # A bare 404 is a mistyped endpoint as often as a missing post: only the word says that the subject is not known.
    if 400 <= status < 500 and isinstance(code, str) and code in _REFUSED:
        return ConnectorError(_REFUSED[code], permanent=True, code=code)
    return ConnectorError(f"The site answered {status}.", permanent=False, code=f"status_{status}")
