"""Browsers that stay on this machine: whatever else a page asks for is refused and remembered, and fails the test."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, Page, Request, ViewportSize

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # Also for what no page asked for: a name is not even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
_ELSEWHERE = re.compile(r"^(?!(https?://127\.0\.0\.1:\d+/|data:|about:|blob:))")


@contextlib.contextmanager
def somebody(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page with cookies of its own, on a phone where `options` say nothing else."""
    context = browser.new_context(**{"viewport": PHONE, **options})
    # Generous, because a machine that runs tests may be busy; nothing here is timed by it.
    context.set_default_timeout(60_000)
    strayed: list[str] = []

    def remember(request: Request) -> None:
        if _ELSEWHERE.match(request.url):
            strayed.append(request.url)

    context.on("request", remember)
    context.route(_ELSEWHERE, lambda route: route.abort())
    try:
        yield context.new_page()
    finally:
        context.close()
    assert strayed == []
