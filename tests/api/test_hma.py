"""HMA's addresses answer in HMA's shapes: each answer is written out here as clients read it."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PIL import Image

from amparo.api.matching import May
from amparo.media.wire import Reason
from amparo.plugins import installation
from tests.api.asking import Asking, told
from tests.api.double import Double
from tests.media.drawn import encoded

HASH = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
NEAR = "f8f8f0cee0f4a84f06370a2a038f63f0b36e26d596621e1d33e6b39c4e9c9b22"
FAR = "0" * 64
PLAIN = encoded(Image.new("RGB", (200, 200), (255, 220, 0)), "PNG")


@pytest.fixture
def item(index: Double) -> int:
    """One confirmed item, of which everything is known."""
    index.bank("CONFIRMED", May.REMOVE)
    return index.put("CONFIRMED", pdq=HASH, md5="c" * 32, sha256="b" * 64)


def test_a_picture_is_hashed_under_the_name_of_its_kind(asking: Asking, index: Double, picture: bytes) -> None:
    answer = told(asking.send("/h/hash", photo=picture))
    file = index.fingerprint(picture, is_whole=True, within_seconds=60)
    assert answer == {"pdq": file.frames.hashes[0].tobytes().hex()}


def test_a_video_is_hashed_without_being_opened(asking: Asking, index: Double) -> None:
    assert told(asking.send("/h/hash", video=b"no video")) == {"video_md5": hashlib.md5(b"no video").hexdigest()}  # noqa: S324
    assert index.asked == []


def test_further_types_are_made_where_they_are_named(asking: Asking, index: Double, picture: bytes) -> None:
    answer = told(asking.send("/h/hash?types=sha256", photo=picture))
    assert answer == {"sha256": hashlib.sha256(picture).hexdigest()}


def test_a_plain_picture_has_an_empty_hash_as_in_hma(asking: Asking) -> None:
    assert told(asking.send("/h/hash", photo=PLAIN)) == {"pdq": ""}


def test_the_lookup_of_a_plain_picture_is_refused_and_never_without_matches(asking: Asking, item: int) -> None:
    answer = asking.send("/m/lookup", photo=PLAIN)
    assert answer.status_code == 400
    assert "not the same as no match" in told(answer)["message"]


@pytest.mark.parametrize(
    ("query", "fields", "message"),
    [
        pytest.param("", {}, "Missing multipart/form-data file upload", id="no-file"),
        pytest.param("", {"image": b"x"}, "no such content_type: 'image'", id="an-unknown-kind"),
        pytest.param("", {"photo": b"x", "video": b"y"}, "Only one file allowed per request", id="two-files"),
        pytest.param(
            "?types=tmk", {"photo": b"x"}, "signal type 'tmk' doesn't exist or is disabled", id="no-such-type"
        ),
        pytest.param("?types=,", {"photo": b"x"}, "empty signal type selection", id="no-type-at-all"),
    ],
)
def test_what_cannot_be_hashed_is_refused_in_hmas_words(
    asking: Asking, query: str, fields: dict[str, bytes], message: str
) -> None:
    for address in ("/h/hash", "/m/lookup"):
        answer = asking.send(address + query, note="x", **fields)
        assert (answer.status_code, told(answer)) == (400, {"message": message})


def test_a_file_that_is_not_opened_is_refused_with_the_reason(asking: Asking, index: Double) -> None:
    index.refused = Reason.DAMAGED
    answer = asking.send("/h/hash", photo=b"x")
    assert (answer.status_code, told(answer)["message"]) == (
        400,
        "This file is damaged: it cannot be opened to its end.",
    )


def test_a_lookup_answers_by_bank_with_distances_as_texts(asking: Asking, item: int) -> None:
    answer = asking.get("/m/lookup", signal=NEAR, signal_type="pdq", seed="7", bypass_coinflip="true")
    assert told(answer) == {"CONFIRMED": [{"bank_content_id": item, "distance": "2"}]}
    answer = asking.get("/m/lookup", signal="C" * 32, signal_type="video_md5")
    assert told(answer) == {"CONFIRMED": [{"bank_content_id": item, "distance": "-"}]}
    assert told(asking.get("/m/lookup", signal=FAR, signal_type="pdq")) == {}


def test_a_lookup_is_kept_to_the_banks_that_are_named(asking: Asking, item: int) -> None:
    for address, found, none in (
        ("/m/lookup", {"CONFIRMED": [{"bank_content_id": item, "distance": "0"}]}, {}),
        ("/m/raw_lookup", {"matches": [item]}, {"matches": []}),
    ):
        assert told(asking.get(address, signal=HASH, signal_type="pdq", banks="OTHER,CONFIRMED")) == found
        assert told(asking.get(address, signal=HASH, signal_type="pdq", banks="OTHER")) == none


def test_a_lookup_never_tells_of_what_is_only_claimed(asking: Asking, index: Double) -> None:
    index.bank("claimed")
    index.put("claimed", pdq=HASH)
    for query in ({}, {"banks": "claimed"}):
        assert told(asking.get("/m/lookup", signal=HASH, signal_type="pdq", **query)) == {}
        assert told(asking.get("/m/raw_lookup", signal=HASH, signal_type="pdq", **query)) == {"matches": []}


def test_a_raw_lookup_tells_distances_where_they_are_asked_for(asking: Asking, item: int) -> None:
    assert told(asking.get("/m/raw_lookup", signal=NEAR, signal_type="pdq")) == {"matches": [item]}
    answer = asking.get("/m/raw_lookup", signal=NEAR, signal_type="pdq", include_distance="true")
    assert told(answer) == {"matches": [{"bank_content_id": item, "distance": "2"}]}


def test_the_lookup_of_a_file_answers_by_type_and_bank(asking: Asking, index: Double, picture: bytes) -> None:
    index.bank("CONFIRMED")
    item = index.put("CONFIRMED", sha256=hashlib.sha256(picture).hexdigest())
    assert told(asking.send("/m/lookup", photo=picture)) == {"pdq": {}}
    answer = told(asking.send("/m/lookup?types=pdq,sha256&bypass_coinflip=true", photo=picture))
    assert answer == {"pdq": {}, "sha256": {"CONFIRMED": [{"bank_content_id": item, "distance": "-"}]}}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({"signal": "short", "signal_type": "pdq"}, 400, id="no-hash"),
        pytest.param({"signal": HASH.upper(), "signal_type": "pdq"}, 400, id="capitals-as-in-hma"),
        pytest.param({"signal": HASH, "signal_type": "photodna"}, 400, id="no-such-type"),
        pytest.param({"signal": HASH}, 400, id="no-type"),
    ],
)
def test_a_lookup_that_cannot_be_made_is_refused(asking: Asking, query: dict[str, str], status: int) -> None:
    answer = asking.get("/m/lookup", **query)
    assert (answer.status_code, list(told(answer))) == (status, ["message"])


def test_a_raw_lookup_without_its_parameters_is_refused_with_hmas_list(asking: Asking) -> None:
    answer = asking.get("/m/raw_lookup", signal=HASH)
    assert answer.status_code == 422
    assert told(answer) == [{"type": "missing", "loc": ["signal_type"], "msg": "Field required"}]


def test_two_hashes_are_compared(asking: Asking) -> None:
    answer = asking.json("/m/compare", {"pdq": [HASH, NEAR], "video_md5": ["a" * 32, "b" * 32]})
    assert told(answer) == {"pdq": [True, {"distance": 2}], "video_md5": [False, {}]}
    assert told(asking.json("/m/compare", {"pdq": [HASH, FAR]}))["pdq"][0] is False


@pytest.mark.parametrize(
    "asked", [{"pdq": HASH}, {"pdq": [HASH]}, {"pdq": [HASH, 7]}, {"pdq": [HASH, "x"]}, {"tmk": [HASH, HASH]}], ids=str
)
def test_what_cannot_be_compared_is_refused(asking: Asking, asked: dict[str, object]) -> None:
    answer = asking.json("/m/compare", asked)
    assert (answer.status_code, list(told(answer))) == (400, ["message"])


def test_the_state_of_the_index_is_told_by_type(asking: Asking, item: int) -> None:
    answer = told(asking.get("/m/index/status"))
    assert set(answer) == {"pdq", "video_md5", "sha256"}
    assert answer["pdq"] == {"present": True, "built_to": 1795262400, "size": 1}
    assert set(told(asking.get("/m/index/status", signal_type="pdq"))) == {"pdq"}
    assert asking.get("/m/index/status", signal_type="tmk").status_code == 400
    index = told(asking.get("/c/signal_type/index", signal_type="pdq"))["pdq"]
    assert index == {
        "db_size": 1, "index_size": 1, "index_out_of_date": False, "newest_db_item": 1795262400,
        "index_built_to": 1795262400,
    }  # fmt: skip


def test_which_types_there_are(asking: Asking) -> None:
    assert told(asking.get("/c/signal_type"))[0] == {"name": "pdq", "enabled_ratio": 1.0}
    assert told(asking.get("/c/content_type")) == [
        {"name": "photo", "enabled": True},
        {"name": "video", "enabled": True},
    ]
    assert asking.json("/c/signal_type/pdq", {"enabled_ratio": 0}, "PUT").status_code == 501


def test_without_a_whole_index_lookups_answer_503_and_so_does_the_status(
    asking: Asking, index: Double, picture: bytes
) -> None:
    assert (asking.get("/status").status_code, asking.get("/status").content) == (200, b"I-AM-ALIVE")
    index.ready = False
    answers = [
        asking.get("/m/lookup", signal=HASH, signal_type="pdq"),
        asking.get("/m/raw_lookup", signal=HASH, signal_type="pdq"),
        asking.send("/m/lookup", photo=picture),
    ]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert all(set(told(answer)) == {"message"} for answer in answers)
    assert (asking.get("/status").status_code, asking.get("/status").content) == (503, b"INDEX-NOT-LOADED")
    assert asking.get("/status/live").status_code == 200


def test_exchanges_are_none_and_making_one_says_so(asking: Asking) -> None:
    assert told(asking.get("/c/exchanges")) == []
    assert told(asking.get("/c/exchanges/apis")) == []
    wanted = {"bank": "X", "api": "ncmec", "api_json": {}}
    answer = asking.json("/c/exchanges", wanted)
    assert (answer.status_code, list(told(answer))) == (501, ["message"])
    statuses = {
        "/c/exchanges/api/ncmec": 400, "/c/exchanges/api/ncmec/schema": 404, "/c/exchange/X": 404,
        "/c/exchange/X/status": 404,
    }  # fmt: skip
    assert {address: asking.get(address).status_code for address in statuses} == statuses


@dataclass
class _Site:
    """A site's file server on this machine, and what it was asked for."""

    host: str
    asked: list[str]


