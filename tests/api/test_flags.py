"""Flags of other servers: taken by their signature alone, once, and never by what they say of themselves."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client

from amparo.api.errors import ApiError
from amparo.api.notices import flags, patience
from amparo.api.notices.actors import Actors
from amparo.api.notices.http_signature import BadSignature
from amparo.api.notices.names import notice_name
from amparo.api.notices.patience import Buckets
from amparo.cases.refs import NoticeId, Subject
from amparo.connectors.outside import look_up
from amparo.plugins import installation
from amparo.records import api_keys, models
from tests.api.asking import told
from tests.api.reporting import Program, a_link

KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
ACTOR = "https://social.example/actor"
EVIL = "https://evil.example/a"
KEY_ID = f"{ACTOR}#main-key"


def _pem(key: Any = KEY) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def _document(key: Any = KEY, **changes: Any) -> dict[str, Any]:
    own = {"id": KEY_ID, "owner": ACTOR, "publicKeyPem": _pem(key)}
    return {"id": ACTOR, "type": "Application", "publicKey": own, **changes}


class Server:
    """Another server: gives its key out, and sends what it signs."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = _document()
        self.asked: list[str] = []

    def fetch(self, address: str) -> bytes:
        self.asked.append(address)
        return json.dumps(self.document).encode()

    def sends(self, activity: object, key: Any = KEY, *, at: datetime | None = None, **changes: str) -> HttpResponse:
        """Send an activity. `changes` are headers that differ from those signed, or `signed`, `key_id`, `algorithm`."""
        body = json.dumps(activity).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Host": "127.0.0.1", "Date": format_datetime(at or datetime.now(UTC), usegmt=True),
            "Digest": f"SHA-256={digest}",
        }  # fmt: skip
        names = changes.pop("signed", "(request-target) host date digest")
        lines = [
            f"{name}: " + ("post /ap/inbox" if name == "(request-target)" else headers[name.title()])
            for name in names.split(" ") if name == "(request-target)" or name.title() in headers
        ]  # fmt: skip
        value = base64.b64encode(key.sign("\n".join(lines).encode(), padding.PKCS1v15(), SHA256())).decode()
        key_id, algorithm = changes.pop("key_id", KEY_ID), changes.pop("algorithm", "rsa-sha256")
        signature = f'keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{value}"'
        headers |= {"Signature": signature, **changes}
        client: Any = Client(raise_request_exception=False)
        answer = client.generic("POST", "/ap/inbox", body, "application/activity+json", headers=headers)
        return answer  # type: ignore[no-any-return]


