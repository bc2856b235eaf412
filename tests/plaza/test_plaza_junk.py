"""Junk sent to every address: always a clear 4xx, in the language of whoever asks, and nothing is lost."""

import json
import socket

import httpx
import pytest

from tests.plaza.running_plaza import RunningPlaza


def multipart(text: bytes) -> bytes:
    """Return a multipart body in which every field that a form of Plaza knows holds this text."""
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(part % (name, text) for name in (b"text", b"title", b"handle", b"password")) + b"--b--\r\n"


TEN_MB = b"x" * 10_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
ANY_ID = "aaaaaaaaaa"

READ = [
    *("/", "/search", "/tag/x", f"/post/{ANY_ID}", f"/post/{ANY_ID}/edit", "/new", "/user/harbour_light", "/messages"),
    *("/messages/harbour_light", f"/message/{ANY_ID}", "/live", f"/live/{ANY_ID}", f"/media/{ANY_ID}.jpg", "/report"),
    *("/sign-in", "/join", "/static/plaza.css", "/nothing"),
    *("/moderation/settings", f"/moderation/subjects/post/{ANY_ID}", "/moderation/accounts/harbour_light"),
    *("/moderation/accounts/harbour_light/subjects", f"/moderation/media/{ANY_ID}", "/moderation/nothing"),
]
FORMS = [
    *("/new", "/sign-in", "/join", "/sign-out", "/live", "/post/{own}/edit", "/post/{own}/reshare"),
    "/messages/paper_kite",
]
JSONS = [
    *(("POST", f"/subjects/post/{ANY_ID}/{action}") for action in ("hide", "restore", "remove")),
    *(("POST", f"/practice/{what}") for what in ("accounts", "posts", "messages", "live", "reshares")),
    *(("POST", f"/accounts/harbour_light/{action}") for action in ("suspend", "unsuspend")),
    *(("POST", f"/posts/{ANY_ID}/demonetise"), ("POST", f"/practice/posts/{ANY_ID}/edit")),
    *(("PUT", "/faults"), ("PUT", "/settings")),
]
BAD_JSON = {
    "ten megabytes": TEN_MB,
    "NUL bytes": b"\x00" * 100,
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "half an object": b'{"text": ',
    "a list": b"[1, 2]",
    "a number": b"7",
    "too deep": b"[" * 100_000,
    "NaN": b'{"seed": NaN, "until": NaN, "lies": NaN}',
    "a number of 5,000 digits": b'{"seed": ' + b"9" * 5000 + b"}",
}
BAD_FORMS = {
    "ten megabytes": (FORM, b"text=" + TEN_MB),
    "raw bytes": (FORM, b"text=\xff\xfe&handle=\xff"),
    "escaped bytes that are not UTF-8": (FORM, b"text=%ff%fe&handle=%ff&title=%ff&password=%ff"),
    "hundred thousand fields": (FORM, b"a=1&" * 100_000),
    "JSON": ({"Content-Type": "application/json"}, b"{}"),
    "no type": ({}, b"text=x"),
    "multipart without a boundary": ({"Content-Type": "multipart/form-data"}, b"x"),
    "multipart that is broken": (MULTIPART, b"--b\r\nnonsense"),
    "multipart with NUL bytes": (MULTIPART, multipart(b"x\x00y")),
    "multipart that is not UTF-8": (MULTIPART, multipart(b"caf\xe9 \xff\xfe")),
    "multipart in another encoding": (
        {"Content-Type": "multipart/form-data; boundary=b; charset=latin-1"},
        multipart("café".encode("latin-1")),
    ),
    "multipart in an encoding for names": (
        {"Content-Type": "multipart/form-data; boundary=b; charset=idna"},
        multipart(b"xn--\xff." + b"a" * 100),
    ),
}
# The addresses that take no text at all have nothing that could be wrong in it.
TEXTLESS = ("/sign-out", "/post/{own}/reshare")


