"""`amparo demo`: Plaza, a practice site, and every process of Amparo beside it, in a folder that is gone afterwards.

The processes are the real ones, started as on a server. `--check` files reports as strangers, decides as people, and
proves each step on the practice site's own logged-out pages.
"""

import argparse
import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psycopg

from amparo.cli import processes
from amparo.cli.typed import typed
from amparo.home import BadSettings
from amparo.postgres import database_url

_STAFF = ("lead:lead", "reviewer:reviewer", "second-lead:lead", "second-reviewer:reviewer", "admin:admin")
_USUAL_PORTS = (8000, 8001, 8002, 8004)
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class World:
    """A running demo: four addresses, who may sign in, and where the logs are."""

    home: Path
    plaza: str
    door: str
    console: str
    api: str
    plaza_key: str
    plaza_password: str
    staff: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --check and how many reports it measures."""
    parser.add_argument("--check", action="store_true", help="run it on free ports, prove each step, and stop")
    parser.add_argument(
        "--reports", type=int, default=50, help="with --check: reports whose time to hidden is measured"
    )
    parser.add_argument(
        "--practice", action="store_true", help="make it a practice home, whose clock `amparo clock` moves on"
    )
    parser.add_argument("--json", action="store_true", help="with --check: print the rows as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Start the world; show it until Ctrl-C, or check it."""
    started = time.monotonic()
    with running_world(free_ports=arguments.check, is_practice=arguments.practice) as world:
        took = time.monotonic() - started
        if arguments.check:
            from amparo.cli.check import check

            return check(world, reports=arguments.reports, ready_seconds=took, as_json=arguments.json)
        _show(world, took)
        processes.stop_on_signals().wait()
    return 0


@contextlib.contextmanager
def running_world(
    *,
    free_ports: bool,
    prepare: Callable[[Path], None] | None = None,
    crowd: tuple[int, int] | None = None,
    is_practice: bool = False,
) -> Iterator[World]:
    """Start Plaza and Amparo in a fresh folder and wait until each process answers; end and delete it afterwards.

    `prepare` is given the new home before anything of it is started: to change its settings or policies. `crowd`: so
    many posts are on Plaza already, with so many different pictures.
    """
    folder = Path(tempfile.mkdtemp(prefix="amparo-demo-"))
    plaza_port, door_port, console_port, api_port = _ports(free_ports)
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        door, console, api = (f"127.0.0.1:{port}" for port in (door_port, console_port, api_port))
        plaza = f"127.0.0.1:{plaza_port}"
        words = ["--home", str(folder / "plaza"), "--listen", plaza, "--door-url", f"http://{door}", "--seed"]
        if crowd is not None:
            words += ["--items", str(crowd[0]), "--pictures", str(crowd[1])]
        started["plaza"] = processes.start_module("plaza", words, {}, folder / "plaza.log")
        _wait("Plaza", partial(_answers, f"http://{plaza}/"), started["plaza"])
        staff = _init(folder, plaza, door, console, api, *(["--practice"] if is_practice else []))
        if prepare is not None:
            prepare(folder / "amparo")
        started["amparo"] = processes.start("up", folder / "amparo", folder / "amparo.log")
        world = World(
            home=folder / "amparo",
            plaza=f"http://{plaza}",
            door=f"http://{door}",
            console=f"http://{console}",
            api=f"http://{api}",
            plaza_key=(folder / "plaza" / "moderation.key").read_text().strip(),
            plaza_password=(folder / "plaza" / "practice.password").read_text().strip(),
            staff=staff,
            processes=started,
        )
        wait_until_up(world)
        yield world
    except BadSettings:
        _show_logs(folder)
        raise
    finally:
        for process in reversed(started.values()):
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_up(world: World) -> None:
    """Return when every process of Amparo answers. Raises BadSettings when one does not come up."""
    up = world.processes["amparo"]
    for name, address in (("The door", world.door), ("The console", world.console)):
        _wait(name, partial(_answers, f"{address}/healthz"), up)
    _wait("The API", partial(_answers, f"{world.api}/status/live"), up)
    _wait("The worker", lambda: _worker_lives(world.home), up)
    _wait("The vault", (world.home / "run" / "vault-console.sock").exists, up)


def _init(folder: Path, plaza: str, door: str, console: str, api: str, *more: str) -> dict[str, str]:
    """Run `amparo init` as an operator would; return each sign-in name's password, read off what it prints."""
    words = [
        sys.executable, "-m", "amparo", "init", "--site-name", "Plaza", "--site-url", f"http://{plaza}",
        "--secret-file", str(folder / "plaza" / "moderation.key"), "--door-listen", door, "--console-listen", console,
        "--api-listen", api, "--regimes", "US,GB", *(word for each in _STAFF for word in ("--staff", each)), *more,
    ]  # fmt: skip
    env = {**os.environ, "AMPARO_HOME": str(folder / "amparo")}
    told = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise BadSettings(f"amparo init failed: {told.stderr.strip()}")
    return dict(re.findall(r"signs in as (\S+) with (\S+)", told.stdout))


def _ports(free: bool) -> list[int]:
    """Return the usual ports where they are free, or any free ones."""
    with contextlib.ExitStack() as stack:
        ports: list[int] = []
        for usual in _USUAL_PORTS:
            listener = stack.enter_context(socket.socket())
            try:
                listener.bind(("127.0.0.1", 0 if free else usual))
            except OSError:
                listener.bind(("127.0.0.1", 0))
            ports.append(int(listener.getsockname()[1]))
    return ports


def _wait(name: str, answers: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if answers():
                return
        except (httpx.HTTPError, psycopg.Error):
            pass  # Not up yet: asked again until the patience ends, and then said aloud below.
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise BadSettings(f"{name} did not come up. Its log is printed above.")


def _answers(address: str) -> bool:
    return httpx.get(address, trust_env=False).is_success


def _worker_lives(home: Path) -> bool:
    with psycopg.connect(database_url(home / "database"), connect_timeout=2) as connection:
        found = connection.execute("SELECT 1 FROM records_heartbeat WHERE process = 'worker'").fetchone()
    return found is not None


def _show(world: World, took: float) -> None:
    print(f"\nReady after {took:.0f} s.\n")
    print(f"  Plaza, the practice site   {world.plaza}      sign in with the password {world.plaza_password}")
    print(f"  The door                   {world.door}/help-me")
    print(f"  The console                {world.console}")
    make_key = typed("key", "new", "NAME", "--may", "match")
    print(f"  The API                    {world.api}      {make_key} makes a key")
    for name, password in world.staff.items():
        print(f"    sign in as {name:<16} {password}")
    print("\nCommands find its home in another shell, too, after this line:")
    print(f"  export AMPARO_HOME={shlex.quote(str(world.home))}")
    print("\nReport a post on Plaza, then decide about it on the console. Ctrl-C ends it and deletes everything.")


def _show_logs(folder: Path) -> None:
    for log in sorted(folder.glob("*.log")):
        print(f"--- {log.name}", file=sys.stderr)
        print("\n".join(log.read_text(errors="replace").splitlines()[-30:]), file=sys.stderr)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
