"""`amparo restore FOLDER`: a home as a backup has it, in a folder where none is.

1. every file of the backup is read and compared with its list, before anything is written
2. policies, sealed objects and keys; then the database, all of it or nothing; the settings last
3. it is looked at: the counts of the backup, what must never be, folded cases, and, with the key, opened objects

Who was signed in is not any more. What came after the backup is not there: nothing here can bring it back.
"""

import argparse
import json
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Any

from amparo.cli.backup import ABOUT, DATABASE, FORMAT
from amparo.cli.kept import SUMS, say, wrong_files
from amparo.cli.running import running_database
from amparo.cli.tables import migrate
from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError, is_empty, load, prepare

_TRIED_OBJECTS = 100
_FOLDED = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where from; where to is AMPARO_HOME."""
    parser.add_argument("folder", type=Path, help="a backup; the home, AMPARO_HOME, must be empty or hold keys/ only")


def run(arguments: argparse.Namespace) -> int:
    """Restore and look at it; return 1 where something is not as it should be."""
    here, folder = home(), arguments.folder.resolve()
    about = _checked(folder)
    if here.path.exists() and {each.name for each in here.path.iterdir()} - {"keys"}:
        raise BadSettings(f"{here.path} is not empty. Name another home in AMPARO_HOME; it may hold keys/ and no more.")
    has_django_key = any((each / "keys" / "django.key").exists() for each in (folder, here.path))
    try:
        if "DATABASE_URL" in os.environ and not is_empty(os.environ["DATABASE_URL"]):
            raise BadSettings("The database that DATABASE_URL names has tables already. Create an empty one.")
        _put_back(folder, here)
    except (DatabaseError, OSError) as error:
        raise BadSettings(f"Not restored: {error}\nEmpty {here.path} (but for your keys) and try again.") from None
    with running_database(here):
        is_whole = _look(here, about)
    print(f"The home is {here.path}, as it was at {about['made_at']}. What came later is not in it.")
    for sentence in _missing(here, has_django_key=has_django_key):
        print(f"  Missing: {sentence}")
    print("Start with: amparo up" if is_whole else "Do not start it before you know why the above is so.")
    return 0 if is_whole else 1


def _checked(folder: Path) -> dict[str, Any]:
    """Return what the backup says of itself. Raises BadSettings unless each of its files is as it was written."""
    say(f"comparing every file with {SUMS}")
    if wrong := wrong_files(folder):
        shown = ", ".join(wrong[:5])
        raise BadSettings(f"{len(wrong)} files of the backup are missing or changed ({shown}). Use another backup.")
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text())
    except (OSError, ValueError):
        raise BadSettings(f"{folder} is no backup: it has no {ABOUT}.") from None
    if about.get("format") != FORMAT:
        raise BadSettings("The backup was made by a newer version. Restore it with that one.")
    return about


def _put_back(folder: Path, here: Home) -> None:
    here.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for place in (here.keys, here.objects, here.run, here.policies):
        place.mkdir(exist_ok=True, mode=0o700)
    for name, place in (("policies", here.policies), ("vault", here.objects), ("keys", here.keys)):
        for file in sorted((folder / name).glob("*")):
            if not (place / file.name).exists():
                shutil.copyfile(file, place / file.name)
                (place / file.name).chmod(0o600)
    if not (here.keys / "django.key").exists():
        # A new one costs everybody a sign-in. It does not know the records of the old home's spool: see `_missing`.
        with open(os.open(here.keys / "django.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as key:
            key.write(secrets.token_urlsafe(48))
    if "DATABASE_URL" not in os.environ:
        prepare(here.database)
    say("filling the database")
    with running_database(here) as url:
        load(url, folder / DATABASE)
        shutil.copyfile(folder / here.settings_file.name, here.settings_file)
    os.sync()


def _look(here: Home, about: dict[str, Any]) -> bool:
    """Print what was found, and return whether everything is as it should be."""
    migrate(here)
    from amparo.records import invariants, snapshot

    found = snapshot.counts()
    lost = {name: count for name, count in about["counts"].items() if found.get(name) != count}
    _row("counted", ", ".join(f"{count} {name}" for name, count in found.items()))
    for name, count in lost.items():
        _row(f"{name} in the backup", f"{count}, and not {found.get(name)}", is_right=False)
    breaches = invariants.breaches()
    _row("what must never be", f"{len(breaches)} found", is_right=not breaches)
    for breach in breaches[:10]:
        _row(breach.what, breach.about, is_right=False)
    absent = sum(not (here.objects / sealed.id).exists() for sealed in snapshot.sealed_objects())
    _row("sealed objects without their bytes", str(absent), is_right=not absent)
    folded = _differently_folded(snapshot.some_aggregates(_FOLDED))
    _row(f"cases and notices folded anew, of each up to {_FOLDED}", f"{folded} differ", is_right=not folded)
    are_open = _opened(here, snapshot.some_sealed_objects(_TRIED_OBJECTS))
    return not (lost or breaches or absent or folded) and are_open


def _differently_folded(aggregates: list[str]) -> int:
    from datetime import UTC, datetime

    from amparo.policies.policy import PolicyBook
    from amparo.records.casebook import Casebook

    book = Casebook(PolicyBook(()), lambda: datetime.now(UTC), os.urandom, lambda aggregate: None)
    return sum(not book.refold(aggregate) for aggregate in aggregates)


def _opened(here: Home, objects: list[str]) -> bool:
    """Open a sample for nobody where the key is there; return False where one does not open."""
    key = here.keys / "vault.key"
    if not key.exists():
        _row("sealed objects opened", "none: keys/vault.key is not there")
        return True
    from amparo.records.access import Register
    from amparo.vault.errors import BadSetup, VaultError
    from amparo.vault.keys import read_identities
    from amparo.vault.opening import Opener
    from amparo.vault.store import Store

    wrong = 0
    try:
        opener = Opener(Store(here.objects, writable=False), read_identities(key), Register())
    except BadSetup as error:
        _row("sealed objects opened", str(error), is_right=False)
        return False
    for object_id in objects:
        try:
            opener.prove(object_id)
        except VaultError:
            wrong += 1
            _row("does not open", object_id, is_right=False)
    _row("sealed objects opened, by chance", f"{len(objects) - wrong} of {len(objects)}", is_right=not wrong)
    return not wrong


def _missing(here: Home, *, has_django_key: bool) -> list[str]:
    """Return what the home lacks before it can run, or before an old spool can be copied in."""
    missing = []
    if not has_django_key:
        missing.append(
            "keys/django.key; a new one was made. Put the old one back before you copy an old spool/ in: what waits "
            "there is signed with it, and would be set aside"
        )
    if not (here.keys / "vault.key").exists():
        missing.append("keys/vault.key, without which nothing sealed can be opened")
    if not (here.keys / "recipients.txt").exists():
        missing.append("keys/recipients.txt, without which nothing can be sealed")
    if not (here.keys / "certificate.key").exists():
        missing.append("keys/certificate.key, which signs certificates; without it, make one: amparo init --upgrade")
    for each in here.read().get("connector", []):
        if not (here.keys / f"{each.get('name')}.key").exists():
            missing.append(f"keys/{each.get('name')}.key, the platform's moderation key")
    return missing


def _row(what: str, found: str, *, is_right: bool = True) -> None:
    print(f"  {'✓' if is_right else '✗'} {what}: {found}", file=sys.stdout, flush=True)
