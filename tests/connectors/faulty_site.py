"""The example site with faults to switch on, in its own process; with none switched on it is the example itself.

`PUT /practice/faults` takes {name: value}; what it does not name is off. See Plaza's faults for the first five.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

_EXAMPLE = Path(__file__).parents[2] / "examples" / "webhook_site.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("webhook_site", _EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load()


class FaultySite(example.Site):  # type: ignore[name-defined,misc]
    """Counts what changes and keeps every message it was sent, beside what goes wrong."""

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self.RequestHandlerClass = FaultyVisit
        self.faults: dict[str, Any] = {}
        self.changes: dict[str, list[dict[str, str]]] = {}
        self.messages: list[dict[str, Any]] = []
        self._unhides: dict[tuple[str, str], float] = {}

    def set_faults(self, faults: dict[str, Any]) -> None:
        self.faults = faults
        if faults.get("unhides_after_s") is None:
            self._unhides.clear()

    def is_signed(self, headers: Any, body: bytes) -> bool:
        if self.faults.get("takes_any_signature"):
            return True
        if self.faults.get("takes_old_messages"):
            return bool(_without_clock(lambda: super(FaultySite, self).is_signed(headers, body), headers))
        return bool(super().is_signed(headers, body))

    def answer(self, order_id: str, kind: str, data: dict[str, Any]) -> tuple[int, Any]:
        if "card" in self.faults and kind == "capabilities":
            return 200, self.faults["card"]
        if "catalogue" in self.faults and kind == "site.media":
            return 200, self.faults["catalogue"][data["cursor"] or "null"]
        place = (str(data.get("kind")), str(data.get("id")))
        before = self.subjects.get(place, {}).get("state")
        if self.faults.get("forgets_keys"):
            self.answers.clear()
        is_old = kind == "subject.hide" and order_id in self.answers and before == "shown"
        hangs_s = self.faults.get("acts_and_hangs_on_old_orders_s") if is_old else None
        if hangs_s is not None:
            del self.answers[order_id]
        if kind == "subject.restore" and data["kind"] == "account" and self.faults.pop("fails_to_reopen_once", False):
            return 503, {"error": "busy"}
        status, told = super().answer(order_id, kind, data)
        if kind in example.WANTED and before is not None:
            if self.faults.get("lies") and kind != "subject.restore":
                self.subjects[place]["state"] = before
            after = self.subjects[place]["state"]
            if after == "hidden" != before and self.faults.get("unhides_after_s") is not None:
                self._unhides[place] = time.monotonic() + self.faults["unhides_after_s"]
            if after != before:
                self.changes.setdefault("/".join(place), []).append({"from": before, "to": after})
            if hangs_s is not None:
                time.sleep(hangs_s)
            if self.faults.get("times_out_after_work") is not None:
                time.sleep(self.faults["times_out_after_work"])
        return status, self.faults.get("answers", told) if kind in ("subject.fetch", *example.WANTED) else told

    def drift(self) -> None:
        """Undo the hides whose time has come. Runs before every request, so nobody can see that it was late."""
        for place, due_at in list(self._unhides.items()):
            if due_at <= time.monotonic():
                del self._unhides[place]
                self.subjects[place]["state"] = "shown"
                self.changes.setdefault("/".join(place), []).append({"from": "hidden", "to": "shown"})


def _without_clock(ask: Any, headers: Any) -> Any:
    """Ask with the site's clock set to what the message claims."""
    right = example.time
    example.time = type("Clock", (), {"time": staticmethod(lambda: int(headers["webhook-timestamp"]))})
    try:
        return ask()
    finally:
        example.time = right


class FaultyVisit(example.Visit):  # type: ignore[name-defined,misc]
    """The example's requests, and those of the practice."""

    def do_GET(self) -> None:  # noqa: N802 - the name that the server calls
        self.server.drift()
        if self.path == "/practice/messages":
            return self._tell(self.server.messages)
        if self.path.startswith("/practice/changes/"):
            return self._tell(self.server.changes.get(self.path.removeprefix("/practice/changes/"), []))
        if self.server.faults.get("down"):
            return self.send(503, b"Down.")
        if self.server.faults.get("leaves_files") and self.path.startswith("/media/"):
            return self.send(200, b"still here", "image/png")
        if (status := self.server.faults.get("page_status")) is not None:
            return self.send(status, str(self.server.faults.get("page_body", "")).encode())
        super().do_GET()

    def do_POST(self) -> None:  # noqa: N802 - the name that the server calls
        self.server.drift()
        if self.server.faults.get("down"):
            return self.send(503, b"Down.")
        if self.path == "/practice/post":
            said = self._body()
            self.server.publish(said["name"], by=said["by"])
            return self._tell({})
        if self.path == "/practice/account":
            self.server.subjects["account", self._body()["name"]] = {"state": "shown"}
            return self._tell({})
        if (status := self.server.faults.get("endpoint_status")) is not None:
            self._body()
            self.send_response(status)
            self.send_header("Location", str(self.server.faults.get("location", "")))
            self.end_headers()
            self.wfile.write(str(self.server.faults.get("endpoint_body", "")).encode())
            return None
        self.rfile = _Kept(self.rfile)
        super().do_POST()
        if self.path == "/amparo":
            self.server.messages.append({"headers": dict(self.headers), "body": self.rfile.body.decode()})

    def do_PUT(self) -> None:  # noqa: N802 - the name that the server calls
        if self.path == "/practice/state":
            said = self._body()
            self.server.subjects[said["kind"], said["id"]]["state"] = said["state"]
        else:
            self.server.set_faults(self._body())
        self._tell({})

    def _body(self) -> dict[str, Any]:
        return dict(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _tell(self, told: object) -> None:
        self.send(200, json.dumps(told).encode(), "application/json")

    def log_message(self, *words: object) -> None:
        """Say nothing: the tests read what they need."""


class _Kept:
    """A request's body, of which what was read is kept."""

    def __init__(self, file: Any) -> None:
        self._file, self.body = file, b""

    def read(self, size: int) -> bytes:
        read = bytes(self._file.read(size))
        self.body += read
        return read

    def close(self) -> None:
        self._file.close()


if __name__ == "__main__":
    secret_file, port, door = sys.argv[1:]
    with FaultySite(("127.0.0.1", int(port)), Path(secret_file).read_text().strip(), door) as server:
        print(f"The site is ready at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
