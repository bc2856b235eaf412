"""One clip and its copies on a running demo: a mirrored one, one in bars, one inside a compilation, and a reshare."""

import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field

import httpx

from amparo.cli.check import Person
from amparo.cli.demo import World
from amparo.cli.visitor import Visitor
from tests.media.clips import Picture, as_video, changed, moving

_PATIENCE_SECONDS = 120.0


def videos(seed: int) -> dict[str, bytes]:
    """Return the clip of ten seconds and what its copies are, by name."""
    clip = moving(seed)
    between = [*moving(seed + 1), *clip, *moving(seed + 2)]
    made: dict[str, list[Picture]] = {
        "clip": clip,
        "mirrored": changed(clip, "mirrored"),
        "in bars": changed(clip, "letterboxed"),
        "inside a compilation": between,
    }
    return {name: as_video(pictures) for name, pictures in made.items()}


@dataclass
class Site:
    """Plaza, by what its members and its moderator do."""

    world: World
    posts: dict[str, str] = field(default_factory=dict)
    reshares: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        key = {"Authorization": f"Bearer {self.world.plaza_key}"}
        self._moderator = httpx.Client(base_url=f"{self.world.plaza}/moderation", headers=key, trust_env=False)
        self._stranger = httpx.Client(trust_env=False, timeout=20)

    def account(self) -> str:
        """Return the handle of a new account."""
        handle = f"h{uuid.uuid4().hex[:12]}"
        self._moderator.post("/practice/accounts", json={"handle": handle}).raise_for_status()
        return handle

    def member(self, handle: str) -> httpx.Client:
        """Return a browser in which a member is signed in."""
        origin = {"Origin": self.world.plaza}
        client = httpx.Client(base_url=self.world.plaza, headers=origin, trust_env=False, timeout=30)
        signed = client.post("/sign-in", data={"handle": handle, "password": self.world.plaza_password})
        assert signed.status_code == httpx.codes.SEE_OTHER, signed.text
        return client

    def upload(self, content: bytes) -> httpx.Response:
        """Have a new member post a file; return Plaza's answer."""
        return self.member(self.account()).post(
            "/new", data={"text": "Shapes."}, files={"media": ("shapes.mp4", content)}
        )

    def post(self, name: str, content: bytes) -> str:
        """Have a new member post a file; return its address."""
        answer = self.upload(content)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        self.posts[name] = f"{self.world.plaza}{answer.headers['location']}"
        return self.posts[name]

    def reshare(self, name: str) -> str:
        """Have a new member reshare a post; return the address of the member's profile, where it is shown."""
        handle, number = self.account(), self.posts[name].rsplit("/", 1)[-1]
        answer = self.member(handle).post(f"/post/{number}/reshare", data={"press": "Reshare"})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return f"{self.world.plaza}/user/{handle}"

    def is_seen(self, address: str) -> bool:
        return self._stranger.get(address).status_code == httpx.codes.OK

    def words(self, address: str) -> str:
        return self._stranger.get(address).text

    def ask_before_publishing(self, *, asks: bool) -> None:
        """Have Plaza ask Amparo about each upload, with a key that an operator makes; or not any more."""
        told: dict[str, object] = {"upload_hook_url": None}
        if asks:
            name = f"plaza-{uuid.uuid4().hex[:8]}"
            made = amparo(self.world, "key", "new", name, "--may", "match", "--may", "show").stdout.split()
            told = {
                "upload_hook_url": f"{self.world.api}/hooks/plaza",
                "upload_hook_key": made[-1],
                "upload_hook_sends_file": True,
            }
        self._moderator.put("/settings", json=told).raise_for_status()


def amparo(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the demo's home, as its operator would."""
    environment = {**os.environ, "AMPARO_HOME": str(world.home)}
    command = [sys.executable, "-m", "amparo", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return done


def reported(world: World, address: str) -> None:
    """Report a post as a stranger, by the first press."""
    visitor = Visitor(f"127.9.{uuid.uuid4().int % 250}.{uuid.uuid4().int % 250 + 1}")
    answer = visitor.send(f"{world.door}/report", link=address, topic="sexual_picture", key=str(uuid.uuid4()))
    assert answer.status_code == httpx.codes.OK, answer.text


def seconds_until_hidden(site: Site, names: list[str]) -> dict[str, float]:
    """Look as a stranger until none of these posts opens; return how long each of them was seen."""
    began, seen = time.monotonic(), dict[str, float]()
    while len(seen) < len(names):
        assert time.monotonic() - began < _PATIENCE_SECONDS, f"still seen: {set(names) - set(seen)}"
        for name in names:
            if name not in seen and not site.is_seen(site.posts[name]):
                seen[name] = time.monotonic() - began
        time.sleep(0.05)
    return seen


def removed(world: World, case: str) -> str:
    """Have a reviewer remove what a case is about; return the words of its page."""
    reviewer = Person(world, "reviewer").visitor
    page = reviewer.open(f"{world.console}/cases/{case}")
    page.press("Open for review", within="/open").press("Remove", within="/remove")
    return reviewer.open(f"{world.console}/cases/{case}").text
