"""Door and console behind a real nginx with TLS, set up by the file that we ship: who asks is who connected to it."""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from amparo.cli import processes
from amparo.cli.new_home import write_home
from amparo.cli.visitor import Visitor
from amparo.console.throttle import MOST
from amparo.home import Home
from tests.conftest import PRACTICE
from tests.docs.repository import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
PASSWORD = "a long enough password"
ONE_NETWORK, ANOTHER = "127.0.1.1", "127.0.2.1"

pytestmark = pytest.mark.skipif(
    NGINX is None or OPENSSL is None, reason="nginx or openssl is absent: apt-get install nginx-light openssl"
)


@dataclass(frozen=True)
class Site:
    """The two addresses that people use, and the certificate they trust."""

    door: str
    console: str
    trusts: ssl.SSLContext

    def visitor(self, address: str) -> Visitor:
        return Visitor(address, self.trusts)

    def signs_in(self, address: str, password: str, **headers: str) -> int:
        """Try to sign in from an address with an unknown browser; return the status of the answer."""
        way = httpx.HTTPTransport(local_address=address, verify=self.trusts)
        with httpx.Client(transport=way, trust_env=False, headers=headers) as client:
            page = client.get(f"{self.console}/sign-in").text
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
            assert found is not None
            body = {"username": "lead", "password": password, "csrfmiddlewaretoken": found[1]}
            return client.post(f"{self.console}/sign-in", data=body, headers={"Origin": self.console}).status_code


@pytest.fixture(scope="module")
def site(amparo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A home whose addresses are https, its door and console on ports of their own, and nginx before both."""
    folder = tmp_path_factory.mktemp("nginx")
    door, console, door_inside, console_inside = _free_ports(4)
    here = Home(folder / "home")
    write_home(
        here,
        replace(
            PRACTICE,
            door_listen=f"127.0.0.1:{door_inside}",
            console_listen=f"127.0.0.1:{console_inside}",
            door_url=f"https://127.0.0.1:{door}",
            console_url=f"https://127.0.0.1:{console}/",
        ),
    )
    settings = here.settings_file.read_text()
    here.settings_file.write_text(re.sub(r"trusted_proxies = \[\]", 'trusted_proxies = ["127.0.0.1"]', settings))
    _make_certificate(folder)
    config = folder / "nginx.conf"
    config.write_text(_around(_ours(folder, {8001: (door, door_inside), 8002: (console, console_inside)}), folder))
    started = [processes.start(word, here.path, folder / f"{word}.log") for word in ("door", "console")]
    started.append(subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(config)]))
    trusts = ssl.create_default_context(cafile=str(folder / "help.pem"))
    try:
        for port in (door, console):
            _wait(lambda port=port: httpx.get(f"https://127.0.0.1:{port}/healthz", verify=trusts, trust_env=False))  # type: ignore[misc]
        yield Site(f"https://127.0.0.1:{door}", f"https://127.0.0.1:{console}", trusts)
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture
def lead(empty_books: None) -> None:
    """A lead is on the staff."""
    from amparo.records import models, people

    person = people.enrol("lead", PASSWORD, "lead", enrolled_by=None, now=datetime.now(UTC), draw=os.urandom(16))
    models.Staff.objects.filter(id=person.id).update(approved_by="staff_other", approved_at=datetime.now(UTC))


def test_a_report_goes_in_by_https_and_its_cookies_stay_there(site: Site, empty_books: None) -> None:
    visitor = _report(site, "1", ONE_NETWORK)
    assert visitor.page is not None
    assert "__Host-amparo_page" in visitor.cookies or "__Host-amparo_draft" in visitor.cookies
    assert all(name.startswith("__Host-") for name in visitor.cookies)


def test_two_reporters_behind_one_proxy_are_of_two_networks(site: Site, empty_books: None) -> None:
    from amparo.records import models

    for number, address in enumerate((ONE_NETWORK, "127.0.1.200", ANOTHER)):
        _report(site, str(number), address)
    networks = list(models.AutomaticHide.objects.order_by("id").values_list("network", flat=True))
    assert networks[0] == networks[1] != networks[2]


def test_the_sign_in_of_a_network_is_slowed_down_and_no_other_one(site: Site, lead: None) -> None:
    tries = MOST["name and network"]
    assert [site.signs_in("127.0.3.1", "wrong") for _ in range(tries + 1)] == [422] * tries + [429]
    assert site.signs_in("127.0.4.1", PASSWORD) == 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X_Forwarded_For", "Forwarded"])
def test_nobody_gets_more_tries_by_saying_that_they_are_somebody_else(site: Site, lead: None, header: str) -> None:
    mine = {"X-Forwarded-For": "127.0.5.1", "X_Forwarded_For": "127.0.6.1", "Forwarded": "127.0.7.1"}[header]
    said = [{header: f"{'for=' if header == 'Forwarded' else ''}198.51.{number}.1"} for number in range(6)]
    tries = MOST["name and network"]
    assert [site.signs_in(mine, "wrong", **each) for each in said] == [422] * tries + [429]


def test_a_form_of_another_site_signs_nobody_in(site: Site, lead: None) -> None:
    visitor = site.visitor("127.0.8.1").open(f"{site.console}/sign-in")
    assert visitor.send(f"{site.console}/sign-in", username="lead", password=PASSWORD).status_code == 403


def test_somebody_signed_in_by_https_stays_so(site: Site, lead: None) -> None:
    visitor = site.visitor("127.0.9.1").open(f"{site.console}/sign-in")
    visitor.press("Sign in", username="lead", password=PASSWORD)
    assert visitor.open(f"{site.console}/").status == 200
    assert "__Host-amparo_staff" in visitor.cookies


def _report(site: Site, number: str, address: str) -> Visitor:
    visitor = site.visitor(address).open(f"{site.door}/help-me")
    visitor.press("Go on", links=f"{PRACTICE.site_url}/post/{number}", topic="sexual_picture")
    visitor.press("It is me").press("Yes").press("A private page").press("Send")
    assert "We have your report" in visitor.text
    return visitor


def _ours(folder: Path, ports: dict[int, tuple[int, int]]) -> str:
    """Return the file that we ship with this test's ports and certificate in it, and nothing else changed."""
    before, *servers = re.split(r"(?m)^(?=server \{)", (ROOT / "deploy" / "nginx.conf").read_text())
    before = before.replace("/var/log/nginx", str(folder))
    for usual, (outside, inside) in ports.items():
        (server,) = (each for each in servers if f"127.0.0.1:{usual};" in each)
        server = re.sub(r" +listen +\[::\]:443 ssl;\n", "", server).replace("443 ssl", f"127.0.0.1:{outside} ssl")
        server = re.sub(r"/etc/ssl/amparo/\w+\.", f"{folder}/help.", server)
        before += server.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{inside}")
    return before


def _around(ours: str, folder: Path) -> str:
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
    return f"{head}http {{\n{places}{ours}}}\n"


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=amparo test", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(folder / "help.key"), "-out", str(folder / "help.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [int(listener.getsockname()[1]) for listener in listeners]


def _wait(answers: Callable[[], httpx.Response]) -> None:
    until = time.monotonic() + 60
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if answers().status_code == 200:
                return
        assert time.monotonic() < until, "nginx, the door or the console did not come up"
        time.sleep(0.1)