@pytest.fixture
def server(reporting: None, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that is named, beside `*`."""
    server = Server()
    _takes_from(monkeypatch, server, "social.example")
    return server


def _takes_from(monkeypatch: pytest.MonkeyPatch, server: Server, *hosts: str) -> None:
    from dataclasses import replace

    from amparo.api.limits import limits

    known = Actors(hosts, fetch=server.fetch)
    monkeypatch.setattr(flags, "actors", lambda: known)
    monkeypatch.setattr(flags, "limits", lambda: replace(limits(), flags_from=hosts))


def _flag(*named: object, **changes: object) -> dict[str, object]:
    number = len(models.Intake.objects.all())
    return {
        "@context": "https://www.w3.org/ns/activitystreams", "id": f"https://social.example/flags/{number}",
        "type": "Flag", "actor": ACTOR, "content": "yellow squares", "object": list(named or (a_link(),)), **changes,
    }  # fmt: skip


def _notices() -> int:
    return models.Notice.objects.count()


def _refused(answer: HttpResponse) -> str:
    assert answer.status_code == 401, answer.content
    return str(told(answer)["detail"])


def test_a_signed_flag_is_a_notice_whose_words_are_sealed(server: Server) -> None:
    link, before = a_link(), _notices()
    assert server.sends(_flag(link)).status_code == 202
    assert _notices() == before + 1
    assert server.asked == ["https://social.example/actor"]
    row = models.ApiNotice.objects.get(sender="social.example")
    assert models.CaseNotice.objects.filter(notice=row.notice).count() == 1
    assert "yellow squares" not in json.dumps(list(models.Event.objects.values("body")), default=str)
    key = api_keys.create("social", [api_keys.Scope.FOLLOW], datetime.now(UTC), lambda n: b"s" * n, "social.example")
    name = notice_name(NoticeId(row.notice))
    assert Program(key, "social.example").sees(name)["links"][0]["state"] == "hiding"


def test_posts_are_reported_and_not_the_account_beside_them(server: Server) -> None:
    post, account = a_link(), "http://plaza.test:8000/user/ada"
    assert flags.read(_flag(account, {"id": post, "type": "Note"})).links == (post,)
    assert flags.read(_flag(account)).links == (account,)
    assert flags.read(_flag(object=post)).links == (post,)
    assert flags.read(_flag("https://elsewhere.example/1")).links == ("https://elsewhere.example/1",)


def test_the_same_activity_again_changes_nothing(server: Server) -> None:
    flag, before = _flag(), _notices()
    now = datetime.now(UTC)
    assert server.sends(flag, at=now).status_code == 202
    assert server.sends(flag, at=now + timedelta(seconds=5)).status_code == 202
    assert _notices() == before + 1
    assert "came before" in _refused(server.sends(flag, at=now))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        pytest.param({"key": OTHER}, "not the sender's", id="another-key"),
        pytest.param({"Digest": "SHA-256=" + "A" * 43 + "="}, "Digest", id="another-body"),
        pytest.param({"Digest": "MD5=AAAA"}, "Digest", id="a-weak-digest"),
        pytest.param({"Date": "Sun, 01 Mar 2020 09:00:00 GMT"}, "too old", id="an-old-date"),
        pytest.param({"Date": "soon"}, "no time", id="a-date-that-is-none"),
        pytest.param({"at": datetime.now(UTC) - timedelta(hours=13)}, "too old", id="signed-yesterday"),
        pytest.param({"at": datetime.now(UTC) + timedelta(hours=2)}, "in the future", id="signed-tomorrow"),
        pytest.param({"signed": "(request-target) host date"}, "has to be signed", id="body-not-signed"),
        pytest.param({"signed": "host date digest"}, "has to be signed", id="address-not-signed"),
        pytest.param({"signed": "(request-target) host date digest date"}, "once", id="signed-twice"),
        pytest.param({"signed": "(request-target) host date digest x-a"}, "missing", id="a-header-that-is-not-there"),
        pytest.param({"algorithm": "hmac-sha256"}, "algorithm", id="another-algorithm"),
        pytest.param({"Signature": ""}, "not signed", id="unsigned"),
        pytest.param({"Signature": "x" * 9000}, "not signed", id="a-long-header"),
        pytest.param({"Signature": 'keyId="a",keyId="b"'}, "cannot be read", id="two-keys"),
        pytest.param({"key_id": "http://social.example/actor"}, "https", id="over-http"),
        pytest.param({"key_id": "https://social.example:8443/actor"}, "https", id="another-port"),
        pytest.param({"key_id": "https://u:p@social.example/actor"}, "https", id="with-a-password"),
        pytest.param({"key_id": "file:///etc/passwd"}, "https", id="a-file"),
    ],
)
def test_what_is_not_signed_as_it_has_to_be_is_refused(server: Server, how: dict[str, Any], says: str) -> None:
    before = _notices()
    assert says in _refused(server.sends(_flag(), **how))
    assert _notices() == before


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param({**_document(), "id": "https://social.example/another"}, "another one's", id="another-actor"),
        pytest.param({"id": ACTOR, "publicKey": {"id": KEY_ID, "owner": EVIL, "publicKeyPem": _pem()}},
                     "another one's", id="another-owner"),
        pytest.param({"id": KEY_ID, "owner": EVIL, "publicKeyPem": _pem()}, "another server's",
                     id="an-owner-elsewhere"),
        pytest.param({"id": KEY_ID, "owner": f"{ACTOR}/2", "publicKeyPem": _pem()}, "not of the actor",
                     id="the-owner-is-not-who-acts"),
        pytest.param({}, "is none", id="empty"),
        pytest.param(_document(publicKey={"id": KEY_ID, "owner": ACTOR, "publicKeyPem": "no key"}), "cannot be read",
                     id="no-key"),
        pytest.param(_document(ec.generate_private_key(ec.SECP256R1())), "RSA", id="a-curve"),
        pytest.param(_document(rsa.generate_private_key(65537, 1024)), "2048", id="a-short-key"),  # noqa: S505
    ],
)  # fmt: skip
def test_a_key_that_is_not_the_actors_proves_nothing(server: Server, document: dict[str, Any], says: str) -> None:
    server.document = document
    before = _notices()
    assert says in _refused(server.sends(_flag()))
    assert _notices() == before


def test_an_activity_of_somebody_else_is_not_taken(server: Server) -> None:
    assert "not of the actor" in _refused(server.sends(_flag(actor="https://social.example/users/another")))
    assert "not of the actor" in _refused(server.sends(_flag(actor=None)))


def test_a_key_that_was_exchanged_is_asked_anew(server: Server) -> None:
    assert server.sends(_flag()).status_code == 202
    server.document = _document(OTHER)
    assert server.sends(_flag(), OTHER).status_code == 202
    assert len(server.asked) == 2
    assert server.sends(_flag(), OTHER).status_code == 202
    assert len(server.asked) == 2


def test_who_makes_us_ask_for_keys_again_and_again_waits(server: Server) -> None:
    statuses = [server.sends(_flag(), OTHER).status_code for _ in range(12)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert len(server.asked) <= 6


class Clock:
    """A time that a test moves, and a server's key that can be had or not."""

    def __init__(self) -> None:
        self.at, self.asked = 0.0, 0
        self.wrong: Exception | None = None

    def now(self) -> float:
        return self.at

    def fetch(self, address: str) -> bytes:
        self.asked += 1
        if self.wrong is not None:
            raise self.wrong
        own = {"id": f"{address}#main-key", "owner": address, "publicKeyPem": _pem()}
        return json.dumps({"id": address, "publicKey": own}).encode()


def _asked_of(known: Actors, key_id: str) -> str:
    try:
        known.key(key_id)
    except ApiError as refused:
        return refused.code
    except BadSignature:
        return "bad"
    return "known"


def test_a_known_key_is_kept_for_a_day_while_no_fresh_one_can_be_had() -> None:
    clock = Clock()
    known = Actors(["social.example"], now=clock.now, fetch=clock.fetch)
    assert _asked_of(known, KEY_ID) == "known"
    clock.at, before = 3700.0, clock.asked
    # Six unsigned requests spend what may be asked of that server in a minute.
    for number in range(6):
        _asked_of(known, f"https://social.example/{number}")
    assert _asked_of(known, f"{ACTOR}/another") == "too_often"
    assert _asked_of(known, KEY_ID) == "known"
    assert clock.asked == before + 6
    clock.at, clock.wrong = 7400.0, ApiError(503, "no_key_yet", "Later.")
    assert _asked_of(known, KEY_ID) == "known"
    clock.at = 3 * 24 * 3600.0
    assert _asked_of(known, KEY_ID) == "no_key_yet"


def test_a_key_that_is_withdrawn_is_kept_no_longer_than_its_hour() -> None:
    clock = Clock()
    known = Actors(["social.example"], now=clock.now, fetch=clock.fetch)
    known.key(KEY_ID)
    clock.at, clock.wrong = 3700.0, BadSignature("Your server does not give the key out that signed this.")
    assert _asked_of(known, KEY_ID) == "bad"


def test_an_address_that_gave_no_key_is_not_asked_again_for_a_minute() -> None:
    clock = Clock()
    clock.wrong = ApiError(503, "no_key_yet", "Later.")
    known = Actors(["social.example"], now=clock.now, fetch=clock.fetch)
    assert [_asked_of(known, KEY_ID) for _ in range(3)] == ["no_key_yet"] * 3
    assert clock.asked == 1
    clock.at, clock.wrong = 61.0, None
    assert _asked_of(known, KEY_ID) == "known"


def test_strangers_spend_nothing_of_a_named_server_and_leave_no_bucket_behind() -> None:
    clock = Clock()
    known = Actors(["social.example", "*"], now=clock.now, fetch=clock.fetch)
    answers = [_asked_of(known, f"https://h{number}.evil.example/a#main-key") for number in range(100)]
    assert answers == ["known"] * 60 + ["too_often"] * 40
    assert len(known._each._left) == 60
    assert _asked_of(known, KEY_ID) == "known"


def test_full_buckets_are_dropped_once_there_are_thousands() -> None:
    clock = Clock()
    buckets = Buckets(6, clock.now)
    for number in range(5_000):
        buckets.take(str(number))
    clock.at = 61.0
    for _ in range(6):
        buckets.take("one more")
    assert len(buckets._left) == 1
    with pytest.raises(ApiError):
        buckets.take("one more")


def test_strangers_with_many_hosts_are_one_network(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def sends(host: str, *links: str) -> str:
        actor = f"https://{host}/actor"
        own = {"id": f"{actor}#main-key", "owner": actor, "publicKeyPem": _pem()}
        server.document = {"id": actor, "publicKey": own}
        flag = _flag(*links, actor=actor, id=f"https://{host}/{links[0]}")
        assert server.sends(flag, key_id=f"{actor}#main-key").status_code == 202
        subject = installation().place(links[-1])
        assert isinstance(subject, Subject)
        row = models.Case.objects.get(platform=subject.platform, kind=subject.kind.value, subject_id=subject.id)
        case = installation().casebook.case(row.id)
        assert case is not None
        return case.wanted.value

    _takes_from(monkeypatch, server, "social.example", "*")
    # The shipped policies let one network hide fifty posts an hour.
    assert sends("a.evil.example", *(a_link() for _ in range(50))) == "hidden"
    assert sends("b.evil.example", a_link()) == "shown"
    assert sends("social.example", a_link()) == "hidden"


def test_each_server_may_send_so_many_flags_a_minute(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "buckets", cache(lambda: Buckets(2)))
    before = _notices()
    assert server.sends(_flag(), OTHER).status_code == 401
    assert [server.sends(_flag()).status_code for _ in range(3)] == [202, 202, 429]
    assert _notices() == before + 2


@pytest.mark.parametrize("packed_by", [["gzip"], ["gzip", "gzip"], ["br"]], ids=str)
def test_a_key_that_comes_packed_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, packed_by: list[str]
) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    asked: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["Accept-Encoding"])
        return httpx.Response(200, headers={"Content-Encoding": ", ".join(packed_by)}, stream=httpx.ByteStream(bomb))

    def client(patience_seconds: float, *, look_up: object, headers: dict[str, str]) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(answering), headers=headers)

    monkeypatch.setattr("amparo.api.notices.actors.outside_client", client)
    with pytest.raises(BadSignature, match="packed"):
        Actors(["social.example"]).key(KEY_ID)
    assert asked == ["identity"]