@pytest.fixture
def site(index: Double, picture: bytes) -> Iterator[_Site]:
    """The connected platform's own host: real HTTP, pictures, a page, a redirect and something large."""
    asked: list[str] = []

    class Files(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, body = {
                "/a.jpg": ("image/jpeg", picture),
                "/page": ("text/html", b"<p>"),
                "/large.jpg": ("image/jpeg", b"0" * 3_000_000),
            }.get(self.path, ("text/plain", b""))
            self.send_response(302 if self.path == "/away" else 200 if body else 404)
            self.send_header("Location", "http://127.0.0.2:9/")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    installation().connectors["plaza"].file_hosts = frozenset({host})  # type: ignore[attr-defined]
    yield _Site(host, asked)
    server.shutdown()
    server.server_close()


def test_a_file_on_a_connected_platforms_host_is_fetched_and_hashed(
    asking: Asking, index: Double, site: _Site, picture: bytes
) -> None:
    hashed = told(asking.get("/h/hash", url=f"http://{site.host}/a.jpg"))
    assert hashed == told(asking.send("/h/hash", photo=picture))
    index.bank("CONFIRMED")
    item = index.put("CONFIRMED", **hashed)
    found = {"CONFIRMED": [{"bank_content_id": item, "distance": "0"}]}
    assert told(asking.get("/m/lookup", url=f"http://{site.host}/a.jpg")) == {"pdq": found}
    assert told(asking.get("/m/lookup", url=f"http://{site.host}/a.jpg", signal_type="pdq")) == found
    assert told(asking.get("/m/lookup", url=f"http://{site.host}/a.jpg", signal_type="video_md5")) == {}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/a.jpg", "http://localhost/a.jpg", "file:///etc/passwd", "//{host}/a.jpg", "{host}/a.jpg",
        "http://{host}@127.0.0.1:9/a.jpg", "http://127.0.0.1:9\\@{host}/a.jpg", "http://{host}.evil.example/a.jpg",
        "http://somebody:word@{host}/a.jpg", "http://{host}\t/a.jpg", "http://{host}:80x/", "gopher://{host}/a.jpg",
        "http://127.1:9/", "http://[::1]/", "http://2130706433/", "http://ⓛocalhost/", "http://",
    ],
)  # fmt: skip
def test_nothing_is_fetched_from_any_other_host(asking: Asking, site: _Site, address: str) -> None:
    for place in ("/h/hash", "/m/lookup"):
        answer = asking.get(place, url=address.replace("{host}", site.host))
        assert answer.status_code == 400
        assert "hosts of connected platforms only" in told(answer)["message"]
    assert site.asked == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/page", 400, id="a-page-is-no-picture"),
        pytest.param("/away", 400, id="no-redirect-is-followed"),
        pytest.param("/nothing", 400, id="not-there"),
        pytest.param("/large.jpg", 413, id="too-large"),
    ],
)
def test_what_a_host_answers_that_is_no_file_is_refused(
    asking: Asking, site: _Site, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    from amparo.api.hma import hashing
    from amparo.api.limits import Limits

    monkeypatch.setattr(hashing, "limits", lambda: Limits(1024**2, 3.0, None))
    answer = asking.get("/h/hash", url=f"http://{site.host}{path}")
    assert (answer.status_code, list(told(answer))) == (status, ["message"])
    assert site.asked == [path]


def test_without_an_address_hmas_own_validation_answers(asking: Asking) -> None:
    answer = asking.get("/h/hash")
    assert (answer.status_code, told(answer)[0]["loc"]) == (422, ["url"])
