"""A fresh installation to measure: its own home, the embedded database, the door, and Plaza as its platform.

The processes are those that run on a server. The one setting that differs is the budget of automatic hides in all:
2,000 an hour are gone in seconds here, and then a person would be called instead of the post hidden, which is less
work. The budget of a network stays as shipped.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from amparo.cli import processes
from amparo.home import BadSettings
from amparo.postgres import check_durable, database_url, wait_until_ready
from benchmarks.machine import cpu_seconds

_PATIENCE_SECONDS = 60.0
_BRAKE = re.compile(r"(reports|network)_per_minute = \d+")
_BUDGET = re.compile(r"in_all_per_hour = \d+")


@dataclass
class World:
    """What runs. `parts` are its processes by name; `site` is the address of the platform that is reported to."""

    home: Path
    door: str
    site: str
    database: str = ""
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def cpu_seconds(self) -> dict[str, float]:
        """Return the processor time each part has taken so far."""
        return {name: cpu_seconds(part.pid) for name, part in self.parts.items()}

    def start(self, word: str) -> None:
        self.parts[word] = processes.start(word, self.home, self.log(word))

    def log(self, name: str) -> Path:
        return self.home.parent / f"{name}.log"

    def posts(self, number: int) -> list[str]:
        """Have the platform publish that many posts without pictures; return their addresses."""
        key = {"Authorization": f"Bearer {(self.home.parent / 'plaza' / 'moderation.key').read_text().strip()}"}
        with httpx.Client(base_url=f"{self.site}/moderation/practice", headers=key, trust_env=False) as platform:
            platform.post("/accounts", json={"handle": "harbour"}).raise_for_status()
            made = {"account": "harbour", "text": "A practice post.", "media": "none"}
            told = [platform.post("/posts", json=made).raise_for_status().json() for _ in range(number)]
        return [str(each["url"]) for each in told]

    def end(self, name: str) -> None:
        part = self.parts.pop(name)
        part.terminate()
        try:
            part.wait(timeout=30)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()


@contextlib.contextmanager
def running_world() -> Iterator[World]:
    """Make a home, start its platform, database and door, and take all away afterwards. Raises BadSettings."""
    folder = Path(tempfile.mkdtemp(prefix="amparo-bench-"))
    # Somebody's real database must never hold what is made up here.
    os.environ.pop("DATABASE_URL", None)
    listen, site = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    world = World(folder / "home", f"http://{listen}", f"http://{site}")
    try:
        words = ["--home", str(folder / "plaza"), "--listen", site, "--door-url", world.door]
        world.parts["plaza"] = processes.start_module("plaza", words, {}, world.log("plaza"))
        wait_for(f"{world.site}/", world.parts["plaza"], world.log("plaza"))
        _init(folder, world, listen)
        world.start("database")
        world.database = database_url(world.home / "database")
        wait_until_ready(world.database)
        with psycopg.connect(world.database) as connection:
            check_durable(connection)
        world.start("door")
        wait_for(f"{world.door}/healthz", world.parts["door"], world.log("door"))
        yield world
    finally:
        for name in reversed(list(world.parts)):
            world.end(name)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until a server answers. Raises BadSettings with the end of its log where it does not."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):  # Not up yet: asked again until the patience ends.
            if httpx.get(address, trust_env=False).is_success:
                return
        time.sleep(0.1)
    raise BadSettings(f"A server of the benchmark did not come up:\n{log.read_text()[-2000:]}")


def _init(folder: Path, world: World, listen: str) -> None:
    words = [
        sys.executable, "-m", "amparo", "init", "--site-url", world.site, "--regimes", "US,GB",
        "--secret-file", str(folder / "plaza" / "moderation.key"),
        "--door-listen", listen, "--console-listen", f"127.0.0.1:{free_port()}",
    ]  # fmt: skip
    env = {**os.environ, "AMPARO_HOME": str(world.home)}
    told = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise BadSettings(f"amparo init failed: {told.stderr.strip()}")
    # What is measured is how much the door takes in, not how it brakes.
    settings = world.home / "amparo.toml"
    settings.write_text(_BRAKE.sub(r"\1_per_minute = 10_000_000", settings.read_text()))
    for policy in (world.home / "policies").glob("*.toml"):
        policy.write_text(_BUDGET.sub("in_all_per_hour = 10_000_000", policy.read_text()))
