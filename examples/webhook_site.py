"""A site that Amparo can moderate, its two posts in memory: python3 webhook_site.py SECRET_FILE PORT DOOR_URL"""

import base64
import hmac
import json
import os
import struct
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CAN = ("hides", "restores", "removes", "suspends", "lists_media", "counts_views", "tells_gone", "remembers_keys")
# An order names the state that is wanted, so giving it twice is harmless. Readers know each state by its HTTP status.
WANTED = {"subject.hide": "hidden", "subject.remove": "removed", "subject.restore": "shown", "subject.suspend": None}
STATUS = {"shown": 200, "hidden": 404, "removed": 410}
PAGE = """<h1>{id}</h1><p>by <a href="/user/{by}">{by}</a></p><img src="/media/{id}" alt="noise">
<form method="post" action="{door}/report"><input type="hidden" name="link" value="{link}">
<input type="hidden" name="topic" value="sexual_picture"><input type="hidden" name="key" value="{key}">
<button>A sexual picture of me or a child</button></form>"""


class Site(ThreadingHTTPServer):
    def __init__(self, address, secret, door):
        super().__init__(address, Visit)
        self.key, self.door, self.subjects, self.answers = base64.b64decode(secret[len("whsec_") :]), door, {}, {}
        for name in ("first", "canary"):
            self.publish(name, by=f"author-of-{name}")

    def publish(self, name, by):
        noise = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 3126, 0, 0, 54, 40, 32, 32, 1, 24, 0, 3072, 0, 0, 0, 0)
        self.subjects.setdefault(("account", by), {"state": "shown"})
        self.subjects["post", name] = {"state": "shown", "by": by, "image": noise + os.urandom(3072), "views": 0}

    def is_signed(self, headers, body):
        """Verify a message as Standard Webhooks has it, and refuse one that is more than five minutes old."""
        name, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        right = base64.b64encode(hmac.digest(self.key, f"{name}.{at}.".encode() + body, "sha256"))
        given = headers.get("webhook-signature", "").encode().split()
        is_fresh = at.isdecimal() and abs(time.time() - int(at)) <= 300
        return is_fresh and any(hmac.compare_digest(b"v1," + right, each) for each in given)

    def answer(self, order_id, kind, data):
        """Return the HTTP status and what a verified message is answered."""
        subject = self.subjects.get((data.get("kind"), data.get("id")))
        if kind == "capabilities":
            return 200, dict.fromkeys(CAN, True)
        if subject is None:
            return 404, {"error": "unknown_subject"}
        if kind in WANTED:
            # The id of an order is answered once and then remembered. A suspension that has no end is for good.
            is_known, wanted = order_id in self.answers, WANTED[kind] or ("hidden" if data["until"] else "removed")
            if not is_known:
                subject["state"] = self.answers[order_id] = wanted
            return 200, {"state": self.answers[order_id], "replayed": is_known}
        if kind == "subject.fetch":
            file = {"id": "image", "url": f"/media/{data['id']}", "media_type": "image/bmp"}
            return 200, {"account": subject["by"], "media": [file], "views": subject["views"]}
        if kind == "media.fetch":
            return 200, subject["image"]
        if kind == "account.media":
            mine = [name for (_, name), each in self.subjects.items() if each.get("by") == data["id"]]
            return 200, {"subjects": [{"kind": "post", "id": name} for name in mine[::-1]], "next_cursor": None}
        return 400, {"error": "unsupported"}


class Visit(BaseHTTPRequestHandler):
    def do_GET(self):
        place, _, name = self.path.partition("?")[0].strip("/").partition("/")
        kind = {"post": "post", "media": "post", "user": "account"}.get(place)
        subject = self.server.subjects.get((kind, name), {"state": "hidden"})
        if subject["state"] != "shown":
            return self.send(STATUS[subject["state"]], b"Not available.")
        if place == "media":
            return self.send(200, subject["image"], "image/bmp")
        subject["views"] = subject.get("views", 0) + 1
        about = {"link": f"http://{self.headers['Host']}/post/{name}", "key": uuid.uuid4(), "door": self.server.door}
        self.send(200, (PAGE if kind == "post" else "{id}").format(id=name, by=subject.get("by"), **about).encode())

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers["Content-Length"]), 10_000))
        if self.path != "/amparo" or not self.server.is_signed(self.headers, body):
            return self.send(401, b'{"error": "bad_signature"}', "application/json")
        said = json.loads(body)
        status, told = self.server.answer(self.headers["webhook-id"], said["type"], said["data"])
        self.send(status, told if isinstance(told, bytes) else json.dumps(told).encode(), "application/json")

    def send(self, status, body, media_type="text/html"):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    secret_file, port, door = sys.argv[1:]
    with Site(("127.0.0.1", int(port)), Path(secret_file).read_text().strip(), door) as server:
        print(f"The site is ready at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
