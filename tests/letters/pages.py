"""The words of a page as they are read: each heading, paragraph, button and label a text of its own, and the whole."""

import re
from functools import cache
from html.parser import HTMLParser

from django.conf import settings
from django.utils.translation import override

from amparo.letters import elsewhere, help_lines, removal
from amparo.letters.questions import COUNTRIES
from amparo.letters.reading.advice import too_hard

EXEMPT = {
    re.compile(r"— \S+ \S+"): "The signature of a certificate is read by a program; a changed letter would break it.",
}
"""What is not measured, each with the reason. Everything else that a reporter may get is."""
LAWS = ("TAKE IT DOWN Act", "Online Safety Act", "Digital Services Act")
NAMES = frozenset([
    *(*help_lines.names(), *removal.names(), *elsewhere.names(), *LAWS, "Amparo", "Plaza"),
    *(name for _code, name in settings.LANGUAGES),
])  # fmt: skip

_BLOCKS = frozenset([
    *("h1", "h2", "h3", "p", "li", "dt", "dd", "label", "legend", "button", "option", "summary", "time"),
    *("div", "section", "form", "pre", "br", "header", "nav"),
])  # fmt: skip
# What stands in these is a word of its own, in the sentence that it stands in.
_APART = frozenset(["a", "span"])
_UNREAD = frozenset(["head", "script", "textarea"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self._unread = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        self._pre += tag == "pre"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD
        self._pre -= tag == "pre"
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.texts.append("")
        elif tag in _APART:
            self.texts[-1] += " "

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        first, *lines = data.splitlines(keepends=True) if self._pre else [data]
        self.texts[-1] += first
        self.texts += lines


def texts_of(page: str) -> list[str]:
    """Return the texts of a page of HTML, in order. What the reporter wrote and what no eye sees is left out."""
    reader = _Reader()
    reader.feed(page)
    return [" ".join(text.split()) for text in reader.texts if text.strip()]


def is_exempt(text: str) -> bool:
    return any(each.fullmatch(text) for each in EXEMPT)


def hard(page: str, code: str = "en") -> list[str]:
    """Return what has to change on a page in that language: in each of its texts, and in all of them together."""
    texts = [text for text in texts_of(page) if not is_exempt(text)]
    assert len(texts) > 5, "there is something to read"
    return [line for text in [*texts, "\n".join(texts)] for line in _too_hard(text, code)]


@cache
def _too_hard(text: str, code: str) -> tuple[str, ...]:
    """Measure a text once, on however many pages it stands."""
    return tuple(too_hard(text, code, NAMES | _countries(code)))


@cache
def _countries(code: str) -> frozenset[str]:
    """Their names in that language. Whoever looks for a country in a list of them reads none of the others."""
    with override(code):
        return frozenset(str(name) for name in COUNTRIES.values())
