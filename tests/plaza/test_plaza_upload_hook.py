"""The upload hook: what it is asked, what its answer does, and that its silence does not stop the site."""

import hashlib
import json
import threading
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.plaza.running_plaza import RunningPlaza

OFF = {"upload_hook_url": None, "upload_hook_key": None, "upload_hook_sends_file": False}


class Hook:
    """A real HTTP server that gives one answer to every question and remembers the questions."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] = (200, b'{"decision": "allow"}')
        self.questions: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        hook = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = self.headers["Content-Type"] == "application/json"
                hook.questions.append(json.loads(body) if is_json else _fields(self.headers["Content-Type"], body))
                hook.keys.append(self.headers["Authorization"])
                status, body = hook.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _fields(content_type: str, body: bytes) -> dict[str, object]:
    """Return the fields of a form; a file is its bytes."""
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, object] = {}
    for part in parsed.iter_parts():
        content = part.get_payload(decode=True)
        name = str(part.get_param("name", header="content-disposition"))
        fields[name] = content if part.get_filename() else content.decode()
    return fields


@pytest.fixture
def hook(plaza: RunningPlaza) -> Iterator[Hook]:
    hook = Hook()
    plaza.moderator.put("/settings", json={"upload_hook_url": hook.url}).raise_for_status()
    yield hook
    hook.close()


def test_the_hook_is_off_by_default(plaza: RunningPlaza):
    assert plaza.moderator.get("/settings").json() == OFF
    assert plaza.post()["flagged"] is False


def test_an_allowed_upload_is_published_after_the_hook_saw_its_digest(plaza: RunningPlaza, hook: Hook):
    post = plaza.post(media="video")

    media = post["media"][0]
    assert post["flagged"] is False
    asked = {name: media[name] for name in ("sha256", "content_type", "size_bytes")}
    assert hook.questions == [{**asked, "subject": f"post:{post['id']}", "account": post["account"]}]
    assert hook.keys == [None]


def test_a_hook_with_a_key_gets_it_and_nobody_is_shown_it(plaza: RunningPlaza, hook: Hook):
    settings = {"upload_hook_url": hook.url, "upload_hook_key": "a yellow square", "upload_hook_sends_file": False}
    shown = plaza.moderator.put("/settings", json=settings).json()

    plaza.post()

    assert hook.keys == ["Bearer a yellow square"]
    assert shown == {**settings, "upload_hook_key": "set"}


def test_a_hook_that_wants_the_file_gets_it_with_all_the_rest(plaza: RunningPlaza, hook: Hook):
    plaza.moderator.put("/settings", json={"upload_hook_url": hook.url, "upload_hook_sends_file": True})

    post = plaza.post(media="image")

    (question,) = hook.questions
    media = post["media"][0]
    assert hashlib.sha256(question.pop("file")).hexdigest() == media["sha256"]
    asked = {name: str(media[name]) for name in ("sha256", "content_type", "size_bytes")}
    assert question == {**asked, "subject": f"post:{post['id']}", "account": post["account"]}


def test_a_flagged_upload_is_published_for_a_person_to_look_at(plaza: RunningPlaza, hook: Hook):
    hook.answer = (200, b'{"decision": "flag"}')

    post = plaza.post()

    assert (post["flagged"], post["state"]) == (True, "shown")


def test_a_blocked_upload_is_not_published(plaza: RunningPlaza, hook: Hook):
    handle = plaza.account()
    hook.answer = (200, b'{"decision": "block"}')

    by_program = plaza.moderator.post("/practice/posts", json={"account": handle, "media": "image"})
    by_person = plaza.member(handle).post(
        "/new", data={"text": "Look."}, files={"media": ("a.gif", b"GIF89a" + b"0" * 9)}
    )

    assert (by_program.status_code, by_program.json()["error"]) == (422, "upload_blocked")
    assert by_person.status_code == 422
    assert plaza.moderator.get(f"/accounts/{handle}").json()["subjects"] == 0


@pytest.mark.parametrize(
    "answer",
    [(500, b"{}"), (200, b"not json"), (200, b'{"decision": "maybe"}'), (200, b"[]"), (200, b"{}")],
    ids=["error", "not JSON", "unknown word", "list", "nothing"],
)
def test_an_answer_that_makes_no_sense_publishes_and_flags(plaza: RunningPlaza, hook: Hook, answer: tuple[int, bytes]):
    hook.answer = answer

    assert plaza.post()["flagged"] is True


def test_a_hook_that_cannot_be_reached_publishes_and_flags(plaza: RunningPlaza, hook: Hook):
    hook.close()

    post = plaza.post()

    assert (post["flagged"], post["state"]) == (True, "shown")


def test_a_post_without_upload_asks_nobody(plaza: RunningPlaza, hook: Hook):
    assert plaza.post(media="none")["flagged"] is False
    assert hook.questions == []


@pytest.mark.parametrize(
    "value", ["ftp://127.0.0.1/", "http://192.0.2.1/hook", "http://example.org/", "127.0.0.1:80", 5, "http://[", ""]
)
def test_the_hook_is_an_address_of_this_machine(plaza: RunningPlaza, value: object):
    assert plaza.moderator.put("/settings", json={"upload_hook_url": value}).status_code == 400
    assert plaza.moderator.get("/settings").json() == OFF


@pytest.mark.parametrize(
    "wrong",
    [{"upload_hook_key": ""}, {"upload_hook_key": "a\nb"}, {"upload_hook_key": 5}, {"upload_hook_sends_file": "yes"}],
    ids=["empty", "two lines", "number", "no yes or no"],
)
def test_a_key_is_printable_and_a_switch_is_true_or_false(plaza: RunningPlaza, wrong: dict[str, object]):
    assert plaza.moderator.put("/settings", json={"upload_hook_url": None, **wrong}).status_code == 400
