"""Programs that report: each with a sender of its own, and whatever moves the platform on."""

import json
import uuid
from collections.abc import Callable
from itertools import count
from typing import Any

from django.http import HttpResponse

from tests.api.asking import Asking, told
from tests.conftest import PRACTICE

_posts = count(50_000)


def a_link() -> str:
    """A link to a post that nobody has reported yet."""
    return f"{PRACTICE.site_url}/post/{next(_posts)}"


class Program:
    """A program of one sender. Words not given are those of a usual notice."""

    def __init__(self, key: str, sender: str) -> None:
        self.asking, self.sender, self.key = Asking(key), sender, key

    def sends(self, *links: str, key: str | None = None, **more: Any) -> HttpResponse:
        body = {"topic": "sexual_picture", "links": list(links or (a_link(),)), **more}
        return self.posts("/v1/notices", body, key=key)

    def posts(self, address: str, body: object, key: str | None = None) -> HttpResponse:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.asking._ask("POST", address, headers, {}, json.dumps(body).encode(), "application/json")

    def sees(self, name: str) -> Any:
        answer = self.asking.get(f"/v1/notices/{name}")
        assert answer.status_code == 200, answer.content
        return told(answer)


Programs = Callable[..., Program]
EVERY = ("notices", "bulk", "follow", "webhooks")
