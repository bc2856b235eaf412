"""Sites of other people with the report button on their pages, each with the policy that its host sends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
CHILD = "A sexual picture of me or a child"


@contextmanager
def host(html: str, policy: str = "") -> Iterator[str]:
    """Serve one page at every address of a site that is not the door's; yield its address."""

    class Show(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Show)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        # By another name than the door's, so that to a browser it is another site.
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def page_with(door: str, element: str, *, head: str = "", language: str = ' lang="en"') -> str:
    """Return a page of a site: two lines for the button, and what the site has besides."""
    return (
        f"<!doctype html><html{language}><head><meta charset=utf-8>"
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>A post</title>'
        f'<script src="{door}/report-door.js" async></script>{head}</head>'
        f"<body><main><h1>A post</h1>{element}</main></body></html>"
    )


def button(item: str, more: str = "", *, door: str = "", inside: str = "") -> str:
    """Return the element, with a plain link to the door in it."""
    inner = inside or f'<a href="{door}/help-me">Get help with a sexual picture</a>'
    return f'<report-door item="{item}" {more}>{inner}</report-door>'


@contextmanager
def opened(browser: Browser, address: str, *, has_scripts: bool = True, size: dict[str, int] = PHONE) -> Iterator[Page]:
    """Open a page in a browser of its own, on a phone where nothing else is said."""
    context = browser.new_context(viewport=size, java_script_enabled=has_scripts)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    try:
        page = context.new_page()
        page.goto(address)
        yield page
    finally:
        context.close()
