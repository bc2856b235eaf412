"""The how-to page "Connect your site" is true: its commands, run as they stand, hide a post of the example site."""

import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.connectors.running_site import ROOT

PAGE = (ROOT / "docs" / "howto" / "connect-your-site.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
CLONE, *STEPS = BLOCKS
PORTS = ("8001", "8002", "8003", "8004")
END = re.findall(r"`(kill [^`]+)`", PAGE)

# Stands in for the checkout's ./run: the same command from this environment, on ports that are free.
RUN = """#!/bin/sh
case "$1" in init) shift
  set -- init --door-listen 127.0.0.1:{0} --console-listen 127.0.0.1:{1} --api-listen 127.0.0.1:{3} "$@" ;; esac
exec {python} -m amparo "$@"
"""


def _free_ports() -> list[str]:
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.socket()) for _ in PORTS]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [str(listener.getsockname()[1]) for listener in listeners]


@pytest.fixture
def walked(tmp_path: Path) -> str:
    """Everything that the page's commands print, in a folder and a home of their own."""
    ports = _free_ports()
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "run").write_text(RUN.format(*ports, python=sys.executable))
    (tmp_path / "run").chmod(0o755)
    script = "\n".join([*STEPS, *END, "wait"])
    for written, free in zip(PORTS, ports, strict=True):
        script = script.replace(written, free)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AMPARO_", "DATABASE_", "DJANGO_"))}
    walk = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=env | {"HOME": str(tmp_path)}, timeout=300, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return walk.stdout


def test_the_pages_commands_lead_from_nothing_to_a_hidden_post(walked: str) -> None:
    assert re.findall(r"^(\d{3})$", walked, re.MULTILINE) == ["200", "303", "404"], walked
    sums = re.findall(r"(\d+) right, (\d+) wrong, (\d+) not tried", walked)
    assert [wrong for _, wrong, _ in sums[:2]] == ["0", "0"], walked
    # The second time the card says everything, so there is nothing that was not tried.
    assert sums[1][2] == "0", walked
    assert sums[-1][1] == "0", walked
    assert "No such file" not in walked


def test_the_page_begins_with_a_clone_and_ends_what_it_started() -> None:
    assert CLONE.startswith("git clone ADDRESS")
    assert END == ["kill %1 %2"]


def test_the_form_of_the_page_posts_what_its_command_and_the_example_post() -> None:
    form = re.findall(r"^```html\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
    fields = set(re.findall(r'name="(\w+)"', form))
    assert fields == {"link", "topic", "key"}
    assert set(re.findall(r"-d (\w+)=", PAGE)) == fields
    assert set(re.findall(r'name="(\w+)"', (ROOT / "examples" / "webhook_site.py").read_text())) == fields
    assert 'method="post" action="http://127.0.0.1:8001/report"' in form


def test_the_readme_leads_to_the_page() -> None:
    assert "(docs/howto/connect-your-site.md)" in (ROOT / "README.md").read_text()
