"""People who report in the middle of a flood, with scripts or without, and what they were told."""

import re
import time
from dataclasses import dataclass

import httpx

from amparo.cli.check import CODE
from amparo.cli.visitor import Missing, Visitor
from amparo.public.work import search

_TASK = re.compile(r'name="task" value="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')


@dataclass(frozen=True)
class Told:
    """What one person was told. `code` is empty where nothing was acknowledged; `trouble` says what came instead."""

    post: str
    has_scripts: bool
    sent_at: float
    seconds: float
    code: str = ""
    has_waited: bool = False
    bits: int = 0
    trouble: str = ""


def report(door: str, post: str, address: str, *, has_scripts: bool) -> Told:
    """Look at the first page, send the link once, and answer what is asked, until a code is there."""
    visitor = Visitor(address)
    began, sent_at, bits = time.monotonic(), time.time(), 0
    try:
        visitor.open(f"{door}/help-me")
        page = "" if visitor.page is None else visitor.page.text
        key = _KEY.search(page)
        if visitor.status != httpx.codes.OK or key is None:
            return Told(post, has_scripts, sent_at, 0, trouble=f"the first page: {visitor.status}")
        fields = {"key": key[1], "links": post, "topic": "sexual_picture"}
        if has_scripts and (task := _TASK.search(page)):
            bits = int(task[1].split(".")[2])
            fields.update(task=task[1], work=search(task[1]))
        sent_at = time.time()
        visitor.send(f"{door}/report", **fields)
        has_waited = visitor.status == httpx.codes.ACCEPTED
        code = _go_on(visitor) or ""
    except (httpx.HTTPError, Missing) as error:
        return Told(post, has_scripts, sent_at, time.monotonic() - began, bits=bits, trouble=type(error).__name__)
    trouble = "" if code else f"no code: {visitor.status}"
    return Told(post, has_scripts, sent_at, time.monotonic() - began, code, has_waited, bits, trouble)


def _go_on(visitor: Visitor) -> str | None:
    """Answer the questions where they are asked; return the code as soon as there is one."""
    for words in ("It is me", "Yes", "A private page", "Send"):
        if found := CODE.search(visitor.text):
            return found[0]
        visitor.press(words)
    found = CODE.search(visitor.text)
    return None if found is None else found[0]
