"""A site that Amparo can moderate, its two posts in memory: python3 webhook_site.py SECRET_FILE PORT DOOR_URL"""

import base64
import hmac
import json
import os
import struct
import sys
import time
import uuid
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CAN_ALSO = ("suspends", "lists_media", "lists_all", "counts_views", "tells_gone", "remembers_keys")
# An order names the state that is wanted, so giving it twice is harmless; its id is answered once and then remembered.
WANTED = {"subject.hide": "hidden", "subject.remove": "removed", "subject.restore": "shown", "subject.suspend": None}
STATUS = {"shown": 200, "hidden": 404, "removed": 410}
PAGE = """<script src="{door}/report-door.js" async></script><h1>{id}</h1><p>by <a href="/user/{by}">{by}</a></p>
<img src="/media/{id}" alt="stripes"><report-door item="{link}"><form method="post" action="{door}/report">
<input type="hidden" name="link" value="{link}"><input type="hidden" name="topic" value="sexual_picture">
<input type="hidden" name="key" value="{key}"><button>A sexual picture of me or a child</button></form></report-door>"""


class Site(ThreadingHTTPServer):
    def __init__(self, address, secret, door):
        super().__init__(address, Visit)
        self.key, self.door, self.subjects, self.answers = base64.b64decode(secret[len("whsec_") :]), door, {}, {}
        for name in ("first", "canary"):
            self.publish(name, by=f"author-of-{name}")

    def publish(self, name, by):
        head, stripes = struct.pack(">2I5B", 32, 32, 8, 2, 0, 0, 0), zlib.compress((b"\0" + os.urandom(96)) * 32)
        parts = (b"IHDR" + head, b"IDAT" + stripes, b"IEND")
        chunks = (struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p)) for p in parts)
        self.subjects.setdefault(("account", by), {"state": "shown"})
        since, image = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
        file = {"id": "image", "url": f"/media/{name}", "media_type": "image/png"}
        told = {"kind": "post", "id": name, "account": by, "since": since, "media": [file]}
        self.subjects["post", name] = {"state": "shown", "by": by, "told": told, "image": image, "views": 0}

    def is_signed(self, headers, body):
        """Verify a message as Standard Webhooks has it, and refuse one that is more than five minutes old."""
        name, at, given = (headers.get(f"webhook-{each}", "") for each in ("id", "timestamp", "signature"))
        right = base64.b64encode(hmac.digest(self.key, f"{name}.{at}.".encode() + body, "sha256"))
        is_fresh = at.isdecimal() and abs(time.time() - int(at)) <= 300
        return is_fresh and any(hmac.compare_digest(b"v1," + right, each) for each in given.encode().split())

    def answer(self, order_id, kind, data):
        subject = self.subjects.get((data.get("kind"), data.get("id")))
        if kind == "capabilities":
            return 200, dict.fromkeys(CAN_ALSO, True)
        if kind in ("site.media", "account.media") and (subject or kind == "site.media"):
            name, wanted = ("state", "shown") if kind == "site.media" else ("by", data["id"])
            found = [each["told"] for each in self.subjects.values() if "told" in each and each[name] == wanted]
            return 200, {"subjects": found[::-1], "next_cursor": None}
        if subject is None:
            return 404, {"error": "unknown_subject"}
        if kind in WANTED:
            is_known, wanted = order_id in self.answers, WANTED[kind] or ("hidden" if data["until"] else "removed")
            if not is_known:
                subject["state"] = self.answers[order_id] = wanted
            return 200, {"state": self.answers[order_id], "replayed": is_known}
        if kind in ("subject.fetch", "media.fetch"):
            return 200, subject["image"] if kind == "media.fetch" else {**subject["told"], "views": subject["views"]}
        return 400, {"error": "unsupported"}


class Visit(BaseHTTPRequestHandler):
    def do_GET(self):
        place, _, name = self.path.partition("?")[0].strip("/").partition("/")
        kind = {"media": "post", "user": "account"}.get(place, place)
        subject = self.server.subjects.get((kind, name), {"state": "hidden"})
        if subject["state"] != "shown":
            return self.send(STATUS[subject["state"]], b"Not available.")
        if place == "media":
            return self.send(200, subject["image"], "image/png")
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
    with open(secret_file) as secret, Site(("127.0.0.1", int(port)), secret.read().strip(), door) as server:
        print(f"The site is ready at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
