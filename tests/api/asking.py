"""A program that asks the API, as many times as it likes, and gets Django's own test client's answers."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client


class Asking:
    """One program with its key; `None` has none. What it sends is as it would come over HTTP."""

    def __init__(self, key: str | None) -> None:
        self._client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}

    def get(self, address: str, headers: dict[str, str] | None = None, **query: str) -> HttpResponse:
        return self._ask("GET", address, headers, query)

    def post(self, address: str, body: bytes = b"", content_type: str = "application/octet-stream") -> HttpResponse:
        return self._ask("POST", address, None, {}, body, content_type)

    def json(self, address: str, told: object, method: str = "POST") -> HttpResponse:
        return self._ask(method, address, None, {}, json.dumps(told).encode(), "application/json")

    def delete(self, address: str) -> HttpResponse:
        return self._ask("DELETE", address, None, {})

    def send(self, address: str, headers: dict[str, str] | None = None, **fields: object) -> HttpResponse:
        """Send a form; bytes are files."""
        told = {
            name: SimpleUploadedFile(name, value) if isinstance(value, bytes) else value
            for name, value in fields.items()
        }
        answer: Any = self._client.post(address, told, headers={**self._headers, **(headers or {})})
        return answer  # type: ignore[no-any-return]

    def _ask(
        self, method: str, address: str, headers: dict[str, str] | None, query: dict[str, str], body: bytes = b"",
        content_type: str = "",
    ) -> HttpResponse:  # fmt: skip
        answer: Any = self._client.generic(
            method, address, body, content_type or "application/octet-stream",
            headers={**self._headers, **(headers or {})}, query_params=query or None,
        )  # fmt: skip
        return answer  # type: ignore[no-any-return]


def told(answer: HttpResponse) -> Any:
    """Return the JSON of an answer."""
    return json.loads(answer.content)
