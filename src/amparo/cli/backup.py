"""`amparo backup FOLDER`: everything of a home but its spool, as it is at one moment, while it runs.

1. the database, and from the same moment the list of sealed objects
2. the sealed objects. Their bytes are on disk before a row names them, and nothing removes them as long as a row
   does, so after the database is written every object that it names is there
3. settings, policies, and the keys that anybody may see; the secret ones only with --with-keys
4. what it is, then the list of all files; everything is read back, and only then the folder has its name

A backup without `keys/` opens nothing: keep the keys apart, where nobody reads both. What an outage has left in the
spool is counted and said: a worker takes it in, and the next backup has it.
"""

import argparse
import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from amparo.cli.kept import NewFolder, Progress, new_folder, say
from amparo.cli.running import running_database
from amparo.cli.spooled import spooled
from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError, dump

FORMAT = 1
ABOUT, DATABASE = "backup.json", "database.dump"
_PUBLIC = ("recipients.txt",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to, and whether the keys go with it."""
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument("--with-keys", action="store_true", help="the secret keys, too: whoever has it can open all")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup; return 1 where a sealed object is missing or changed, because then it is not whole."""
    here, folder = home(), arguments.folder.resolve()
    here.read()
    if folder.is_relative_to(here.path):
        raise BadSettings("A backup inside the home would be lost with it. Name a folder elsewhere.")
    left = spooled(here).sentences("the backup")
    try:
        with running_database(here) as url, new_folder(folder) as new:
            damaged = _write(here, url, new, with_keys=arguments.with_keys)
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    print(f"The backup is {folder}. Every file was read back.")
    if not arguments.with_keys:
        print("The secret keys are not in it. Without keys/vault.key or a recovery key nothing sealed can be opened.")
    for sentence in left:
        print(sentence)
    for object_id, what in damaged.items():
        print(f"{object_id} is {what} in the vault's store. Put it back from an earlier backup.")
    return 1 if damaged else 0


def _write(here: Home, url: str, new: NewFolder, *, with_keys: bool) -> dict[str, str]:
    import django

    django.setup()
    from amparo.records import snapshot

    with snapshot.one_moment() as moment:
        made_at = datetime.now(UTC)
        counts = snapshot.counts()
        say(f"the database: {counts['events']} events of {counts['cases']} cases and {counts['notices']} notices")
        dump(url, new.place(DATABASE), moment)
        new.keep(DATABASE)
        damaged: dict[str, str] = {}
        progress = Progress("sealed objects", counts["objects"])
        for sealed in snapshot.sealed_objects():
            try:
                if new.copy(here.objects / sealed.id, f"vault/{sealed.id}") != sealed.sha256:
                    damaged[sealed.id] = "changed"
            except FileNotFoundError:
                damaged[sealed.id] = "missing"
            progress.step()
    for policy in sorted(here.policies.glob("*.toml")):
        new.copy(policy, f"policies/{policy.name}")
    for key in sorted(here.keys.iterdir()):
        if with_keys or key.name in _PUBLIC or key.suffix == ".pub":
            new.copy(key, f"keys/{key.name}")
    new.copy(here.settings_file, here.settings_file.name)
    about = {
        "format": FORMAT,
        "made_at": made_at.isoformat(timespec="seconds"),
        "amparo": version("amparo"),
        "with_keys": with_keys,
        "counts": counts,
        "damaged": damaged,
    }
    new.write(ABOUT, json.dumps(about, indent=2) + "\n")
    say("reading everything back")
    return damaged