def is_clear(answer: httpx.Response) -> bool:
    """Return whether this is a 4xx with a sentence: JSON for programs, a page for people."""
    if not 400 <= answer.status_code < 500:
        return False
    if answer.request.url.path.startswith("/moderation"):
        return bool(answer.json()["error"] and answer.json()["message"])
    return "<h1>" in answer.text


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("junk", ["%00", "%ff", "%c3%28", "a" * 10_000], ids=["NUL", "byte", "half", "long"])
def test_junk_in_an_address_is_refused(plaza: RunningPlaza, path: str, junk: str):
    for address in (
        f"{path.rstrip('/')}/{junk}",
        f"{path}?q={junk}",
        f"{path}?before={junk}&cursor={junk}&subject={junk}",
    ):
        assert is_clear(plaza.stranger.get(address, headers={"Authorization": f"Bearer {plaza.key}"})), address[:80]


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_methods_that_an_address_does_not_take_are_refused(plaza: RunningPlaza, path: str, method: str):
    assert plaza.stranger.request(method, path).status_code in (401, 403, 404, 405)


@pytest.mark.parametrize("junk", BAD_FORMS)
@pytest.mark.parametrize("path", FORMS)
def test_junk_in_a_form_is_refused(plaza: RunningPlaza, member: httpx.Client, path: str, junk: str):
    headers, body = BAD_FORMS[junk]
    own = plaza.post("harbour_light", media="none")

    answer = member.post(path.format(own=own["id"]), headers=headers, content=body)

    assert plaza.read(own)["version"] == 1
    if path in TEXTLESS and junk in ("multipart that is broken", "multipart with NUL bytes"):
        assert answer.status_code == 303
    else:
        assert is_clear(answer), (answer.status_code, answer.text[:200])


@pytest.mark.parametrize("junk", BAD_JSON)
@pytest.mark.parametrize(("method", "path"), JSONS)
def test_junk_in_json_is_refused(plaza: RunningPlaza, method: str, path: str, junk: str):
    answer = plaza.moderator.request(method, path, content=BAD_JSON[junk], headers={"Idempotency-Key": "junk"})

    assert is_clear(answer), (answer.status_code, answer.text[:200])


@pytest.mark.parametrize(
    "body",
    [
        {"account": "harbour_light", "text": "a\x00b"},
        {"account": "harbour_light", "text": "\ud800"},
        {"account": "harbour_light", "text": "x" * 2001},
        {"account": "harbour_light", "text": ["x"]},
        {"account": "harbour_light", "text": "x", "tags": "x"},
        {"account": "harbour_light", "text": "x", "tags": ["!"]},
        {"account": "harbour_light", "text": "x", "tags": [f"t{n}" for n in range(11)]},
        {"account": "harbour_light", "text": "x", "media": "gif"},
        {"account": "harbour_light", "text": "x", "seed": -1},
        {"account": 5, "text": "x"},
        {"text": "x"},
    ],
    ids=str,
)
def test_a_post_that_makes_no_sense_is_refused(plaza: RunningPlaza, body: dict[str, object]):
    assert is_clear(plaza.moderator.post("/practice/posts", content=json.dumps(body)))


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"%PDF-1.7 text", 415), (b"<svg></svg>", 415), (b"\xff\xd8\xff" + b"0" * (20 << 20), 413)],
    ids=["another type", "a drawing with scripts", "more than 20 MiB"],
)
def test_an_upload_of_the_wrong_kind_or_size_is_refused(
    plaza: RunningPlaza, member: httpx.Client, content: bytes, status: int
):
    answer = member.post("/new", data={"text": "Look."}, files={"media": ("a.jpg", content, "image/jpeg")})

    assert (answer.status_code, is_clear(answer)) == (status, True)


def test_ten_megabytes_of_a_real_type_are_taken_and_served(plaza: RunningPlaza, member: httpx.Client):
    content = b"\xff\xd8\xff" + TEN_MB

    answer = member.post("/new", data={"text": "Large."}, files={"media": ("a.jpg", content)})

    assert answer.status_code == 303
    post = plaza.moderator.get(f"/subjects{answer.headers['location']}").json()
    assert plaza.stranger.get(post["media"][0]["url"]).content == content


@pytest.mark.parametrize(
    "junk",
    [b"\x00\xff\x00\r\n\r\n", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n"],
    ids=["no HTTP", "raw bytes in the address", "NUL in a header"],
)
def test_what_is_hardly_http_is_refused_and_the_site_goes_on(plaza: RunningPlaza, junk: bytes):
    host, port = plaza.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(junk)
        answer = connection.recv(1000)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert plaza.stranger.get("/").status_code == 200


@pytest.fixture
def member(plaza: RunningPlaza) -> httpx.Client:
    return plaza.member("harbour_light")
