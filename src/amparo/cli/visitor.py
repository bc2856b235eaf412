"""Somebody with a browser without scripts: opens pages, reads them, fills forms in and presses buttons."""

import ssl
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    """One form of a page: where it goes, what it holds already, and its buttons by their words."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str | None, str]] = field(default_factory=list)
    id: str = ""


class Missing(AssertionError):
    """The page does not have what a person would look for."""


class Visitor:
    """One person with cookies of their own. `page` is the answer being looked at."""

    def __init__(self, address: str = "127.0.0.1", trusts: ssl.SSLContext | None = None) -> None:
        """`address` is where they come from: any of 127.0.0.0/8, so that a test has people of many networks.

        `trusts` says which certificates they take, where those are not the usual ones.
        """
        way = httpx.HTTPTransport(local_address=address, verify=trusts or True)
        self._client = httpx.Client(transport=way, follow_redirects=True, timeout=30, trust_env=False)
        self.page: httpx.Response | None = None

    def open(self, address: str) -> "Visitor":
        """Go to an address."""
        self.page = self._client.get(address)
        return self

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that they keep, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._client.cookies.jar}

    @property
    def text(self) -> str:
        """The words of the page, in the order in which they are read."""
        return _Reader(self._html).words

    @property
    def status(self) -> int:
        return 0 if self.page is None else self.page.status_code

    def press(self, words: str, /, *, within: str = "", **filled: str | list[str]) -> "Visitor":
        """Fill fields in and press the button with these words, or that begins with them, or has them in it.

        `within` narrows it to forms whose address has that text. Raises Missing where there is no such button.
        """
        wanted = words.lower()
        buttons = [
            (form, *button) for form in _Reader(self._html).forms if within in form.action for button in form.buttons
        ]
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for form, label, name, value in buttons:
                if fits(label.lower(), wanted):
                    return self._submit(form, name, value, filled)
        raise Missing(f"There is no button {words!r} at {self._where}. It says: {self.text[:400]}")

    def send(self, address: str, **fields: str) -> httpx.Response:
        """Send a form that stands on some other site."""
        self.page = self._client.post(address, data=fields)
        return self.page

    def buttons(self, within: str = "") -> list[str]:
        """Return the words of the page's buttons, in their order."""
        forms = _Reader(self._html).forms
        return [label for form in forms if within in form.action for label, _, _ in form.buttons]

    def follow(self, words: str) -> "Visitor":
        """Follow the first link with these words. Raises Missing where there is none."""
        for label, address in _Reader(self._html).links:
            if words.lower() in label.lower():
                return self.open(urljoin(self._where, address))
        raise Missing(f"There is no link {words!r} at {self._where}.")

    @property
    def _html(self) -> str:
        return "" if self.page is None else self.page.text

    @property
    def _where(self) -> str:
        return "" if self.page is None else str(self.page.url)

    def _submit(self, form: Form, name: str | None, value: str, filled: dict[str, str | list[str]]) -> "Visitor":
        sent: dict[str, Any] = {}
        for key, old in form.fields:
            if key not in filled:
                sent.setdefault(key, []).append(old)
        sent.update(filled)
        if name:
            sent[name] = value
        address = urljoin(self._where, form.action or self._where)
        # As a browser does: forms say where they come from.
        origin = {"Origin": str(httpx.URL(self._where).join("/")).rstrip("/")}
        if form.method == "post":
            self.page = self._client.post(address, data=sent, headers=origin)
        else:
            self.page = self._client.get(address, params=sent)
        return self


class _Reader(HTMLParser):
    """Reads a page's words, links and forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._words: list[str] = []
        self._within: list[tuple[str, dict[str, str], int]] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._hidden = 0
        # What stands outside its form, or sends it elsewhere: the form may come later on the page.
        self._apart: list[tuple[str, dict[str, str], str, Form | None]] = []
        self.feed(html)
        for tag, has, label, around in self._apart:
            self._join(tag, has, label, next((each for each in self.forms if each.id == has.get("form")), around))

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag == "form":
            self._form = Form(has.get("action", ""), has.get("method", "get").lower(), id=has.get("id", ""))
            self.forms.append(self._form)
        elif tag in ("button", "a", "textarea"):
            self._within.append((tag, has, len(self._words)))
        elif tag == "input" and self._form is not None:
            self._input(has)
        elif tag == "select":
            self._select = (has.get("name", ""), False)
        elif tag == "option" and self._form is not None and self._select is not None:
            name, is_chosen = self._select
            if "selected" in has or not is_chosen:
                self._form.fields = [pair for pair in self._form.fields if pair[0] != name or not is_chosen]
                self._form.fields.append((name, has.get("value", "")))
                self._select = (name, True)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden -= 1
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif self._within and self._within[-1][0] == tag:
            _, has, since = self._within.pop()
            label = " ".join(" ".join(self._words[since:]).split())
            if tag == "a" and "href" in has:
                self.links.append((label, has["href"]))
            elif tag in ("button", "textarea") and ("form" in has or "formaction" in has):
                self._apart.append((tag, has, label, self._form))
            elif tag == "button" and self._form is not None and has.get("type", "submit") == "submit":
                self._form.buttons.append((has.get("aria-label", label), has.get("name"), has.get("value", "")))
            elif tag == "textarea" and self._form is not None:
                self._form.fields.append((has.get("name", ""), label))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    def _join(self, tag: str, has: dict[str, str], label: str, form: Form | None) -> None:
        if form is None:
            return
        if tag == "textarea":
            form.fields.append((has.get("name", ""), label))
            return
        button = (has.get("aria-label", label), has.get("name"), has.get("value", ""))
        if "formaction" in has:
            self.forms.append(Form(has["formaction"], form.method, form.fields, [button]))
        else:
            form.buttons.append(button)

    def _input(self, has: dict[str, str]) -> None:
        assert self._form is not None  # noqa: S101 - for the type checker: the caller has asked
        kind, name = has.get("type", "text"), has.get("name", "")
        if kind == "submit":
            self._form.buttons.append((has.get("value", ""), has.get("name"), has.get("value", "")))
        elif name and (kind not in ("radio", "checkbox") or "checked" in has):
            self._form.fields.append((name, has.get("value", "on" if kind == "checkbox" else "")))
