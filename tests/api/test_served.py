"""The API as it runs: `amparo api` on a port of its own, asked over real HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from amparo.cli.new_home import write_home
from amparo.home import Home
from tests.conftest import PRACTICE

_TIMES = 40


def _free() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(scope="module")
def keyless() -> str:
    """Where that API asks for no key."""
    return _free()


@pytest.fixture(scope="module")
def served(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory, keyless: str) -> Iterator[httpx.Client]:
    """A program with a key that asks a running API."""
    from amparo.records import api_keys, models

    folder = tmp_path_factory.mktemp("served")
    listen, here = _free(), Home(folder / "home")
    write_home(here, replace(PRACTICE, api_listen=listen))
    written = here.settings_file.read_text()
    here.settings_file.write_text(written.replace('hma_without_key = ""', f'hma_without_key = "{keyless}"'))
    key = api_keys.create("served", [api_keys.Scope.MATCH], datetime.now(UTC), os.urandom)
    env = {**os.environ, "AMPARO_HOME": str(folder / "home")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "amparo", "api"], env=env, stdout=log, stderr=log)
    client = httpx.Client(
        base_url=f"http://{listen}", headers={"Authorization": f"Bearer {key}"}, timeout=30, trust_env=False
    )
    try:
        until = time.monotonic() + 90
        while not _lives(client):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=30)
        models.ApiKey.objects.all().delete()


def _lives(client: httpx.Client) -> bool:
    try:
        return client.get("/status/live").is_success
    except httpx.TransportError:
        return False


def test_it_takes_keys_and_tells_nobody_else_anything(served: httpx.Client) -> None:
    assert served.get("/v1/openapi.json").json()["openapi"] == "3.1.0"
    assert served.get("/v1/openapi.json", headers={"Authorization": "Bearer nobody's"}).status_code == 401
    assert served.get("/h/hash").status_code == 403
    answer = served.get("/status/live")
    assert (answer.text, answer.headers.get("set-cookie")) == ("I-AM-ALIVE", None)


def test_without_a_key_one_port_of_this_machine_answers_and_the_other_does_not(
    served: httpx.Client, keyless: str
) -> None:
    without = {"Authorization": ""}
    assert served.get("/c/banks", headers=without).status_code == 401
    assert served.get("/c/banks", headers={**without, "Host": "127.0.0.1"}).status_code == 401
    assert httpx.get(f"http://{keyless}/c/banks", timeout=30, trust_env=False).status_code == 200


def test_a_body_of_unknown_length_is_refused_with_what_to_do(served: httpx.Client) -> None:
    answer = served.post("/v1/match", content=iter([b"yellow", b"squares"]))
    assert answer.status_code == 411
    assert "Content-Length" in answer.json()["detail"]


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(served: httpx.Client) -> None:
    host, port = served.base_url.host, served.base_url.port
    with socket.create_connection((host, int(port or 0)), timeout=30) as client:
        client.sendall(f"POST /v1/match HTTP/1.1\r\nHost: {host}\r\nContent-Length: {200 * 1024**2}\r\n\r\n".encode())
        client.shutdown(socket.SHUT_WR)
        assert client.recv(65536).split(b"\r\n")[0].split()[1] == b"413"


def test_whoever_sends_half_of_a_refused_body_is_answered_as_it_is(served: httpx.Client) -> None:
    host, port = served.base_url.host, served.base_url.port
    with socket.create_connection((host, int(port or 0)), timeout=30) as client:
        client.sendall(f"POST /v1/match HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\nhalf".encode())
        head = client.recv(65536).lower()
    assert head.split(b"\r\n")[0].split()[1] == b"401"
    assert b"connection: close" in head


_NOBODY = {"Authorization": "Bearer nobody's"}
_PNG = {"Content-Type": "image/png"}
_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("size_bytes", [25_000, 200_000, 3_000_000])
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        pytest.param("/v1/match", _NOBODY, 401, id="a-key-nobody-knows"),
        pytest.param("/hooks/plaza", {**_NOBODY, **_FORM}, 401, id="a-hook-with-a-key-nobody-knows"),
        pytest.param("/hooks/nowhere", _FORM, 404, id="a-hook-of-no-platform"),
        pytest.param("/hooks/plaza", _PNG, 415, id="a-hook-sent-the-bare-file"),
        pytest.param("/hooks/plaza", _JSON, 400, id="a-hook-sent-no-json"),
        pytest.param("/c/bank/NONE/content", _FORM, 403, id="a-bank-this-key-may-not-fill"),
        pytest.param("/c/nothing", _PNG, 404, id="an-address-that-is-none"),
        pytest.param("/status", _PNG, 405, id="a-method-that-is-none"),
        pytest.param("/v1/match", {"Host": "elsewhere.example"}, 400, id="another-host"),
    ],
)
def test_a_refused_upload_hears_why_on_a_connection_that_stays(
    served: httpx.Client, address: str, headers: dict[str, str], status: int, size_bytes: int
) -> None:
    body = b"y" * size_bytes
    for _ in range(_TIMES):
        assert served.post(address, content=body, headers=headers).status_code == status
        assert served.get("/status/live").status_code == 200


def test_another_host_name_is_refused(served: httpx.Client) -> None:
    answer = served.get("/v1/openapi.json", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_host")
    assert "[api] hosts" in answer.json()["detail"]
    assert "elsewhere" not in answer.text
