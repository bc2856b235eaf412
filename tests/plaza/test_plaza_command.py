"""The command: what it makes at the first start, what it keeps, and what it refuses to start with."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.plaza.running_plaza import DOOR, running_plaza


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "plaza", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_the_first_start_makes_a_key_of_256_bits_that_only_its_owner_reads(tmp_path: Path):
    with running_plaza(tmp_path / "new" / "home", seeded=False) as plaza:
        assert re.fullmatch("[0-9a-f]{64}", plaza.key)
        for name in ("moderation.key", "practice.password"):
            assert (plaza.home / name).stat().st_mode & 0o777 == 0o600
        assert plaza.home.stat().st_mode & 0o777 == 0o700


def test_without_seed_plaza_is_empty(tmp_path: Path):
    with running_plaza(tmp_path, seeded=False) as plaza:
        assert "<article" not in plaza.stranger.get("/").text


def test_the_seed_has_pictures_videos_messages_and_rooms_and_is_sown_once(tmp_path: Path):
    counts = []
    for _ in range(2):
        with running_plaza(tmp_path) as plaza:
            pages = [plaza.stranger.get("/").text, plaza.stranger.get("/live").text]
            pages.append(plaza.member("harbour_light").get("/messages/paper_kite").text)
            counts.append(
                [sum(page.count(word) for page in pages) for word in ("<img", "<video", "<article", "/live/")]
            )

    assert counts[0] == counts[1]
    assert all(counts[0])


def test_what_moderation_did_outlives_a_kill_and_faults_do_not(tmp_path: Path):
    with running_plaza(tmp_path) as plaza:
        post = plaza.post(media="none")
        plaza.write(f"/subjects/post/{post['id']}/hide", key="before the kill")
        plaza.faults(lies=True)
        plaza.process.send_signal(signal.SIGKILL)
        key = plaza.key

    with running_plaza(tmp_path) as plaza:
        assert plaza.key == key
        assert plaza.stranger.get(f"/post/{post['id']}").status_code == 404
        assert plaza.write(f"/subjects/post/{post['id']}/hide", key="before the kill").json()["replayed"] is True
        assert plaza.moderator.get("/faults").json()["lies"] is False


def test_a_killed_plaza_leaves_nobody_at_its_port(tmp_path: Path):
    with running_plaza(tmp_path) as plaza:
        plaza.process.send_signal(signal.SIGKILL)
        plaza.process.wait(timeout=20)

        with pytest.raises(httpx.ConnectError):
            plaza.stranger.get("/")


def test_plaza_ends_quietly_when_asked_to(tmp_path: Path):
    with running_plaza(tmp_path) as plaza:
        plaza.process.send_signal(signal.SIGTERM)

        assert plaza.process.wait(timeout=20) == 0


def test_a_taken_port_is_named_in_a_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run("--home", str(tmp_path), "--listen", address, "--door-url", DOOR)

    assert (ended.returncode, ended.stderr) == (1, f"{address} is taken. Choose another port.\n")


@pytest.mark.parametrize(
    ("listen", "door", "name"),
    [
        ("0.0.0.0:0", DOOR, "--listen"),
        ("127.0.0.1", DOOR, "--listen"),
        ("127.0.0.1:99999", DOOR, "--listen"),
        ("127.0.0.1:0", "http://192.0.2.1:80", "--door-url"),
        ("127.0.0.1:0", "127.0.0.1:80", "--door-url"),
    ],
)
def test_addresses_outside_this_machine_are_refused(tmp_path: Path, listen: str, door: str, name: str):
    ended = run("--home", str(tmp_path), "--listen", listen, "--door-url", door)

    assert ended.returncode == 1
    assert ended.stderr.startswith(name)
    assert "Traceback" not in ended.stderr


def test_an_empty_key_file_stops_the_start(tmp_path: Path):
    (tmp_path / "moderation.key").touch()

    ended = run("--home", str(tmp_path), "--listen", "127.0.0.1:0", "--door-url", DOOR)

    assert ended.returncode == 1
    assert "moderation.key is empty" in ended.stderr
