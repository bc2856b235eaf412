"""`amparo export FOLDER`: everything in forms that need no Amparo to read, so that leaving is possible.

Lines of JSON, one file for each table, all of one moment; the policies as they were written; a page that says what is
what. What people wrote and what was reported stays sealed, unless a member of staff puts their name and password to
it: then the vault opens each object for that person, and each opening is on record before its first byte. What an
outage has left in the spool is in no table yet, so it is counted and said.
"""

import argparse
import getpass
import json
import sys
import tomllib
from pathlib import Path

from amparo.cases.refs import StaffId
from amparo.cli.kept import NewFolder, Progress, new_folder, say
from amparo.cli.running import running_database
from amparo.cli.spooled import spooled
from amparo.home import BadSettings, Home, home
from amparo.postgres import DatabaseError

_WRITTEN, _CONTENT = frozenset({"words", "letter"}), frozenset({"content"})

_README = """\
# An export of Amparo

Of {site}, as it was when the export was made. Each file `NAME.jsonl` has one JSON object a line; times are UTC.

| file | what a line is |
|---|---|
| `events.jsonl` | one event of a case or notice, in its order: what happened, who did it, under which policy |
| `cases.jsonl` | one case, with its state as its events add up to it |
| `notices.jsonl` | one report, likewise |
| `notices_of_cases.jsonl` | which report names which case |
| `certificates.jsonl` | what was signed for one report, once something that it names was seen gone |
| `clocks.jsonl` | one deadline that is running |
| `effects.jsonl` | one order to the platform, and what became of it |
| `alarms.jsonl` | one call for a person |
| `staff.jsonl`, `staff_accounts.jsonl` | who judged, and which accounts are theirs |
| `offices.jsonl`, `office_contacts.jsonl` | authorities on file, how they are called back, and who answers for it |
| `access.jsonl` | one opening of something sealed: who, what, why |
| `sealed.jsonl` | one sealed object: its kind, whose it is, its size, the SHA-256 of its sealed bytes |
| `policies/` | every version of a policy that was in force, by its address |
| `amparo.toml` | the settings, without the address of the pager |
| `opened/` | sealed objects by their id, {opened} |
| `SHA256SUMS` | the digest of each file; `sha256sum --check SHA256SUMS` compares them |

Every field is in the reference, docs/reference/export.md of Amparo.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to, and whether and by whom sealed things are opened."""
    parser.add_argument("folder", type=Path, help="a folder that is not there yet")
    parser.add_argument(
        "--open-sealed", metavar="NAME", help="open what people wrote, in the name of this reviewer or lead"
    )
    parser.add_argument("--with-content", action="store_true", help="with --open-sealed: reported media, too")


def run(arguments: argparse.Namespace) -> int:
    """Write the export; return 1 where something is not in it: sealed and not opened, or left in the spool."""
    here, folder = home(), arguments.folder.resolve()
    settings = _shareable(here)
    # Counted before the tables are read: what is taken in meanwhile is counted too much, and nothing too little.
    left = spooled(here).sentences("the export")
    if folder.is_relative_to(here.path):
        raise BadSettings("An export inside the home would go with it. Name a folder elsewhere.")
    if arguments.with_content and not arguments.open_sealed:
        raise BadSettings("Reported media are opened in somebody's name: add --open-sealed NAME.")
    kinds = frozenset[str]()
    if arguments.open_sealed:
        kinds = _WRITTEN | (_CONTENT if arguments.with_content else frozenset())
    try:
        with running_database(here):
            import django

            django.setup()
            opens = _who_opens(arguments.open_sealed) if kinds else None
            with new_folder(folder) as new:
                # First, so that the register in the export has these openings, too.
                closed = _open(here, new, opens, kinds) if opens is not None else []
                _write(here, new, settings, _opened_words(arguments.open_sealed, kinds))
    except DatabaseError as error:
        raise BadSettings(str(error)) from None
    print(f"The export is {folder}. Its README.md says what each file is.")
    if not kinds:
        print("What people wrote and what was reported is not in it: --open-sealed opens it, on record.")
    for object_id in closed:
        print(f"{object_id} could not be opened. Its file is not there.")
    for sentence in left:
        print(sentence)
    return 1 if closed or left else 0


def _write(here: Home, new: NewFolder, settings: str, opened: str) -> None:
    from amparo.records import export, snapshot

    new.write("README.md", _README.format(site=here.read().get("site", {}).get("name", "this site"), opened=opened))
    new.write(here.settings_file.name, settings)
    with snapshot.one_moment():
        for name, table in export.TABLES.items():
            progress = Progress(name, table.count())
            with new.open(f"{name}.jsonl") as file:
                for row in table.rows():
                    file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    progress.step()
        for ref, text in export.policy_texts():
            new.write(f"policies/{ref}.toml", text)


def _shareable(here: Home) -> str:
    """Return the text of the settings without the pager's address, which is often a secret by itself.

    Raises BadSettings where it is written in a way that we cannot take out and leave the rest as it is.
    """
    wanted, text = here.read(), here.settings_file.read_text()
    address = wanted.get("pager", {}).get("url")
    if not address:
        return text
    wanted["pager"]["url"] = ""
    without = text.replace(f'"{address}"', '""').replace(f"'{address}'", '""')
    if address in without or tomllib.loads(without) != wanted:
        raise BadSettings(
            f"The pager's address does not go into an export, and we cannot take it out of {here.settings_file}. "
            'Write it once, on a line of its own under [pager]: url = "…"'
        )
    return without


def _open(here: Home, new: NewFolder, person: StaffId, kinds: frozenset[str]) -> list[str]:
    """Have each object of these kinds opened for this person; return the ids of those that were not."""
    from amparo.plugins import vault
    from amparo.records import export
    from amparo.vault.errors import VaultDown, VaultError

    client, closed = vault("console"), []
    objects = export.openable(kinds)
    progress = Progress("opened", len(objects))
    for object_id, kind in objects:
        name = f"opened/{object_id}{'.bin' if kind in _CONTENT else '.txt'}"
        try:
            with client.stream_for(f"reviewer:{person}", "export", object_id) as pieces, new.open(name) as file:
                for piece in pieces:
                    file.write(piece)
        except VaultDown as error:
            raise BadSettings(f"{error} Or leave --open-sealed out.") from None
        except VaultError:
            # Half of something would look like the whole of it.
            new.place(name).unlink(missing_ok=True)
            closed.append(object_id)
        progress.step()
    return closed


def _who_opens(name: str) -> StaffId:
    """Return who answers for the openings. Raises BadSettings where name and password do not fit together."""
    from amparo.records import people

    say(f"Everything is opened in the name of {name}, and written down so.")
    password = getpass.getpass(f"{name}'s password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    person = people.who_signs(name, password)
    found = None if person is None else people.find(person)
    if person is None or found is None or found.role not in ("reviewer", "lead"):
        raise BadSettings("A reviewer or lead opens what is sealed, by name and password. These do not fit.")
    return person


def _opened_words(name: str | None, kinds: frozenset[str]) -> str:
    if not kinds:
        return "of which none were opened here"
    what = "words, letters and reported media" if kinds >= _CONTENT else "words and letters"
    return f"opened in the name of {name}: {what}"
