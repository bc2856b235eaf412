"""Makes the database of a home, once: the files, the role `amparo`, its password and the database `amparo`."""

import os
import shutil
import subprocess
from pathlib import Path

from amparo.postgres.account import Account, server_account
from amparo.postgres.binaries import find_binaries, runnable_by
from amparo.postgres.errors import CannotStart
from amparo.postgres.home import ROLE, Home
from amparo.postgres.program import reachable_data

SETTINGS = """
# --- Written by Amparo when it made this database. Change what you need, but Amparo refuses to start without ---
# --- fsync, full_page_writes and synchronous_commit.                                                         ---
listen_addresses = ''
max_connections = 100
shared_buffers = 128MB
fsync = on
full_page_writes = on
synchronous_commit = on
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
# The log holds nobody's data: neither the statements nor the rows that an error is about.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def prepare(path: Path) -> Home:
    """Make the database in `path` unless it is there already, and return its home.

    May be repeated, also after it was interrupted: the data appear complete or not at all. Raises AlreadyServed when
    somebody else is making them just now, NoBinaries, CannotStart.

    1. the directory (0700) and the password (0600)
    2. initdb beside, as the server's user, with checksums; passwords are asked for on every connection
    3. our settings, and the database
    4. everything gets its final name at once
    """
    path.expanduser().mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home.at(path)
    if home.is_prepared:
        return home
    with home.claim():
        if not home.is_prepared:
            _make(home)
    return home


def _make(home: Home) -> None:
    account = server_account(home.data)
    binaries = runnable_by(account, find_binaries())
    password = home.ensure_password()
    unfinished = home.path / "data.new"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    account.give(unfinished)
    # The server's user cannot read home/password, but the directory of the socket is its own.
    told = home.ensure_socket_directory(account) / "password"
    told.unlink(missing_ok=True)
    with open(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    account.give(told)
    try:
        how = ["--encoding=UTF8", "--locale=C", "--data-checksums", "--auth=scram-sha-256", f"--pwfile={told}"]
        how.append(f"--username={ROLE}")
        _run(binaries / "initdb", unfinished, account, how)
    finally:
        told.unlink()
    with (unfinished / "postgresql.conf").open("a") as conf:
        conf.write(SETTINGS)
    alone = ["--single", "-c", "exit_on_error=on", "postgres"]
    _run(binaries / "postgres", unfinished, account, alone, said=f"CREATE DATABASE {ROLE};\n")
    unfinished.rename(home.data)
    _sync(home.path)
    home.remove_sockets()  # The server makes the same directory again; an unused database keeps nothing outside.


def _run(program: Path, data: Path, account: Account, words: list[str], said: str = "") -> None:
    with reachable_data(data, account) as (place, options):
        # The server takes "--single" as its first word only, and the name of a database as its last.
        command: list[str | Path] = [program, words[0], "-D", place, *words[1:]]
        try:
            ended = subprocess.run(command, input=said, capture_output=True, text=True, timeout=300, **options)
        except (OSError, subprocess.SubprocessError) as why:
            raise CannotStart(f"{program} could not be run as user {account.uid}: {why}.") from why
    if ended.returncode != 0:
        raise CannotStart(f"The database could not be made; {program.name} says:\n{ended.stderr.strip()}")


def _sync(directory: Path) -> None:
    """Make sure that a name just given in `directory` outlives a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
