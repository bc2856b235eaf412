"""Somebody at the door: keeps cookies, takes the token of the page that was looked at, and reads what is written."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

PLAZA = "http://plaza.test:8000"


class Visitor:
    """One person with one browser without scripts. Forms are checked as for everybody."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1", REMOTE_ADDR=address)
        self.client.raise_request_exception = False
        self.last: Any = None

    def look(self, path: str) -> Any:
        """GET a page and follow where it leads."""
        self.last = self.client.get(path, follow=True)
        return self.last

    def send(self, path: str, **fields: Any) -> Any:
        """Send a form of the page that was looked at last, and follow where it leads."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text_of(self.last))
        data = {**({} if token is None else {"csrfmiddlewaretoken": token[1]}), **fields}
        self.last = self.client.post(path, data, follow=True)
        return self.last

    def report(self, *links: str, topic: str = "sexual_picture", **fields: Any) -> Any:
        """Press the platform's own "Report" button, which posts from another site."""
        data = {"link": list(links), "topic": topic, **fields}
        self.last = self.client.post("/report", data, follow=True, HTTP_ORIGIN=PLAZA)
        return self.last

    def report_and_send(
        self, *links: str, relation: str = "me", age: str = "yes", way: str = "private_page", country: str = ""
    ) -> Any:
        """Go all the way to the receipt."""
        self.report(*links)
        self.send("/report/who", relation=relation)
        self.send("/report/age", age=age)
        self.send("/report/how", way=way)
        return self.send("/report/check", country=country)

    @property
    def page(self) -> str:
        """The words of the page that was looked at last."""
        return words_of(self.last)

    @property
    def code(self) -> str:
        found = re.search(r'<output id="own-code">([^<]+)</output>', self.text_of(self.last))
        assert found is not None, "the page shows no code"
        return found[1]

    def open(self, code: str) -> Any:
        """Paste a code."""
        self.look("/u/")
        return self.send("/u/", code=code)

    @staticmethod
    def text_of(response: HttpResponse | None) -> str:
        return "" if response is None else response.content.decode()


def words_of(response: HttpResponse) -> str:
    """Return a page's words as they are read, without markup and repeated blanks."""
    body = response.content.decode()
    body = re.sub(r"(?s)<(head|script|noscript).*?</\1>", " ", body)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).replace(" .", ".")
