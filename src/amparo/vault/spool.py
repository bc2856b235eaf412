"""What came while the books were away: one sealed file a record, each kept until it is taken in.

A file is one line that says whose it is and when it came (ids, a time and digests: enough to put it in order and to
know it again), and then the record, sealed to the vault. Its name follows from the key of the form, so a form that is
sent twice is one file. What is half-written has a name that begins with a dot, and nobody takes it for a record. How
a record comes here: `spool_writer.py`.

What came in a flood lies in `behind/`, in folders by the form's key, so that looking for one record among a hundred
thousand stays quick. In which turn they are taken in: `spool_turn.py`.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from amparo.vault.errors import VaultDamaged, VaultRefused
from amparo.vault.sealed import SealedObject

NAME = re.compile(r"(notice_[a-z2-7]{26})\.[0-9a-f]{24}")
ASIDE = "aside"
BEHIND = "behind"
UNREADABLE = "bytes_unreadable"
NO_TIME = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
FORMAT = 1
_HALF_WRITTEN_FOR_SECONDS = 600.0


@dataclass(frozen=True)
class Label:
    """What a record's first line says. `body_mac` tells whether the same form came again, and nothing else.

    `behind_seconds` is set for a report that came in a flood without work: so much later than it came is its turn among
    its like. None: it goes before all of those.
    """

    name: str
    received_at: datetime
    body_mac: str
    behind_seconds: int | None = None

    @property
    def notice(self) -> str:
        return self.name.partition(".")[0]


def waiting(directory: Path, known: Mapping[str, Label] | None = None) -> list[Label]:
    """Return the labels of the records that wait, in the order in which they came; damaged ones come first.

    One that is damaged or cannot be read now has a label without a time of its own (the earliest there is), so that
    it is looked at. `known`: labels read before, by name; a record never changes, so those are not read again.
    """
    labels = []
    for path in paths_in(directory):
        try:
            labels.append((known or {}).get(path.name) or label_of(path))
        except FileNotFoundError:
            continue  # Somebody else has just taken it in.
        except (OSError, VaultDamaged):
            labels.append(Label(path.name, NO_TIME, ""))
    return sorted(labels, key=lambda label: (label.received_at, label.name))


def remove(directory: Path, name: str) -> None:
    """Forget a record that was taken in; may be repeated. It is gone for good when this returns."""
    path = path_of(directory, name)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def path_of(directory: Path, name: str) -> Path:
    """Return where the record of that name lies, or would lie if it were there."""
    path = directory / name
    behind = folder_behind(directory, name) / name
    return behind if not path.exists() and behind.exists() else path


def folder_behind(directory: Path, name: str) -> Path:
    """Return the folder of `behind/` for a record of that name: the same for every notice under that form's key."""
    return directory / BEHIND / name.partition(".")[2][:2]


def paths_in(directory: Path) -> Iterator[Path]:
    """Give the paths of all records that wait, those in `behind/` included."""
    for folder in folders_in(directory):
        for name in names_in(folder):
            yield folder / name


def folders_in(directory: Path) -> list[Path]:
    """Return the folders in which records wait: the spool's own first."""
    try:
        with os.scandir(directory / BEHIND) as entries:
            return [directory, *sorted(directory / BEHIND / entry.name for entry in entries)]
    except FileNotFoundError:
        return [directory]


def set_aside(directory: Path, name: str) -> None:
    """Move a record that cannot be taken in out of the way; it is never deleted. May be repeated."""
    aside = directory / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    path = path_of(directory, name)
    try:
        os.rename(path, aside / name)
    except FileNotFoundError:
        return
    sync_folder(aside)
    sync_folder(path.parent)


def lying_aside(directory: Path) -> list[str]:
    """Return the names of the records that were set aside. Raises OSError where the folder cannot be read."""
    return sorted(names_in(directory / ASIDE))


def sweep(directory: Path) -> None:
    """Remove what a kill left half-written long ago: it was acknowledged to nobody."""
    if not directory.is_dir():
        return
    with os.scandir(directory) as entries:
        for entry in entries:
            if not entry.name.startswith(".notice_"):
                continue
            try:
                age_seconds = time.time() - entry.stat().st_mtime
            except FileNotFoundError:
                continue  # It has just got its name.
            if age_seconds > _HALF_WRITTEN_FOR_SECONDS:
                (directory / entry.name).unlink(missing_ok=True)


def find(directory: Path, name: str) -> tuple[SealedObject, IO[bytes]]:
    """Return a record's row, as its first line tells it, and its ciphertext: for the vault, which believes neither.

    Raises VaultRefused where there is none, VaultDamaged where the line is none of ours.
    """
    try:
        content = path_of(directory, name).read_bytes()
    except FileNotFoundError as error:
        raise VaultRefused("There is no such record.", "not_found") from error
    except OSError as error:
        raise VaultDamaged(f"The record {name} cannot be read.", UNREADABLE) from error
    line, _, ciphertext = content.partition(b"\n")
    first = _first_line(name, line)
    try:
        sealed_key = bytes.fromhex(first["sealed_key"])
        row = SealedObject(
            name, "report", name.partition(".")[0], sealed_key, str(first["sha256"]), int(first["size_bytes"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged(f"The record {name} has no first line of ours.", "row_changed") from error
    return row, BytesIO(ciphertext)


def sync_folder(directory: Path, fsync: Callable[[int], None] = os.fsync) -> None:
    """Make what was named, renamed and removed in a folder durable. Raises OSError."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def label_of(path: Path) -> Label:
    with path.open("rb") as file:
        first = _first_line(path.name, file.readline(64 * 1024))
    try:
        received_at = datetime.fromisoformat(first["received_at"])
        if received_at.tzinfo is None:
            raise ValueError("a time without its zone")
        behind = first.get("behind_seconds")
        return Label(path.name, received_at, str(first["body_mac"]), None if behind is None else int(behind))
    except (KeyError, TypeError, ValueError) as error:
        raise VaultDamaged(f"The record {path.name} has no first line of ours.", "row_changed") from error


def _first_line(name: str, line: bytes) -> dict[str, Any]:
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        first = None
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise VaultDamaged(f"The record {name} has no first line of ours.", "row_changed")
    return first


def names_in(directory: Path) -> list[str]:
    try:
        with os.scandir(directory) as entries:
            return [entry.name for entry in entries if NAME.fullmatch(entry.name)]
    except FileNotFoundError:
        return []
