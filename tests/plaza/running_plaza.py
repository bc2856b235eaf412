"""Start Plaza as its own process on a free port and talk to it over HTTP, as a stranger, a member or a moderator."""

import contextlib
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from amparo.connectors.plaza import PlazaConnector

READY = "Plaza is ready at "
DOOR = "http://127.0.0.1:9"


class RunningPlaza:
    """One Plaza: its address, its keys, and the three kinds of people that visit it."""

    def __init__(self, base_url: str, home: Path, process: "subprocess.Popen[str]") -> None:
        self.base_url = base_url
        self.home = home
        self.process = process
        self.key = (home / "moderation.key").read_text().strip()
        self.password = (home / "practice.password").read_text().strip()
        self.stranger = httpx.Client(base_url=base_url, trust_env=False, timeout=20)
        self.moderator = httpx.Client(
            base_url=f"{base_url}/moderation",
            headers={"Authorization": f"Bearer {self.key}"},
            trust_env=False,
            timeout=20,
        )

    def member(self, handle: str) -> httpx.Client:
        """Return a browser in which this account is signed in."""
        client = httpx.Client(base_url=self.base_url, headers={"Origin": self.base_url}, trust_env=False, timeout=20)
        answer = client.post("/sign-in", data={"handle": handle, "password": self.password})
        assert answer.status_code == 303, answer.text
        return client

    def account(self) -> str:
        """Return the handle of a new account."""
        handle = f"h{uuid.uuid4().hex[:12]}"
        self._made("accounts", {"handle": handle})
        return handle

    def post(self, account: str | None = None, media: str = "image", **body: object) -> dict[str, Any]:
        """Publish a post and return its subject JSON."""
        return self._made("posts", {"account": account or self.account(), "media": media, **body})

    def message(self, media: str = "image") -> dict[str, Any]:
        """Send a message between two new accounts and return its subject JSON."""
        return self._made("messages", {"account": self.account(), "recipient": self.account(), "media": media})

    def live(self) -> dict[str, Any]:
        """Open a live room and return its subject JSON."""
        return self._made("live", {"account": self.account()})

    def _made(self, what: str, body: dict[str, object]) -> dict[str, Any]:
        answer = self.moderator.post(f"/practice/{what}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def write(self, path: str, body: object = None, key: str | None = None) -> httpx.Response:
        """Do a moderation write, under a fresh key if none is given."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.moderator.post(path, json={} if body is None else body, headers=headers)

    def move(self, subject: dict[str, Any], action: str, **body: object) -> dict[str, Any]:
        """Hide, remove or restore, and return the answer."""
        answer = self.write(f"/subjects/{subject['kind']}/{subject['id']}/{action}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def put_back(self, made: dict[str, Any]) -> None:
        """Show it again behind our back, as somebody with the platform's own tools would."""
        self.move(made, "restore")

    def read(self, subject: dict[str, Any]) -> dict[str, Any]:
        """Return the present subject JSON."""
        return self.moderator.get(f"/subjects/{subject['kind']}/{subject['id']}").json()

    def changes(self, subject: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the log of a subject."""
        return self.moderator.get(f"/subjects/{subject['kind']}/{subject['id']}/changes").json()["changes"]

    def unsuspend(self, account: str) -> None:
        """End an account's suspension by hand, as Plaza's own moderators do."""
        self.write(f"/accounts/{account}/unsuspend").raise_for_status()

    def connector(self, patience_seconds: float = 5.0) -> PlazaConnector:
        """Return Amparo's connector to it."""
        return PlazaConnector("plaza", {"url": self.base_url}, self.key, patience_seconds)

    def make_frames_old(self, room: dict[str, Any]) -> None:
        """Let the pictures of a live room seem years old, so that nobody has to wait for the next one."""
        with contextlib.closing(sqlite3.connect(self.home / "plaza.sqlite3")) as database, database:
            database.execute(
                "UPDATE media SET created_at = '2001-01-01T00:00:00.000000+00:00' WHERE subject = ?", (room["id"],)
            )

    def faults(self, **faults: object) -> None:
        """Switch these faults on and all others off."""
        self.moderator.put("/faults", json=faults).raise_for_status()


@contextlib.contextmanager
def running_plaza(
    home: Path, *, door_url: str = DOOR, seeded: bool = True, more: Sequence[str] = ()
) -> Iterator[RunningPlaza]:
    """Run Plaza in `home` until the block ends; `more`: further words of its command."""
    words = ["--home", str(home), "--listen", "127.0.0.1:0", "--door-url", door_url, *(["--seed"] if seeded else [])]
    words += more
    process = subprocess.Popen([sys.executable, "-m", "plaza", *words], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert line.startswith(READY), f"Plaza did not start: {line!r}"
        yield RunningPlaza(line.removeprefix(READY).strip(), home, process)
    finally:
        process.terminate()
        process.wait(timeout=20)
