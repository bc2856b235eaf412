"""The files in `deploy/` are ones that systemd and Caddy take. nginx's is run in `test_behind_nginx`."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from amparo.cli import COMMANDS
from tests.docs.repository import ROOT

UNITS = ROOT / "deploy" / "systemd"
CADDY = shutil.which("caddy")
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is absent: it is part of systemd")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for unit in units.glob("*.service"):
        # The program is not installed here; that it is a command of ours is looked at below.
        unit.write_text(unit.read_text().replace("/opt/amparo/.venv/bin/amparo", "/bin/true"))
    for word in ("database", "vault", "worker", "door", "console", "api"):
        (units / f"amparo@{word}.service").symlink_to("amparo@.service")
    names = sorted(str(unit) for unit in units.iterdir() if unit.is_file() and "@." not in unit.name)
    told = subprocess.run([str(ANALYZE), "verify", *names], capture_output=True, text=True, check=False)
    ours = [line for line in told.stderr.splitlines() if "amparo" in line]
    assert ours == []
    assert told.returncode == 0, told.stderr


def test_every_command_in_a_unit_is_one_of_ours() -> None:
    started = "\n".join(unit.read_text() for unit in UNITS.glob("*.service"))
    said = re.findall(r"bin/amparo ([a-z]+|%i)", started)
    assert sorted(said) == ["%i", "backup"]
    assert {word for word in said if word != "%i"} <= set(COMMANDS)


@pytest.mark.parametrize("word", ["worker", "door"])
def test_whoever_watches_may_reach_the_pager(word: str) -> None:
    lifted = (UNITS / f"amparo@{word}.service.d" / "outside.conf").read_text().splitlines()
    assert {"[Service]", "IPAddressDeny=", "IPAddressAllow="} <= set(lifted)


@pytest.mark.skipif(CADDY is None, reason="Caddy is absent: apt-get install caddy")
def test_caddy_takes_its_file() -> None:
    words = [str(CADDY), "validate", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_caddy_is_told_to_drop_every_spelling_of_the_header_that_it_would_pass_on() -> None:
    dropped = re.findall(r"header_up -(\S+)", (ROOT / "deploy" / "Caddyfile").read_text())
    assert sorted(dropped) == sorted(["X_Forwarded_For", "X-Forwarded_For", "X_Forwarded-For"])
