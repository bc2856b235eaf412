"""A bucket over S3's own protocol: SeaweedFS, a whole server, on loopback."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import obstore
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store

from amparo.catalogue.bucket import Bucket
from amparo.catalogue.holding import Holding
from amparo.catalogue.item import Away, Closed, Item, Unreadable

KEYS = ["a.jpg", "b/1.jpg", "b/2/x.jpg", "b/ä ö%2F.jpg", "c"]
_KEY, _SECRET = "a-key", "a-secret"
_PATIENCE_SECONDS = 90
_PORTS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
    "s3.port.grpc", "s3.port",
)  # fmt: skip


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    weed = shutil.which("weed", path=str(Path(sys.executable).parent))
    if weed is None:
        pytest.skip("NOT TESTED over S3: there is no wheel of SeaweedFS for this machine.")
    place = tmp_path_factory.mktemp("seaweed")
    identity = {"name": "test", "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}], "actions": ["Admin"]}
    (place / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = _free_ports(len(_PORTS))
    words = [f"-{name}={port}" for name, port in zip(_PORTS, ports, strict=True)]
    # It would tell its makers that it runs.
    words += ["-master.telemetry=false", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={place}"]
    words += ["-s3", f"-s3.config={place}/s3.json", "-filer", "-volume.max=8", "-master.volumeSizeLimitMB=16"]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen([weed, "server", *words], stdout=log, stderr=log, cwd=place)
    try:
        address = f"http://127.0.0.1:{ports[-1]}"
        _wait_for(address)
        yield address
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    """Wait until a bucket takes an object: the parts of the server come up one after the other."""
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            httpx.get(address, timeout=2, trust_env=False)
            obstore.put(_store(address, "s3://pictures/ready"), "ready", b"ready")
            return
        except (httpx.HTTPError, BaseError, FileNotFoundError):
            assert time.monotonic() < ends_at, "SeaweedFS does not start."
            time.sleep(0.2)


def _store(address: str, url: str) -> S3Store:
    return S3Store.from_url(
        url, endpoint=address, access_key_id=_KEY, secret_access_key=_SECRET, region="us-east-1",
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )  # fmt: skip


@pytest.fixture
def environment(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET,
        "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.fixture(scope="module")
def filled(endpoint: str) -> str:
    """A bucket with some objects below a prefix, and one beside it."""
    store = _store(endpoint, "s3://pictures")
    for key in KEYS:
        obstore.put(store, f"some/prefix/{key}", key.encode())
    obstore.put(store, "some/prefix-2/beside.jpg", b"beside")
    return "s3://pictures/some/prefix"


def read(item: Item) -> bytes:
    with item.open() as file:
        return file.read()


@pytest.mark.usefixtures("environment")
def test_every_object_below_the_prefix_is_listed_and_opens(filled: str) -> None:
    items = list(Bucket(filled, Holding()).items(None))
    assert [item.name for item in items] == KEYS
    assert [read(item) for item in items] == [key.encode() for key in KEYS]
    assert [item.size_bytes for item in items] == [len(key.encode()) for key in KEYS]


@pytest.mark.usefixtures("environment")
def test_a_list_goes_on_behind_each_object(filled: str) -> None:
    bucket = Bucket(f"{filled}/", Holding())
    for number, item in enumerate(bucket.items(None)):
        assert [each.name for each in bucket.items(item.cursor)] == KEYS[number + 1 :]


@pytest.mark.usefixtures("environment")
def test_what_is_held_can_be_read_and_not_written(filled: str) -> None:
    with next(Bucket(filled, Holding()).items(None)).open() as file:
        assert not file.writable()
        with pytest.raises(OSError, match="descriptor"):
            os.write(file.fileno(), b"x")


@pytest.mark.usefixtures("environment")
def test_an_object_that_is_gone_when_its_turn_comes_is_unreadable(endpoint: str) -> None:
    store = _store(endpoint, "s3://pictures/gone")
    obstore.put(store, "here", b"here")
    (item,) = Bucket("s3://pictures/gone", Holding()).items(None)
    obstore.delete(store, "here")
    with pytest.raises(Unreadable) as told:
        read(item)
    assert told.value.code == "gone"


def test_a_wrong_secret_ends_the_run_in_a_sentence_without_it(environment: pytest.MonkeyPatch, filled: str) -> None:
    environment.setenv("AWS_SECRET_ACCESS_KEY", "wrong-secret")
    with pytest.raises(Closed) as told:
        list(Bucket(filled, Holding()).items(None))
    assert "AWS_SECRET_ACCESS_KEY" in str(told.value)
    assert "wrong-secret" not in str(told.value)


def test_a_server_that_is_not_there_is_away(environment: pytest.MonkeyPatch, filled: str) -> None:
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Away) as told:
        list(Bucket(filled, Holding()).items(None))
    assert "pictures" not in str(told.value)


@pytest.mark.parametrize("address", ["s3://", "s3:///prefix"])
@pytest.mark.usefixtures("environment")
def test_what_names_no_bucket_is_said(address: str) -> None:
    with pytest.raises(Closed):
        Bucket(address, Holding())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        pytest.param("AWS_ENDPOINT_URL", "nonsense", "is no address", id="no-address"),
        pytest.param("AWS_ENDPOINT_URL", "http://[", "is no address", id="half-an-address"),
        pytest.param("AWS_ENDPOINT_URL", "localhost:8333", "is no address", id="no-scheme"),
        pytest.param("AWS_ALLOW_HTTP", "false", "set AWS_ALLOW_HTTP=true", id="no-tls"),
        pytest.param("AWS_SECRET_ACCESS_KEY", None, "Set both", id="no-secret"),
        pytest.param("AWS_ACCESS_KEY_ID", None, "Set both", id="no-key"),
    ],
)
def test_what_is_wrong_with_the_environment_is_said_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None, sentence: str
) -> None:
    for known in [known for known in os.environ if known.startswith("AWS_")]:
        monkeypatch.delenv(known)
    right = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET,
    }  # fmt: skip
    for each, said in (right | {name: value}).items():
        if said is not None:
            monkeypatch.setenv(each, said)
    with pytest.raises(Closed, match=sentence):
        Bucket("s3://pictures", Holding())
