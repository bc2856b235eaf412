"""`amparo doctor`: says what keeps an installation from working; `amparo doctor connector` proves a site on a canary.

Every row has its result and, where it is wrong, one sentence that says what to mend. The exit code is 1 if any is.
"""

import argparse
import json
import shutil
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

import django
import httpx

from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError

_LEAST_FREE_BYTES = 1024**3
_PATIENCE_SECONDS = 5.0
# The worker looks once a second. What waits longer is waiting for something.
_TAKEN_IN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Row:
    """One thing that was tried. `is_right` is None where it was not; `mend` says what to do where it is wrong."""

    what: str
    is_right: bool | None
    found: str
    seconds: float | None = None
    mend: str = ""


@dataclass
class Findings:
    """The rows so far, printed as they come unless they are wanted as JSON."""

    as_json: bool
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> Row:
        self.rows.append(row)
        if not self.as_json:
            sign = {True: "✓", False: "✗", None: "–"}[row.is_right]
            took = "" if row.seconds is None else f"{row.seconds:.2f} s"
            print(f"  {sign} {row.what:<48} {took:>8}   {row.found}", flush=True)
            if row.mend and not row.is_right:
                print(f"      {row.mend}", flush=True)
        return row

    def end(self) -> int:
        """Print the sum, or all as JSON; return the exit code."""
        wrong = sum(row.is_right is False for row in self.rows)
        if self.as_json:
            print(json.dumps([asdict(row) for row in self.rows], indent=1, ensure_ascii=False))
        else:
            right, left = sum(row.is_right is True for row in self.rows), sum(row.is_right is None for row in self.rows)
            print(f"\n{right} right, {wrong} wrong, {left} not tried.")
        return 1 if wrong else 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to look at, and what may be done to the canary."""
    parser.add_argument("part", nargs="?", choices=["connector"], help="prove a connector; else the installation")
    parser.add_argument("name", nargs="?", help="which connector, where there are several")
    parser.add_argument("--canary", metavar="URL", help="a post that you made to be hidden and shown again")
    parser.add_argument("--remove", action="store_true", help="remove the canary at the end; it does not come back")
    parser.add_argument("--suspend", action="store_true", help="lock the canary's account and open it again")
    parser.add_argument("--watch", type=float, default=10.0, help="seconds for which a hidden canary must stay hidden")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Look at the installation or prove a connector; return 1 where anything is wrong."""
    here = home()
    settings = here.read()
    try:
        django.setup()
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    if not 1 <= arguments.watch <= 3600:
        raise BadSettings("Watch the hidden canary for 1 to 3600 seconds: --watch 10.")
    findings = Findings(arguments.json)
    if arguments.part == "connector":
        from amparo.cli.canary import prove

        if arguments.canary is None:
            raise BadSettings("Name a post that you made for this: amparo doctor connector --canary URL.")
        prove(here, settings, arguments, findings)
    else:
        _installation(here, findings)
    return findings.end()


class _NotTried(Exception):
    """What a row is about cannot be known now, for a reason that another row gives. The text says it."""


def _installation(here: Home, findings: Findings) -> None:
    from amparo.cli import ready
    from amparo.plugins import read_connectors, read_policies

    def database() -> str:
        ready.check("")
        return "answers, forgets nothing, has this version's tables"

    is_right: bool | None
    tries: tuple[tuple[str, Callable[[], str]], ...] = (
        ("policies", lambda: f"{len(read_policies(here.policies))} in force"),
        ("connectors and their secrets", lambda: ", ".join(read_connectors(here, here.read()))),
        ("the key of certificates", _certificate_key),
        ("database", database),
        ("vault", lambda: _vault(here)),
        ("worker", _worker),
        ("door", lambda: _served(here, "door")),
        ("console", lambda: _served(here, "console")),
        ("api", lambda: _api(here)),
        ("media sandbox", _sandbox),
        ("disk", lambda: _disk(here)),
        ("reports of an outage that wait", lambda: _waiting(here)),
        ("reports of an outage that lie aside", lambda: _aside(here)),
    )
    for what, look in tries:
        started, is_right, mend = time.monotonic(), True, ""
        try:
            found = look()
        except BadSettings as error:
            found, is_right, mend = "not right", False, str(error)
        except _NotTried as error:
            found, is_right = str(error), None
        findings.add(Row(what, is_right, found, time.monotonic() - started, mend))


