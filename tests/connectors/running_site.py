"""Start the example site as its own process on a free port, and talk to it as a stranger and as its operator."""

import contextlib
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from amparo.connectors.standard_webhooks import new_secret
from amparo.connectors.webhook import WebhookConnector

READY = "The site is ready at "
DOOR = "http://127.0.0.1:9"
ROOT = Path(__file__).parents[2]
EXAMPLE = (str(ROOT / "examples" / "webhook_site.py"),)
FAULTY = ("-m", "tests.connectors.faulty_site")
FULL_CARD = {
    "suspends": True,
    "lists_media": True,
    "lists_all": True,
    "counts_views": True,
    "tells_gone": True,
    "remembers_keys": True,
}
PAGES = {"post": "/post/{id}", "account": "/user/{id}"}


class RunningSite:
    """One example site: its address, its secret, and a stranger who looks at it."""

    def __init__(self, base_url: str, secret: str) -> None:
        self.base_url, self.secret = base_url, secret
        self.stranger = httpx.Client(base_url=base_url, trust_env=False, timeout=20)

    def settings(self, **more: object) -> dict[str, object]:
        """Return the connector's table of `amparo.toml`."""
        return {"url": self.base_url, "pages": PAGES, "can": FULL_CARD, **more}

    def connector(self, patience_seconds: float = 5.0, **more: object) -> WebhookConnector:
        return WebhookConnector("site", self.settings(**more), self.secret, patience_seconds)

    def account(self) -> str:
        """Return the id of a new account."""
        name = f"a{uuid.uuid4().hex[:12]}"
        self._practice("account", {"name": name})
        return name

    def post(self, account: str | None = None) -> dict[str, Any]:
        """Publish a post and return what and where it is."""
        name, by = f"p{uuid.uuid4().hex[:12]}", account or self.account()
        self._practice("post", {"name": name, "by": by})
        return {"kind": "post", "id": name, "account": by, "url": f"{self.base_url}/post/{name}"}

    def unsuspend(self, account: str) -> None:
        self.set_state("account", account, "shown")

    def put_back(self, made: Mapping[str, Any]) -> None:
        """Show it again behind our back, as somebody with the site's own tools would."""
        self.set_state(str(made["kind"]), str(made["id"]), "shown")

    def set_state(self, kind: str, name: str, state: str) -> None:
        """Change a subject by hand, as the site's own moderators do."""
        self.stranger.put("/practice/state", json={"kind": kind, "id": name, "state": state}).raise_for_status()

    def changes(self, made: Mapping[str, Any]) -> list[dict[str, Any]]:
        return list(self.stranger.get(f"/practice/changes/{made['kind']}/{made['id']}").json())

    def messages(self) -> list[dict[str, Any]]:
        """Return every message that was sent to it, headers and body."""
        return list(self.stranger.get("/practice/messages").json())

    def faults(self, **faults: object) -> None:
        """Switch these faults on and all others off."""
        self.stranger.put("/practice/faults", json=faults).raise_for_status()

    def _practice(self, what: str, body: dict[str, str]) -> None:
        self.stranger.post(f"/practice/{what}", json=body).raise_for_status()


@contextlib.contextmanager
def running_site(folder: Path, *, program: tuple[str, ...] = FAULTY, door_url: str = DOOR) -> Iterator[RunningSite]:
    """Run a site until the block ends."""
    secret = new_secret()
    (folder / "site.secret").write_text(secret)
    words = [sys.executable, *program, str(folder / "site.secret"), "0", door_url]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert line.startswith(READY), f"The site did not start: {line!r}"
        yield RunningSite(line.removeprefix(READY).strip(), secret)
    finally:
        process.terminate()
        process.wait(timeout=20)
