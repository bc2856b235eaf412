import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from supervised import wheel_binaries

from amparo.postgres import NoBinaries, binaries, find_binaries, prepare, start


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose own PostgreSQL versions are the ones that the test installs."""
    monkeypatch.delenv("PGBIN", raising=False)
    monkeypatch.setattr(binaries, "SYSTEM", tmp_path / "system")
    return tmp_path / "system"


def install(place: Path, version: str) -> Path:
    place.mkdir(parents=True)
    for program in ("postgres", "initdb"):
        (place / program).write_text(f"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n")
        (place / program).chmod(0o755)
    return place


def test_pgbin_comes_before_the_system(system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(system / "17" / "bin", "17.1")
    chosen = install(tmp_path / "chosen", "16.2 (Debian 16.2-1)")
    monkeypatch.setenv("PGBIN", str(chosen))
    assert find_binaries() == chosen


def test_the_newest_of_the_system_is_taken_by_number_not_by_letter(system: Path) -> None:
    install(system / "9" / "bin", "9.6.2")
    newest = install(system / "17" / "bin", "17.1")
    assert find_binaries() == newest


def test_half_an_installation_is_passed_over(system: Path) -> None:
    whole = install(system / "15" / "bin", "15.3")
    (install(system / "17" / "bin", "17.1") / "initdb").unlink()
    assert find_binaries() == whole


def test_the_wheel_serves_where_the_system_has_none(system: Path) -> None:
    assert find_binaries() == wheel_binaries()


def test_data_get_the_programs_of_their_own_version(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGBIN", str(install(tmp_path / "chosen", "16.2")))
    install(system / "17" / "bin", "17.1")
    older = install(system / "14" / "bin", "14.9")
    assert find_binaries(major=14) == older


def test_data_of_a_version_that_is_not_here_are_refused_by_its_name(system: Path) -> None:
    install(system / "17" / "bin", "17.1")
    with pytest.raises(NoBinaries, match=r"made by PostgreSQL 14 .* has 17 in .*Install PostgreSQL 14"):
        find_binaries(major=14)


def test_a_pgbin_without_programs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGBIN", str(tmp_path))
    with pytest.raises(NoBinaries, match=r"PGBIN names .* apt-get install postgresql"):
        find_binaries()


def test_programs_that_do_not_run_here_are_refused(
    system: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = install(tmp_path / "chosen", "16.2")
    (chosen / "postgres").write_bytes(b"\x7fELF of another machine")
    monkeypatch.setenv("PGBIN", str(chosen))
    with pytest.raises(NoBinaries, match="does not run on this machine"):
        find_binaries()


def test_a_machine_without_any_postgresql_is_told_what_to_install(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    with pytest.raises(NoBinaries, match=r"this machine has none. On Debian or Ubuntu: apt-get install postgresql"):
        find_binaries()


@pytest.fixture
def place_for_copies() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: programs below a directory closed to others; needs root")
def test_roots_programs_below_a_closed_directory_are_copied_to_where_the_server_reaches_them(
    home: Path, tmp_path: Path, place_for_copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = wheel_binaries().parent.parent
    for folder in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / folder, closed / package.name / "pginstall" / folder, symlinks=True)
    libraries = f"{package.name}.libs"
    shutil.copytree(package.parent / libraries, closed / libraries)
    monkeypatch.setenv("PGBIN", str(closed / package.name / "pginstall" / "bin"))
    monkeypatch.setattr(binaries, "COPIES", place_for_copies / "copies")
    prepare(home)
    with start(home) as server, psycopg.connect(server.url):
        program = Path(f"/proc/{server.pid}/exe").resolve()
    assert program.is_relative_to(place_for_copies)
    assert len(list((place_for_copies / "copies").iterdir())) == 1