def _certificate_key() -> str:
    """Without it a worker does not start; without its public half nobody can check what it signed."""
    from amparo.plugins import certificate_keys, certificate_signer

    own = certificate_signer().key
    try:
        is_published = str(own) in certificate_keys().splitlines()
    except FileNotFoundError:
        is_published = False
    if not is_published:
        raise BadSettings("keys/certificate.pub lacks the key that signs. Run: amparo init --upgrade")
    return f"signs as {own.name}"


def _vault(here: Home) -> str:
    from amparo.vault.wire import CONSOLE_SOCKET, DOOR_SOCKET, WORKER_SOCKET

    for who, name in (("door", DOOR_SOCKET), ("console", CONSOLE_SOCKET), ("worker", WORKER_SOCKET)):
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(here.run / name))
            except OSError:
                raise BadSettings(
                    f"The vault does not answer the {who}. Start `amparo vault` (or `amparo up`) again."
                ) from None
    return "answers the door, the console and the worker"


def _worker() -> str:
    from django.db import Error

    from amparo.records import heartbeats
    from amparo.workers.watch import WORKER_SILENT_AFTER

    try:
        last = heartbeats.last("worker")
    except Error:
        raise _NotTried("it tells the database that it is alive, and that does not answer") from None
    mend = "Nothing is hidden and no clock runs. Start `amparo worker` (or `amparo up`), and look at its log."
    if last is None:
        raise BadSettings(f"No worker has ever been alive. {mend}")
    if datetime.now(UTC) - last > WORKER_SILENT_AFTER:
        raise BadSettings(f"No worker has been alive since {last:%d %b, %H:%M:%S} UTC. {mend}")
    return f"was alive at {last:%H:%M:%S} UTC"


def _api(here: Home) -> str:
    if "api" not in here.read():
        raise _NotTried("this home has no [api]: no program can ask about uploads")
    return _served(here, "api", "/status/live")


def _served(here: Home, name: str, page: str = "/healthz") -> str:
    """Ask it where it listens, an address or a Unix socket, under the name that people use."""
    table = here.read().get(name, {})
    hosts = table.get("hosts", ["127.0.0.1"])
    try:
        listen = str(table["listen"])
        is_socket = listen.startswith("unix:/")
        way = httpx.HTTPTransport(uds=listen.removeprefix("unix:") if is_socket else None)
        with httpx.Client(transport=way, timeout=_PATIENCE_SECONDS, trust_env=False) as client:
            address = f"http://{name if is_socket else listen}{page}"
            answer = client.get(address, headers={"Host": str(hosts[0])})
    except KeyError as error:
        raise BadSettings(f"[{name}] lacks the setting {error}. Add it to amparo.toml.") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise BadSettings(f"The {name} does not answer. Start `amparo {name}` (or `amparo up`).") from None
    if not answer.is_success:
        raise BadSettings(f"The {name} answers {answer.status_code} where it should say ok. See its log.")
    return "answers"


def _sandbox() -> str:
    from amparo.media.errors import SandboxFailed
    from amparo.plugins import sandbox

    try:
        level = sandbox().level()
    except SandboxFailed as error:
        raise BadSettings(f"Nothing is decoded: {error}") from None
    if not level.is_full:
        raise BadSettings(f"Active: {level}. {level.mend}")
    return str(level)


def _disk(here: Home) -> str:
    free = shutil.disk_usage(here.path).free
    if free < _LEAST_FREE_BYTES:
        raise BadSettings("Less than 1 GiB is free where the home lies. Make room: what cannot be kept is not taken.")
    return f"{free / 1024**3:.0f} GiB free"


def _waiting(here: Home) -> str:
    """What was acknowledged in an outage and stands in no case yet."""
    from amparo.vault.spool import waiting

    try:
        labels = waiting(here.spool)
    except OSError as error:
        raise BadSettings(f"The folder {here.spool} cannot be read: {error.strerror}.") from None
    late = sum(datetime.now(UTC) - label.received_at > _TAKEN_IN_AFTER for label in labels)
    if late:
        raise BadSettings(
            f"{late} of {len(labels)} have waited for more than a minute. They are taken in by themselves once the "
            "database, the vault and a worker of this machine run; until then, keep the folder spool/."
        )
    return f"{len(labels)}, being taken in" if labels else "none"


def _aside(here: Home) -> str:
    from amparo.vault.spool import lying_aside

    try:
        names = lying_aside(here.spool)
    except OSError as error:
        raise BadSettings(f"The folder {here.spool} cannot be read: {error.strerror}.") from None
    if names:
        raise BadSettings(
            f"{len(names)} could not be taken in and lie in spool/aside/, although they were acknowledged. Keep them, "
            "and take up the alarm spool_aside: docs/howto/take-up-an-alarm.md."
        )
    return "none"
