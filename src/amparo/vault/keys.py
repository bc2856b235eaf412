"""Makes and reads the vault's keys: `vault.key` opens and stays with the vault, `recipients.txt` seals and may travel.

Both files have the form the `age` command knows, so a recovery needs nothing of ours. `vault.key` may hold several
keys, one a line: during a rotation the old one stays until every row is sealed to the new one.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrage import IdentityError, RecipientError, x25519

from amparo.vault.errors import BadSetup

KEY_FILE = "vault.key"
RECIPIENTS_FILE = "recipients.txt"


@dataclass(frozen=True)
class VaultKeys:
    key_path: Path
    recipients_path: Path
    recipients: tuple[str, ...]


def make_keys(directory: Path, recovery_recipients: Sequence[str] = ()) -> VaultKeys:
    """Write a new key (0600) and the recipients to seal to; both are on disk when this returns.

    `recovery_recipients` are public keys whose secret halves are kept elsewhere, on paper: with one of them the
    vault can be opened when the machine is gone. Never replaces a key, because everything sealed to it would be
    lost: raises BadSetup. Run again after a crash between the two files, it writes the missing one.
    """
    parse_recipients(recovery_recipients, "the recovery recipients")
    key_path, recipients_path = directory / KEY_FILE, directory / RECIPIENTS_FILE
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if recipients_path.exists():
        raise BadSetup(f"{directory} already has vault keys. Choose another directory, or keep these.", "keys_exist")
    if not key_path.exists():
        _write_durably(key_path, f"{x25519.Identity.generate()}\n", mode=0o600)
    own = str(read_identities(key_path)[0].to_public())
    recipients = (own, *recovery_recipients)
    _write_durably(recipients_path, "".join(f"{recipient}\n" for recipient in recipients), mode=0o644)
    return VaultKeys(key_path, recipients_path, recipients)


def read_recipients(path: Path) -> tuple[str, ...]:
    """Return the public keys to seal to. Raises BadSetup if the file is missing, empty or not one."""
    try:
        lines = _lines(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetup(f"Cannot read the recipients in {path}. Copy recipients.txt there.", "no_recipients") from error
    parse_recipients(lines, str(path))
    if not lines:
        raise BadSetup(f"{path} names no recipient. Copy recipients.txt of the vault there.", "no_recipients")
    return tuple(lines)


def parse_recipients(recipients: Sequence[str], where: str) -> list[Any]:
    try:
        return [x25519.Recipient.from_str(recipient) for recipient in recipients]
    except RecipientError as error:
        raise BadSetup(f"A line of {where} is no age recipient (age1…). Correct it.", "bad_recipient") from error


def read_identities(path: Path) -> list[Any]:
    """Return the vault's secret keys, the current one first.

    Raises BadSetup unless the file is an ordinary one, belongs to this user, is closed to everybody else, and
    holds keys only; also when the recipients beside it do not name the current key, because then everything
    sealed from now on could never be opened.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            status = os.fstat(file.fileno())
            _check_key_file(path, status)
            lines = _lines(file.read(64 * 1024).decode("ascii"))
        identities = [x25519.Identity.from_str(line) for line in lines]
    except FileNotFoundError as error:
        raise BadSetup(f"There is no vault key at {path}. Make one with: amparo init", "no_key") from error
    except OSError as error:
        raise BadSetup(
            f"Cannot read the vault's key {path}: {error.strerror}. It must be an ordinary file, of this user.",
            "bad_key",
        ) from error
    except (UnicodeDecodeError, IdentityError) as error:
        raise BadSetup(f"{path} holds something that is no age secret key. Restore it.", "bad_key") from error
    if not identities:
        raise BadSetup(f"{path} holds no key. Restore it from your copy.", "bad_key")
    beside = path.with_name(RECIPIENTS_FILE)
    if beside.exists() and str(identities[0].to_public()) not in read_recipients(beside):
        raise BadSetup(f"{beside} does not name the key in {path}. Restore the pair.", "keys_differ")
    return identities


def _check_key_file(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise BadSetup(f"{path} is not an ordinary file. Put the vault's key there.", "bad_key")
    if status.st_uid != os.geteuid():
        raise BadSetup(f"{path} belongs to another user. Run: chown {os.geteuid()} {path}", "key_of_another")
    if status.st_mode & 0o077:
        raise BadSetup(f"Others can read the vault's key. Run: chmod 600 {path}", "key_readable_by_others")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _write_durably(path: Path, text: str, *, mode: int) -> None:
    # Written under another name first: a crash half-way must not leave half a key under the real one.
    # A hard link, unlike a rename, refuses to replace a file that appeared meanwhile.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileExistsError as error:
        raise BadSetup(f"{path} already exists. Choose another directory, or keep it.", "keys_exist") from error
    finally:
        unfinished.unlink()
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