def test_a_server_that_is_not_named_is_refused_and_not_asked_unless_any_is_taken(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    _takes_from(monkeypatch, server, "other.example")
    answer = server.sends(_flag())
    assert (answer.status_code, told(answer)["code"]) == (403, "unknown_server")
    assert server.asked == []
    _takes_from(monkeypatch, server, "other.example", "*")
    before, own = _notices(), models.ApiNotice.objects.count()
    assert server.sends(_flag()).status_code == 202
    assert (_notices(), models.ApiNotice.objects.count()) == (before + 1, own)


def test_without_servers_there_is_no_inbox(reporting: None) -> None:
    assert Server().sends(_flag()).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [({"type": "Follow"}, "no_flag"), ({"object": []}, "no_links"), ({"object": 7}, "no_links"),
     ({"object": [{"id": 7}]}, "no_links")],
    ids=str,
)  # fmt: skip
def test_an_activity_that_is_no_flag_is_refused(server: Server, change: dict[str, object], code: str) -> None:
    answer = server.sends(_flag(**change))
    assert (answer.status_code, told(answer)["code"]) == (422, code)


def test_another_type_and_another_method_are_refused(server: Server, new_key: Callable[..., str]) -> None:
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    assert client.post("/ap/inbox", b"<a/>", "application/xml").status_code == 415
    assert client.get("/ap/inbox").status_code == 405
    assert client.post("/ap/inbox", b"[" * 90_000, "application/activity+json").status_code == 400


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
def test_a_server_whose_name_leads_into_our_network_is_not_dialled(reporting: None, address: str) -> None:
    known = Actors(["social.example"], look_up=lambda host, port: [address])
    with pytest.raises(ApiError) as refused:
        known.key(KEY_ID)
    assert refused.value.code == "no_key_yet"
    assert look_up("127.0.0.1", 443) == ["127.0.0.1"]


def test_a_server_whose_name_no_resolver_takes_is_not_reached(reporting: None) -> None:
    known = Actors(["*"])
    for host in ("a..b.example", f"{'a' * 64}.example"):
        with pytest.raises(ApiError) as refused:
            known.key(f"https://{host}/x")
        assert refused.value.code == "no_key_yet"


def test_servers_are_named_by_their_hosts() -> None:
    from amparo.api.limits import read_limits
    from amparo.home import BadSettings

    assert read_limits({"flags_from": ["social.example", "*"]}).flags_from == ("social.example", "*")
    for wrong in (["https://social.example"], ["Social.example"], "*", [7], ["localhost"]):
        with pytest.raises(BadSettings):
            read_limits({"flags_from": wrong})
